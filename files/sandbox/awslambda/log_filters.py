"""Filter patterns of CloudWatch Logs with several terms, and events of all streams in the order of time.

moto takes `"a" "b"` for one long term, and lists stream after stream where AWS always interleaves.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from moto.logs import models

TERM = re.compile(r'(?P<mark>[-?]?)(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s"]+))')


class TermFilter:
    """An unstructured pattern: every plain term occurs, no -term does, and one of the ?terms does if there are only those."""

    def __init__(self, pattern: str | None) -> None:
        self._required: list[str] = []
        self._excluded: list[str] = []
        self._optional: list[str] = []
        # JSON ({ $.x = 1 }) and column ([a, b]) patterns match everything, as in moto.
        if pattern and pattern.lstrip()[:1] not in ("{", "["):
            for found in TERM.finditer(pattern):
                term = found["bare"] if found["quoted"] is None else re.sub(r"\\(.)", r"\1", found["quoted"])
                {"": self._required, "-": self._excluded, "?": self._optional}[found["mark"]].append(term)

    def matches(self, message: str) -> bool:
        """Decide for one message; case matters."""
        if any(term in message for term in self._excluded):
            return False
        if self._required:
            return all(term in message for term in self._required)
        return not self._optional or any(term in message for term in self._optional)


def install() -> None:
    """Filter this way from now on."""
    models.EventMessageFilter = TermFilter  # type: ignore[assignment,misc]
    original: Callable[..., Any] = models.LogGroup.filter_log_events

    def interleaved(group: models.LogGroup, *arguments: Any) -> Any:
        # The last of the eight arguments, all given by position, asks for it.
        return original(group, *arguments[:7], True)

    models.LogGroup.filter_log_events = interleaved  # type: ignore[assignment,method-assign]
