"""The attributes of an event by name, in any of the spellings AWS Backup uses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .text import as_json

_DEEPEST = 3
_ABBREVIATIONS = {"arn", "eks", "iam", "id", "kms", "s3"}
# Only the last part of a nested name is shown, except where it means nothing by itself.
_PARENTS = {"resourcetypeoptinpreference": "Opt-in", "resourcetypemanagementpreference": "Full management", "lifecycle": "Lifecycle"}


class Attributes:
    """Attributes by name in any case: EventType for jobs, eventType for EKS."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values: dict[str, tuple[str, str]] = {}
        for name, value in values.items():
            if value_text := _as_text(value):
                self._values[name.lower()] = (name, value_text)

    @classmethod
    def of_message(cls, attributes: Any) -> Attributes:
        """The message attributes of an SNS message: each a {Type, Value}."""
        values = attributes.items() if isinstance(attributes, dict) else ()
        return cls({str(name): value.get("Value") if isinstance(value, dict) else value for name, value in values})

    @classmethod
    def of_detail(cls, detail: Any) -> Attributes:
        """The detail of an EventBridge event: what is nested gets names such as createdBy.backupPlanId."""
        return cls(dict(_flat(detail, (), _DEEPEST)) if isinstance(detail, dict) else {})

    def take(self, *names: str) -> str:
        """Remove all these attributes; the first one that is there is the answer, or an empty text."""
        found = [self._values.pop(name.lower(), ("", ""))[1] for name in names]
        return next(filter(None, found), "")

    def names(self) -> Iterable[str]:
        """The names of what was not taken yet, in lower case."""
        return self._values.keys()

    def rest(self) -> tuple[tuple[str, str], ...]:
        """What was not taken, as (readable name, value): clusterName becomes Cluster name."""
        return tuple((_readable(name), value) for name, value in self._values.values())


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value).strip()
    return as_json(value) if value else ""


def _flat(values: dict[str, Any], path: tuple[str, ...], depth: int) -> Iterable[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict) and depth:
            yield from _flat(value, (*path, str(name)), depth - 1)
        else:
            yield ".".join((*path, str(name))), value


def _readable(name: str) -> str:
    parent, _, last = name.rpartition(".")
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_\-\s]+", " ", last).split()
    known = [word.upper() if word.lower() in _ABBREVIATIONS else word.lower() for word in words]
    sentence = " ".join(known)
    if parent.lower() in _PARENTS:
        return f"{_PARENTS[parent.lower()]}: {last if 'Preference' in parent else sentence}"
    return sentence[:1].upper() + sentence[1:]
