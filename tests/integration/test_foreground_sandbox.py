"""A sandbox that somebody started in a terminal, as `make sandbox` does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.conftest import ROOT
from tests.integration.conftest import Playbooks

pytestmark = pytest.mark.playbook


@pytest.fixture
def foreground(playbooks: Playbooks) -> Iterator[subprocess.Popen[str]]:
    """A sandbox in the foreground, where the playbooks look for theirs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "serve", "--port", str(playbooks.port), "--state-dir", str(playbooks.state_dir)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "files")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    assert "sandbox ready" in process.stdout.readline()
    yield process
    process.terminate()
    process.communicate(timeout=20)


def test_cleanup_leaves_it_alone_and_an_explicit_stop_does_not(playbooks: Playbooks, foreground: subprocess.Popen[str]) -> None:
    run = playbooks.run("cleanup").succeeded()
    assert run.changed == 0
    assert f"(pid {foreground.pid}) was started in the foreground and goes on: end it there" in " ".join(run.output.split())
    assert playbooks.sandbox_runs()
    assert playbooks.run("sandbox", sandbox_state="stopped").succeeded().changed == 1
    assert foreground.wait(timeout=20) == 0
