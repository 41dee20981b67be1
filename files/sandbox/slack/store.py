"""The messages of the inbox, in memory."""

from __future__ import annotations

import threading
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from .. import control


@dataclass(frozen=True)
class Message:
    """A message that a webhook accepted.

    Attributes:
        id: 1 for the first message since the last reset, then counting up.
        received: when it arrived.
        webhook: path of the webhook it was posted to.
        payload: what was posted.
    """

    id: int
    received: datetime
    webhook: str
    payload: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """The message as plain values, the time as ISO 8601."""
        return {**asdict(self), "received": self.received.isoformat()}


class Store:
    """Holds messages, oldest first; the generation changes whenever it is emptied."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Forget every message."""
        with self._lock:
            self._messages: list[Message] = []
            self._generation = uuid.uuid4().hex

    def add(self, webhook: str, payload: dict[str, Any]) -> Message:
        """Keep a payload that arrived now."""
        with self._lock:
            message = Message(len(self._messages) + 1, datetime.now(UTC), webhook, payload)
            self._messages.append(message)
            return message

    def snapshot(self) -> tuple[str, list[Message]]:
        """The generation and its messages, oldest first."""
        with self._lock:
            return self._generation, list(self._messages)


inbox = Store()
control.on_reset(inbox.clear)
