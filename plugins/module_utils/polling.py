# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting: on a monotonic deadline, with bounded pauses, and with the last value seen when time runs out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Value = TypeVar("Value")

SHORTEST_PAUSE = 0.5
LONGEST_PAUSE = 30.0


@dataclass(frozen=True)
class Waited(Generic[Value]):
    """How a wait ended.

    Attributes:
        value: the last value read.
        done: whether that value is what was waited for; if not, time ran out.
        seconds: how long the wait took.
    """

    value: Value
    done: bool
    seconds: float


def wait_until(
    read: Callable[[], Value],
    is_done: Callable[[Value], bool],
    timeout: float,
    pause: Callable[[Value, float], float] | None = None,
) -> Waited[Value]:
    """Read until is_done, at least once, and a last time when the timeout is reached.

    Args:
        read: returns the current value; what it raises ends the wait.
        is_done: whether a value is what is waited for.
        timeout: seconds, from now.
        pause: seconds to the next read, from the value just read and the seconds waited so far;
            by default it grows with the time waited.
    """
    start = time.monotonic()
    while True:
        value = read()
        waited = time.monotonic() - start
        if is_done(value) or waited >= timeout:
            return Waited(value, is_done(value), waited)
        wanted = growing_pause(waited) if pause is None else pause(value, waited)
        time.sleep(min(wanted, timeout - waited))


def growing_pause(age: float) -> float:
    """Seconds until the next look at something that has been going on for age seconds: a tenth of that, from 0.5 to 30."""
    return min(max(age / 10, SHORTEST_PAUSE), LONGEST_PAUSE)


def job_pause(age: float, percent_done: float) -> float:
    """Seconds until the next look at a job.

    A tenth of the job's age, or half of the time that its progress so far lets expect, whichever is shorter;
    from 0.5 to 30, which is at most 2 of the 15 DescribeBackupJob calls that AWS allows each second.

    Args:
        age: seconds since the job was created.
        percent_done: 0 to 100, as AWS estimates it.
    """
    pause = growing_pause(age)
    if percent_done <= 0:
        return pause
    remaining = age * (100 - percent_done) / percent_done
    return min(pause, max(remaining / 2, SHORTEST_PAUSE))
