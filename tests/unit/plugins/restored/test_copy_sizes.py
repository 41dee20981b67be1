"""Whether the size of a copy counts: the expressions of the role restore, rendered by Ansible."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from tests.unit.plugins.plays import play

ROLE = ROOT / "roles" / "restore"


def variables(name: str) -> dict[str, Any]:
    """A file of the role's variables."""
    return yaml.safe_load((ROLE / "vars" / "main" / f"{name}.yml").read_text())


def verdict(sandbox: Any, folder: Path, resource_type: str, original: int | None, copy: int | None) -> tuple[bool, dict[str, Any]]:
    """Whether the role takes a copy for one of the original, and what its report says of their sizes."""
    point = {"status": "COMPLETED", "resource_arn": "arn:1", "backup_size_in_bytes": original}
    copied = {"status": "COMPLETED", "resource_arn": "arn:1", "backup_size_in_bytes": copy}
    (block,) = yaml.safe_load((ROLE / "tasks" / "copy_judge.yml").read_text())
    (judge,) = [task for task in block["block"] if "is usable" in task["name"]]
    one = {"target": "x", "resource_arn": "arn:1", "resource_type": resource_type}
    known = {
        "__restore_one": one,
        "__restore_copied_points": {"recovery_points": [copied]},
        "__restore_copy": {"copy_job": {"destination_recovery_point_arn": "arn:2"}},
        "__restore_state": {"x": {"recovery_point": point, "copied_point": copied, "created_resource_arn": "arn:3"}},
        "__restore_evidence": {},
        "__restore_leftovers": [],
        "__restore_failure": "",
        "target_resources": [one],
        "target_missing": [],
        "restore_recovery_point_arn": "",
        "restore_copy_region": "eu-central-1",
        "restore_from_copy": False,
        "restore_checks": "",
    }
    role = {key: value for name in ("targets", "report") for key, value in variables(name).items()}
    tasks = [
        {**judge, "name": "judged", "register": "judged", "failed_when": False, "vars": {**role, **known, **judge["vars"]}},
        {
            "name": "told",
            "ansible.builtin.set_fact": {"checks": "{{ __restore_verdicts[0].checks }}"},
            "register": "told",
            "vars": {**role, **known},
        },
    ]
    _output, found = play(sandbox.connection(), tasks, folder)
    (check,) = found["told"]["ansible_facts"]["checks"]
    return found["judged"].get("evaluated_to") is not False, check


@pytest.mark.parametrize(
    ("resource_type", "original", "copy", "taken", "result"),
    [
        ("EC2", 8, 8, True, "passed"),
        ("EC2", 8, 9, False, "left out"),
        ("EBS", 8, None, True, "left out"),
        ("S3", 8, 9, True, "left out"),
    ],
)
def test_only_sizes_of_volumes_must_be_the_same(
    sandbox: Any, tmp_path: Path, resource_type: str, original: int, copy: int | None, taken: bool, result: str
) -> None:
    is_taken, check = verdict(sandbox, tmp_path, resource_type, original, copy)
    assert (is_taken, check["result"]) == (taken, result)
    told = "" if result == "passed" else f"AWS tells {copy or 0} bytes of the copy, {original} of the original"
    assert check["reason"] == told
