"""Slack's rate limit: about a message a second for each webhook, and for each method and channel, with short bursts."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from .. import control, settings


@dataclass
class Bucket:
    """What one sender may still send.

    Attributes:
        tokens: messages it may send at once.
        filled: when the tokens were counted, in seconds of the limiter's clock.
    """

    tokens: float
    filled: float


class RateLimiter:
    """A token bucket for each sender, with the rate and burst of the settings in force."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[str, Bucket] = {}

    def take(self, sender: str) -> int:
        """Count one message: 0 when it may pass, else the whole seconds until the next one may."""
        rate = settings.current.now.slack_messages_per_second
        burst = settings.current.now.slack_burst
        with self._lock:
            now = self._clock()
            bucket = self._buckets.setdefault(sender, Bucket(burst, now))
            bucket.tokens = min(burst, bucket.tokens + (now - bucket.filled) * rate)
            bucket.filled = now
            if bucket.tokens >= 1:
                bucket.tokens -= 1
                return 0
            return math.ceil((1 - bucket.tokens) / rate)

    def clear(self) -> None:
        """Fill every bucket again."""
        with self._lock:
            self._buckets.clear()


limiter = RateLimiter()
control.on_reset(limiter.clear)
