"""Waiting, and how often to look."""

from __future__ import annotations

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils import polling


@pytest.mark.parametrize(("age", "pause"), [(-5, 0.5), (0, 0.5), (5, 0.5), (20, 2), (100, 10), (300, 30), (86400, 30)])
def test_pause_grows_with_age(age: float, pause: float) -> None:
    assert polling.growing_pause(age) == pytest.approx(pause)


@pytest.mark.parametrize(
    ("age", "percent_done", "pause"),
    [
        (0, 0, 0.5),
        (200, 0, 20),
        (200, 10, 20),
        (200, 90, 200 / 9 / 2),
        (200, 99, 200 / 99 / 2),
        (3600, 99, 3600 / 99 / 2),
        (10, 99, 0.5),
        (200, 100, 0.5),
    ],
)
def test_job_pause_shortens_towards_the_expected_end(age: float, percent_done: float, pause: float) -> None:
    assert polling.job_pause(age, percent_done) == pytest.approx(pause)


def test_job_pause_stays_between_its_bounds() -> None:
    pauses = [polling.job_pause(age, percent) for age in range(-10, 100_000, 997) for percent in range(0, 101, 5)]
    assert min(pauses) == polling.SHORTEST_PAUSE
    assert max(pauses) == polling.LONGEST_PAUSE


def test_wait_ends_with_the_value_waited_for() -> None:
    values = iter([1, 2, 3, 4])
    waited = polling.wait_until(lambda: next(values), lambda value: value == 3, timeout=60, pause=lambda *_: 0)
    assert (waited.value, waited.done) == (3, True)
    assert next(values) == 4


def test_wait_reports_the_last_value_when_time_runs_out() -> None:
    values = iter(range(1000))
    waited = polling.wait_until(lambda: next(values), lambda _: False, timeout=0.02, pause=lambda *_: 60)
    assert (waited.value, waited.done) == (1, False)
    assert waited.seconds >= 0.02


def test_wait_reads_once_with_no_time_at_all() -> None:
    waited = polling.wait_until(lambda: "there", lambda value: value == "there", timeout=0)
    assert (waited.value, waited.done) == ("there", True)


def test_pause_gets_the_value_and_the_seconds_waited() -> None:
    seen: list[tuple[str, float]] = []

    def pause(value: str, seconds: float) -> float:
        seen.append((value, seconds))
        return 0

    values = iter("ab")
    polling.wait_until(lambda: next(values), lambda value: value == "b", timeout=60, pause=pause)
    assert [value for value, _ in seen] == ["a"]
    assert seen[0][1] >= 0


def test_wait_passes_errors_on() -> None:
    def read() -> None:
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        polling.wait_until(read, bool, timeout=60)
