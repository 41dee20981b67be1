"""Restores make real resources with the data of the backup, type by type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .restore_world import REGION, RestoreWorld, as_json, cleaned

ORDERS = ["é 1", "é 2", "é 3"]
NEW_BUCKET = {"DestinationBucketName": "files-2", "NewBucket": "true"}
NEW_FILE_SYSTEM = {"newFileSystem": "true", "Encrypted": "false", "PerformanceMode": "generalPurpose", "CreationToken": "restored"}


@pytest.fixture
def restores(world: Any) -> RestoreWorld:
    """A world whose role may back up and restore."""
    return RestoreWorld(world)


def texts(restores: RestoreWorld, table: str) -> list[str]:
    items = restores.client("dynamodb").scan(TableName=table)["Items"]
    return sorted(item["text"]["S"] for item in items)


def bodies(restores: RestoreWorld, bucket: str) -> dict[str, bytes]:
    s3 = restores.client("s3")
    keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]
    return {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}


def test_table_comes_back_as_it_was_at_backup_time(restores: RestoreWorld) -> None:
    dynamodb = restores.client("dynamodb")
    point = restores.point(restores.new_table())
    dynamodb.delete_item(TableName="orders", Key={"id": {"S": "a"}, "line": {"N": "1"}})
    dynamodb.put_item(TableName="orders", Item={"id": {"S": "b"}, "line": {"N": "1"}, "text": {"S": "later"}})
    assert restores.metadata(point)["originalTableName"] == "orders"
    assert restores.restored(point, {"TargetTableName": "orders-2"}) == f"arn:aws:dynamodb:{REGION}:123456789012:table/orders-2"
    assert texts(restores, "orders-2") == ORDERS
    original, copy = (dynamodb.describe_table(TableName=name)["Table"] for name in ("orders", "orders-2"))
    assert all(copy[key] == original[key] for key in ("KeySchema", "AttributeDefinitions", "BillingModeSummary"))
    assert copy["GlobalSecondaryIndexes"][0]["IndexName"] == "by-day"
    found = dynamodb.query(
        TableName="orders-2",
        IndexName="by-day",
        KeyConditionExpression="#d = :d",
        ExpressionAttributeNames={"#d": "day"},
        ExpressionAttributeValues={":d": {"S": "mon"}},
    )
    assert found["Count"] == 3
    dynamodb.put_item(TableName="orders-2", Item={"id": {"S": "c"}, "line": {"N": "1"}, "text": {"S": "of the copy"}})
    assert "of the copy" not in texts(restores, "orders")


def test_table_of_that_name_exists(restores: RestoreWorld) -> None:
    job = restores.ended(restores.point(restores.new_table()), {"targetTableName": "orders"})
    assert (job["Status"], job["StatusMessage"]) == ("FAILED", "Table already exists: orders")
    assert "CreatedResourceArn" not in job


def test_bucket_comes_back_into_a_new_one(restores: RestoreWorld) -> None:
    s3 = restores.client("s3")
    point = restores.point(restores.new_bucket())
    s3.put_object(Bucket="files-1", Key="b/2", Body=b"later")
    assert restores.restored(point, NEW_BUCKET) == "arn:aws:s3:::files-2"
    assert bodies(restores, "files-2") == {"a/1": b"\x00new", "b/2": b"two"}
    found = s3.get_object(Bucket="files-2", Key="a/1")
    assert (found["ContentType"], found["Metadata"]) == ("text/plain", {"by": "me"})
    assert s3.get_object_tagging(Bucket="files-2", Key="a/1")["TagSet"] == [{"Key": "kind", "Value": "x"}]
    assert s3.get_bucket_location(Bucket="files-2")["LocationConstraint"] == REGION
    assert all(s3.get_public_access_block(Bucket="files-2")["PublicAccessBlockConfiguration"].values())


def test_some_objects_come_back_into_their_own_bucket(restores: RestoreWorld) -> None:
    s3 = restores.client("s3")
    point = restores.point(restores.new_bucket())
    for key in ("a/1", "b/2"):
        s3.put_object(Bucket="files-1", Key=key, Body=b"later")
    restores.restored(point, {"DestinationBucketName": "files-1", "ItemsToRestore": as_json(["a/"]), "EncryptionType": "SSE-S3"})
    assert bodies(restores, "files-1") == {"a/1": b"\x00new", "b/2": b"later"}
    assert s3.head_object(Bucket="files-1", Key="a/1")["ServerSideEncryption"] == "AES256"


def test_bucket_that_cannot_be_written_to(restores: RestoreWorld) -> None:
    point = restores.point(restores.new_bucket())
    s3 = restores.client("s3")
    s3.create_bucket(Bucket="plain", CreateBucketConfiguration={"LocationConstraint": REGION})
    for name, message in (("plain", "Versioning is not enabled"), ("missing", "does not exist")):
        job = restores.ended(point, {"DestinationBucketName": name})
        assert job["Status"] == "FAILED"
        assert message in job["StatusMessage"]
    job = restores.ended(point, {**NEW_BUCKET, "DestinationBucketName": "plain"})
    assert "bucket name is not available" in job["StatusMessage"]


def test_volume_comes_back(restores: RestoreWorld) -> None:
    arn = restores.new_volume()
    point = restores.point(arn)
    metadata = restores.metadata(point)
    assert (metadata["availabilityZone"], metadata["encrypted"], metadata["volumeId"]) == (None, "false", arn.rpartition("/")[2])
    untold = restores.restored(point, {**metadata, "availabilityZone": f"{REGION}b"})
    [volume] = restores.client("ec2").describe_volumes(VolumeIds=[untold.rpartition("/")[2]])["Volumes"]
    assert volume["VolumeType"] == "gp2"
    made = restores.restored(point, {**metadata, "availabilityZone": f"{REGION}b", "volumeType": "gp3"})
    [volume] = restores.client("ec2").describe_volumes(VolumeIds=[made.rpartition("/")[2]])["Volumes"]
    assert made != arn
    assert {key: volume[key] for key in ("Size", "VolumeType", "Iops", "Throughput", "AvailabilityZone", "State")} == {
        "Size": 3,
        "VolumeType": "gp3",
        "Iops": 3500,
        "Throughput": 200,
        "AvailabilityZone": f"{REGION}b",
        "State": "available",
    }
    assert "Tags" not in volume


def test_volume_in_a_zone_that_does_not_exist(restores: RestoreWorld) -> None:
    job = restores.ended(restores.point(restores.new_volume()), {"availabilityZone": "us-west-2z"})
    assert (job["Status"], "us-west-2z" in job["StatusMessage"]) == ("FAILED", True)


def test_instance_comes_back_in_another_network(restores: RestoreWorld) -> None:
    ec2 = restores.client("ec2")
    arn = restores.new_instance()
    point = restores.point(arn)
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="isolated", Description="no ingress", VpcId=vpc)["GroupId"]
    changes = {"SubnetId": subnet, "SecurityGroupIds": as_json([group]), "NetworkInterfaces": "[]", "DisableApiTermination": "true"}
    made = restores.restored(point, {**restores.metadata(point), **changes}, CopySourceTagsToRestoredResource=True)
    made_id = made.rpartition("/")[2]
    instance = ec2.describe_instances(InstanceIds=[made_id])["Reservations"][0]["Instances"][0]
    assert (instance["InstanceType"], instance["SubnetId"], instance["State"]["Name"]) == ("t3.micro", subnet, "running")
    assert [known["GroupId"] for known in instance["SecurityGroups"]] == [group]
    assert instance["ImageId"] == point.rpartition("/")[2]
    assert instance["Tags"] == [{"Key": "canary", "Value": "42"}]
    devices = {device["DeviceName"]: device["Ebs"]["DeleteOnTermination"] for device in instance["BlockDeviceMappings"]}
    assert devices == {"/dev/xvda": True, "/dev/sdb": False}
    volumes = ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [made_id]}])["Volumes"]
    assert sorted((volume["Size"], volume["Encrypted"]) for volume in volumes) == [(2, True), (8, False)]
    assert ec2.describe_instance_attribute(InstanceId=made_id, Attribute="userData").get("UserData", {}) == {}
    assert ec2.describe_instance_attribute(InstanceId=made_id, Attribute="disableApiTermination")["DisableApiTermination"]["Value"] is True


def test_instance_profile_comes_back_when_the_role_may_pass_its_role(restores: RestoreWorld) -> None:
    ec2, iam = restores.client("ec2"), restores.client("iam")
    passed = iam.create_role(RoleName="web", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    profile = iam.create_instance_profile(InstanceProfileName="web-profile")["InstanceProfile"]["Arn"]
    iam.add_role_to_instance_profile(InstanceProfileName="web-profile", RoleName="web")
    arn = restores.new_instance()
    ec2.associate_iam_instance_profile(InstanceId=arn.rpartition("/")[2], IamInstanceProfile={"Name": "web-profile"})
    point = restores.point(arn)
    metadata = {**restores.metadata(point), "NetworkInterfaces": "[]"}
    assert metadata["IamInstanceProfileName"] == "web-profile"
    job = restores.ended(point, metadata)
    assert (job["Status"], f"is not authorized to perform: iam:PassRole on resource: {passed}" in job["StatusMessage"]) == ("FAILED", True)
    restores.restored(point, {key: value for key, value in metadata.items() if key != "IamInstanceProfileName"})
    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:PassRole", "Resource": passed}]}
    iam.put_role_policy(RoleName="service", PolicyName="pass", PolicyDocument=as_json(allow))
    made = restores.restored(point, metadata).rpartition("/")[2]
    instance = ec2.describe_instances(InstanceIds=[made])["Reservations"][0]["Instances"][0]
    assert instance["IamInstanceProfile"]["Arn"] == profile


REFUSED_INSTANCES = [
    ({}, "Network interfaces and an instance-level"),
    ({"NetworkInterfaces": "[]", "SubnetId": "subnet-0missing"}, "subnet-0missing"),
    ({"NetworkInterfaces": "[]", "SecurityGroupIds": '["sg-0missing"]'}, "The security group 'sg-0missing' does not exist"),
    ({"NetworkInterfaces": "[]", "IamInstanceProfileName": "other"}, "does not permit attaching a new instance profile"),
    ({"NetworkInterfaces": "[]", "InstanceType": "t2.micro"}, "does not support specifying CpuOptions"),
    ({"NetworkInterfaces": "none"}, "Invalid value for NetworkInterfaces"),
]


def test_instances_that_ec2_refuses(restores: RestoreWorld) -> None:
    point = restores.point(restores.new_instance())
    metadata = restores.metadata(point)
    for changes, message in REFUSED_INSTANCES:
        job = restores.ended(point, {**metadata, **changes})
        assert job["Status"] == "FAILED", changes
        assert message in job["StatusMessage"]
    assert len(restores.client("ec2").describe_instances()["Reservations"]) == 1


def test_database_comes_back(restores: RestoreWorld) -> None:
    point = restores.point(restores.new_database())
    metadata = restores.metadata(point)
    assert metadata["InformationalOnly:EngineVersion"] == "16.3"
    made = restores.restored(point, cleaned(metadata, DBInstanceIdentifier="db-2", DBInstanceClass="db.t3.small"))
    assert made == f"arn:aws:rds:{REGION}:123456789012:db:db-2"
    [database] = restores.client("rds").describe_db_instances(DBInstanceIdentifier="db-2")["DBInstances"]
    expected = {
        "DBInstanceClass": "db.t3.small",
        "Engine": "postgres",
        "EngineVersion": "16.3",
        "AllocatedStorage": 21,
        "DBName": "shop",
        "MasterUsername": "admin1",
        "StorageEncrypted": True,
        "DBInstanceStatus": "available",
        "TagList": [],
    }
    assert {key: database[key] for key in expected} == expected


def test_databases_that_rds_refuses(restores: RestoreWorld) -> None:
    point = restores.point(restores.new_database())
    metadata = restores.metadata(point)
    for sent, message in [
        ({**metadata, "DBInstanceIdentifier": "db-2"}, "DBSnapshotIdentifier, InformationalOnly:Encrypted"),
        (cleaned(metadata), "already exists"),
        (cleaned(metadata, DBInstanceIdentifier="db-2", DBSubnetGroupName="missing"), "missing"),
    ]:
        job = restores.ended(point, sent)
        assert (job["Status"], message in job["StatusMessage"]) == ("FAILED", True), job


def test_cluster_comes_back_without_instances(restores: RestoreWorld) -> None:
    point = restores.point(restores.new_cluster())
    made = restores.restored(point, cleaned(restores.metadata(point), DBClusterIdentifier="cluster-2"))
    assert made == f"arn:aws:rds:{REGION}:123456789012:cluster:cluster-2"
    [cluster] = restores.client("rds").describe_db_clusters(DBClusterIdentifier="cluster-2")["DBClusters"]
    assert (cluster["DBClusterMembers"], cluster["DatabaseName"], cluster["Status"]) == ([], "shop", "available")
    again = restores.ended(point, cleaned(restores.metadata(point)))
    assert (again["Status"], again["StatusMessage"]) == ("FAILED", "DB Cluster already exists")


def test_file_system_comes_back_as_a_new_one(restores: RestoreWorld) -> None:
    arn = restores.new_file_system()
    point = restores.point(arn)
    made = restores.restored(point, {**restores.metadata(point), **NEW_FILE_SYSTEM}, CopySourceTagsToRestoredResource=True)
    [system] = restores.client("efs").describe_file_systems(FileSystemId=made.rpartition("/")[2])["FileSystems"]
    assert made != arn
    assert (system["ThroughputMode"], system["Tags"]) == ("elastic", [{"Key": "canary", "Value": "42"}])
    assert restores.restored(point, {**restores.metadata(point), "newFileSystem": "false"}) == arn


def test_lost_content(restores: RestoreWorld) -> None:
    table, bucket = restores.point(restores.new_table()), restores.point(restores.new_bucket())
    restores.set_outcome(content="lost")
    restores.restored(table, {"targetTableName": "orders-2"}, CopySourceTagsToRestoredResource=True)
    assert texts(restores, "orders-2") == []
    assert (
        restores.client("dynamodb").list_tags_of_resource(ResourceArn=f"arn:aws:dynamodb:{REGION}:123456789012:table/orders-2")["Tags"]
        == []
    )
    restores.restored(bucket, NEW_BUCKET)
    assert bodies(restores, "files-2") == {}


def test_altered_content(restores: RestoreWorld) -> None:
    table, bucket = restores.new_table(), restores.new_bucket()
    points = restores.point(table), restores.point(bucket)
    restores.set_outcome(table, content="altered")
    restores.set_outcome(points[1], content="altered")
    restores.restored(points[0], {"targetTableName": "orders-2"})
    assert texts(restores, "orders-2") == [f"{text}~" for text in ORDERS]
    assert {item["id"]["S"] for item in restores.client("dynamodb").scan(TableName="orders-2")["Items"]} == {"a"}
    restores.restored(points[1], NEW_BUCKET)
    assert bodies(restores, "files-2") == {"a/1": b"\x00new~", "b/2": b"two~"}
    restores.sandbox.control("DELETE", "/backup/outcomes")
    restores.restored(points[0], {"targetTableName": "orders-3"})
    assert texts(restores, "orders-3") == ORDERS


def test_altered_tags(restores: RestoreWorld) -> None:
    point = restores.point(restores.new_volume())
    restores.set_outcome(content="altered")
    made = restores.restored(point, {"availabilityZone": f"{REGION}a"}, CopySourceTagsToRestoredResource=True)
    [volume] = restores.client("ec2").describe_volumes(VolumeIds=[made.rpartition("/")[2]])["Volumes"]
    assert volume["Tags"] == [{"Key": "Name", "Value": "data~"}]


PERMISSIONS: list[tuple[Callable[[RestoreWorld], str], dict[str, str], str]] = [
    (RestoreWorld.new_table, {"targetTableName": "orders-2"}, "dynamodb:RestoreTableFromBackup"),
    (RestoreWorld.new_volume, {"availabilityZone": f"{REGION}a"}, "ec2:CreateVolume"),
    (RestoreWorld.new_instance, {"NetworkInterfaces": "[]"}, "ec2:RunInstances"),
    (RestoreWorld.new_database, {"DBInstanceIdentifier": "db-2"}, "rds:RestoreDBInstanceFromDBSnapshot"),
    (RestoreWorld.new_cluster, {"DBClusterIdentifier": "cluster-2", "Engine": "aurora-postgresql"}, "rds:RestoreDBClusterFromSnapshot"),
    (RestoreWorld.new_file_system, {"file-system-id": "fs-1", **NEW_FILE_SYSTEM}, "elasticfilesystem:CreateFilesystem"),
    (RestoreWorld.new_bucket, NEW_BUCKET, "s3:CreateBucket"),
]


@pytest.mark.parametrize(("make", "metadata", "action"), PERMISSIONS, ids=[action for _, _, action in PERMISSIONS])
def test_role_may_not_restore(restores: RestoreWorld, make: Callable[[RestoreWorld], str], metadata: dict[str, str], action: str) -> None:
    iam = restores.client("iam")
    point = restores.point(make(restores))
    for policy in iam.list_attached_role_policies(RoleName="service")["AttachedPolicies"]:
        iam.detach_role_policy(RoleName="service", PolicyArn=policy["PolicyArn"])
    job = restores.ended(point, metadata)
    assert job["Status"] == "FAILED"
    assert f"is not authorized to perform: {action} on resource: " in job["StatusMessage"]
