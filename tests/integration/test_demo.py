"""make demo, and make demo interrupted."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.playbook


def start_demo() -> subprocess.Popen[str]:
    """Start the demo as make does, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, ROOT / "scripts" / "demo"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def sandbox_runs(output: str) -> bool:
    """Whether something listens on the port that the demo said it uses."""
    port = re.search(r"sandbox_port=(\d+)", output)
    assert port, output
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", int(port[1]))) == 0


def test_the_demo_shows_the_message_and_the_verdict_and_leaves_nothing_running() -> None:
    output, _ = start_demo().communicate(timeout=900)
    messages = re.search(r"Slack received (\d+) messages", output)
    assert messages, output
    assert int(messages[1]) >= 6, "the start and the end of three backups"
    assert re.search(r"^  .*Backup completed: EC2 instance (\S+ \()?i-\w+\)? · us-west-2", output, flags=re.MULTILINE), output
    assert re.findall(r"^  (test_\w+): PASSED$", output, flags=re.MULTILINE) == ["test_backup", "test_restore"], output
    assert output.count("[passed] It is what was backed up") == 3, "the canaries of ec2, dynamodb and s3"
    pages = re.findall(r"^== Report: (\S+)$", output, flags=re.MULTILINE)
    assert len(pages) == 2
    assert all((ROOT / page).exists() for page in pages)
    assert "Nothing of ours is left in us-west-2." in output
    assert not sandbox_runs(output)


def test_an_interrupted_demo_cleans_up() -> None:
    demo = start_demo()
    assert demo.stdout
    seen = ""
    while "Network | Create the subnet" not in seen:
        line = demo.stdout.readline()
        assert line, seen
        seen += line
    demo.send_signal(signal.SIGTERM)
    seen += demo.communicate(timeout=900)[0]
    assert demo.returncode == 130, seen
    assert "Nothing of ours is left in us-west-2." in seen
    assert not sandbox_runs(seen)
