"""Real ansible-playbook runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import ROOT


def play(connection: dict[str, str], tasks: list[dict[str, Any]], folder: Path) -> tuple[str, dict[str, Any]]:
    """Run tasks in one play; returns what ansible-playbook printed and each task's result."""
    results = folder / "results.json"
    content = "{{ {" + ", ".join(f"'{task['name']}': {task['name']}" for task in tasks) + "} | to_json }}"
    save = {"ansible.builtin.copy": {"dest": str(results), "mode": "0600", "content": content}}
    defaults = {"group/proven.aws_backup.aws": connection}
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "module_defaults": defaults, "tasks": [*tasks, save]}
    playbook = folder / "play.yml"
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
