"""Rules for parameters that botocore leaves to the service."""

from __future__ import annotations

import re
from typing import Any

from moto.core.utils import get_service_model

from .errors import InvalidParameterValueException
from .records import Lifecycle

VAULT_NAME = re.compile(r"[a-zA-Z0-9_-]{2,50}")
SHORTEST_START_WINDOW = 60
LONGEST_WINDOW = 52_560_000
LONGEST_RETENTION = 36_500
FOREVER = -1
COLD_DAYS = 90
DAY = 86_400


def check_vault_name(name: str) -> None:
    """Check a new vault's name against AWS's pattern.

    Raises:
        InvalidParameterValueException: it does not match.
    """
    if not VAULT_NAME.fullmatch(name):
        raise InvalidParameterValueException(
            f"Invalid backup vault name {name}: it must be 2 to 50 letters, numbers, hyphens or underscores"
        )


def check_enum(shape: str, value: str | None) -> None:
    """Check a value, if there is one, against an enumeration of the model.

    Raises:
        InvalidParameterValueException: it is not one of them.
    """
    known = get_service_model("backup").shape_for(shape).enum
    if value is not None and value not in known:
        raise InvalidParameterValueException(f"Invalid value {value}: it must be one of {', '.join(known)}")


def check_windows(start: int | None, complete: int | None, where: str = "") -> None:
    """Check a start window and a completion window, both in minutes and optional.

    Raises:
        InvalidParameterValueException: one is out of bounds, or nothing is left to run in.
    """
    if start is not None and not SHORTEST_START_WINDOW <= start <= LONGEST_WINDOW:
        raise InvalidParameterValueException(
            f"{where}Invalid StartWindowMinutes {start}: it must be at least {SHORTEST_START_WINDOW} minutes and at most {LONGEST_WINDOW}"
        )
    if complete is None:
        return
    if not 0 < complete <= LONGEST_WINDOW:
        raise InvalidParameterValueException(
            f"{where}Invalid completion window {complete}: it must be at least 1 minute and at most {LONGEST_WINDOW}"
        )
    if start is not None and complete <= start:
        raise InvalidParameterValueException(
            f"{where}Invalid completion window {complete}: it must be longer than the start window of {start} minutes"
        )


def check_lifecycle(lifecycle: Lifecycle | None, where: str = "") -> None:
    """Check a lifecycle's days.

    Raises:
        InvalidParameterValueException: they break the service's rules.
    """
    if not lifecycle:
        return
    if lifecycle.get("DeleteAfterEvent"):
        raise InvalidParameterValueException(f"{where}Invalid lifecycle. DeleteAfterEvent cannot be set")
    delete, cold = lifecycle.get("DeleteAfterDays"), lifecycle.get("MoveToColdStorageAfterDays")
    if delete not in (None, FOREVER) and not 1 <= delete <= LONGEST_RETENTION:
        raise InvalidParameterValueException(
            f"{where}Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than {LONGEST_RETENTION} days"
        )
    if cold not in (None, FOREVER) and cold < 0:
        raise InvalidParameterValueException(f"{where}Invalid lifecycle. MoveToColdStorageAfterDays cannot be less than 0 days")
    if delete and cold is not None and FOREVER not in (delete, cold) and delete < cold + COLD_DAYS:
        raise InvalidParameterValueException(
            f"{where}Invalid lifecycle. DeleteAfterDays cannot be less than {COLD_DAYS} days apart from MoveToColdStorageAfterDays"
        )


def calculated_lifecycle(created: float, lifecycle: Lifecycle | None) -> dict[str, float] | None:
    """When a recovery point of this lifecycle is moved and deleted, in Unix seconds; None when never."""
    days = {
        "MoveToColdStorageAt": (lifecycle or {}).get("MoveToColdStorageAfterDays"),
        "DeleteAt": (lifecycle or {}).get("DeleteAfterDays"),
    }
    dates = {name: created + count * DAY for name, count in days.items() if count not in (None, FOREVER)}
    return dates or None


def check_backup_options(options: dict[str, Any] | None, resource_type: str) -> None:
    """Check the options of a job.

    Raises:
        InvalidParameterValueException: anything but WindowsVSS of an EC2 instance, enabled or disabled.
    """
    for name, value in (options or {}).items():
        if name != "WindowsVSS" or value not in ("enabled", "disabled") or resource_type != "EC2":
            raise InvalidParameterValueException(f"Invalid backup option {name}={value} for resource type {resource_type}")


def check_request_id(request_id: str | None) -> None:
    """Check a CreatorRequestId, if there is one.

    Raises:
        InvalidParameterValueException: it does not match AWS's pattern.
    """
    if request_id is not None and not re.fullmatch(r"[A-Za-z0-9_.-]{1,50}", request_id):
        raise InvalidParameterValueException(f"Invalid CreatorRequestId {request_id}: it must be 1 to 50 of A-Z a-z 0-9 - _ .")
