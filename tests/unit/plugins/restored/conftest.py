"""Resources of each type that can be restored, in the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import ACCOUNT, REGION

ROLE = f"arn:aws:iam::{ACCOUNT}:role/AWSBackup-proof"
TAGS = {"Project": "backup", "Restored": "backup-dev"}
STAGE = {"iam_role_arn": ROLE, "tags": TAGS, "name_prefix": "backup-dev-restored-"}
TYPES = ["instance", "volume", "database", "cluster", "table", "file system", "bucket"]


def make(sandbox: Any, what: str, name: str) -> str:
    """Create a resource of a type; returns its ARN."""
    return MAKERS[what](sandbox, name)


def _instance(sandbox: Any, _name: str) -> str:
    ec2 = sandbox.client("ec2")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]
    data = [{"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 2, "DeleteOnTermination": False, "Encrypted": True}}]
    root = [{"DeviceName": image["RootDeviceName"], "Ebs": {"VolumeSize": 8, "Encrypted": True}}]
    protected = {"DisableApiTermination": True, "DisableApiStop": True}
    reservation = ec2.run_instances(ImageId=image["ImageId"], MinCount=1, MaxCount=1, BlockDeviceMappings=root + data, **protected)
    return f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/{reservation['Instances'][0]['InstanceId']}"


def _volume(sandbox: Any, _name: str) -> str:
    volume = sandbox.client("ec2").create_volume(Size=1, AvailabilityZone=f"{REGION}a", VolumeType="gp3", Encrypted=True)
    return f"arn:aws:ec2:{REGION}:{ACCOUNT}:volume/{volume['VolumeId']}"


def _database(sandbox: Any, name: str) -> str:
    database = sandbox.client("rds").create_db_instance(
        DBInstanceIdentifier=name,
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="proof",
        MasterUserPassword="wJalrXUtnFEMI",
        DeletionProtection=True,
    )
    return database["DBInstance"]["DBInstanceArn"]


def _cluster(sandbox: Any, name: str) -> str:
    rds = sandbox.client("rds")
    cluster = rds.create_db_cluster(
        DBClusterIdentifier=name,
        Engine="aurora-postgresql",
        MasterUsername="proof",
        MasterUserPassword="wJalrXUtnFEMI",
        DeletionProtection=True,
    )
    rds.create_db_instance(
        DBInstanceIdentifier=f"{name}-1", DBClusterIdentifier=name, DBInstanceClass="db.t3.medium", Engine="aurora-postgresql"
    )
    return cluster["DBCluster"]["DBClusterArn"]


def _table(sandbox: Any, name: str) -> str:
    table = sandbox.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "at", "AttributeType": "N"}],
        BillingMode="PAY_PER_REQUEST",
        DeletionProtectionEnabled=True,
    )
    return table["TableDescription"]["TableArn"]


def _file_system(sandbox: Any, name: str) -> str:
    system = sandbox.client("efs").create_file_system(CreationToken=name, Encrypted=True)
    subnet = sandbox.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    sandbox.client("efs").create_mount_target(FileSystemId=system["FileSystemId"], SubnetId=subnet)
    return system["FileSystemArn"]


def _bucket(sandbox: Any, name: str) -> str:
    s3 = sandbox.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=name, Key="order", Body=b"1")
    s3.put_object(Bucket=name, Key="order", Body=b"2")
    s3.delete_object(Bucket=name, Key="order")
    return f"arn:aws:s3:::{name}"


MAKERS = {
    "instance": _instance,
    "volume": _volume,
    "database": _database,
    "cluster": _cluster,
    "table": _table,
    "file system": _file_system,
    "bucket": _bucket,
}


@pytest.fixture(params=TYPES)
def restored_arn(sandbox: Any, request: pytest.FixtureRequest) -> str:
    """A resource of each type, which nothing but its name says to be restored, where it has one."""
    return make(sandbox, request.param, "backup-dev-restored-it-0000001")
