"""The action plugins of backup_job and backup_restore_job, in one real ansible-playbook run."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.plugins.plays import play

pytestmark = pytest.mark.playbook

RESTORE_LINE = re.compile(r"^\[localhost\] restore job (\S+) ([A-Z]+) (\d+)% after \d\d:\d\d \(recovery point (\S+)\)$", re.MULTILINE)
LINE = re.compile(r"^\[localhost\] backup job (\S+) ([A-Z]+) (\d+)% after \d\d:\d\d \(vault nightly\)$", re.MULTILINE)


def table(sandbox: Any, name: str, **outcome: Any) -> str:
    """Create a table whose jobs end in the given way and return its ARN."""
    keys = {
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    }
    description = sandbox.client("dynamodb").create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **keys)
    arn = description["TableDescription"]["TableArn"]
    sandbox.control("PUT", "/backup/outcomes", {"resource_arn": arn, **outcome})
    return arn


def task(name: str, args: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    return {"name": name, "proven.aws_backup.backup_job": args, "register": name, "ignore_errors": True, **keywords}


def restore_task(start: dict[str, Any]) -> dict[str, Any]:
    """A task that restores what the task completed has backed up."""
    args = {
        "backup_vault_name": start["backup_vault_name"],
        "recovery_point_arn": "{{ completed.backup_job.recovery_point_arn }}",
        "iam_role_arn": start["iam_role_arn"],
        "metadata": {"targetTableName": "orders-2"},
        "wait": True,
    }
    return {"name": "restored", "proven.aws_backup.backup_restore_job": args, "register": "restored"}


@pytest.fixture
def run_play(sandbox: Any, tmp_path: Path) -> Callable[[list[dict[str, Any]]], tuple[str, dict[str, Any]]]:
    return lambda tasks: play(sandbox.connection(), tasks, tmp_path)


def test_waiting_shows_progress(sandbox: Any, run_play: Any, start_args: dict[str, Any]) -> None:
    sandbox.settings(time_scale=60.0)
    sandbox.let_restore("backup")
    start = {name: start_args[name] for name in ("backup_vault_name", "resource_arn", "iam_role_arn")}
    options = {"start_window_minutes": 60, "lifecycle": {"delete_after_days": 1}, "role_propagation_timeout": 60}
    held = {**start, "resource_arn": table(sandbox, "held", hold=True)}
    failing = {**start, "resource_arn": table(sandbox, "failing", state="FAILED", status_message="Table not found.")}
    printed, results = run_play(
        [
            task("completed", {**start, **options, "idempotency_token": "release-42", "wait": True}),
            task("repeated", {**start, "idempotency_token": "release-42", "wait": "yes"}),
            task("failed", {**failing, "wait": True}),
            task("outlived", {**held, "wait": True, "wait_timeout": "3"}),
            task("stopped", {"state": "stopped", "backup_job_id": "{{ outlived.backup_job.backup_job_id }}", "wait": True}),
            task("predicted", {**start, "wait": True}, check_mode=True),
            task("hidden", {**start, "wait": True}, no_log=True),
            task("background", {**start, "wait": True}, **{"async": 60, "poll": 1}),
            task("quick", start),
            task("wrong", {**start, "wait": True, "wait_timeout": "soon"}),
            task("impossible", {**start, "wait": True, "wait_timeout": 0}),
            restore_task(start),
        ]
    )
    lines: dict[str, list[tuple[str, int]]] = {}
    for job_id, state, percent in LINE.findall(printed):
        lines.setdefault(job_id, []).append((state, int(percent)))
    ids = {name: result.get("backup_job", {}).get("backup_job_id") for name, result in results.items()}
    check_ended(results, lines, ids)
    check_not_shown(results, lines, ids)
    check_restored(results["restored"], RESTORE_LINE.findall(printed), results["completed"]["backup_job"]["recovery_point_arn"])
    assert ids["stopped"] == ids["outlived"]
    assert set(lines) == {ids["completed"], ids["failed"], ids["outlived"]}


def check_ended(results: dict[str, Any], lines: dict[str, list[tuple[str, int]]], ids: dict[str, str]) -> None:
    """The results of tasks that showed their progress."""
    completed, repeated, failed, outlived = (results[name] for name in ("completed", "repeated", "failed", "outlived"))
    assert (completed["changed"], completed["backup_job"]["state"]) == (True, "COMPLETED")
    assert lines[ids["completed"]][0][0] in {"CREATED", "RUNNING"}
    assert lines[ids["completed"]][-2:] == [("COMPLETED", 100)] * 2
    seen = [(entry["state"], entry["percent_done"]) for entry in completed["timeline"]]
    assert seen[-1][0] == "COMPLETED"
    assert len(seen) == len(set(seen))
    assert (repeated["changed"], ids["repeated"]) == (False, ids["completed"])
    assert failed["msg"].endswith("ended FAILED: Table not found.")
    assert (failed["changed"], lines[ids["failed"]][-1][0]) == (True, "FAILED")
    assert outlived["timed_out"] is True
    assert outlived["waited_seconds"] >= 3
    assert re.search(rf"^The backup job {ids['outlived']} is still RUNNING at \d+% after \d+ s, and goes on", outlived["msg"])
    assert (results["stopped"]["changed"], results["stopped"]["backup_job"]["state"]) == (True, "ABORTED")


def check_not_shown(results: dict[str, Any], lines: dict[str, list[tuple[str, int]]], ids: dict[str, str]) -> None:
    """The results of tasks that have no progress to show."""
    assert (results["predicted"]["changed"], ids["predicted"]) == (True, None)
    for name in ("hidden", "background"):
        assert results[name]["backup_job"]["state"] == "COMPLETED"
        assert ids[name] not in lines
    assert "timeline" not in results["quick"]
    assert "wait_timeout" in results["wrong"]["msg"]
    assert results["impossible"]["msg"] == "wait_timeout: 0 is less than 1 second"


def check_restored(result: dict[str, Any], lines: list[tuple[str, str, str, str]], point_arn: str) -> None:
    """The result of the restore, of which only the first slice knows the metadata, and only the last one the restored resource."""
    assert (result["changed"], result["restore_job"]["status"]) == (True, "COMPLETED")
    assert result["restore_metadata"] == {"targetTableName": "orders-2"}
    assert result["created_resource_arn"].endswith(":table/orders-2")
    assert [line[1] for line in lines] == sorted((line[1] for line in lines), key=["PENDING", "RUNNING", "COMPLETED"].index)
    assert lines[0][1] != "COMPLETED"
    assert {(line[0], line[3]) for line in lines} == {(result["restore_job"]["restore_job_id"], point_arn)}
