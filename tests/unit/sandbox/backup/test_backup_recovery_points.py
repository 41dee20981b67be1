"""Recovery points over HTTP: their ARNs, lists, lifecycles and deletion."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

CodeOf = Callable[..., str]


def volume(world: Any) -> str:
    """A new volume's ARN."""
    created = world.ec2.create_volume(AvailabilityZone="us-west-2a", Size=3)
    return f"arn:aws:ec2:us-west-2:123456789012:volume/{created['VolumeId']}"


def database(world: Any) -> str:
    """A new database instance's ARN."""
    rds = world.sandbox.client("rds")
    created = rds.create_db_instance(DBInstanceIdentifier="db", DBInstanceClass="db.t3.micro", Engine="postgres", AllocatedStorage=20)
    return str(created["DBInstance"]["DBInstanceArn"])


def cluster_of(engine: str) -> Callable[[Any], str]:
    """A function that creates a cluster and returns its ARN."""

    def cluster(world: Any) -> str:
        rds = world.sandbox.client("rds")
        created = rds.create_db_cluster(DBClusterIdentifier="cl", Engine=engine, MasterUsername="root", MasterUserPassword="hunter2hunter2")
        return str(created["DBCluster"]["DBClusterArn"])

    return cluster


def table(world: Any) -> str:
    """A new table's ARN."""
    return str(world.new_table("tab"))


def instance(world: Any) -> str:
    """A new instance's ARN."""
    return str(world.new_instance())


def file_system(world: Any) -> str:
    """A new file system's ARN."""
    return str(world.sandbox.client("efs").create_file_system(CreationToken="fs")["FileSystemArn"])


