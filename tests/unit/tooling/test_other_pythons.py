"""scripts/test-other-pythons and scripts/tested-ansible: what was tested with what, and what was not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.conftest import ROOT

THIS = f"{sys.version_info.major}.{sys.version_info.minor}"
# Older than any that the collection runs with, so that no machine has one that counts.
NEVER = "3.10"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The scripts and requirements, with the Python of these tests as the one of .venv."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    shutil.copy(ROOT / "requirements.txt", tmp_path)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    return tmp_path


def run(clone: Path, *versions: str) -> subprocess.CompletedProcess[str]:
    """Run scripts/test-other-pythons."""
    command = [clone / "scripts" / "test-other-pythons", *versions]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)


def test_one_python_is_enough_and_its_ansible_is_named(clone: Path) -> None:
    process = run(clone, THIS)
    assert process.returncode == 0, process.stderr
    (line,) = process.stdout.splitlines()
    assert line.startswith(f"Python {THIS} has Ansible {version('ansible')} (ansible-core {version('ansible-core')}), as requirements")


def test_what_is_not_tested_is_counted_in_the_last_line(clone: Path) -> None:
    process = run(clone, THIS, NEVER)
    assert process.returncode == 0, process.stderr
    assert process.stdout.splitlines()[-1] == f"== NOT TESTED: 1 of the 2 wanted Python versions, not installed here: {NEVER}"


def test_another_ansible_than_required_is_an_error(clone: Path) -> None:
    clone.joinpath("requirements.txt").write_text("# Ansible\nansible>=99 ; python_version >= '3.11'\nboto3>=1\n", encoding="utf-8")
    process = run(clone, THIS)
    assert process.returncode == 1
    assert process.stderr == f"Python {THIS} has Ansible {version('ansible')}, but requirements.txt asks for >=99\n"
    assert process.stdout == ""
