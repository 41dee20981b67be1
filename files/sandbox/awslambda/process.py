"""A function's process: started, watched and ended."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

from .output import LogLine, Output


class RuntimeProcess:
    """One child process in a session of its own; it ends itself should this process vanish (its stdin closes)."""

    def __init__(self, command: list[str], variables: dict[str, str], folder: Path, on_exit: Callable[[int], None]) -> None:
        self._popen = subprocess.Popen(
            command,
            env=variables,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert self._popen.stdout is not None
        self._output = Output(self._popen.stdout)
        self._on_exit = on_exit
        self._peak_mb = 0
        threading.Thread(target=self._watch, name="lambda-exit", daemon=True).start()

    def take_output(self) -> list[LogLine]:
        """The lines printed since the last call."""
        return self._output.take()

    def peak_memory_mb(self) -> int:
        """The most memory the process has held, in MB (where /proc tells; the last known value once it has ended)."""
        with contextlib.suppress(OSError):
            found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self._popen.pid}/status").read_text())
            if found:
                self._peak_mb = -(-int(found.group(1)) // 1024)
        return self._peak_mb

    def end(self) -> None:
        """End the process and those it started, at once; does nothing when it has ended."""
        if self._popen.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._popen.pid, signal.SIGKILL)
            self._popen.wait()
        assert self._popen.stdin is not None
        self._popen.stdin.close()

    def _watch(self) -> None:
        self._on_exit(self._popen.wait())
