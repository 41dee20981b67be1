"""molecule test, as users run it: from the root, with the environment active."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.integration.conftest import Playbooks

pytestmark = pytest.mark.playbook


@pytest.mark.parametrize("scenario", ["default", "restore", "services"])
def test_molecule_deploys_proves_and_removes(playbooks: Playbooks, scenario: str) -> None:
    programs = Path(sys.executable).parent
    process = subprocess.run(
        [programs / "molecule", "test", "--scenario-name", scenario],
        cwd=ROOT,
        env={
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "SANDBOX_PORT": str(playbooks.port),
            "NO_COLOR": "1",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
    assert process.returncode == 0, process.stdout[-6000:]
    assert "actions=6  successful=6" in process.stdout
    assert not playbooks.sandbox_runs()
