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
from sandbox.lock import exclusive

from tests.conftest import ROOT
from tests.integration.conftest import another_program, free_port

# Longer than a sandbox takes to start.
PATIENCE_SECONDS = 4


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    """A daemon on a free port; stopped afterwards."""
    daemon = Daemon("127.0.0.1", free_port(), tmp_path / "state")
    yield daemon
    if daemon.pid_file.exists():
        daemon.stop(timeout=20)


@pytest.fixture
def foreground(daemon: Daemon) -> Iterator[int]:
    """A sandbox in the foreground, with the daemon's port and state folder, as `make sandbox` has it; its process ID."""
    process = spawn("serve", *places(daemon))
    assert process.stdout is not None
    assert "sandbox ready" in process.stdout.readline()
    yield process.pid
    process.terminate()
    process.communicate(timeout=20)


def spawn(*arguments: str) -> subprocess.Popen[str]:
    """Begin python -m sandbox."""
    return subprocess.Popen(
        [sys.executable, "-m", "sandbox", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "files")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    """Wait until it ends."""
    output, errors = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def command_line(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run python -m sandbox."""
    return finish(spawn(*arguments))


def places(daemon: Daemon) -> tuple[str, ...]:
    """A daemon's port and state folder as arguments."""
    return ("--port", str(daemon.port), "--state-dir", str(daemon.state_dir))


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
    result = command_line("start", *places(daemon), "--time-scale", "-1")
    assert (result.returncode, result.stderr) == (2, "sandbox: time_scale must be above 0, not -1.0\n")


def test_the_command_line_says_whether_it_changed_anything(daemon: Daemon) -> None:
    assert json.loads(command_line("start", *places(daemon)).stdout)["changed"] is True
    assert json.loads(command_line("start", *places(daemon)).stdout)["changed"] is False
    assert json.loads(command_line("stop", *places(daemon)).stdout)["changed"] is True


def test_two_that_start_at_once_start_one(daemon: Daemon) -> None:
    results = [finish(process) for process in [spawn("start", *places(daemon)) for _ in range(2)]]
    assert [result.stderr for result in results] == ["", ""]
    assert sorted(json.loads(result.stdout)["changed"] for result in results) == [False, True]
    health = daemon.health()
    assert health is not None
    assert daemon.pid_file.read_text().strip() == str(health["pid"])
    assert "sandbox ready" in daemon.log_file.read_text()


def test_two_state_folders_that_start_at_once_on_one_port(daemon: Daemon, tmp_path: Path) -> None:
    other = Daemon(daemon.host, daemon.port, tmp_path / "other")
    first, second = [finish(process) for process in [spawn("start", *places(each)) for each in (daemon, other)]]
    winner, loser, error = (daemon, other, second.stderr) if first.returncode == 0 else (other, daemon, first.stderr)
    health = winner.health()
    assert health is not None
    assert winner.pid_file.read_text().strip() == str(health["pid"])
    assert f"port {daemon.port} on 127.0.0.1 is taken by a sandbox of {winner.state_dir} (pid {health['pid']})" in error
    assert not loser.pid_file.exists()
    winner.stop(timeout=20)


def test_a_process_that_lost_the_race_for_a_port_does_not_take_it_later(
    daemon: Daemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loser = Daemon(daemon.host, daemon.port, tmp_path / "loser")

    def see_nothing_once(_self: Daemon) -> None:
        monkeypatch.undo()

    monkeypatch.setattr(Daemon, "health", see_nothing_once)
    assert command_line("start", *places(daemon)).returncode == 0
    with pytest.raises(DaemonError, match=f"is taken by a sandbox of {daemon.state_dir}"):
        loser.start([], timeout=60)
    daemon.stop(timeout=20)
    time.sleep(PATIENCE_SECONDS)
    assert daemon.health() is None


def test_two_that_stop_at_once_stop_one(daemon: Daemon) -> None:
    daemon.start([], timeout=60)
    results = [finish(process) for process in [spawn("stop", *places(daemon)) for _ in range(2)]]
    assert [result.stderr for result in results] == ["", ""]
    assert sorted(json.loads(result.stdout)["changed"] for result in results) == [False, True]


def test_a_start_that_never_ends_is_not_waited_for_for_ever(daemon: Daemon) -> None:
    with exclusive(daemon.lock_file, timeout=1), pytest.raises(DaemonError, match=r"somebody else has been .* for 0\.2 s"):
        daemon.start([], timeout=0.2)


def test_the_foreground_is_told_from_the_background(daemon: Daemon, foreground: int) -> None:
    health = daemon.health()
    assert health is not None
    assert (health["pid"], health["foreground"]) == (foreground, True)
    assert not daemon.start([], timeout=60)
    assert daemon.stop(timeout=20)
    daemon.start([], timeout=60)
    health = daemon.health()
    assert health is not None
    assert health["foreground"] is False


def test_the_foreground_is_left_alone_where_that_is_wanted(daemon: Daemon, foreground: int) -> None:
    answer = json.loads(command_line("stop", "--keep-foreground", *places(daemon)).stdout)
    assert answer["changed"] is False
    assert f"(pid {foreground}) was started in the foreground and goes on" in answer["message"]
    assert daemon.health() is not None
    assert json.loads(command_line("stop", *places(daemon)).stdout)["changed"] is True


def test_the_background_is_stopped_in_any_case(daemon: Daemon) -> None:
    daemon.start([], timeout=60)
    answer = json.loads(command_line("stop", "--keep-foreground", *places(daemon)).stdout)
    assert (answer["changed"], "message" in answer) == (True, False)


def test_serving_on_a_taken_port_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        result = command_line("serve", "--port", str(port))
    assert (result.returncode, result.stderr) == (
        3,
        f"sandbox: port {port} on 127.0.0.1 is taken; choose another with --port (make: PORT=)\n",
    )
