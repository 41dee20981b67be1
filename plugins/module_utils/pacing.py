# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pacing calls: no more than so many a second, of each operation and of all together, and fewer while AWS throttles them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

HEADROOM = 0.99
"""The part of an allowed rate that is used: on the way, calls come closer together, and the last one would be one too many."""

CATCH_UP = 0.1
"""Seconds of delay, of a busy machine for example, that are made up for by calls that follow each other at once."""

CUT = 0.8
"""What a throttled call leaves of the rate."""

SHORTEST_BETWEEN_CUTS = 0.25
"""Seconds after a cut in which further throttled calls mean the same: they were on their way already."""

GROWTH = 1.1
"""By what the rate is multiplied in each second without a throttled call, up to the allowed one."""

SLOWEST = 1.0
"""Calls a second below which the rate is not cut."""


class Pace:
    """Gives calls their turn, evenly spaced. Times are those of time.monotonic(), in seconds."""

    def __init__(self, per_second: float) -> None:
        """Allow this many calls a second."""
        self._allowed = per_second * HEADROOM
        self._rate = self._allowed
        self._rate_at = 0.0
        self._next = 0.0
        self._lock = threading.Lock()

    def rate(self, now: float) -> float:
        """How many calls a second there are at present."""
        return min(self._allowed, self._rate * GROWTH ** min(now - self._rate_at, 100.0))

    def take_turn(self, now: float) -> float:
        """Take the next turn; returns the seconds to wait for it."""
        with self._lock:
            turn = max(self._next, now - CATCH_UP)
            self._next = turn + 1 / self.rate(now)
            return max(0.0, turn - now)

    def slow_down(self, now: float) -> None:
        """Take note that a call was throttled."""
        with self._lock:
            if now - self._rate_at < SHORTEST_BETWEEN_CUTS:
                return
            self._rate = max(self.rate(now) * CUT, min(SLOWEST, self._allowed))
            self._rate_at = now
            self._next = max(self._next, now) + 1 / self._rate


class RateLimiter:
    """Keeps the calls of several threads within the rate of their operation and within that of all operations together."""

    def __init__(self, per_second: Callable[[str], float], total_per_second: float) -> None:
        """Allow total_per_second calls, and of each operation, such as DeleteRecoveryPoint, per_second(operation)."""
        self._per_second = per_second
        self._total = Pace(total_per_second)
        self._paces: dict[str, Pace] = {}
        self._lock = threading.Lock()

    def wait(self, operation: str) -> None:
        """Wait for the turn of a call."""
        # One after the other: turns of a slow operation that lie ahead must not hold up the other ones.
        for pace in (self._pace(operation), self._total):
            seconds = pace.take_turn(time.monotonic())
            if seconds > 0:  # A sleep of no seconds gives the processor away all the same.
                time.sleep(seconds)

    def slow_down(self, operation: str) -> None:
        """Take note that AWS throttled a call."""
        self._pace(operation).slow_down(time.monotonic())

    def _pace(self, operation: str) -> Pace:
        with self._lock:
            if operation not in self._paces:
                self._paces[operation] = Pace(self._per_second(operation))
            return self._paces[operation]


def rates_by_operation(delete_recovery_point: float, list_calls: float, other: float) -> Callable[[str], float]:
    """The allowed rate of an operation by its name; AWS's quotas differ for the deletion of points, for lists, and for the rest."""
    rates: Mapping[str, float] = {"DeleteRecoveryPoint": delete_recovery_point}
    return lambda operation: rates.get(operation, list_calls if operation.startswith("List") else other)
