"""A restore testing plan's document: checks and default values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..errors import InvalidParameterValueException, MissingParameterValueException
from ..parameters import check_enum
from ..schedules import check_schedule

NAME = re.compile(r"[a-zA-Z0-9_]{1,50}")
VAULT = re.compile(r"\*|arn:aws[a-z-]*:backup:[a-z0-9-]+:\d{12}:backup-vault:[a-zA-Z0-9_*-]{1,50}")
MOST_VAULTS = 30
DEFAULTS = {"ScheduleExpressionTimezone": "Etc/UTC", "StartWindowHours": 24}
SELECTION_DEFAULTS: dict[str, Any] = {"ExcludeVaults": [], "RecoveryPointTypes": ["SNAPSHOT", "CONTINUOUS"], "SelectionWindowDays": 30}
POINT_TYPES = ("SNAPSHOT", "CONTINUOUS")


def completed_plan(document: dict[str, Any]) -> dict[str, Any]:
    """A checked document with default values.

    Raises:
        InvalidParameterValueException: something breaks the service's rules.
        MissingParameterValueException: how recovery points are chosen, or from which vaults, is missing.
    """
    check_name("plan", document["RestoreTestingPlanName"])
    given = {**DEFAULTS, **document}
    chosen = {**SELECTION_DEFAULTS, **document["RecoveryPointSelection"]}
    _check_number("StartWindowHours", given["StartWindowHours"], 1, 168)
    check_schedule(given["ScheduleExpression"], given["ScheduleExpressionTimezone"])
    _check_selection(chosen)
    return {**given, "RecoveryPointSelection": chosen}


def check_name(kind: str, name: str) -> None:
    """Check the name of a plan or a selection.

    Raises:
        InvalidParameterValueException: the service does not allow it.
    """
    if not NAME.fullmatch(name):
        raise InvalidParameterValueException(
            f"Invalid restore testing {kind} name {name}: it must be 1 to 50 letters, numbers or underscores"
        )


def check_most(what: str, values: Sequence[Any], most: int) -> None:
    """Check that there are not too many.

    Raises:
        InvalidParameterValueException: there are.
    """
    if len(values) > most:
        raise InvalidParameterValueException(f"Invalid {what}: {len(values)} of them, at most {most} are allowed")


def _check_selection(chosen: dict[str, Any]) -> None:
    for name in ("Algorithm", "IncludeVaults"):
        if not chosen.get(name):
            raise MissingParameterValueException(f"Missing required parameter: {name}")
    check_enum("RestoreTestingRecoveryPointSelectionAlgorithm", chosen["Algorithm"])
    _check_number("SelectionWindowDays", chosen["SelectionWindowDays"], 1, 365)
    check_most("vault selectors", chosen["IncludeVaults"] + chosen["ExcludeVaults"], MOST_VAULTS)
    for vault in chosen["IncludeVaults"] + chosen["ExcludeVaults"]:
        if not VAULT.fullmatch(vault):
            raise InvalidParameterValueException(f"Invalid vault {vault}: it must be the ARN of a backup vault or *")
    for kind in chosen["RecoveryPointTypes"]:
        if kind not in POINT_TYPES:
            raise InvalidParameterValueException(f"Invalid recovery point type {kind}: it must be one of {', '.join(POINT_TYPES)}")


def _check_number(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise InvalidParameterValueException(f"Invalid {name} {value}: it must be between {least} and {most}")
