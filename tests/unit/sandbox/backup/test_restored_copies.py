"""Copies hold the data of what was backed up: it comes back in the Region that they were copied to."""

from __future__ import annotations

from typing import Any

import pytest

from .restore_world import RestoreWorld, as_json

FAR = "eu-west-1"


class FarWorld(RestoreWorld):
    """A world whose restores are done from copies in another Region."""

    def __init__(self, world: Any) -> None:
        super().__init__(world)
        self.home = world.backup
        self.backup = self.sandbox.client("backup", region=FAR)
        self.vault_arn = self.backup.create_backup_vault(BackupVaultName="vault")["BackupVaultArn"]

    def copied(self, resource_arn: str) -> str:
        """Back a resource up, and copy it into the other Region; returns the copy's ARN."""
        started = self.home.start_copy_job(
            RecoveryPointArn=self.point(resource_arn),
            SourceBackupVaultName="vault",
            DestinationBackupVaultArn=self.vault_arn,
            IamRoleArn=self.world.role_arn,
        )
        job = self.world.wait_for(
            lambda: self.home.describe_copy_job(CopyJobId=started["CopyJobId"])["CopyJob"],
            lambda job: job["State"] in ("COMPLETED", "FAILED"),
        )
        assert job["State"] == "COMPLETED", job
        return str(job["DestinationRecoveryPointArn"])

    def far(self, service: str) -> Any:
        """A client of a service in the Region that is copied to."""
        return self.sandbox.client(service, region=FAR)


@pytest.fixture
def copies(world: Any) -> FarWorld:
    return FarWorld(world)


def test_a_table_comes_back_far_away(copies: FarWorld) -> None:
    copies.home.update_region_settings(ResourceTypeManagementPreference={"DynamoDB": True})
    arn = copies.copied(copies.new_table())
    copies.client("dynamodb").delete_table(TableName="orders")
    made = copies.restored(arn, {**copies.metadata(arn), "targetTableName": "orders-2"})
    assert made == f"arn:aws:dynamodb:{FAR}:123456789012:table/orders-2"
    items = copies.far("dynamodb").scan(TableName="orders-2")["Items"]
    assert sorted(item["text"]["S"] for item in items) == ["é 1", "é 2", "é 3"]


def test_an_instance_comes_back_far_away(copies: FarWorld) -> None:
    arn, ec2 = copies.copied(copies.new_instance()), copies.far("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="isolated", Description="no ingress", VpcId=vpc)["GroupId"]
    changes = {"SubnetId": subnet, "VpcId": vpc, "SecurityGroupIds": as_json([group]), "NetworkInterfaces": "[]", "Placement": "{}"}
    made = copies.restored(arn, {**copies.metadata(arn), **changes})
    (reservation,) = ec2.describe_instances(InstanceIds=[made.rpartition("/")[2]])["Reservations"]
    instance = reservation["Instances"][0]
    assert (instance["ImageId"], instance["SubnetId"]) == (arn.rpartition("/")[2], subnet)
    assert {device["DeviceName"] for device in instance["BlockDeviceMappings"]} == {"/dev/xvda", "/dev/sdb"}


def test_a_bucket_comes_back_far_away(copies: FarWorld) -> None:
    arn, s3 = copies.copied(copies.new_bucket()), copies.far("s3")
    s3.create_bucket(Bucket="files-2", CreateBucketConfiguration={"LocationConstraint": FAR})
    s3.put_bucket_versioning(Bucket="files-2", VersioningConfiguration={"Status": "Enabled"})
    copies.restored(arn, {**copies.metadata(arn), "DestinationBucketName": "files-2", "NewBucket": "false", "Encrypted": "false"})
    assert s3.get_object(Bucket="files-2", Key="a/1")["Body"].read() == b"\x00new"
