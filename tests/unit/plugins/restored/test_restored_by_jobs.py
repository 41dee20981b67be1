"""Restore jobs of the role tell what was restored, also where nothing else does, and what was not."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_kinds import kind_of, read_facts
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_search import (
    check_is_restored,
    find_restored,
    restore_jobs_of,
    stage_of,
)
from ansible_collections.proven.aws_backup.plugins.modules import leftover_resource_info, restored_resource, restored_resource_info

from tests.conftest import ACCOUNT, REGION
from tests.unit.plugins.restored.conftest import ROLE, STAGE, TAGS, make

STRANGER = f"arn:aws:iam::{ACCOUNT}:role/AWSBackup-other"


@pytest.fixture
def job(sandbox: Any) -> Any:
    """Make a restore job in a state, of a source, with a role."""

    def make_job(state: str, source: str, created: str = "", role: str = ROLE) -> str:
        event = {"kind": "restore_job", "state": state, "region": REGION, "resource_arn": source, "iam_role_arn": role}
        created_arn = {"created_resource_arn": created} if created else {}
        return sandbox.control("POST", "/backup/events", {**event, **created_arn})["job_ids"][0]

    return make_job


@pytest.fixture
def source(sandbox: Any) -> str:
    """A volume that was backed up."""
    return make(sandbox, "volume", "")


@pytest.fixture
def created(sandbox: Any) -> str:
    """A volume without a tag."""
    return make(sandbox, "volume", "")


class Counted:
    """Gives clients of the sandbox, and counts what they are asked."""

    def __init__(self, sandbox: Any) -> None:
        self.sandbox, self.calls = sandbox, Counter[str]()

    def __call__(self, service: str) -> Any:
        client = self.sandbox.client(service)
        client.meta.events.register("before-call", lambda model, **_more: self.calls.update([model.name]))
        return client


def listed(sandbox: Any, run_module: Any) -> dict[str, Any]:
    return run_module(restored_resource_info, {**sandbox.connection(), **STAGE})


def test_what_a_job_of_the_role_created_is_found_and_deleted(sandbox: Any, run_module: Any, job: Any, source: str, created: str) -> None:
    job_id = job("COMPLETED", source, created)
    (found,) = listed(sandbox, run_module)["restored_resources"]
    assert found == {
        "resource_arn": created,
        "resource_type": "ec2:volume",
        "found_by": f"the restore job {job_id}",
        "source_resource_arn": source,
        "restore_job_id": job_id,
    }
    args = {**sandbox.connection(), **STAGE, "resource_arn": created, "source_resource_arn": source, "state": "absent"}
    assert run_module(restored_resource, args)["restored_resource"]["found_by"] == f"the restore job {job_id}"
    assert read_facts(sandbox.client, created) is None
    assert listed(sandbox, run_module)["restored_resources"] == []


def test_what_a_job_of_another_role_created_is_left_alone(sandbox: Any, run_module: Any, job: Any, source: str, created: str) -> None:
    job("COMPLETED", source, created, role=STRANGER)
    assert listed(sandbox, run_module)["restored_resources"] == []
    args = {**sandbox.connection(), **STAGE, "resource_arn": created, "source_resource_arn": source, "state": "absent"}
    assert f"{created} is left alone: no restore job of {ROLE} made it" in run_module(restored_resource, args)["msg"]
    assert read_facts(sandbox.client, created) is not None


def test_what_was_backed_up_is_never_taken_for_restored(sandbox: Any, run_module: Any, job: Any, source: str, created: str) -> None:
    job("COMPLETED", source, created)
    kind_of(source).tag(sandbox.client, source, TAGS)
    assert [each["resource_arn"] for each in listed(sandbox, run_module)["restored_resources"]] == [created]
    args = {**sandbox.connection(), **STAGE, "resource_arn": source, "source_resource_arn": created, "state": "absent"}
    assert f"{source} is left alone: it is what was backed up, not what was restored" in run_module(restored_resource, args)["msg"]


def test_a_job_that_is_named_is_the_only_one_looked_at(sandbox: Any, job: Any, source: str, created: str) -> None:
    mine, other = job("COMPLETED", source, created), job("COMPLETED", source, created, role=STRANGER)
    client = Counted(sandbox)
    assert check_is_restored(client, stage_of(STAGE), created, source, mine).found_by == f"the restore job {mine}"
    assert client.calls == {"DescribeRestoreJob": 1}
    for restore_job_id in (other, "00000000-0000-0000-0000-000000000000"):
        assert check_is_restored(client, stage_of(STAGE), created, source, restore_job_id).found_by == f"the restore job {mine}"
    with pytest.raises(AnsibleBackupError, match="it is what was backed up"):
        check_is_restored(client, stage_of(STAGE), source, created, mine)


def test_what_is_gone_is_not_described_one_by_one(sandbox: Any, job: Any, source: str, created: str) -> None:
    gone = [f"arn:aws:ec2:{REGION}:{ACCOUNT}:{each}" for each in ("volume/vol-01", "volume/vol-02", "instance/i-01", "instance/i-02")]
    gone += [f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/backup-dev-restored-dynamodb-000000{number}" for number in range(3)]
    gone += [f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:file-system/fs-0{number}" for number in range(3)]
    for arn in [*gone, created]:
        job("COMPLETED", source, arn)
    client, stage = Counted(sandbox), stage_of(STAGE)
    assert [each.resource_arn for each in find_restored(client, stage, restore_jobs_of(client, ROLE))] == [created]
    # The last volume is listed, then described.
    asked = {
        name: client.calls[name]
        for name in ("DescribeInstances", "DescribeVolumes", "DescribeFileSystems", "DescribeTable", "ListRestoreJobs")
    }
    assert asked == {"DescribeInstances": 1, "DescribeVolumes": 2, "DescribeFileSystems": 1, "DescribeTable": 0, "ListRestoreJobs": 1}


def test_a_table_with_another_name_is_found_by_its_job(sandbox: Any, run_module: Any, job: Any, source: str) -> None:
    table = make(sandbox, "table", "orders-again")
    job("COMPLETED", source, table)
    assert [each["resource_arn"] for each in listed(sandbox, run_module)["restored_resources"]] == [table]


def test_jobs_of_more_than_a_month_ago_are_not_looked_at(sandbox: Any, run_module: Any, source: str, created: str) -> None:
    old = {"kind": "restore_job", "state": "COMPLETED", "region": REGION, "resource_arn": source, "iam_role_arn": ROLE}
    for days, found in ((31, []), (29, [created])):
        sandbox.control("POST", "/backup/events", {**old, "created_resource_arn": created, "seconds": days * 86400})
        assert [each["resource_arn"] for each in listed(sandbox, run_module)["restored_resources"]] == found


def test_jobs_that_run_are_listed(sandbox: Any, run_module: Any, job: Any, source: str) -> None:
    running = {job("RUNNING", source), job("PENDING", source)}
    job("RUNNING", source, role=STRANGER)
    job("FAILED", source)
    assert set(listed(sandbox, run_module)["running_restore_job_ids"]) == running


def test_the_audit_names_them(sandbox: Any, run_module: Any, job: Any, source: str, created: str) -> None:
    completed, running = job("COMPLETED", source, created), job("RUNNING", source)
    table = make(sandbox, "table", "backup-dev-restored-it-0000004")
    args = {**sandbox.connection(), "tags": {"Project": "none"}}
    restores = {"restore_iam_role_arn": ROLE, "restored_name_prefix": "backup-dev-restored-"}
    assert run_module(leftover_resource_info, args)["left"] == []
    left = {each["resource_arn"]: each["reason"] for each in run_module(leftover_resource_info, {**args, **restores})["left"]}
    assert left == {
        created: f"was restored to prove a backup, as the restore job {completed} tells",
        table: "was restored to prove a backup, as its name tells",
        f"arn:aws:backup:{REGION}:{ACCOUNT}:restore-job:{running}": f"restores {source}, RUNNING, and AWS has no call that stops it",
    }
