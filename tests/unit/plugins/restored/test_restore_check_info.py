"""The module restore_check_info against a sandbox: each check passes on a good copy, and fails on one that is not."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils.canary import digest, marker_of
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_kinds import kind_of
from ansible_collections.proven.aws_backup.plugins.modules import restore_check_info

from tests.conftest import ACCOUNT, REGION
from tests.unit.plugins.restored.conftest import TYPES, make

MARKER = marker_of("0f1e2d3c4b5a6978")
CLOSED = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)


@pytest.fixture
def check(sandbox: Any, run_module: Any) -> Any:
    """Run the module for a resource, waiting a second at most."""

    def run(arn: str, **options: Any) -> dict[str, Any]:
        return run_module(restore_check_info, {**sandbox.connection(), "resource_arn": arn, "wait_timeout": 1, **options})

    return run


def failures(result: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["reason"] for each in result["checks"] if each["result"] == "failed"}


@pytest.mark.parametrize("what", TYPES)
def test_a_good_copy_passes(sandbox: Any, check: Any, what: str) -> None:
    source, copy = make(sandbox, what, "original"), make(sandbox, what, "copy")
    kind_of(copy).write_canary(sandbox.client, copy, MARKER)
    result = check(copy, source_resource_arn=source, canary=True, canary_sha256=digest(MARKER))
    assert result["failure"] == ""
    assert {each["result"] for each in result["checks"]} == {"passed"}
    assert len(result["checks"]) >= 4
    assert result["resource"]["is_ready"]


@pytest.mark.parametrize(
    ("marker", "reason"),
    [
        (None, "the canary is lost: the restored resource holds no marker"),
        (MARKER.replace("0f1e", "0f1f"), "the canary is altered: its hash is "),
        ("altered", "the canary is altered: its hash is "),
        (marker_of("another"), "the canary is another one: its hash is "),
    ],
)
@pytest.mark.parametrize("what", ["volume", "table", "bucket"])
def test_a_canary_that_is_not_what_it_was(sandbox: Any, check: Any, what: str, marker: str | None, reason: str) -> None:
    copy = make(sandbox, what, "copy")
    if marker:
        kind_of(copy).write_canary(sandbox.client, copy, marker)
    result = check(copy, canary=True, canary_sha256=digest(MARKER))
    assert list(failures(result)) == ["The canary came back"]
    assert reason in result["failure"]


def test_without_a_known_hash_any_whole_marker_will_do(sandbox: Any, check: Any) -> None:
    copy = make(sandbox, "table", "copy")
    kind_of(copy).write_canary(sandbox.client, copy, marker_of("another"))
    assert check(copy, canary=True)["failure"] == ""


def test_each_difference_from_the_source_is_told(sandbox: Any, check: Any) -> None:
    ec2 = sandbox.client("ec2")
    source = make(sandbox, "volume", "")
    copy = ec2.create_volume(Size=3, AvailabilityZone=f"{REGION}a", VolumeType="gp2", Encrypted=False)["VolumeId"]
    result = check(f"arn:aws:ec2:{REGION}:{ACCOUNT}:volume/{copy}", source_resource_arn=source)
    assert failures(result) == {
        "Its size in GiB is the source's": "size in GiB: 3 was restored, the source has 1",
        "Its volume type is the source's": "volume type: gp2 was restored, the source has gp3",
        "Its encryption is the source's": "encryption: False was restored, the source has True",
    }
    assert result["failure"] == "size in GiB: 3 was restored, the source has 1"


def test_a_bucket_without_versioning(sandbox: Any, check: Any) -> None:
    source, copy = make(sandbox, "bucket", "original"), make(sandbox, "bucket", "copy")
    sandbox.client("s3").put_bucket_versioning(Bucket="copy", VersioningConfiguration={"Status": "Suspended"})
    assert check(copy, source_resource_arn=source)["failure"] == "versioning: Suspended was restored, the source has Enabled"


def test_a_source_that_is_gone_is_compared_with_nothing(sandbox: Any, check: Any) -> None:
    copy = make(sandbox, "table", "copy")
    result = check(copy, source_resource_arn=copy.replace("/copy", "/original"))
    assert result["failure"] == ""
    assert [each["result"] for each in result["checks"]] == ["passed", "passed", "left out", "left out"]


def test_what_does_not_exist_and_what_is_not_ready(sandbox: Any, check: Any) -> None:
    assert "does not exist" in check(f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/none")["failure"]
    instance = make(sandbox, "instance", "")
    identifier = instance.rsplit("/", 1)[1]
    sandbox.client("ec2").modify_instance_attribute(InstanceId=identifier, DisableApiStop={"Value": False})
    sandbox.client("ec2").stop_instances(InstanceIds=[identifier])
    assert failures(check(instance)) == {"It is ready": f"{identifier} is stopped"}


def test_an_instance_that_is_not_where_it_should_be(sandbox: Any, check: Any) -> None:
    ec2 = sandbox.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.89.0.0/24")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.89.0.0/25")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="closed", Description="closed", VpcId=vpc)["GroupId"]
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    launch = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "SubnetId": subnet, "SecurityGroupIds": [group]}
    identifier = ec2.run_instances(**launch)["Instances"][0]["InstanceId"]
    instance = f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/{identifier}"
    place = {"subnet_id": subnet, "security_group_ids": [group]}
    assert check(instance, **place)["failure"] == ""
    other_group = failures(check(instance, **{**place, "security_group_ids": ["sg-1"]}))
    assert other_group == {"It is isolated": f"{identifier} has the security groups {group}, not only those it was to have"}
    assert check(instance, **{**place, "subnet_id": "subnet-1"})["failure"] == f"{identifier} is in {subnet}, not in subnet-1"


def test_a_database_that_is_public(sandbox: Any, check: Any) -> None:
    database = make(sandbox, "database", "public")
    groups = check(database)["resource"]["security_group_ids"]
    sandbox.client("rds").modify_db_instance(DBInstanceIdentifier="public", PubliclyAccessible=True)
    assert failures(check(database, security_group_ids=groups or ["sg-1"]))["It is isolated"]


def test_what_can_be_reached_without_a_network(sandbox: Any, check: Any) -> None:
    volume, system, bucket = make(sandbox, "volume", ""), make(sandbox, "file system", "copy"), make(sandbox, "bucket", "copy")
    instance = make(sandbox, "instance", "").rsplit("/", 1)[1]
    identifier = volume.rsplit("/", 1)[1]
    sandbox.client("ec2").attach_volume(VolumeId=identifier, InstanceId=instance, Device="/dev/sdg")
    sandbox.client("s3").put_public_access_block(Bucket="copy", PublicAccessBlockConfiguration={**CLOSED, "BlockPublicPolicy": False})
    reasons = {arn: failures(check(arn, isolated=True))["It is isolated"] for arn in (volume, system, bucket)}
    assert reasons == {
        volume: f"{identifier} is attached to {instance}",
        system: f"{system.rsplit('/', 1)[1]} has mount targets: 1",
        bucket: "copy does not block all public access",
    }
    sandbox.client("s3").delete_public_access_block(Bucket="copy")
    assert check(bucket, isolated=True)["failure"] == "copy does not block all public access"
    assert "It is isolated" not in {each["name"] for each in check(bucket)["checks"]}


def test_what_nothing_reaches(sandbox: Any, check: Any) -> None:
    volume, bucket = make(sandbox, "volume", ""), make(sandbox, "bucket", "copy")
    system = sandbox.client("efs").create_file_system(CreationToken="alone")["FileSystemArn"]
    sandbox.client("s3").put_public_access_block(Bucket="copy", PublicAccessBlockConfiguration=CLOSED)
    for arn in (volume, system, bucket):
        assert {"name": "It is isolated", "result": "passed", "reason": ""} in check(arn, isolated=True)["checks"]
    assert "It is isolated" not in {each["name"] for each in check(make(sandbox, "table", "copy"), isolated=True)["checks"]}


def test_a_source_in_another_region(sandbox: Any, check: Any) -> None:
    table = {
        "TableName": "orders",
        "KeySchema": [{"AttributeName": "number", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "number", "AttributeType": "N"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    source = sandbox.client("dynamodb", "eu-central-1").create_table(**table)["TableDescription"]["TableArn"]
    copy = make(sandbox, "table", "copy")
    assert check(copy, source_resource_arn=source)["checks"][2]["result"] == "left out"
    assert "key schema: " in check(copy, source_resource_arn=source, source_region="eu-central-1")["failure"]
