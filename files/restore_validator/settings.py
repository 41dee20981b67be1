"""What the function is told at deploy time: settings.json at the root of its zip."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parent.parent / "settings.json"
KNOWN = {"notifier_function", "expectations", "poll_seconds"}
KNOWN_OF_AN_EXPECTATION = {"may_be_empty", "canary", "items", "objects"}


class SettingsError(Exception):
    """The settings cannot be read or used."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must be in what was restored.

    Attributes:
        may_be_empty: whether a table without items, or a bucket without objects, is good.
        canary: whether a table or a bucket must hold the playbooks' marker, as it was written. An instance that has it in a file must
            still have it unless this is False.
        items: of a table: items that it must have, each with its key and any further attributes, as {"id": "1", "amount": 5}.
        objects: of a bucket: the keys of objects that it must have, each with its text; None: whatever it holds.
    """

    may_be_empty: bool = False
    canary: bool | None = None
    items: tuple[Mapping[str, Any], ...] = ()
    objects: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings.

    Attributes:
        notifier_function: the name or ARN of the function that tells people of failures; empty: nobody is told.
        expectations: by the ARN of what was backed up.
        poll_seconds: between two looks at something that is not ready yet.
    """

    notifier_function: str = ""
    expectations: Mapping[str, Expectation] = field(default_factory=dict)
    poll_seconds: float = 5.0

    def expectation(self, source_arn: str) -> Expectation:
        """What must be in what was restored of a resource."""
        return self.expectations.get(source_arn, Expectation())


def load(path: Path | None = None) -> Settings:
    """Read and check the settings.

    Raises:
        SettingsError: there are none, or they are wrong.
    """
    path = path or FILE
    try:
        return parse(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise SettingsError(f"{path.name} is missing at the root of the function's zip") from None
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path.name} cannot be read: {type(error).__name__}") from None


def parse(document: Any) -> Settings:
    """The settings in a document.

    Raises:
        SettingsError: they are wrong.
    """
    _check_members("the settings", document, KNOWN)
    given = document.get("expectations") or {}
    if not isinstance(given, dict):
        raise SettingsError("expectations are no object")
    return Settings(
        notifier_function=str(document.get("notifier_function") or ""),
        expectations={arn: _expectation(arn, each) for arn, each in given.items()},
        poll_seconds=float(document.get("poll_seconds", 5.0)),
    )


def _expectation(arn: str, given: Any) -> Expectation:
    _check_members(f"the expectation of {arn}", given, KNOWN_OF_AN_EXPECTATION)
    items, objects = given.get("items") or [], given.get("objects") or {}
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items) or not isinstance(objects, dict):
        raise SettingsError(f"the expectation of {arn}: items is a list of objects, and objects an object of texts")
    return Expectation(bool(given.get("may_be_empty")), _truth(given.get("canary")), tuple(items), objects)


def _truth(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _check_members(what: str, given: Any, known: set[str]) -> None:
    if not isinstance(given, dict):
        raise SettingsError(f"{what}: no object")
    unknown = sorted(set(given) - known)
    if unknown:
        raise SettingsError(f"{what}: unknown {', '.join(unknown)}; known are {', '.join(sorted(known))}")
