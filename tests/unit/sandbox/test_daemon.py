"""Starting and stopping a sandbox in the background: real processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sandbox.daemon import Daemon, DaemonError

from tests.conftest import ROOT
from tests.integration.conftest import another_program, free_port


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    """A daemon on a free port; stopped afterwards."""
    daemon = Daemon("127.0.0.1", free_port(), tmp_path / "state")
    yield daemon
    if daemon.pid_file.exists():
        daemon.stop(timeout=20)


def command_line(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run python -m sandbox."""
    return subprocess.run(
        [sys.executable, "-m", "sandbox", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "files")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_start_and_stop_are_idempotent(daemon: Daemon) -> None:
    assert daemon.start([], timeout=60)
    assert not daemon.start([], timeout=60)
    health = daemon.health()
    assert health is not None
    assert daemon.pid_file.read_text().strip() == str(health["pid"])
    assert daemon.stop(timeout=20)
    assert not daemon.stop(timeout=20)
    assert not daemon.pid_file.exists()
    assert daemon.health() is None


def test_settings_reach_the_server(daemon: Daemon) -> None:
    daemon.start(["--time-scale", "120"], timeout=60)
    health = daemon.health()
    assert health is not None
    assert health["settings"]["time_scale"] == 120.0


def test_the_owner_of_a_taken_port_is_named(daemon: Daemon, tmp_path: Path) -> None:
    daemon.start([], timeout=60)
    other = Daemon(daemon.host, daemon.port, tmp_path / "other")
    for act in (lambda: other.start([], timeout=5), lambda: other.stop(timeout=5)):
        with pytest.raises(DaemonError, match=f"port {daemon.port} on 127.0.0.1 is taken by a sandbox of {daemon.state_dir}"):
            act()
    assert daemon.health() is not None


def test_another_program_on_the_port_is_left_alone(daemon: Daemon) -> None:
    with another_program(daemon.port), pytest.raises(DaemonError, match="is taken by another program"):
        daemon.start([], timeout=5)


def test_a_killed_sandbox_is_started_anew(daemon: Daemon) -> None:
    daemon.start([], timeout=60)
    os.kill(int(daemon.pid_file.read_text()), signal.SIGKILL)
    deadline = time.monotonic() + 20
    while daemon.health() is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert daemon.start([], timeout=60)


def test_an_unusable_setting_is_one_clear_line(daemon: Daemon) -> None:
    result = command_line("start", "--port", str(daemon.port), "--state-dir", str(daemon.state_dir), "--time-scale", "-1")
    assert (result.returncode, result.stderr) == (2, "sandbox: time_scale must be above 0, not -1.0\n")


def test_the_command_line_says_whether_it_changed_anything(daemon: Daemon) -> None:
    arguments = ("--port", str(daemon.port), "--state-dir", str(daemon.state_dir))
    assert json.loads(command_line("start", *arguments).stdout)["changed"] is True
    assert json.loads(command_line("start", *arguments).stdout)["changed"] is False
    assert json.loads(command_line("stop", *arguments).stdout)["changed"] is True


def test_serving_on_a_taken_port_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        result = command_line("serve", "--port", str(port))
    assert (result.returncode, result.stderr) == (3, f"sandbox: port {port} on 127.0.0.1 is taken; choose another with --port\n")
