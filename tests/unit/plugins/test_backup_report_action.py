"""backup_report in real ansible-playbook runs."""

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

from tests import report_samples as samples

pytestmark = pytest.mark.playbook

ROOT = Path(__file__).resolve().parents[3]
BLOCKED = "import sys\nsys.modules['matplotlib'] = None\n"


def task(name: str, report: Any, dest: Path, **keywords: Any) -> dict[str, Any]:
    args = {"report": report, "dest": str(dest)}
    return {"name": name, "proven.aws_backup.backup_report": args, "register": name, "ignore_errors": True, **keywords}


def play(tasks: list[dict[str, Any]], folder: Path, *arguments: str, python_path: str = "") -> tuple[str, dict[str, Any]]:
    """Run tasks in one play; returns what ansible-playbook printed and each task's result."""
    results = folder / "results.json"
    content = "{{ {" + ", ".join(f"'{one['name']}': {one['name']}" for one in tasks) + "} | to_json }}"
    save = {"ansible.builtin.copy": {"dest": str(results), "mode": "0600", "content": content}, "check_mode": False}
    playbook = folder / "play.yml"
    playbook.write_text(yaml.safe_dump([{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [*tasks, save]}]))
    environment = {
        **os.environ,
        "ANSIBLE_LOCAL_TEMP": str(folder),
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        "PYTHONPATH": python_path,
    }
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", str(playbook), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr, json.loads(results.read_text())


def test_report_is_written_once(tmp_path: Path) -> None:
    report, dest = samples.report("test_restore", [samples.restored("ec2")]), tmp_path / "reports"
    broken = dest / "broken" / "report.json"
    broken.parent.mkdir(parents=True)
    broken.write_text("{")
    file = tmp_path / "file"
    file.write_text("")
    printed, results = play(
        [
            task("planned", report, dest, check_mode=True),
            task("written", report, dest),
            task("again", report, dest),
            task("changed", {**report, "reason": "{{ 'a' ~ '<b>' }}"}, dest, diff=True),
            task("nameless", {"verdict": "passed"}, dest),
            task("nowhere", report, file),
            task("misspelt", report, dest, **{"proven.aws_backup.backup_report": {"reprot": report, "dest": str(dest)}}),
        ],
        tmp_path,
    )
    folder = dest / report["run"]
    paths = {"path": folder, "html": folder / "index.html", "json": folder / "report.json", "junit": folder / "report.xml"}
    for name, is_changed in {"planned": True, "written": True, "again": False, "changed": True}.items():
        assert results[name]["changed"] is is_changed
        assert {key: results[name][key] for key in paths} == {key: str(path) for key, path in paths.items()}
        assert results[name]["history"] == str(dest / "index.html")
        assert results[name]["pictures"] is True
        assert len(results[name]["left_out"]) == 1
    assert json.loads(paths["json"].read_text())["reason"] == "a<b>"
    assert re.search(r'^\+ +"reason": "a<b>",$', printed, re.MULTILINE)
    assert f"{broken} was left out of the history, because it cannot be read" in " ".join(printed.split())
    assert results["nameless"]["msg"].startswith("report.run names the folder of the report: give letters")
    assert results["nowhere"]["msg"].startswith(f"Cannot write the report to {file}: ")
    assert results["misspelt"]["msg"] == "missing required arguments: report"
    assert "Traceback" not in printed


def test_without_matplotlib_there_is_a_warning_and_no_picture(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(BLOCKED)
    report, dest = samples.report("test_restore", [samples.restored("ec2")]), tmp_path / "reports"
    printed, results = play([task("written", report, dest)], tmp_path, python_path=str(tmp_path))
    assert results["written"]["changed"] is True
    assert results["written"]["pictures"] is False
    assert "install it there with pip install matplotlib" in " ".join(printed.split())
    assert "<svg" not in Path(results["written"]["html"]).read_text()
