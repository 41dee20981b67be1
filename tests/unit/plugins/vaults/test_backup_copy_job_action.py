"""The action plugin of backup_copy_job, and what follows a copy, in one real ansible-playbook run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.unit.plugins.plays import play

pytestmark = pytest.mark.playbook

LINE = re.compile(r"^\[localhost\] copy job (\S+) ([A-Z]+) after \d\d:\d\d \(into (\S+)\)$", re.MULTILINE)


def test_a_copy_shows_its_progress_and_is_deleted_where_it_is(sandbox: Any, role_arn: str, load_points: Any, tmp_path: Path) -> None:
    far = sandbox.client("backup", region="eu-west-1")
    far_arn = far.create_backup_vault(BackupVaultName="far")["BackupVaultArn"]
    (arn,) = load_points(resource_type="EFS")
    start = {
        "recovery_point_arn": arn,
        "source_backup_vault_name": "nightly",
        "destination_backup_vault_arn": far_arn,
        "iam_role_arn": role_arn,
        "wait": True,
    }
    copy = {"backup_vault_name": "far", "region": "eu-west-1", "recovery_point_arn": "{{ copied.copy_job.destination_recovery_point_arn }}"}
    sandbox.settings(time_scale=60)
    printed, results = play(
        sandbox.connection(),
        [
            {"name": "copied", "proven.aws_backup.backup_copy_job": start, "register": "copied"},
            {"name": "deleted", "proven.aws_backup.backup_recovery_point": {**copy, "state": "absent"}, "register": "deleted"},
        ],
        tmp_path,
    )
    job, lines = results["copied"]["copy_job"], LINE.findall(printed)
    assert (job["state"], results["copied"]["changed"]) == ("COMPLETED", True)
    assert {line[0] for line in lines} == {job["copy_job_id"]}
    assert [state for _, state, _ in lines][-1] == "COMPLETED"
    assert len(lines) > 1
    assert {line[2] for line in lines} == {far_arn}
    assert results["copied"]["waited_seconds"] > 1
    assert (results["deleted"]["changed"], results["deleted"]["recovery_point"]) == (True, {})
    assert far.list_recovery_points_by_backup_vault(BackupVaultName="far")["RecoveryPoints"] == []
