"""What ansible-galaxy packs."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

NEEDED = ("plugins/modules/backup_job.py", "files/sandbox/__main__.py", "files/backup_notifier/handler.py", "playbooks/deploy.yml")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The paths of the files in a freshly built archive."""
    folder = tmp_path_factory.mktemp("archive")
    galaxy = Path(sys.executable).parent / "ansible-galaxy"
    subprocess.run([galaxy, "collection", "build", "--output-path", folder], cwd=ROOT, check=True, capture_output=True)
    (archive,) = folder.glob("proven-aws_backup-*.tar.gz")
    with tarfile.open(archive) as tar:
        return {member.name for member in tar if member.isfile()} - {"MANIFEST.json", "FILES.json"}


def test_what_users_need_is_packed(packed: set[str]) -> None:
    assert set(NEEDED) <= packed


def test_nothing_that_git_ignores_is_packed(packed: set[str]) -> None:
    """An environment, a report or the sandbox's state in the archive would be a leak as well as a weight."""
    process = subprocess.run(
        ["git", "check-ignore", "--stdin"], cwd=ROOT, input="\n".join(sorted(packed)), capture_output=True, text=True, check=False
    )
    assert process.returncode in (0, 1), process.stderr
    assert process.stdout.splitlines() == []
