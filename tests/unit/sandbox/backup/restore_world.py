"""Things to restore, and what tests do with their recovery points."""

from __future__ import annotations

import json
from typing import Any

REGION = "us-west-2"
ACCOUNT = "123456789012"
ENDED = {"COMPLETED", "FAILED", "ABORTED"}


class RestoreWorld:
    """A world (see conftest.py) whose role may restore, too."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.sandbox = world.sandbox
        self.backup = world.backup
        self.sandbox.let_restore("service")

    def client(self, service: str) -> Any:
        """A client of a service."""
        return self.sandbox.client(service)

    def point(self, resource_arn: str) -> str:
        """Back a resource up; returns the recovery point's ARN."""
        job = self.world.finished(ResourceArn=resource_arn)
        assert job["State"] == "COMPLETED", job
        arn: str = job["RecoveryPointArn"]
        return arn

    def metadata(self, point_arn: str) -> dict[str, Any]:
        """What AWS Backup knows for a restore."""
        answer = self.backup.get_recovery_point_restore_metadata(BackupVaultName="vault", RecoveryPointArn=point_arn)
        metadata: dict[str, Any] = answer["RestoreMetadata"]
        return metadata

    def start(self, point_arn: str, metadata: dict[str, str], **parameters: Any) -> str:
        """Start a restore; returns the job's ID."""
        given = {"RecoveryPointArn": point_arn, "Metadata": metadata, "IamRoleArn": self.world.role_arn, **parameters}
        job_id: str = self.backup.start_restore_job(**given)["RestoreJobId"]
        return job_id

    def job(self, job_id: str) -> dict[str, Any]:
        """Describe a job."""
        described: dict[str, Any] = self.backup.describe_restore_job(RestoreJobId=job_id)
        return described

    def ended(self, point_arn: str, metadata: dict[str, str], **parameters: Any) -> dict[str, Any]:
        """Run a restore to its end; returns the job."""
        job_id = self.start(point_arn, metadata, **parameters)
        described: dict[str, Any] = self.world.wait_for(lambda: self.job(job_id), lambda job: job["Status"] in ENDED)
        return described

    def restored(self, point_arn: str, metadata: dict[str, str], **parameters: Any) -> str:
        """Run a restore to its good end; returns what it made."""
        job = self.ended(point_arn, metadata, **parameters)
        assert job["Status"] == "COMPLETED", job
        arn: str = job["CreatedResourceArn"]
        return arn

    def set_outcome(self, resource_arn: str = "*", **outcome: Any) -> None:
        """Decide how the restores that start from now on are to end."""
        self.sandbox.control("PUT", "/backup/outcomes", {"kind": "restore_job", "resource_arn": resource_arn, **outcome})

    def new_table(self) -> str:
        """A table with an index and three items; returns its ARN."""
        dynamodb = self.client("dynamodb")
        arn = dynamodb.create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "line", "KeyType": "RANGE"}],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": kind} for name, kind in (("id", "S"), ("line", "N"), ("day", "S"))
            ],
            GlobalSecondaryIndexes=[
                {"IndexName": "by-day", "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}
            ],
            BillingMode="PAY_PER_REQUEST",
            Tags=[{"Key": "project", "Value": "shop"}],
        )["TableDescription"]["TableArn"]
        for line in "123":
            dynamodb.put_item(
                TableName="orders", Item={"id": {"S": "a"}, "line": {"N": line}, "day": {"S": "mon"}, "text": {"S": f"é {line}"}}
            )
        return str(arn)

    def new_bucket(self) -> str:
        """A bucket with two objects, one of them in two versions, and a deleted one; returns its ARN."""
        s3 = self.client("s3")
        s3.create_bucket(Bucket="files-1", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket="files-1", VersioningConfiguration={"Status": "Enabled"})
        s3.put_object(Bucket="files-1", Key="a/1", Body=b"old")
        s3.put_object(Bucket="files-1", Key="a/1", Body=b"\x00new", ContentType="text/plain", Metadata={"by": "me"}, Tagging="kind=x")
        s3.put_object(Bucket="files-1", Key="b/2", Body=b"two")
        s3.put_object(Bucket="files-1", Key="gone", Body=b"")
        s3.delete_object(Bucket="files-1", Key="gone")
        return "arn:aws:s3:::files-1"

    def new_volume(self) -> str:
        """A volume; returns its ARN."""
        volume = self.client("ec2").create_volume(
            AvailabilityZone=f"{REGION}a",
            Size=3,
            VolumeType="gp3",
            Iops=3500,
            Throughput=200,
            TagSpecifications=[{"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": "data"}]}],
        )
        return f"arn:aws:ec2:{REGION}:{ACCOUNT}:volume/{volume['VolumeId']}"

    def new_instance(self) -> str:
        """An instance with user data, a second volume and tags; returns its ARN."""
        instance = self.client("ec2").run_instances(
            ImageId="ami-12c6146b",
            MinCount=1,
            MaxCount=1,
            InstanceType="t3.micro",
            UserData="#!/bin/sh\n",
            BlockDeviceMappings=[
                {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 8, "VolumeType": "gp3", "DeleteOnTermination": True}},
                {"DeviceName": "/dev/sdb", "Ebs": {"VolumeSize": 2, "Encrypted": True, "DeleteOnTermination": False}},
            ],
            TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "canary", "Value": "42"}]}],
        )["Instances"][0]
        return f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/{instance['InstanceId']}"

    def new_database(self) -> str:
        """A PostgreSQL instance; returns its ARN."""
        created = self.client("rds").create_db_instance(
            DBInstanceIdentifier="db",
            DBInstanceClass="db.t3.micro",
            Engine="postgres",
            EngineVersion="16.3",
            AllocatedStorage=21,
            MasterUsername="admin1",
            MasterUserPassword="AKIAIOSFODNN7EXAMPLE",
            DBName="shop",
            StorageEncrypted=True,
            Tags=[{"Key": "project", "Value": "shop"}],
        )
        return str(created["DBInstance"]["DBInstanceArn"])

    def new_cluster(self) -> str:
        """An Aurora cluster with an instance; returns its ARN."""
        rds = self.client("rds")
        names = {"DBClusterIdentifier": "cluster", "Engine": "aurora-postgresql"}
        created = rds.create_db_cluster(**names, MasterUsername="admin1", MasterUserPassword="AKIAIOSFODNN7EXAMPLE", DatabaseName="shop")
        rds.create_db_instance(**names, DBInstanceIdentifier="cluster-1", DBInstanceClass="db.t3.medium")
        return str(created["DBCluster"]["DBClusterArn"])

    def new_file_system(self) -> str:
        """A file system; returns its ARN."""
        tags = [{"Key": "canary", "Value": "42"}]
        return str(self.client("efs").create_file_system(CreationToken="x", ThroughputMode="elastic", Tags=tags)["FileSystemArn"])


def cleaned(metadata: dict[str, Any], **changes: str) -> dict[str, str]:
    """Metadata as RDS takes it back, with changes."""
    informational = ("InformationalOnly:", "aws:backup:", "DBSnapshotIdentifier", "SnapshotIdentifier")
    return {**{key: value for key, value in metadata.items() if not key.startswith(informational)}, **changes}


def as_json(value: Any) -> str:
    """A value of metadata."""
    return json.dumps(value)
