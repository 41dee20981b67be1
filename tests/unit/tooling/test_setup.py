"""scripts/setup on machines that lack something."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

TOOLS = ("awk", "cat", "cksum", "dirname", "id", "kill", "ln", "mkdir", "mktemp", "rm", "sed", "sh", "sleep", "tail")


class Machine:
    """A clone of the repository's set-up on a machine with nothing but the tools every Unix has."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "clone"
        self.tools = folder / "tools"
        self.tools.mkdir()
        for tool in TOOLS:
            self.tools.joinpath(tool).symlink_to(str(shutil.which(tool)))
        shutil.copytree(ROOT / "scripts", self.root / "scripts")
        for path in ROOT.glob("requirements*.txt"):
            shutil.copy(path, self.root)

    def setup(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run scripts/setup."""
        return subprocess.run(
            [self.root / "scripts" / "setup", *arguments],
            env={"PATH": str(self.tools), "HOME": str(self.root), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def install(self, name: str, script: str) -> None:
        """Put a program on PATH."""
        path = self.tools / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def error_of(process: subprocess.CompletedProcess[str]) -> str:
    """The last line of a run that must have failed."""
    assert process.returncode == 1, process.stdout + process.stderr
    return process.stderr.splitlines()[-1]


def test_no_python_at_all(machine: Machine) -> None:
    assert error_of(machine.setup()) == "setup: no Python 3.11 to 3.14 found; install one, or name it: make PYTHON=/path/to/python"


def test_a_stand_in_that_does_not_run_is_no_python(machine: Machine) -> None:
    machine.install("python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    assert error_of(machine.setup()).startswith("setup: no Python 3.11 to 3.14 found")


def test_the_chosen_python_is_too_old(machine: Machine) -> None:
    machine.install("python3.9", "echo 3.9")
    assert error_of(machine.setup(PYTHON="python3.9")) == "setup: PYTHON=python3.9 is Python 3.9; 3.11 to 3.14 is needed"


def test_the_venv_module_is_missing(machine: Machine) -> None:
    machine.install("python3", f'case "$*" in *venv*) echo "No module named venv"; exit 1;; esac; exec {sys.executable} "$@"')
    error = error_of(machine.setup(PYTHON="python3"))
    assert error == "setup: python3 cannot make virtual environments (on Debian: apt install python3-venv): No module named venv"


def test_no_network(machine: Machine) -> None:
    error = error_of(machine.setup(PYTHON=sys.executable, PIP_CONFIG_FILE=os.devnull, PIP_NO_INDEX="1"))
    assert error == "setup: pip could not install requirements.txt (see above); is the network reachable?"
