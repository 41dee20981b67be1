# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests about recovery points, several at a time, and their answers one by one."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

SPARE = 2
"""Threads besides those whose requests are under way, which prepare the next ones."""


@dataclass(frozen=True)
class Answer:
    """What came of a request.

    Attributes:
        arn: of the recovery point.
        value: what the call returned; None when it failed or was not made.
        error: why it failed.
        in_time: whether the call was made before the time was up.
    """

    arn: str
    value: Any = None
    error: Exception | None = None
    in_time: bool = True


class PointRequests:
    """Threads that make calls, one for one recovery point; to be used in a with statement.

    Attributes:
        pending: how many requests were given and not answered yet.
    """

    def __init__(self, workers: int, deadline: float) -> None:
        """Make calls from so many threads, and none once time.monotonic() has reached the deadline."""
        self._deadline = deadline
        self._executor = ThreadPoolExecutor(workers + SPARE)
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._most = 4 * workers
        self.pending = 0

    def __enter__(self) -> PointRequests:
        """Nothing is to be prepared."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Drop the requests that no thread has begun with, and wait for the others."""
        self._executor.shutdown(cancel_futures=True)

    @property
    def room(self) -> int:
        """How many more requests may be given: enough that no thread is ever idle, few enough to be kept in memory."""
        return self._most - self.pending

    def give(self, call: Callable[[str], Any], arn: str) -> None:
        """Have a call made with a point's ARN."""
        self.pending += 1
        self._executor.submit(self._answer, call, arn).add_done_callback(self._keep)

    def answers(self, patience: float) -> Iterator[Answer]:
        """The answers that are there, after waiting at most so many seconds for the first."""
        try:
            answer = self._answers.get(timeout=patience)
            while True:
                self.pending -= 1
                yield answer
                answer = self._answers.get_nowait()
        except queue.Empty:
            return

    def _answer(self, call: Callable[[str], Any], arn: str) -> Answer:
        if time.monotonic() >= self._deadline:
            return Answer(arn, in_time=False)
        try:
            return Answer(arn, value=call(arn))
        except Exception as error:  # It belongs to this point: who gave the request decides what it means for the others.
            return Answer(arn, error=error)

    def _keep(self, future: Future[Answer]) -> None:
        if not future.cancelled():
            self._answers.put(future.result())
