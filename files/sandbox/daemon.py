"""Start and stop one sandbox in the background, known by its state folder (pid file, log file and lock file)."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .identity import NAME
from .lock import exclusive

POLL_SECONDS = 0.05


class DaemonError(Exception):
    """The sandbox could not be started or stopped; the message says why and how to mend it."""


@dataclass(frozen=True)
class Daemon:
    """A background sandbox: where it listens and where it keeps its pid and log."""

    host: str
    port: int
    state_dir: Path

    @property
    def pid_file(self) -> Path:
        """The file that holds the process ID while the sandbox runs."""
        return self.state_dir / "sandbox.pid"

    @property
    def log_file(self) -> Path:
        """The file that takes the sandbox's output."""
        return self.state_dir / "sandbox.log"

    @property
    def lock_file(self) -> Path:
        """The file that is locked while somebody starts or stops the sandbox."""
        return self.state_dir / "sandbox.lock"

    def health(self) -> dict[str, Any] | None:
        """What the sandbox on this address says of itself; None when nothing listens there.

        Raises:
            DaemonError: something listens there that is not a sandbox.
        """
        url = f"http://{self.host}:{self.port}/_sandbox/health"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(url, timeout=10) as response:
                answer = json.load(response)
        except (OSError, ValueError) as error:
            if not self._listening():
                return None
            raise DaemonError(self._taken("another program")) from error
        if not isinstance(answer, dict) or answer.get("name") != NAME:
            raise DaemonError(self._taken("another program"))
        return answer

    def start(self, arguments: list[str], timeout: float) -> bool:
        """Start the sandbox unless it runs already; returns whether it was started.

        Args:
            arguments: further command-line arguments of `python -m sandbox serve`.
            timeout: seconds it may take to answer.

        Raises:
            DaemonError: the port is taken, or the sandbox ended or stayed silent, or somebody else is at it all the time.
        """
        with self._alone(timeout):
            if self._ours() is not None:
                return False
            process = self._spawn(arguments)
            try:
                return self._wait_until_it_answers(process, timeout)
            except DaemonError:
                process.terminate()
                raise

    def stop(self, timeout: float, *, keep_foreground: bool = False) -> bool:
        """Stop the sandbox of this state folder; returns whether one was stopped.

        Args:
            timeout: seconds it may take to end.
            keep_foreground: whether one that was started in the foreground goes on.

        Raises:
            DaemonError: the port belongs to somebody else, or the process did not end, or somebody else is at it all the time.
        """
        with self._alone(timeout):
            running = self._ours()
            if running is not None and keep_foreground and running.get("foreground"):
                return False
            if running is not None:
                self._end(int(running["pid"]), timeout)
            self.pid_file.unlink(missing_ok=True)
            return running is not None

    @contextmanager
    def _alone(self, timeout: float) -> Iterator[None]:
        """Keep others from starting or stopping the sandbox of this state folder meanwhile."""
        try:
            with exclusive(self.lock_file, timeout):
                yield
        except TimeoutError as error:
            raise DaemonError(f"somebody else has been starting or stopping the sandbox of {self.state_dir} for {timeout:g} s") from error

    def _ours(self) -> dict[str, Any] | None:
        """What the sandbox of this state folder says of itself; None when nothing listens on its port.

        Raises:
            DaemonError: somebody else listens there.
        """
        running = self.health()
        if running is not None and running["state_dir"] != str(self.state_dir):
            raise DaemonError(self._taken(f"a sandbox of {running['state_dir'] or 'the foreground'} (pid {running['pid']})"))
        return running

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes], timeout: float) -> bool:
        """Wait for a new sandbox; returns whether it is the one that answers: another one may have been quicker."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            ended = process.poll() is not None
            running = self._ours() if ended or self._listening() else None
            if running is not None and running["pid"] == process.pid:
                self.pid_file.write_text(f"{process.pid}\n", encoding="ascii")
                return True
            if ended and running is not None:
                return False
            if ended:
                raise DaemonError(f"the sandbox ended with exit code {process.returncode}: {self._log_tail()}")
            time.sleep(POLL_SECONDS)
        raise DaemonError(f"the sandbox did not answer on port {self.port} within {timeout:g} s; see {self.log_file}")

    def _end(self, pid: int, timeout: float) -> None:
        """End a process.

        Raises:
            DaemonError: it did not end.
        """
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if has_ended(pid):
                return
            time.sleep(POLL_SECONDS)
        raise DaemonError(f"the sandbox (pid {pid}) did not end within {timeout:g} s; see {self.log_file}")

    def _spawn(self, arguments: list[str]) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "sandbox", "serve", "--background", "--host", self.host, "--port", str(self.port)]
        package_parent = str(Path(__file__).resolve().parent.parent)
        with self.log_file.open("wb") as log:
            return subprocess.Popen(
                [*command, "--state-dir", str(self.state_dir), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.state_dir,
                env={**os.environ, "PYTHONPATH": package_parent},
                start_new_session=True,
            )

    def _listening(self) -> bool:
        try:
            with socket.create_connection((self.host, self.port), timeout=5):
                return True
        except OSError:
            return False

    def _taken(self, owner: str) -> str:
        return f"port {self.port} on {self.host} is taken by {owner}; choose another port (-e sandbox_port=...) or stop it"

    def _log_tail(self) -> str:
        lines = self.log_file.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or is only kept by a parent that has not asked for its exit code."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return state.strip().startswith("Z")
