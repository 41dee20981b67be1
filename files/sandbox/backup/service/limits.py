"""Limits of calls a second, by token buckets: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html tells of EC2's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from .behaviour import EVERY


@dataclass
class Bucket:
    """A second's calls at most, refilled evenly.

    Attributes:
        rate: calls a second.
        tokens: calls that may be made at once.
        filled: when the tokens were counted, in seconds of the clock.
    """

    rate: float
    tokens: float
    filled: float

    def refill(self, now: float) -> None:
        """Count the tokens anew."""
        self.tokens = min(max(1.0, self.rate), self.tokens + (now - self.filled) * self.rate)
        self.filled = now


class Limits:
    """The limits of one account in one Region: each operation's own, and one for all calls together."""

    def __init__(self, per_second: dict[str, float], clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with full buckets."""
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets = {operation: Bucket(rate, max(1.0, rate), clock()) for operation, rate in per_second.items()}

    def allow(self, operation: str) -> bool:
        """Count a call, unless it is one too many."""
        with self._lock:
            concerned = [self._buckets[name] for name in (operation, EVERY) if name in self._buckets]
            now = self._clock()
            for bucket in concerned:
                bucket.refill(now)
            if any(bucket.tokens < 1 for bucket in concerned):
                return False
            for bucket in concerned:
                bucket.tokens -= 1
            return True
