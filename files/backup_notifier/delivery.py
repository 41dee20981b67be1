"""What became of a message."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Outcome = Literal["accepted", "rejected", "retry", "muted", "repeated"]
Cause = Literal["", "limit", "secret", "message", "thread"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one notification on one target.

    Attributes:
        outcome: accepted, rejected (this target never takes it), retry (a later try may succeed), muted (a rule wants no message)
            or repeated (delivered before).
        http_status: of the last attempt; None when there was no answer.
        duration_ms: of all attempts and the waits between them.
        attempts: how many requests were made.
        error: why it was not accepted, at most 200 characters, never with a secret in it.
        cause: what a failure is about: the rate limit, the secret, the message's form or the thread it should go to.
        retry_after: the seconds that the target asks to wait.
        channel: where a bot's message is.
        ts: which message it is.
        thread_ts: which thread it is in.
        summary: it is a line of a summary.
    """

    outcome: Outcome
    http_status: int | None = None
    duration_ms: int = 0
    attempts: int = 0
    error: str | None = None
    cause: Cause = ""
    retry_after: float = 0.0
    channel: str | None = None
    ts: str | None = None
    thread_ts: str | None = None
    summary: bool = False

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do."""
        return self.outcome in ("accepted", "muted", "repeated")

    def after(self, earlier: Delivery) -> Delivery:
        """This delivery as the end of one that began with an earlier one."""
        return replace(self, attempts=self.attempts + earlier.attempts, duration_ms=self.duration_ms + earlier.duration_ms)
