"""backup_recovery_point_info where AWS Backup refuses to list tags, as it may for recovery points of other services."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.modules import backup_recovery_point_info

SNAPSHOT = "^/tags/arn:aws:ec2:"
OWN_POINT = "^/tags/arn:aws:backup:"
REFUSALS = ["AccessDeniedException", "InvalidParameterValueException", "ResourceNotFoundException"]


@pytest.fixture
def args(connection: dict[str, Any], vault: str) -> dict[str, Any]:
    return {**connection, "backup_vault_name": vault, "include_tags": True}


@pytest.fixture
def own_point(sandbox: Any, backup: Any, start_job: Callable[..., str]) -> str:
    """A recovery point of a file system, whose ARN is one of AWS Backup; its ARN."""
    file_system = sandbox.client("efs").create_file_system(CreationToken="orders", Tags=[{"Key": "project", "Value": "shop"}])
    job_id = start_job(resource_arn=file_system["FileSystemArn"])
    while (job := backup.describe_backup_job(BackupJobId=job_id))["State"] != "COMPLETED":
        time.sleep(0.05)
    return job["RecoveryPointArn"]


@pytest.mark.parametrize("code", REFUSALS)
def test_refused_tags_of_other_services_are_null_with_one_warning(
    run_module: Any, args: dict[str, Any], proxy: Any, make_points: Callable[..., list[str]], own_point: str, code: str
) -> None:
    snapshots = make_points(2)
    proxy.refuse("GET", SNAPSHOT, code)
    result = run_module(backup_recovery_point_info, args)
    tags = {point["recovery_point_arn"]: point["tags"] for point in result["recovery_points"]}
    assert tags == {**dict.fromkeys(snapshots), own_point: {"project": "shop"}}
    [warning] = [warning for warning in result["warnings"] if any(arn in str(warning) for arn in snapshots)]
    assert "AWS Backup refuses to list the tags of 2 of 3 recovery points, which belong to another service" in str(warning)


def test_given_tags_of_other_services_are_returned(
    run_module: Any, args: dict[str, Any], proxy: Any, make_points: Callable[..., list[str]]
) -> None:
    [snapshot] = make_points(1)
    proxy.answer("GET", SNAPSHOT, {"Tags": {"project": "shop"}})
    result = run_module(backup_recovery_point_info, args)
    assert [point["tags"] for point in result["recovery_points"]] == [{"project": "shop"}]
    assert not any(snapshot in str(warning) for warning in result.get("warnings", []))


@pytest.mark.parametrize("code", ["AccessDeniedException", "InvalidParameterValueException"])
def test_refused_tags_of_its_own_points_are_an_error(run_module: Any, args: dict[str, Any], proxy: Any, own_point: str, code: str) -> None:
    proxy.refuse("GET", OWN_POINT, code, "no")
    result = run_module(backup_recovery_point_info, args)
    assert result["failed"]
    assert result["msg"].startswith(f"Failed to list the tags of {own_point}")


def test_any_other_failure_is_an_error(run_module: Any, args: dict[str, Any], proxy: Any, make_points: Callable[..., list[str]]) -> None:
    [snapshot] = make_points(1)
    proxy.refuse("GET", SNAPSHOT, "ExpiredTokenException")
    result = run_module(backup_recovery_point_info, args)
    assert result["failed"]
    assert result["msg"].startswith(f"Failed to list the tags of {snapshot} (the credentials have expired, get new ones)")
