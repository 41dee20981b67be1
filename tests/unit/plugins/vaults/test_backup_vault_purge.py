"""The module backup_vault_purge: its main() against the sandbox."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.modules import backup_vault_purge

POINTS = "/backup-vaults/nightly/recovery-points/"
NOT_EMPTY = "Backup vault cannot be deleted because it contains recovery points."

MakePoints = Callable[..., list[str]]
StartJob = Callable[..., str]


@pytest.fixture
def args(connection: dict[str, Any], vault: str) -> dict[str, Any]:
    return {**connection, "backup_vault_name": vault, "expected_tags": {"Project": "proven", "Stage": "dev"}, "wait_timeout": 60}


def vaults(backup: Any) -> list[str]:
    return [vault["BackupVaultName"] for vault in backup.list_backup_vaults()["BackupVaultList"]]


def points(backup: Any, vault: str = "nightly") -> set[str]:
    return {point["RecoveryPointArn"] for point in backup.list_recovery_points_by_backup_vault(BackupVaultName=vault)["RecoveryPoints"]}


def arns(items: list[dict[str, Any]]) -> set[str]:
    return {item["recovery_point_arn"] for item in items}


def test_empties_and_deletes_the_vault_then_finds_nothing_to_do(
    run_module: Any, args: dict[str, Any], backup: Any, make_points: MakePoints
) -> None:
    made = set(make_points(3))
    result = run_module(backup_vault_purge, args)
    assert result["changed"]
    assert result["vault_deleted"]
    assert arns(result["deleted_recovery_points"]) == made
    assert result["skipped_recovery_points"] == result["stopped_jobs"] == result["awaited_jobs"] == []
    assert result["waited_seconds"] > 0
    point = result["deleted_recovery_points"][0]
    assert point["resource_type"] == "EBS"
    assert point["backup_size_in_bytes"] == 1 << 30
    assert point["creation_date"].startswith("20")
    assert vaults(backup) == []
    again = run_module(backup_vault_purge, args)
    assert not again["changed"]
    assert not again["vault_deleted"]
    assert again["waited_seconds"] == 0


def test_check_mode_lists_what_would_go(
    run_module: Any, args: dict[str, Any], sandbox: Any, backup: Any, make_points: MakePoints, start_job: StartJob, proxy: Any
) -> None:
    made = set(make_points(1))
    sandbox.control("PUT", "/backup/outcomes", {"resource_arn": "*", "hold": True})
    job = start_job()
    result = run_module(backup_vault_purge, args, check=True)
    assert result["changed"]
    assert result["vault_deleted"]
    assert arns(result["deleted_recovery_points"]) >= made
    assert [stopped["backup_job_id"] for stopped in result["stopped_jobs"]] == [job]
    assert points(backup) >= made
    assert backup.describe_backup_job(BackupJobId=job)["State"] != "ABORTING"
    assert proxy.calls("^(DELETE|POST|PUT) ") == []


def test_stops_running_jobs_of_this_vault_only(
    run_module: Any, args: dict[str, Any], sandbox: Any, backup: Any, start_job: StartJob
) -> None:
    backup.create_backup_vault(BackupVaultName="other")
    sandbox.control("PUT", "/backup/outcomes", {"resource_arn": "*", "hold": True})
    ours, other = {start_job(), start_job()}, start_job("other")
    result = run_module(backup_vault_purge, args)
    assert result["vault_deleted"]
    assert {job["backup_job_id"] for job in result["stopped_jobs"]} == ours
    assert {backup.describe_backup_job(BackupJobId=job)["State"] for job in ours} == {"ABORTED"}
    assert backup.describe_backup_job(BackupJobId=other)["State"] in ("CREATED", "RUNNING")
    assert vaults(backup) == ["other"]


def test_touches_nothing_but_the_backups_of_the_given_resources(
    run_module: Any, args: dict[str, Any], sandbox: Any, backup: Any, make_points: MakePoints, start_job: StartJob
) -> None:
    gone, kept = make_points(2)
    resource = backup.describe_recovery_point(BackupVaultName="nightly", RecoveryPointArn=gone)["ResourceArn"]
    sandbox.control("PUT", "/backup/outcomes", {"resource_arn": "*", "hold": True})
    ours, other = start_job(resource_arn=resource), start_job()
    options = {**args, "resource_arns": [resource], "delete_vault": False}
    preview = run_module(backup_vault_purge, options, check=True)
    assert [job["backup_job_id"] for job in preview["stopped_jobs"]] == [ours]
    assert gone in arns(preview["deleted_recovery_points"])
    assert kept not in arns(preview["deleted_recovery_points"])
    result = run_module(backup_vault_purge, options)
    assert [job["backup_job_id"] for job in result["stopped_jobs"]] == [ours]
    assert gone in arns(result["deleted_recovery_points"])
    assert result["skipped_recovery_points"] == []
    assert kept in points(backup)
    assert backup.describe_backup_job(BackupJobId=other)["State"] in ("CREATED", "RUNNING")
    assert not run_module(backup_vault_purge, {**options, "resource_arns": []})["changed"]
    assert vaults(backup) == ["nightly"]


def test_the_vault_cannot_go_when_only_some_resources_are_meant(run_module: Any, args: dict[str, Any], proxy: Any) -> None:
    result = run_module(backup_vault_purge, {**args, "resource_arns": ["arn:aws:ec2:us-west-2:123456789012:volume/vol-1"]})
    assert result["failed"]
    assert result["msg"] == "resource_arns: this spares other backups, so that the vault cannot go: set delete_vault: false"
    assert proxy.requests == []


def test_waits_for_jobs_that_cannot_be_stopped(
    run_module: Any, args: dict[str, Any], sandbox: Any, start_job: StartJob, proxy: Any
) -> None:
    database = sandbox.client("rds").create_db_instance(
        DBInstanceIdentifier="orders", DBInstanceClass="db.t4g.micro", Engine="postgres", AllocatedStorage=20
    )
    sandbox.settings(job_seconds=3000)
    job = start_job(resource_arn=database["DBInstance"]["DBInstanceArn"])
    result = run_module(backup_vault_purge, args)
    assert result["vault_deleted"]
    assert result["awaited_jobs"] == [
        {"backup_job_id": job, "resource_arn": database["DBInstance"]["DBInstanceArn"], "resource_type": "RDS"}
    ]
    assert len(result["deleted_recovery_points"]) == 1
    assert proxy.calls("^POST /backup-jobs") == []


def test_waits_for_a_job_that_refuses_to_be_stopped(
    run_module: Any, args: dict[str, Any], sandbox: Any, start_job: StartJob, proxy: Any
) -> None:
    sandbox.settings(job_seconds=3000)
    proxy.refuse("POST", "/backup-jobs/", "InvalidRequestException", "no")
    job = start_job()
    result = run_module(backup_vault_purge, args)
    assert [awaited["backup_job_id"] for awaited in result["awaited_jobs"]] == [job]
    assert len(proxy.calls("^POST /backup-jobs")) == 1
    assert result["vault_deleted"]


def test_a_job_that_never_ends_is_named_at_the_timeout(
    run_module: Any, args: dict[str, Any], sandbox: Any, start_job: StartJob, proxy: Any
) -> None:
    sandbox.control("PUT", "/backup/outcomes", {"resource_arn": "*", "hold": True})
    proxy.refuse("POST", "/backup-jobs/", "InvalidRequestException", "no")
    job = start_job()
    result = run_module(backup_vault_purge, {**args, "wait_timeout": 2})
    assert result["failed"]
    assert not result["changed"]
    assert f"seconds (wait_timeout). Left: job {job} (" in result["msg"]
    assert "the vault (kept because of the rest)" in result["msg"]


def test_points_that_go_away_slowly_are_waited_for_or_named(
    run_module: Any, args: dict[str, Any], sandbox: Any, backup: Any, make_points: MakePoints
) -> None:
    (arn,) = make_points(1)
    sandbox.settings(delete_seconds=3000)
    result = run_module(backup_vault_purge, {**args, "wait_timeout": 2})
    assert result["failed"]
    assert result["changed"], "the deletion goes on"
    assert result["deleted_recovery_points"] == []
    (skipped,) = result["skipped_recovery_points"]
    assert (skipped["recovery_point_arn"], skipped["status"], skipped["outcome"]) == (arn, "DELETING", "in_progress")
    assert skipped["reason"] == "AWS was still at it when the time was up"
    second = run_module(backup_vault_purge, args)
    assert second["vault_deleted"]
    assert arns(second["deleted_recovery_points"]) == {arn}
    assert vaults(backup) == []


def test_a_point_that_expires_instead_of_vanishing_is_skipped(
    run_module: Any, args: dict[str, Any], sandbox: Any, backup: Any, make_points: MakePoints
) -> None:
    (good,) = make_points(1)
    sandbox.control("PUT", "/backup/outcomes", {"resource_arn": "*", "undeletable": True})
    (bad,) = make_points(1)
    result = run_module(backup_vault_purge, args)
    assert result["failed"]
    assert result["changed"]
    assert arns(result["deleted_recovery_points"]) == {good}
    (skipped,) = result["skipped_recovery_points"]
    assert (skipped["recovery_point_arn"], skipped["status"], skipped["outcome"]) == (bad, "EXPIRED", "in_use")
    assert skipped["reason"].startswith("AWS accepted the deletion but could not carry it out: ")
    assert bad in result["msg"]
    assert not result["vault_deleted"]
    assert vaults(backup) == ["nightly"]


def test_a_governance_lock_is_reported_point_by_point(run_module: Any, args: dict[str, Any], backup: Any, make_points: MakePoints) -> None:
    made = set(make_points(2))
    backup.put_backup_vault_lock_configuration(BackupVaultName="nightly", MinRetentionDays=1)
    result = run_module(backup_vault_purge, args)
    assert result["failed"]
    assert not result["changed"]
    assert arns(result["skipped_recovery_points"]) == made
    assert all(
        skipped["reason"].startswith("AWS refused to delete it: Backup vault nightly is locked")
        for skipped in result["skipped_recovery_points"]
    )


def test_a_policy_that_denies_deletion_is_reported(run_module: Any, args: dict[str, Any], backup: Any, make_points: MakePoints) -> None:
    make_points(1)
    statement = {"Effect": "Deny", "Principal": "*", "Action": "backup:DeleteRecoveryPoint", "Resource": "*"}
    backup.put_backup_vault_access_policy(BackupVaultName="nightly", Policy=json.dumps({"Statement": [statement]}))
    result = run_module(backup_vault_purge, args)
    assert result["failed"]
    assert "AWS refused to delete it: Insufficient privileges" in result["skipped_recovery_points"][0]["reason"]


def test_a_compliance_lock_is_refused(run_module: Any, args: dict[str, Any], backup: Any, make_points: MakePoints, proxy: Any) -> None:
    make_points(1)
    backup.put_backup_vault_lock_configuration(BackupVaultName="nightly", MinRetentionDays=1, ChangeableForDays=3)
    result = run_module(backup_vault_purge, args)
    assert result["failed"]
    assert result["msg"].startswith("The vault nightly is locked in compliance mode: ")
    assert "delete-backup-vault-lock-configuration" in result["msg"]
    assert proxy.calls("^(DELETE|POST|PUT) ") == []


@pytest.mark.parametrize("check", [False, True])
def test_a_vault_that_is_not_ours_is_refused(run_module: Any, args: dict[str, Any], proxy: Any, check: bool) -> None:
    result = run_module(backup_vault_purge, {**args, "expected_tags": {"Project": "proven", "Stage": "prod", "Owner": 7}}, check=check)
    assert result["failed"]
    assert "its tags differ from expected_tags: Stage is 'dev', not 'prod'; Owner is None, not '7'" in result["msg"]
    assert proxy.calls("^(DELETE|POST|PUT) ") == []


def test_a_vault_without_tags_needs_the_explicit_consent(run_module: Any, args: dict[str, Any], backup: Any, proxy: Any) -> None:
    backup.create_backup_vault(BackupVaultName="untagged")
    args["backup_vault_name"] = "untagged"
    assert "its tags differ from expected_tags" in run_module(backup_vault_purge, args)["msg"]
    for nothing in ({}, None):
        result = run_module(backup_vault_purge, {**args, "expected_tags": nothing})
        assert result["msg"] == "Give expected_tags, so that only a vault of yours is purged, or require_tags: false"
    assert proxy.calls("^(DELETE|POST|PUT) ") == []
    assert run_module(backup_vault_purge, {**args, "expected_tags": None, "require_tags": False})["vault_deleted"]


@pytest.mark.parametrize("name", ["Default", "aws/efs/automatic-backup-vault"])
def test_vaults_of_aws_are_refused(run_module: Any, args: dict[str, Any], proxy: Any, name: str) -> None:
    result = run_module(backup_vault_purge, {**args, "backup_vault_name": name, "require_tags": False})
    assert result["failed"]
    assert result["msg"].startswith(f"The vault {name} is never purged: ")
    assert proxy.requests == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"backup_vault_name": "bad name!!"}, "backup_vault_name: 'bad name!!' is not 2 to 50 letters"),
        ({"wait_timeout": -5}, "wait_timeout: -5 is less than 1 second"),
        ({"resource_arns": ["vol-1"], "delete_vault": False}, "resource_arns: 'vol-1' is not an ARN"),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_bad_options(run_module: Any, args: dict[str, Any], proxy: Any, change: dict[str, Any], message: str, check: bool) -> None:
    result = run_module(backup_vault_purge, {**args, **change}, check=check)
    assert result["failed"]
    assert result["msg"].startswith(message)
    assert proxy.requests == []


def test_denied_access_to_a_vault_that_exists_is_an_error(run_module: Any, args: dict[str, Any], proxy: Any) -> None:
    proxy.refuse("GET", "/backup-vaults/nightly$", "AccessDeniedException", "Insufficient privileges to perform this action.")
    result = run_module(backup_vault_purge, args)
    assert result["failed"]
    assert result["msg"].startswith("Failed to describe the vault nightly (")


def test_a_missing_vault_that_cannot_be_told_from_a_denied_one_is_an_error(run_module: Any, connection: dict[str, Any], proxy: Any) -> None:
    proxy.refuse("GET", "/backup-vaults/?$", "AccessDeniedException", "Insufficient privileges to perform this action.")
    result = run_module(backup_vault_purge, {**connection, "backup_vault_name": "gone", "require_tags": False})
    assert result["failed"]
    assert result["msg"].startswith("Failed to list the vaults of this Region (")


@pytest.mark.parametrize("check", [False, True])
def test_a_vault_that_answers_not_found_is_no_change(run_module: Any, args: dict[str, Any], proxy: Any, check: bool) -> None:
    proxy.refuse("GET", "/backup-vaults/nightly$", "ResourceNotFoundException")
    assert not run_module(backup_vault_purge, args, check=check)["changed"]


def test_deletion_of_the_vault_is_tried_again_until_aws_agrees(run_module: Any, args: dict[str, Any], backup: Any, proxy: Any) -> None:
    proxy.refuse("DELETE", "/backup-vaults/nightly$", "InvalidRequestException", NOT_EMPTY, times=2)
    assert run_module(backup_vault_purge, args)["vault_deleted"]
    assert len(proxy.calls("^DELETE /backup-vaults/nightly$")) == 3
    assert vaults(backup) == []


def test_a_vault_that_never_goes_is_reported_with_what_aws_says(run_module: Any, args: dict[str, Any], proxy: Any) -> None:
    proxy.refuse("DELETE", "/backup-vaults/nightly$", "InvalidRequestException", NOT_EMPTY)
    result = run_module(backup_vault_purge, {**args, "wait_timeout": 1})
    assert result["failed"]
    assert f"Left: the vault ({NOT_EMPTY})" in result["msg"]


def test_each_step_is_optional(run_module: Any, args: dict[str, Any], backup: Any, make_points: MakePoints) -> None:
    made = set(make_points(1))
    kept = {**args, "delete_recovery_points": False, "delete_vault": False}
    assert not run_module(backup_vault_purge, kept)["changed"]
    assert points(backup) == made
    full = run_module(backup_vault_purge, {**args, "delete_recovery_points": False})
    assert full["failed"]
    (skipped,) = full["skipped_recovery_points"]
    assert (skipped["recovery_point_arn"], skipped["outcome"]) == (made.pop(), "not_asked")
    assert skipped["reason"] == "its deletion was not asked for"
    assert run_module(backup_vault_purge, {**args, "delete_vault": False})["deleted_recovery_points"]
    assert vaults(backup) == ["nightly"]
    assert not run_module(backup_vault_purge, {**args, "delete_vault": False})["changed"]
    assert run_module(backup_vault_purge, {**args, "delete_recovery_points": False, "stop_jobs": False})["vault_deleted"]


def test_throttling_and_busy_points_are_survived(run_module: Any, args: dict[str, Any], make_points: MakePoints, proxy: Any) -> None:
    made = set(make_points(2))
    proxy.refuse("DELETE", POINTS, "ThrottlingException", times=1)
    proxy.refuse("DELETE", POINTS, "InvalidResourceStateException", "busy", times=1)
    proxy.refuse("GET", POINTS, "ThrottlingException", times=1)
    result = run_module(backup_vault_purge, args)
    assert result["vault_deleted"]
    assert arns(result["deleted_recovery_points"]) == made


def test_what_was_done_is_returned_when_aws_breaks_off(run_module: Any, args: dict[str, Any], make_points: MakePoints, proxy: Any) -> None:
    made = set(make_points(1))
    proxy.refuse("DELETE", "/backup-vaults/nightly$", "AccessDeniedException", "Insufficient privileges to perform this action.")
    result = run_module(backup_vault_purge, args)
    assert result["failed"]
    assert result["changed"]
    assert "Failed to delete the vault nightly" in result["msg"]
    assert arns(result["deleted_recovery_points"]) == made
    assert not result["vault_deleted"]


def point(name: str, parent: str | None = None, status: str = "COMPLETED") -> dict[str, Any]:
    nested = {"ParentRecoveryPointArn": f"arn:{parent}"} if parent else {}
    return {"RecoveryPointArn": f"arn:{name}", "Status": status, "ResourceArn": "arn:r", "ResourceType": "CloudFormation", **nested}


def test_nested_points_go_before_the_point_that_holds_them(run_module: Any, args: dict[str, Any], proxy: Any) -> None:
    proxy.answer("GET", POINTS, {"RecoveryPoints": [point("top"), point("middle", "top"), point("leaf", "middle")]}, times=1)
    proxy.answer("GET", POINTS, {"RecoveryPoints": [point("top"), point("middle", "top")]}, times=1)
    proxy.answer("GET", POINTS, {"RecoveryPoints": [point("top")]}, times=1)
    proxy.answer("DELETE", POINTS, {})
    result = run_module(backup_vault_purge, args)
    assert arns(result["deleted_recovery_points"]) == {"arn:top", "arn:middle", "arn:leaf"}
    assert [call.rsplit("/", 1)[1] for call in proxy.calls(f"^DELETE {POINTS}")] == ["arn:leaf", "arn:middle", "arn:top"]


def test_a_point_is_not_tried_while_a_nested_one_is_refused(run_module: Any, args: dict[str, Any], proxy: Any) -> None:
    proxy.answer("GET", POINTS, {"RecoveryPoints": [point("top"), point("middle", "top"), point("leaf", "middle")]})
    proxy.refuse("DELETE", POINTS, "InvalidRequestException", "under legal hold")
    result = run_module(backup_vault_purge, args)
    assert {skipped["recovery_point_arn"]: skipped["reason"] for skipped in result["skipped_recovery_points"]} == {
        "arn:leaf": "AWS refused to delete it: under legal hold",
        "arn:middle": "it holds nested recovery points that are left",
        "arn:top": "it holds nested recovery points that are left",
    }
    assert len(proxy.calls(f"^DELETE {POINTS}")) == 1


def test_an_expired_point_is_given_time_to_go(run_module: Any, args: dict[str, Any], proxy: Any) -> None:
    """AWS may still list the old status for a moment after it accepted the deletion."""
    proxy.answer("GET", POINTS, {"RecoveryPoints": [point("old", status="EXPIRED")]}, times=2)
    proxy.answer("DELETE", POINTS, {})
    result = run_module(backup_vault_purge, args)
    assert result["vault_deleted"]
    assert arns(result["deleted_recovery_points"]) == {"arn:old"}


def test_a_point_in_creation_is_waited_for(run_module: Any, args: dict[str, Any], proxy: Any) -> None:
    proxy.answer("GET", POINTS, {"RecoveryPoints": [point("new", status="CREATING")]}, times=1)
    proxy.answer("GET", POINTS, {"RecoveryPoints": [point("new")]}, times=1)
    proxy.answer("DELETE", POINTS, {})
    assert run_module(backup_vault_purge, args)["vault_deleted"]
    assert len(proxy.calls(f"^DELETE {POINTS}")) == 1


def test_every_page_of_points_and_jobs_is_read(run_module: Any, args: dict[str, Any], proxy: Any) -> None:
    job = {"BackupJobId": "J1", "State": "RUNNING", "ResourceArn": "arn:r", "ResourceType": "EBS"}
    proxy.answer("GET", f"{POINTS}.*nextToken=two", {"RecoveryPoints": [point("last")]})
    proxy.answer("GET", POINTS, {"RecoveryPoints": [point("first")], "NextToken": "two"})
    proxy.answer("GET", "/backup-jobs/.*nextToken=two", {"BackupJobs": [{**job, "BackupJobId": "J2"}]})
    proxy.answer("GET", "/backup-jobs/.*state=RUNNING", {"BackupJobs": [job], "NextToken": "two"})
    result = run_module(backup_vault_purge, args, check=True)
    assert arns(result["deleted_recovery_points"]) == {"arn:first", "arn:last"}
    assert [stopped["backup_job_id"] for stopped in result["stopped_jobs"]] == ["J1", "J2"]
    assert all("backupVaultName=nightly" in call for call in proxy.calls("GET /backup-jobs"))
