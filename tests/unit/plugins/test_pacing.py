"""Pacing calls: how many there are in a second, of one operation, of all, and after AWS has throttled some."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections.abc import Iterator

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils.pacing import CATCH_UP, HEADROOM, Pace, RateLimiter, rates_by_operation
from hypothesis import given, settings
from hypothesis import strategies as st


class Clock:
    """A clock that only moves when told, and calls that take no time."""

    def __init__(self) -> None:
        self.now = 1000.0

    def turns(self, pace: Pace, until: float) -> Iterator[float]:
        """When calls are made that wait for nothing but their turn."""
        while self.now < until:
            self.now += pace.take_turn(self.now)
            yield self.now


@settings(deadline=None)
@given(st.floats(0.5, 500), st.floats(0, 20))
def test_no_second_has_more_calls_than_allowed(per_second: float, idle: float) -> None:
    pace, clock = Pace(per_second), Clock()
    turns = [*clock.turns(pace, 1003.0)]
    clock.now += idle
    turns += clock.turns(pace, clock.now + 3)
    for index, first in enumerate(turns):
        assert bisect_left(turns, first + 1) - index <= per_second * (1 + CATCH_UP) + 2


@settings(deadline=None)
@given(st.floats(2, 500))
def test_steady_calls_use_what_is_allowed(per_second: float) -> None:
    turns = [*Clock().turns(Pace(per_second), 1020.0)]
    assert len(turns) / 20 >= per_second * HEADROOM * 0.98 - 0.1


def test_throttling_slows_down_at_once_and_calls_recover_steadily() -> None:
    pace = Pace(100)
    pace.slow_down(1000.0)
    slowed = pace.rate(1000.0)
    assert slowed == pytest.approx(100 * HEADROOM * 0.8)
    pace.slow_down(1000.1)
    assert pace.rate(1000.1) > slowed, "what was on its way says nothing new"
    rates = [pace.rate(1000.0 + seconds) for seconds in range(5)]
    assert rates == sorted(rates)
    assert rates[-1] == 100 * HEADROOM, "no more than what is allowed"


def test_calls_never_stop() -> None:
    pace = Pace(100)
    for second in range(100):
        pace.slow_down(1000.0 + second)
    assert 1 <= pace.rate(1100.0) < 2


@pytest.mark.parametrize("told", [30, 1000])
def test_a_smaller_quota_than_told_is_found(told: float) -> None:
    """A service that allows 20 calls a second, as a token bucket, and calls that know nothing of it."""
    pace, clock = Pace(told), Clock()
    tokens, filled, done, refused = 20.0, clock.now, 0, 0
    for now in clock.turns(pace, 1120.0):
        tokens, filled = min(20.0, tokens + (now - filled) * 20), now
        if tokens >= 1:
            tokens -= 1
            done += 1
        else:
            refused += 1
            pace.slow_down(now)
    assert done / 120 > 20 * 0.9
    assert refused < done * (0.2 if told < 100 else 0.7)


def test_all_operations_share_the_sum_and_none_holds_up_another() -> None:
    limiter = RateLimiter(rates_by_operation(delete_recovery_point=2.0, list_calls=1000.0, other=1000.0), 200.0)
    calls: dict[str, int] = {"DeleteRecoveryPoint": 0, "ListTags": 0, "StopBackupJob": 0}
    end = time.monotonic() + 1.0

    def call(operation: str) -> None:
        while time.monotonic() < end:
            limiter.wait(operation)
            calls[operation] += 1

    threads = [threading.Thread(target=call, args=(operation,)) for operation in calls for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls["DeleteRecoveryPoint"] <= 6
    assert sum(calls.values()) <= 200 * (1 + CATCH_UP) + 12
    assert min(calls["ListTags"], calls["StopBackupJob"]) > calls["DeleteRecoveryPoint"]


def test_each_operation_has_its_rate() -> None:
    rate = rates_by_operation(10, 20, 5)
    assert [rate(name) for name in ("DeleteRecoveryPoint", "ListRecoveryPointsByBackupVault", "ListTags", "StopBackupJob")] == [
        10,
        20,
        20,
        5,
    ]
