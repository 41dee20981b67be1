"""Jobs run with the permissions of their role."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

REGION = "us-west-2"
EC2 = "You are not authorized to perform this operation."
DESCRIBE = "Your backup job failed as AWS Backup does not have permission to describe resource {arn}. Please review your IAM policies to"
VERSIONING = "Customer credential miss permission to get bucket versioning for bucket."
FULL = (
    "/AWSBackup-{id} is not authorized to perform: {action} on resource: {arn} because no identity-based policy allows the {action} action"
)


def table(world: Any) -> str:
    return str(world.table_arn)


def instance(world: Any) -> str:
    return str(world.new_instance())


def volume(world: Any) -> str:
    return f"arn:aws:ec2:{REGION}:123456789012:volume/{world.ec2.create_volume(AvailabilityZone=f'{REGION}a', Size=1)['VolumeId']}"


def database(world: Any) -> str:
    created = world.sandbox.client("rds").create_db_instance(
        DBInstanceIdentifier="db", DBInstanceClass="db.t3.micro", Engine="postgres", AllocatedStorage=20
    )
    return str(created["DBInstance"]["DBInstanceArn"])


def cluster(world: Any) -> str:
    created = world.sandbox.client("rds").create_db_cluster(
        DBClusterIdentifier="cluster", Engine="aurora-postgresql", MasterUsername="admin1", MasterUserPassword="AKIAIOSFODNN7EXAMPLE"
    )
    return str(created["DBCluster"]["DBClusterArn"])


def file_system(world: Any) -> str:
    return str(world.sandbox.client("efs").create_file_system(CreationToken="x")["FileSystemArn"])


def bucket(world: Any) -> str:
    s3 = world.sandbox.client("s3")
    s3.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket="files", VersioningConfiguration={"Status": "Enabled"})
    return "arn:aws:s3:::files"


CASES = [
    (instance, "ec2:DescribeInstances", EC2),
    (instance, "ec2:CreateImage", EC2),
    (volume, "ec2:DescribeVolumes", EC2),
    (volume, "ec2:CreateSnapshot", EC2),
    (database, "rds:DescribeDBInstances", DESCRIBE),
    (database, "rds:CreateDBSnapshot", FULL),
    (cluster, "rds:DescribeDBClusters", DESCRIBE),
    (cluster, "rds:CreateDBClusterSnapshot", FULL),
    (table, "dynamodb:DescribeTable", DESCRIBE),
    (table, "dynamodb:CreateBackup", FULL),
    (file_system, "elasticfilesystem:Backup", FULL),
    (bucket, "s3:GetBucketLocation", DESCRIBE),
    (bucket, "s3:GetBucketVersioning", VERSIONING),
]


def bare(world: Any) -> Any:
    """Take the managed policies from the role; returns a client of IAM."""
    iam = world.sandbox.client("iam")
    for policy in iam.list_attached_role_policies(RoleName="service")["AttachedPolicies"]:
        iam.detach_role_policy(RoleName="service", PolicyArn=policy["PolicyArn"])
    return iam


def restrict(world: Any, denied: str) -> None:
    """Let the role do everything but this."""
    policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": denied, "Resource": "*"}}
    bare(world).put_role_policy(RoleName="service", PolicyName="only", PolicyDocument=json.dumps(policy))


@pytest.mark.parametrize(("create", "action", "message"), CASES, ids=[action for _, action, _ in CASES])
def test_a_job_needs_each_permission(world: Any, create: Callable[[Any], str], action: str, message: str) -> None:
    arn = create(world)
    restrict(world, action)
    job = world.finished(ResourceArn=arn)
    assert (job["State"], job["MessageCategory"]) == ("FAILED", "AccessDenied")
    assert message.format(arn=arn, action=action, id=job["BackupJobId"]) in job["StatusMessage"]
    assert world.points() == []
    restrict(world, "iam:*")
    assert world.finished(ResourceArn=arn)["State"] == "COMPLETED"


@pytest.mark.parametrize("create", [instance, volume, database, cluster, table, file_system, bucket], ids=lambda create: create.__name__)
def test_the_managed_policies_are_enough(world: Any, create: Callable[[Any], str]) -> None:
    assert world.finished(ResourceArn=create(world))["State"] == "COMPLETED"


def test_a_role_without_policies_backs_up_nothing(world: Any) -> None:
    bare(world)
    assert world.finished(ResourceArn=instance(world))["StatusMessage"] == EC2
    assert world.finished(ResourceArn=bucket(world))["StatusMessage"].startswith(DESCRIBE.format(arn="arn:aws:s3:::files"))
