"""What the receivers got, in memory."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from .. import control


@dataclass(frozen=True)
class Message:
    """A webhook's request.

    Attributes:
        id: 1 for the receiver's first message since the last reset, then counting up.
        received: when it arrived, as ISO 8601.
        token: the last part of the path it was posted to.
        payload: its JSON.
        verified: whether its signature was right; None where signatures are not checked.
        problem: what was wrong with the signature.
    """

    id: int
    received: str
    token: str
    payload: Any
    verified: bool | None = None
    problem: str = ""


class Store:
    """Holds one receiver's messages, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._messages: list[Message] = []
        control.on_reset(self.clear)

    def add(self, token: str, payload: Any, verified: bool | None = None, problem: str = "") -> None:
        """Keep a payload that arrived now."""
        with self._lock:
            moment = datetime.now(UTC).isoformat()
            self._messages.append(Message(len(self._messages) + 1, moment, token, payload, verified, problem))

    def as_dicts(self) -> list[dict[str, Any]]:
        """The messages as plain values."""
        with self._lock:
            return [asdict(message) for message in self._messages]

    def clear(self) -> None:
        """Forget every message."""
        with self._lock:
            self._messages.clear()


received = {"teams": Store(), "https": Store()}
