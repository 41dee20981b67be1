"""The message attributes of an SNS message, in any of the spellings AWS Backup uses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any


class Attributes:
    """Message attributes by name in any case: EventType for jobs, eventType for EKS."""

    def __init__(self, attributes: Any) -> None:
        self._values: dict[str, tuple[str, str]] = {}
        if isinstance(attributes, dict):
            for name, attribute in attributes.items():
                value = attribute.get("Value") if isinstance(attribute, dict) else attribute
                if isinstance(value, str | int | float) and str(value).strip():
                    self._values[str(name).lower()] = (str(name), str(value).strip())

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


def _readable(name: str) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_\-\s]+", " ", name).strip()
    return words[:1].upper() + words[1:].lower()
