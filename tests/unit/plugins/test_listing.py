"""Lists of jobs and recovery points: every page, and every filter under AWS's name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils import jobs, recovery_points
from botocore.stub import Stubber


@pytest.fixture
def client() -> Any:
    return boto3.client("backup", region_name="us-west-2", aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="EXAMPLEKEY")


@pytest.fixture
def stub(client: Any) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def test_jobs_of_all_pages(client: Any, stub: Stubber) -> None:
    stub.add_response("list_backup_jobs", {"BackupJobs": [{"BackupJobId": "1"}], "NextToken": "2"}, {"ByBackupVaultName": "nightly"})
    stub.add_response("list_backup_jobs", {"BackupJobs": []}, {"ByBackupVaultName": "nightly", "NextToken": "2"})
    assert jobs.list_backup_jobs(client, backup_vault_name="nightly") == [{"BackupJobId": "1"}]


@pytest.mark.parametrize(("name", "parameter"), jobs.JOB_FILTERS.items())
def test_job_filters(client: Any, stub: Stubber, name: str, parameter: str) -> None:
    value = "2026-01-31T12:00:00Z" if name.endswith(("before", "after")) else "value"
    stub.add_response("list_backup_jobs", {"BackupJobs": []}, {parameter: value})
    unset = {other: None for other in jobs.JOB_FILTERS if other != name}
    assert jobs.list_backup_jobs(client, **{name: value}, **unset) == []


def test_recovery_points_of_all_pages(client: Any, stub: Stubber) -> None:
    call = "list_recovery_points_by_backup_vault"
    stub.add_response(call, {"RecoveryPoints": [{"RecoveryPointArn": "a"}], "NextToken": "2"}, {"BackupVaultName": "nightly"})
    stub.add_response(call, {"RecoveryPoints": [{"RecoveryPointArn": "b"}]}, {"BackupVaultName": "nightly", "NextToken": "2"})
    points = recovery_points.list_recovery_points_by_backup_vault(client, "nightly", resource_type=None)
    assert [point["RecoveryPointArn"] for point in points] == ["a", "b"]


@pytest.mark.parametrize(("name", "parameter"), recovery_points.RECOVERY_POINT_FILTERS.items())
def test_recovery_point_filters(client: Any, stub: Stubber, name: str, parameter: str) -> None:
    value = "2026-01-31T12:00:00Z" if name.startswith("created") else "value"
    stub.add_response("list_recovery_points_by_backup_vault", {"RecoveryPoints": []}, {"BackupVaultName": "nightly", parameter: value})
    assert recovery_points.list_recovery_points_by_backup_vault(client, "nightly", **{name: value}) == []


def test_recovery_points_of_a_resource_of_all_pages(client: Any, stub: Stubber) -> None:
    call = "list_recovery_points_by_resource"
    stub.add_response(call, {"RecoveryPoints": [{"RecoveryPointArn": "a"}], "NextToken": "2"}, {"ResourceArn": "arn"})
    stub.add_response(call, {"RecoveryPoints": [{"RecoveryPointArn": "b"}]}, {"ResourceArn": "arn", "NextToken": "2"})
    points = recovery_points.find_recovery_points(client, None, None, resource_arn="arn")
    assert [point["RecoveryPointArn"] for point in points] == ["a", "b"]


def test_tags_of_all_pages(client: Any, stub: Stubber) -> None:
    stub.add_response("list_tags", {"Tags": {"project": "shop"}, "NextToken": "2"}, {"ResourceArn": "arn"})
    stub.add_response("list_tags", {"Tags": {"stage": "dev"}}, {"ResourceArn": "arn", "NextToken": "2"})
    assert recovery_points.list_tags(client, "arn") == {"project": "shop", "stage": "dev"}
