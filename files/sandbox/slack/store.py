"""The messages of the inbox, in memory."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from .. import control

MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Message:
    """A message in the channel.

    Attributes:
        id: 1 for the first message since the last reset, then counting up.
        received: when it arrived.
        payload: what it says now: text, blocks, attachments.
        ts: Slack's name for it; unique, and later messages have greater ones.
        webhook: path of the webhook it was posted to; None for a message of the bot.
        thread_ts: the ts of the message it replies to.
        broadcast: whether the reply is shown in the channel, too.
        edited: when it was last changed, as a ts.
        added: number of the inbox's change that brought it.
        revision: number of the inbox's change that brought or changed it last.
    """

    id: int
    received: datetime
    payload: dict[str, Any]
    ts: str
    webhook: str | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    edited: str | None = None
    added: int = 0
    revision: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The message as plain values, the time as ISO 8601."""
        return {
            "id": self.id,
            "received": self.received.isoformat(),
            "webhook": self.webhook,
            "ts": self.ts,
            "thread_ts": self.thread_ts,
            "broadcast": self.broadcast,
            "edited": self.edited,
            "payload": self.payload,
        }


class Store:
    """Holds messages, oldest first; the generation changes whenever it is emptied."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_moment = 0
        self.clear()

    def clear(self) -> None:
        """Forget every message."""
        with self._lock:
            self._messages: dict[str, Message] = {}
            self._revision = 0
            self._generation = uuid.uuid4().hex

    def add(self, payload: dict[str, Any], *, webhook: str | None = None, thread_ts: str | None = None, broadcast: bool = False) -> Message:
        """Keep a payload that arrived now; thread_ts is dropped where it names no message that can have replies, as Slack does."""
        with self._lock:
            parent = self._messages.get(thread_ts or "")
            is_reply = parent is not None and parent.thread_ts is None
            revision = self._next_revision()
            message = Message(
                id=len(self._messages) + 1,
                received=datetime.now(UTC),
                payload=payload,
                ts=self._next_ts(),
                webhook=webhook,
                thread_ts=thread_ts if is_reply else None,
                broadcast=is_reply and broadcast,
                added=revision,
                revision=revision,
            )
            self._messages[message.ts] = message
            return message

    def change(self, ts: str, payload: dict[str, Any]) -> Message:
        """Put parts of a payload in the place of those that a message has.

        Raises:
            KeyError: there is no such message.
        """
        with self._lock:
            before = self._messages[ts]
            after = replace(before, payload={**before.payload, **payload}, edited=self._next_ts(), revision=self._next_revision())
            self._messages[ts] = after
            return after

    def snapshot(self) -> tuple[str, list[Message]]:
        """The generation and its messages, oldest first."""
        with self._lock:
            return self._generation, list(self._messages.values())

    def find(self, ts: str) -> Message | None:
        """The message of that name."""
        with self._lock:
            return self._messages.get(ts)

    def _next_revision(self) -> int:
        self._revision += 1
        return self._revision

    def _next_ts(self) -> str:
        now = int(datetime.now(UTC).timestamp() * MICROSECONDS)
        self._last_moment = max(now, self._last_moment + 1)
        return f"{self._last_moment // MICROSECONDS}.{self._last_moment % MICROSECONDS:06d}"


inbox = Store()
control.on_reset(inbox.clear)
