"""What AWS Backup knows of a recovery point, made fit for a restore beside the original."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_metadata import restore_metadata

REQUEST: dict[str, Any] = {"aws:backup:request-id": "e9908485-bb92-496e-b349-ade6e1fd2c4b"}
INSTANCE = {
    "CpuOptions": '{"CoreCount":1,"ThreadsPerCore":1}',
    "InstanceType": "t3.micro",
    "NetworkInterfaces": '[{"DeviceIndex":0,"PrivateIpAddress":"172.31.36.129"}]',
    "Placement": '{"AvailabilityZone":"us-east-1c","GroupName":"","Tenancy":"default"}',
    "SecurityGroupIds": '["sg-1"]',
    "SubnetId": "subnet-1",
    "VpcId": "vpc-1",
}
DATABASE = {
    "DBInstanceIdentifier": "db",
    "Engine": "postgres",
    "AvailabilityZone": "us-east-1c",
    "DBSubnetGroupName": "default",
    "DBSnapshotIdentifier": "awsbackup:job-1",
    "InformationalOnly:EngineVersion": "16.3",
    "KmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/1",
}
CASES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, str]]] = [
    (
        "EBS",
        {"encrypted": "false", "volumeId": "vol-1", "availabilityZone": None},
        {"availabilityZone": "us-east-1a"},
        {"encrypted": "false", "availabilityZone": "us-east-1a"},
    ),
    ("DynamoDB", {"originalTableName": "orders"}, {"TargetTableName": "copy"}, {"targetTableName": "copy"}),
    (
        "EC2",
        INSTANCE,
        {},
        {key: INSTANCE[key] for key in ("InstanceType", "Placement", "SecurityGroupIds", "SubnetId")},
    ),
    (
        "EC2",
        INSTANCE,
        {"SubnetId": "subnet-2", "SecurityGroupIds": ["sg-2", "sg-3"], "DisableApiTermination": False},
        {"InstanceType": "t3.micro", "SubnetId": "subnet-2", "SecurityGroupIds": '["sg-2","sg-3"]', "DisableApiTermination": "false"},
    ),
    (
        "EC2",
        INSTANCE,
        {"CpuOptions": "{}", "Placement": None, "SubnetId": None, "SecurityGroupIds": None},
        {"InstanceType": "t3.micro", "CpuOptions": "{}"},
    ),
    (
        "RDS",
        DATABASE,
        {"DBInstanceIdentifier": "db-2", "DBSubnetGroupName": "isolated", "Port": 5433},
        {"DBInstanceIdentifier": "db-2", "Engine": "postgres", "DBSubnetGroupName": "isolated", "Port": "5433"},
    ),
    (
        "RDS",
        DATABASE,
        {"DBInstanceIdentifier": "db"},
        {"DBInstanceIdentifier": "db", "Engine": "postgres", "AvailabilityZone": "us-east-1c", "DBSubnetGroupName": "default"},
    ),
    (
        "Aurora",
        {
            "DBClusterIdentifier": "c",
            "SnapshotIdentifier": "awsbackup:job-1",
            "AvailabilityZones": '["us-east-1a"]',
            "Engine": "aurora-mysql",
        },
        {"DBClusterIdentifier": "c-2"},
        {"DBClusterIdentifier": "c-2", "AvailabilityZones": '["us-east-1a"]', "Engine": "aurora-mysql"},
    ),
    ("FSx", {"SubnetIds": '["subnet-1"]', "None": None}, {}, {"SubnetIds": '["subnet-1"]'}),
]


@pytest.mark.parametrize(("resource_type", "known", "overrides", "expected"), CASES)
def test_metadata(resource_type: str, known: dict[str, Any], overrides: dict[str, Any], expected: dict[str, str]) -> None:
    assert restore_metadata(resource_type, {**REQUEST, **known}, overrides) == expected


def test_new_file_system_and_new_bucket_are_the_default() -> None:
    system = restore_metadata("EFS", {"file-system-id": "fs-1"}, {})
    token = system.pop("CreationToken")
    assert system == {"file-system-id": "fs-1", "newFileSystem": "true", "Encrypted": "true", "PerformanceMode": "generalPurpose"}
    assert restore_metadata("EFS", {"file-system-id": "fs-1"}, {})["CreationToken"] != token
    bucket = restore_metadata("S3", {"SourceBucketName": "a"}, {"DestinationBucketName": "b", "NewBucket": False, "CreationToken": "t"})
    assert bucket == {"DestinationBucketName": "b", "NewBucket": "false", "EncryptionType": "original", "CreationToken": "t"}


def test_same_token_makes_the_same_metadata() -> None:
    first, second = (restore_metadata("EFS", {"file-system-id": "fs-1"}, {}, "release-42") for _ in range(2))
    assert first == second


def test_devices_name_no_snapshots() -> None:
    devices = [{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": "snap-1", "VolumeSize": 8}}, {"DeviceName": "/dev/sdc", "NoDevice": ""}]
    metadata = restore_metadata("EC2", {"BlockDeviceMappings": json.dumps(devices)}, {})
    assert json.loads(metadata["BlockDeviceMappings"]) == [
        {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 8}},
        {"DeviceName": "/dev/sdc", "NoDevice": ""},
    ]


@pytest.mark.parametrize("devices", ["sda", "{}", '["sda"]', '[{"Ebs": 8}]'])
def test_devices_that_are_none_are_refused(devices: str) -> None:
    with pytest.raises(AnsibleBackupError, match="BlockDeviceMappings: no list of block devices in JSON"):
        restore_metadata("EC2", {}, {"BlockDeviceMappings": devices})


def test_a_device_without_a_disk_stays() -> None:
    metadata = restore_metadata("EC2", {}, {"BlockDeviceMappings": [{"DeviceName": "/dev/sdc", "Ebs": None}]})
    assert json.loads(metadata["BlockDeviceMappings"]) == [{"DeviceName": "/dev/sdc", "Ebs": None}]


@pytest.mark.parametrize(
    ("resource_type", "known", "message"),
    [
        ("EBS", {"availabilityZone": None}, "metadata.availabilityZone: missing, a restore of type EBS needs a zone of this Region"),
        ("DynamoDB", {"originalTableName": "a"}, "metadata.targetTableName: missing"),
        ("RDS", DATABASE, "metadata.DBInstanceIdentifier: missing, a restore of type RDS needs a name that no database"),
        ("Aurora", {"DBClusterIdentifier": "c"}, "metadata.DBClusterIdentifier: missing"),
        ("Neptune", {"DBClusterIdentifier": "c"}, "metadata.DBClusterIdentifier: missing"),
        ("S3", {}, "metadata.DestinationBucketName: missing"),
        ("EFS", {}, "metadata.file-system-id: missing"),
        ("", {}, "metadata: AWS Backup knows nothing for a restore"),
    ],
)
def test_what_only_the_user_can_say(resource_type: str, known: dict[str, Any], message: str) -> None:
    with pytest.raises(AnsibleBackupError, match=message):
        restore_metadata(resource_type, known, {})
