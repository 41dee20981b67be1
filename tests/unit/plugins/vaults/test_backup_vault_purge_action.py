"""The action plugin of backup_vault_purge, in one real ansible-playbook run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

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


def play(connection: dict[str, str], tasks: list[dict[str, Any]], folder: Path) -> tuple[str, dict[str, Any]]:
    """Run tasks in one play; returns what ansible-playbook printed and each task's result."""
    results = folder / "results.json"
    content = "{{ {" + ", ".join(f"'{task['name']}': {task['name']}" for task in tasks) + "} | to_json }}"
    save = {"ansible.builtin.copy": {"dest": str(results), "mode": "0600", "content": content}}
    defaults = {"group/proven.aws_backup.aws": connection}
    playbook = folder / "play.yml"
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "module_defaults": defaults, "tasks": [*tasks, save]}
    playbook.write_text(yaml.safe_dump([play]))
    environment = {
        **os.environ,
        "ANSIBLE_LOCAL_TEMP": str(folder),
        "ANSIBLE_ASYNC_DIR": str(folder),
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
    }
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", str(playbook)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, json.loads(results.read_text())
