"""The modules backup_job_info and backup_recovery_point_info against the sandbox, with two jobs in two vaults."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.modules import backup_job, backup_job_info, backup_recovery_point_info

MISSING_ID = "1b2345b2-f22c-4dab-5eb6-bbc7890ed123"
NOWHERE = {
    "endpoint_url": "http://127.0.0.1:9",
    "access_key": "AKIAIOSFODNN7EXAMPLE",
    "secret_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "region": "us-west-2",
}


@pytest.fixture
def jobs(sandbox: Any, run_module: Any, start_args: dict[str, Any]) -> list[dict[str, Any]]:
    """A completed job into the vault nightly and one into weekly, of the same table."""
    sandbox.client("backup").create_backup_vault(BackupVaultName="weekly")
    nightly = {**start_args, "recovery_point_tags": {"project": "shop"}, "wait": True}
    return [run_module(backup_job, {**nightly, "backup_vault_name": vault})["backup_job"] for vault in ("nightly", "weekly")]


def between(earlier: str, later: str) -> str:
    """The time in the middle of two, ISO 8601."""
    first, second = (datetime.fromisoformat(time) for time in (earlier, later))
    assert second - first > timedelta(milliseconds=10)
    return (first + (second - first) / 2).isoformat()


def after(time: str) -> str:
    """A second after a time, ISO 8601."""
    return (datetime.fromisoformat(time) + timedelta(seconds=1)).isoformat()


def check_times(ids: Callable[..., set[str]], event: str, times: list[str], earlier: str, later: str) -> None:
    """Check the filters <event>_before and <event>_after where there are two, whose events were at these times."""
    first, middle, last = "2026-01-31", between(*times), after(times[1])
    assert ids(**{f"{event}_before": first}) == set()
    assert ids(**{f"{event}_before": middle}) == {earlier}
    assert ids(**{f"{event}_before": last}) == {earlier, later}
    assert ids(**{f"{event}_after": first}) == {earlier, later}
    assert ids(**{f"{event}_after": middle}) == {later}
    assert ids(**{f"{event}_after": last}) == set()
    assert ids(**{f"{event}_after": first, f"{event}_before": middle}) == {earlier}
    assert ids(**{f"{event}_after": middle, f"{event}_before": middle}) == set()


def test_jobs(sandbox: Any, run_module: Any, jobs: list[dict[str, Any]]) -> None:
    def ids(**options: Any) -> set[str]:
        result = run_module(backup_job_info, {**sandbox.connection(), **options})
        assert result["changed"] is False
        return {job["backup_job_id"] for job in result["backup_jobs"]}

    nightly, weekly = (job["backup_job_id"] for job in jobs)
    assert ids() == {nightly, weekly}
    assert ids(backup_job_id=nightly) == {nightly}
    assert ids(backup_job_id=MISSING_ID) == set()
    assert ids(backup_vault_name="weekly") == {weekly}
    assert ids(backup_vault_name="weekly", backup_job_state="FAILED") == set()
    assert ids(resource_arn=jobs[0]["resource_arn"], resource_type="DynamoDB", backup_job_state="COMPLETED") == {nightly, weekly}


@pytest.mark.parametrize(("event", "key"), [("created", "creation_date"), ("completed", "completion_date")])
def test_jobs_by_time(sandbox: Any, run_module: Any, jobs: list[dict[str, Any]], event: str, key: str) -> None:
    def ids(**options: Any) -> set[str]:
        return {job["backup_job_id"] for job in run_module(backup_job_info, {**sandbox.connection(), **options})["backup_jobs"]}

    check_times(ids, event, [job[key] for job in jobs], *(job["backup_job_id"] for job in jobs))


def test_job_has_the_keys_of_aws(sandbox: Any, run_module: Any, jobs: list[dict[str, Any]]) -> None:
    [job] = run_module(backup_job_info, {**sandbox.connection(), "backup_job_id": jobs[0]["backup_job_id"]})["backup_jobs"]
    assert job == jobs[0]
    assert (job["state"], job["backup_vault_name"], job["resource_type"]) == ("COMPLETED", "nightly", "DynamoDB")
    assert isinstance(job["percent_done"], str)
    assert "response_metadata" not in job


def test_recovery_points(sandbox: Any, run_module: Any, jobs: list[dict[str, Any]]) -> None:
    def arns(**options: Any) -> set[str]:
        result = run_module(backup_recovery_point_info, {**sandbox.connection(), **options})
        assert result["changed"] is False
        return {point["recovery_point_arn"] for point in result["recovery_points"]}

    nightly, weekly = (job["recovery_point_arn"] for job in jobs)
    resource_arn = jobs[0]["resource_arn"]
    assert arns(backup_vault_name="nightly") == {nightly}
    assert arns(backup_vault_name="nightly", recovery_point_arn=nightly) == {nightly}
    assert arns(backup_vault_name="weekly", recovery_point_arn=nightly) == set()
    assert arns(backup_vault_name="monthly") == set()
    assert arns(resource_arn=resource_arn) == {nightly, weekly}
    assert arns(resource_arn=f"{resource_arn}-2") == set()
    assert arns(backup_vault_name="weekly", resource_arn=resource_arn, resource_type="DynamoDB") == {weekly}
    assert arns(backup_vault_name="weekly", created_before="2026-01-31") == set()
    assert arns(backup_vault_name="nightly", recovery_point_status=["EXPIRED", "COMPLETED"]) == {nightly}
    assert arns(backup_vault_name="nightly", recovery_point_status=["EXPIRED"]) == set()


def test_recovery_points_by_time(sandbox: Any, run_module: Any, jobs: list[dict[str, Any]], start_args: dict[str, Any]) -> None:
    later = run_module(backup_job, {**start_args, "wait": True})["backup_job"]
    args = {**sandbox.connection(), "backup_vault_name": "nightly"}
    points = run_module(backup_recovery_point_info, args)["recovery_points"]
    times = {point["recovery_point_arn"]: point["creation_date"] for point in points}

    def arns(**options: Any) -> set[str]:
        return {point["recovery_point_arn"] for point in run_module(backup_recovery_point_info, {**args, **options})["recovery_points"]}

    earlier_arn, later_arn = jobs[0]["recovery_point_arn"], later["recovery_point_arn"]
    check_times(arns, "created", [times[earlier_arn], times[later_arn]], earlier_arn, later_arn)


def test_recovery_point_with_tags(sandbox: Any, run_module: Any, jobs: list[dict[str, Any]]) -> None:
    args = {**sandbox.connection(), "backup_vault_name": "nightly", "recovery_point_arn": jobs[0]["recovery_point_arn"]}
    [plain] = run_module(backup_recovery_point_info, args)["recovery_points"]
    [tagged] = run_module(backup_recovery_point_info, {**args, "include_tags": True})["recovery_points"]
    assert "tags" not in plain
    assert tagged == {**plain, "tags": {"project": "shop"}}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"backup_job_id": MISSING_ID, "resource_type": "EC2"}, "parameters are mutually exclusive: backup_job_id|resource_type"),
        ({"backup_job_state": "DONE"}, "value of backup_job_state must be one of: CREATED, PENDING, "),
        ({"created_after": "yesterday"}, "created_after: 'yesterday' is not an ISO 8601 time"),
        ({"backup_vault_name": "bad name!!"}, "backup_vault_name: 'bad name!!' is not 2 to 50 letters"),
        ({"resource_arn": "vol-1"}, "resource_arn: 'vol-1' is not an ARN"),
        ({"account_id": "me"}, "account_id: 'me' is neither 12 digits nor *"),
        ({}, "Failed to list the backup jobs: Could not connect to the endpoint URL"),
        ({"backup_job_id": MISSING_ID}, f"Failed to describe the backup job {MISSING_ID}: Could not connect"),
    ],
)
def test_bad_options_of_job_info(run_module: Any, options: dict[str, Any], message: str) -> None:
    result = run_module(backup_job_info, {**NOWHERE, "aws_config": {"retries": {"total_max_attempts": 1}}, **options})
    assert result["failed"] is True
    assert message in result["msg"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "one of the following is required: backup_vault_name, resource_arn"),
        ({"resource_arn": "arn", "recovery_point_arn": "arn"}, "parameters are mutually exclusive: recovery_point_arn|resource_arn"),
        ({"resource_arn": "arn", "resource_type": "EC2"}, "missing parameter(s) required by 'resource_type': backup_vault_name"),
        ({"backup_vault_name": "nightly", "recovery_point_status": ["GONE"]}, "value of recovery_point_status must be one or more of"),
        ({"backup_vault_name": "nightly", "created_before": "31.1."}, "created_before: '31.1.' is not an ISO 8601 time"),
        ({"backup_vault_name": "bad name!!"}, "backup_vault_name: 'bad name!!' is not 2 to 50 letters"),
        ({"resource_arn": "vol-1"}, "resource_arn: 'vol-1' is not an ARN"),
        ({"backup_vault_name": "nightly", "recovery_point_arn": "snap-1"}, "recovery_point_arn: 'snap-1' is not an ARN"),
        (
            {"backup_vault_name": "nightly", "parent_recovery_point_arn": "snap-1"},
            "parent_recovery_point_arn: 'snap-1' is not an ARN",
        ),
        ({"backup_vault_name": "nightly"}, "Failed to list the recovery points of the vault nightly: Could not connect"),
    ],
)
def test_bad_options_of_recovery_point_info(run_module: Any, options: dict[str, Any], message: str) -> None:
    result = run_module(backup_recovery_point_info, {**NOWHERE, "aws_config": {"retries": {"total_max_attempts": 1}}, **options})
    assert result["failed"] is True
    assert message in result["msg"]