def bucket(world: Any) -> str:
    """A new versioned bucket's ARN."""
    s3 = world.sandbox.client("s3")
    s3.create_bucket(Bucket="dotted.bucket", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    s3.put_bucket_versioning(Bucket="dotted.bucket", VersioningConfiguration={"Status": "Enabled"})
    return "arn:aws:s3:::dotted.bucket"


CLUSTER_SNAPSHOT = r"arn:aws:rds:us-west-2:123456789012:cluster-snapshot:awsbackup:job-"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
KINDS = [
    (instance, "EC2", r"arn:aws:ec2:us-west-2::image/ami-[0-9a-f]{17}"),
    (volume, "EBS", r"arn:aws:ec2:us-west-2::snapshot/snap-[0-9a-f]{17}"),
    (database, "RDS", rf"arn:aws:rds:us-west-2:123456789012:snapshot:awsbackup:job-{UUID}"),
    (cluster_of("aurora-postgresql"), "Aurora", CLUSTER_SNAPSHOT + UUID),
    (cluster_of("neptune"), "Neptune", CLUSTER_SNAPSHOT + UUID),
    (table, "DynamoDB", r"arn:aws:dynamodb:us-west-2:123456789012:table/tab/backup/01\d{12}-[0-9a-f]{8}"),
    (file_system, "EFS", rf"arn:aws:backup:us-west-2:123456789012:recovery-point:{UUID}"),
    (bucket, "S3", r"arn:aws:backup:us-west-2:123456789012:recovery-point:dotted\.bucket-\d{14}-[0-9a-f]{8}"),
]


@pytest.mark.parametrize(("create", "resource_type", "pattern"), KINDS, ids=[kind for _, kind, _ in KINDS])
def test_every_service_has_its_own_arns(world: Any, create: Callable[[Any], str], resource_type: str, pattern: str) -> None:
    resource_arn = create(world)
    started = world.backup.start_backup_job(BackupVaultName="vault", ResourceArn=resource_arn, IamRoleArn=world.role_arn)
    job = world.wait(started["BackupJobId"])
    assert (job["State"], job["ResourceType"]) == ("COMPLETED", resource_type)
    assert re.fullmatch(pattern, job["RecoveryPointArn"])
    assert ("RecoveryPointArn" in started) == (resource_type == "EFS")
    point = world.backup.describe_recovery_point(BackupVaultName="vault", RecoveryPointArn=job["RecoveryPointArn"])
    assert (point["ResourceArn"], point["Status"]) == (resource_arn, "COMPLETED")
    assert world.backup.list_tags(ResourceArn=job["RecoveryPointArn"])["Tags"] == {}


def test_supported_types_are_those_that_can_be_backed_up(world: Any) -> None:
    settings = world.backup.describe_region_settings()
    supported = world.backup.get_supported_resource_types()["ResourceTypes"]
    assert supported == sorted(settings["ResourceTypeOptInPreference"]) == sorted(kind for _, kind, _ in KINDS)


def test_unversioned_bucket_fails(world: Any) -> None:
    world.sandbox.client("s3").create_bucket(Bucket="plain", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    job = world.finished(ResourceArn="arn:aws:s3:::plain")
    assert (job["State"], job["StatusMessage"]) == ("FAILED", "Versioning is not enabled on plain within account 123456789012")


def test_point_is_described(world: Any) -> None:
    job = world.finished(ResourceArn=instance(world), Lifecycle={"MoveToColdStorageAfterDays": 10, "DeleteAfterDays": 100})
    point = world.backup.describe_recovery_point(BackupVaultName="vault", RecoveryPointArn=job["RecoveryPointArn"])
    assert point["CalculatedLifecycle"] == {
        "MoveToColdStorageAt": point["CreationDate"] + timedelta(days=10),
        "DeleteAt": point["CreationDate"] + timedelta(days=100),
    }
    assert (point["StorageClass"], point["IamRoleArn"], point["IsEncrypted"]) == ("WARM", world.role_arn, False)
    assert (point["BackupSizeInBytes"], point["CompletionDate"]) == (8 << 30, job["CompletionDate"])
    metadata = world.backup.get_recovery_point_restore_metadata(BackupVaultName="vault", RecoveryPointArn=job["RecoveryPointArn"])
    assert metadata["RestoreMetadata"]["InstanceType"] == "m1.small"
    assert world.backup.describe_backup_vault(BackupVaultName="vault")["NumberOfRecoveryPoints"] == 1


def test_fully_managed_points_take_the_vaults_key(world: Any) -> None:
    job = world.finished(ResourceArn=file_system(world))
    vault = world.backup.describe_backup_vault(BackupVaultName="vault")
    assert (job["IsEncrypted"], job["EncryptionKeyArn"]) == (True, vault["EncryptionKeyArn"])


def test_point_is_creating_while_its_job_runs(world: Any, code_of: CodeOf) -> None:
    world.set_outcome(hold=True)
    world.wait(world.start(), "RUNNING")
    point = world.points()[0]
    assert (point["Status"], "CompletionDate" in point) == ("CREATING", False)
    code = code_of(world.backup.delete_recovery_point, BackupVaultName="vault", RecoveryPointArn=point["RecoveryPointArn"])
    assert code == "InvalidResourceStateException"
    assert code_of(world.backup.delete_backup_vault, BackupVaultName="vault") == "InvalidRequestException"


def test_point_has_the_resources_tags_and_the_jobs(world: Any) -> None:
    tagged = world.new_instance(project="p", owner="o")
    arn = world.finished(ResourceArn=tagged, RecoveryPointTags={"owner": "other"})["RecoveryPointArn"]
    assert world.backup.list_tags(ResourceArn=arn)["Tags"] == {"project": "p", "owner": "other"}
    found = world.sandbox.client("resourcegroupstaggingapi").get_resources(ResourceTypeFilters=["ec2:image"])["ResourceTagMappingList"]
    assert [resource["ResourceARN"] for resource in found] == [arn]
    assert world.points()[0]["RecoveryPointArn"] == arn


def test_lists_filter(world: Any) -> None:
    first = world.finished()["RecoveryPointArn"]
    other = world.finished(ResourceArn=file_system(world))["RecoveryPointArn"]

    def listed(**filters: Any) -> set[str]:
        return {point["RecoveryPointArn"] for point in world.points(**filters)}

    later = world.points()[0]["CreationDate"] + timedelta(seconds=60)
    assert listed() == listed(ByCreatedBefore=later) == {first, other}
    assert listed(ByResourceArn=world.table_arn) == listed(ByResourceType="DynamoDB") == {first}
    assert listed(ByResourceType="EFS") == {other}
    assert listed(ByCreatedAfter=later) == listed(ByBackupPlanId="x") == listed(ByParentRecoveryPointArn="x") == set()


def test_lists_page_newest_first(world: Any) -> None:
    made = [world.finished()["RecoveryPointArn"] for _ in range(3)]
    paginator = world.backup.get_paginator("list_recovery_points_by_backup_vault")
    pages = list(paginator.paginate(BackupVaultName="vault", PaginationConfig={"PageSize": 2}))
    assert [[point["RecoveryPointArn"] for point in page["RecoveryPoints"]] for page in pages] == [made[:0:-1], made[:1]]
    by_resource = world.backup.list_recovery_points_by_resource(ResourceArn=world.table_arn)["RecoveryPoints"]
    assert [point["RecoveryPointArn"] for point in by_resource] == made[::-1]


def test_protected_resources_show_the_last_backup(world: Any, code_of: CodeOf) -> None:
    assert code_of(world.backup.describe_protected_resource, ResourceArn=world.table_arn) == "ResourceNotFoundException"
    world.finished()
    last = world.finished()["RecoveryPointArn"]
    described = world.backup.describe_protected_resource(ResourceArn=world.table_arn)
    assert (described["LastRecoveryPointArn"], described["LastBackupVaultArn"]) == (last, world.vault_arn)
    assert [known["ResourceArn"] for known in world.backup.list_protected_resources()["Results"]] == [world.table_arn]
    in_vault = world.backup.list_protected_resources_by_backup_vault(BackupVaultName="vault")["Results"]
    assert [known["LastRecoveryPointArn"] for known in in_vault] == [last]


def test_lifecycle_is_replaced(world: Any, code_of: CodeOf) -> None:
    arn = world.finished(Lifecycle={"DeleteAfterDays": 1})["RecoveryPointArn"]
    point = {"BackupVaultName": "vault", "RecoveryPointArn": arn}
    changed = world.backup.update_recovery_point_lifecycle(**point, Lifecycle={"DeleteAfterDays": 9})
    assert changed["Lifecycle"] == {"DeleteAfterDays": 9}
    world.backup.update_recovery_point_lifecycle(**point)
    assert "CalculatedLifecycle" not in world.backup.describe_recovery_point(**point)
    code = code_of(world.backup.update_recovery_point_lifecycle, **point, Lifecycle={"DeleteAfterDays": 0})
    assert code == "InvalidParameterValueException"


def test_deletion_takes_time(world: Any, code_of: CodeOf) -> None:
    arn = world.finished()["RecoveryPointArn"]
    world.sandbox.settings(time_scale=20)
    point = {"BackupVaultName": "vault", "RecoveryPointArn": arn}
    world.backup.delete_recovery_point(**point)
    assert world.backup.describe_recovery_point(**point)["Status"] == "DELETING"
    assert code_of(world.backup.delete_recovery_point, **point) == "InvalidResourceStateException"
    world.wait_for(world.points, lambda points: not points)
    assert code_of(world.backup.describe_recovery_point, **point) == "ResourceNotFoundException"
    assert code_of(world.backup.delete_recovery_point, **point) == "ResourceNotFoundException"
    world.backup.delete_backup_vault(BackupVaultName="vault")


def test_vault_with_points_is_not_deleted(world: Any) -> None:
    world.finished()
    with pytest.raises(ClientError) as caught:
        world.backup.delete_backup_vault(BackupVaultName="vault")
    answer = caught.value.response
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == ("InvalidRequestException", 400)
    assert (answer["Code"], answer["Context"]) == ("ERROR_9101", "1")
    assert answer["Error"]["Message"] == "Backup vault cannot be deleted because it contains recovery points."


def test_deletion_can_be_made_to_fail(world: Any) -> None:
    world.set_outcome(undeletable=True)
    arn = world.finished()["RecoveryPointArn"]
    world.backup.delete_recovery_point(BackupVaultName="vault", RecoveryPointArn=arn)
    expired = world.wait_for(world.points, lambda points: points[0]["Status"] == "EXPIRED")
    assert "could not be deleted" in expired[0]["StatusMessage"]


def test_locked_vault_keeps_its_points(world: Any, code_of: CodeOf) -> None:
    point = {"BackupVaultName": "vault", "RecoveryPointArn": world.finished()["RecoveryPointArn"]}
    world.backup.put_backup_vault_lock_configuration(BackupVaultName="vault", MinRetentionDays=1)
    assert code_of(world.backup.delete_recovery_point, **point) == "InvalidRequestException"
    assert code_of(world.backup.update_recovery_point_lifecycle, **point) == "InvalidRequestException"


def test_policy_keeps_points(world: Any, code_of: CodeOf) -> None:
    point = {"BackupVaultName": "vault", "RecoveryPointArn": world.finished()["RecoveryPointArn"]}
    deny = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "backup:Delete*", "Resource": "*"}
    world.backup.put_backup_vault_access_policy(BackupVaultName="vault", Policy=json.dumps({"Statement": [deny]}))
    assert code_of(world.backup.delete_recovery_point, **point) == "AccessDeniedException"


def test_snapshots_cannot_be_disassociated(world: Any, code_of: CodeOf) -> None:
    point = {"BackupVaultName": "vault", "RecoveryPointArn": world.finished()["RecoveryPointArn"]}
    assert code_of(world.backup.disassociate_recovery_point, **point) == "InvalidRequestException"
    assert code_of(world.backup.disassociate_recovery_point_from_parent, **point) == "InvalidRequestException"


def test_point_of_another_vault_is_not_found(world: Any, code_of: CodeOf) -> None:
    arn = world.finished()["RecoveryPointArn"]
    world.backup.create_backup_vault(BackupVaultName="other")
    for vault in ("other", "missing"):
        assert code_of(world.backup.describe_recovery_point, BackupVaultName=vault, RecoveryPointArn=arn) == "ResourceNotFoundException"
    assert code_of(world.backup.list_recovery_points_by_backup_vault, BackupVaultName="missing") == "ResourceNotFoundException"
