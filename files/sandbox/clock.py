"""A scaled clock: what takes AWS minutes takes the sandbox seconds."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

from . import settings

log = logging.getLogger(__name__)


class Scheduler:
    """Runs callbacks after a number of AWS seconds, in one daemon thread, in order of their due time."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def call_later(self, aws_seconds: float, callback: Callable[[], None]) -> None:
        """Run callback once, aws_seconds of scaled time from now; its exceptions are logged, never raised."""
        due = time.monotonic() + real_seconds(aws_seconds)
        with self._changed:
            heapq.heappush(self._due, (due, next(self._count), callback))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sandbox-clock", daemon=True)
                self._thread.start()
            if self._due[0][0] == due:
                self._changed.notify()

    def clear(self) -> None:
        """Forget every callback that has not run yet."""
        with self._changed:
            self._due.clear()

    def _run(self) -> None:
        while True:
            callback = self._wait_for_next()
            try:
                callback()
            except Exception:
                log.exception("a scheduled callback failed")

    def _wait_for_next(self) -> Callable[[], None]:
        with self._changed:
            while True:
                now = time.monotonic()
                if self._due and self._due[0][0] <= now:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(self._due[0][0] - now if self._due else None)


def real_seconds(aws_seconds: float) -> float:
    """How many real seconds the sandbox spends on aws_seconds."""
    return aws_seconds / settings.current.now.time_scale


scheduler = Scheduler()
