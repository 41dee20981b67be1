"""Collects what a function's process prints, line by line, each with the time it arrived."""

from __future__ import annotations

import os
import selectors
import threading
import time
from typing import IO

LogLine = tuple[int, str]


def now_ms() -> int:
    """The wall-clock time in Unix milliseconds."""
    return int(time.time() * 1000)


class Output:
    """The printed lines of one process, followed by a thread until the process closes its end of the pipe."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()
        self._partial = b""
        self._lines: list[LogLine] = []
        os.set_blocking(pipe.fileno(), False)
        threading.Thread(target=self._follow, name="lambda-output", daemon=True).start()

    def take(self) -> list[LogLine]:
        """Return and forget every line printed so far, an unfinished last one included."""
        self._read()
        with self._lock:
            if self._partial:
                self._add(self._partial)
                self._partial = b""
            taken, self._lines = self._lines, []
        return taken

    def _follow(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._pipe, selectors.EVENT_READ)
            selector.select()
            while self._read():
                selector.select()
        # Closed by this thread only: one that waits on a closed pipe would never wake.
        with self._lock:
            self._pipe.close()

    def _read(self) -> bool:
        """Read all there is without waiting; returns False at the pipe's end."""
        with self._lock:
            while not self._pipe.closed:
                try:
                    chunk = os.read(self._pipe.fileno(), 65536)
                except BlockingIOError:
                    return True
                if not chunk:
                    break
                *lines, self._partial = (self._partial + chunk).split(b"\n")
                for line in lines:
                    self._add(line)
            return False

    def _add(self, line: bytes) -> None:
        # The runtime client joins the lines of one record, such as a traceback, with carriage returns.
        self._lines.append((now_ms(), line.decode(errors="replace").replace("\r", "\n") + "\n"))
