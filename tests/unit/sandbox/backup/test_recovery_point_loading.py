"""Recovery points that the control endpoint loads, over HTTP."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

MANY = 5000
KINDS = {
    "Aurora": "arn:aws:rds:us-west-2:123456789012:cluster-snapshot:awsbackup:job-",
    "CloudFormation": "arn:aws:backup:us-west-2:123456789012:recovery-point:",
    "DynamoDB": "arn:aws:dynamodb:us-west-2:123456789012:table/table-",
    "EBS": "arn:aws:ec2:us-west-2::snapshot/snap-",
    "EC2": "arn:aws:ec2:us-west-2::image/ami-",
    "EFS": "arn:aws:backup:us-west-2:123456789012:recovery-point:",
    "FSx": "arn:aws:fsx:us-west-2:123456789012:backup/backup-",
    "RDS": "arn:aws:rds:us-west-2:123456789012:snapshot:awsbackup:job-",
    "Redshift": "arn:aws:redshift:us-west-2:123456789012:snapshot:cluster-",
    "S3": "arn:aws:backup:us-west-2:123456789012:recovery-point:bucket-",
}


@pytest.mark.parametrize(("resource_type", "form"), KINDS.items())
def test_every_kind_is_listed_and_described(points: Any, resource_type: str, form: str) -> None:
    (arn,) = points.load(resource_type=resource_type, size_bytes=7, status="PARTIAL", status_message="why", tags={"a": "b"})
    described = points.point(arn)
    assert arn.startswith(form)
    assert (described["ResourceType"], described["BackupSizeInBytes"]) == (resource_type, 7)
    assert (described["Status"], described["StatusMessage"], described["IsParent"]) == ("PARTIAL", "why", False)
    assert points.listed(ByResourceArn=described["ResourceArn"], ByResourceType=resource_type) == [arn]
    assert points.backup.list_tags(ResourceArn=arn)["Tags"] == {"a": "b"}


def test_thousands_come_in_pages_each_once_and_newest_first(points: Any) -> None:
    answer = points.sandbox.control(
        "POST", "/backup/recovery-points", {"backup_vault_name": "vault", "count": MANY, "resources": 7, "age_days": [1, 50]}
    )
    assert (answer["recovery_point_arns_count"], len(answer["recovery_point_arns"])) == (MANY, 1000)
    pages = points.backup.get_paginator("list_recovery_points_by_backup_vault").paginate(BackupVaultName="vault")
    listed = [point for page in pages for point in page["RecoveryPoints"]]
    assert len({point["RecoveryPointArn"] for point in listed}) == len(listed) == MANY
    assert listed == sorted(listed, key=lambda point: (point["CreationDate"], point["RecoveryPointArn"]), reverse=True)
    assert len({point["ResourceArn"] for point in listed}) == 7
    assert (listed[0]["CreationDate"] - listed[-1]["CreationDate"]).days == 49
    assert points.backup.describe_backup_vault(BackupVaultName="vault")["NumberOfRecoveryPoints"] == MANY
    assert len(points.backup.list_protected_resources()["Results"]) == 7


def test_a_list_goes_on_although_points_go_and_come_between_its_pages(points: Any) -> None:
    points.load(count=30, age_days=[1, 30])
    expected = points.listed()
    first = points.backup.list_recovery_points_by_backup_vault(BackupVaultName="vault", MaxResults=10)
    points.load(age_days=0)
    for arn in expected[5:15]:
        points.delete(arn)
    points.wait_for(lambda: len(points.listed()), 21)
    rest = points.backup.list_recovery_points_by_backup_vault(BackupVaultName="vault", NextToken=first["NextToken"])
    assert [point["RecoveryPointArn"] for point in rest["RecoveryPoints"]] == expected[15:]


def test_filters_combine(points: Any) -> None:
    old = points.load(count=3, age_days=[40, 60], backup_plan_id="plan", resource_type="EFS")
    new = points.load(count=2, age_days=[1, 2], resource_type="EFS")
    now = datetime.now(UTC)
    month_ago, days_50_ago = now - timedelta(days=30), now - timedelta(days=49)
    assert points.listed(ByBackupPlanId="plan") == points.listed(ByCreatedBefore=month_ago) == old[::-1]
    assert points.listed(ByCreatedAfter=month_ago) == new[::-1]
    assert points.listed(ByCreatedAfter=days_50_ago, ByCreatedBefore=month_ago, PaginationConfig={"PageSize": 1}) == old[:1:-1]
    assert points.listed(ByResourceType="EBS") == points.listed(ByBackupPlanId="other") == []
    resource = points.point(new[0])["ResourceArn"]
    assert points.listed(ByResourceArn=resource, ByCreatedAfter=month_ago) == new[::-1]
    assert points.listed(ByResourceArn=resource, ByBackupPlanId="plan") == []
    assert points.point(old[0])["CreatedBy"]["BackupPlanId"] == "plan"


def test_a_boundary_of_a_date_filter_is_not_included(points: Any) -> None:
    (arn,) = points.load(age_days=3)
    created = points.point(arn)["CreationDate"]
    assert points.listed(ByCreatedBefore=created) == points.listed(ByCreatedAfter=created) == []
    moment = timedelta(milliseconds=1)
    assert points.listed(ByCreatedBefore=created + moment, ByCreatedAfter=created - moment) == [arn]


def test_a_bad_token_is_refused(points: Any, code_of: Any) -> None:
    for token in ("&", "bm9uc2Vuc2U="):
        code = code_of(points.backup.list_recovery_points_by_backup_vault, BackupVaultName="vault", NextToken=token)
        assert code == "InvalidParameterValueException"


def test_nested_points_name_their_parent(points: Any) -> None:
    arns = points.load(composite=True, count=2, nested=3, nested_resource_type="RDS")
    parents = [arn for arn in arns if points.point(arn)["IsParent"]]
    assert len(arns) == 8
    assert [points.point(arn)["ResourceType"] for arn in parents] == ["CloudFormation", "CloudFormation"]
    nested = points.listed(ByParentRecoveryPointArn=parents[0])
    assert len(nested) == 3
    for arn in nested:
        described = points.point(arn)
        assert (described["ParentRecoveryPointArn"], described["ResourceType"]) == (parents[0], "RDS")
        assert described["CompositeMemberIdentifier"] == described["ResourceArn"]


def test_continuous_points_have_arns_of_their_own(points: Any) -> None:
    (database,), (bucket,) = points.load(resource_type="RDS", continuous=True), points.load(resource_type="S3", continuous=True)
    assert database.startswith("arn:aws:backup:us-west-2:123456789012:recovery-point:continuous:db-")
    name = points.point(bucket)["ResourceArn"].rsplit(":", 1)[-1]
    assert re.fullmatch(rf"arn:aws:backup:us-west-2:123456789012:recovery-point:{name}-[0-9a-f]{{8}}", bucket)
    assert {points.point(arn)["Status"] for arn in (database, bucket)} == {"AVAILABLE"}


def test_another_region_is_another_vault(points: Any) -> None:
    points.sandbox.client("backup", "eu-central-1").create_backup_vault(BackupVaultName="vault")
    points.load(region="eu-central-1", count=2)
    assert points.listed() == []


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ({}, "backup_vault_name is required"),
        ({"backup_vault_name": "missing"}, "there is no backup vault missing in us-west-2"),
        ({"backup_vault_name": "vault", "number": 1}, "unknown members: number; known: "),
        ({"backup_vault_name": "vault", "count": 0}, "count must be a whole number from 1 on, not 0"),
        ({"backup_vault_name": "vault", "count": 1_000_001}, "at most 1000000 recovery points at once"),
        ({"backup_vault_name": "vault", "age_days": [1, 2, 3]}, "age_days must be a number from 0 on or two of them"),
        ({"backup_vault_name": "vault", "status": "GONE"}, "status must be one of AVAILABLE, COMPLETED"),
        ({"backup_vault_name": "vault", "resource_type": "Floppy"}, "resource_type must be one of Aurora, "),
        ({"backup_vault_name": "vault", "on_delete": "explodes"}, "on_delete must be one of expired, gone"),
        ({"backup_vault_name": "vault", "nested": 2}, "nested goes with composite: true"),
        ({"backup_vault_name": "vault", "continuous": True}, "continuous goes with a resource_type of Aurora"),
        ({"backup_vault_name": "vault", "continuous": True, "composite": True}, "continuous or composite, not both"),
        ({"backup_vault_name": "vault", "tags": {"a": 1}}, "tags must be an object of texts"),
    ],
)
def test_bad_orders_are_refused(points: Any, order: dict[str, Any], message: str) -> None:
    status, text = points.sandbox.request("POST", "/_sandbox/backup/recovery-points", order)
    assert (status, message in json.loads(text)["error"]) == (400, True), text
    assert points.listed() == []
