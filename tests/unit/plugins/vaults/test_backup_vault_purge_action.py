"""The action plugin of backup_vault_purge, in one real ansible-playbook run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.unit.plugins.plays import play

pytestmark = pytest.mark.playbook

LINE = re.compile(r"^\[localhost\] vault (\w+): (\d+) of (\d+) recovery points deleted, [\d.]+ a second", re.MULTILINE)


def test_a_long_purge_shows_its_progress(sandbox: Any, backup: Any, tmp_path: Path) -> None:
    purges = {
        "shown": {},
        "hidden": {"no_log": True},
        "previewed": {"check_mode": True},
        "background": {"async": 60, "poll": 1},
    }
    tasks = []
    for name, keywords in purges.items():
        backup.create_backup_vault(BackupVaultName=name)
        sandbox.control("POST", "/backup/recovery-points", {"backup_vault_name": name, "count": 65})
        options = {"backup_vault_name": name, "require_tags": False}
        tasks.append({"name": name, "proven.aws_backup.backup_vault_purge": options, "register": name, **keywords})
    printed, results = play(sandbox.connection(), tasks, tmp_path)
    assert {vault for vault, _done, _total in LINE.findall(printed)} == {"shown"}
    for name, result in results.items():
        assert result["changed"]
        assert result["recovery_points"]["deleted"]["count"] == 65, name
    remaining = [vault["BackupVaultName"] for vault in backup.list_backup_vaults()["BackupVaultList"]]
    assert remaining == ["previewed"]
