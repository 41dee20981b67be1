"""The module restore_check_info against a sandbox: each check passes on a good copy, and fails on one that is not."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils.canary import digest, marker_of
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_checks import Expected, check_restored
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_kinds import kind_of
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_origin import facts_told
from ansible_collections.proven.aws_backup.plugins.modules import backup_job, restore_check_info
from botocore.stub import Stubber

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


def test_a_difference_that_only_the_source_of_today_tells_is_left_out(sandbox: Any, check: Any) -> None:
    ec2 = sandbox.client("ec2")
    source = make(sandbox, "volume", "")
    volume = ec2.create_volume(Size=3, AvailabilityZone=f"{REGION}a", VolumeType="gp2")["VolumeId"]
    result = check(f"arn:aws:ec2:{REGION}:{ACCOUNT}:volume/{volume}", source_resource_arn=source)
    unknown = "and the recovery point does not say what it had"
    assert {each["name"]: each["reason"] for each in result["checks"] if each["result"] == "left out"} == {
        "Its size in GiB is as it should be": f"size in GiB: 3 was restored, the source has 1 today, {unknown}",
        "Its volume type is as it should be": f"volume type: gp2 was restored, the source has gp3 today, {unknown}",
        "Its encryption is as it should be": f"encryption: False was restored, the source has True today, {unknown}",
    }
    assert result["failure"] == ""


@pytest.fixture
def point(run_module: Any, start_args: dict[str, Any]) -> Any:
    """Back a resource up; gives the options that name its recovery point."""

    def back_up(arn: str) -> dict[str, Any]:
        done = run_module(backup_job, {**start_args, "resource_arn": arn, "wait": True, "wait_timeout": 60})
        return {"backup_vault_name": "nightly", "recovery_point_arn": done["backup_job"]["recovery_point_arn"], "source_resource_arn": arn}

    return back_up


def results(result: dict[str, Any]) -> dict[str, str]:
    """The results of the checks of what was backed up, by what they look at."""
    ending = " is as it should be"
    return {each["name"][4 : -len(ending)]: each["result"] for each in result["checks"] if each["name"].endswith(ending)}


def test_what_counts_is_the_recovery_point_and_not_the_source_of_today(sandbox: Any, check: Any, point: Any) -> None:
    ec2 = sandbox.client("ec2")
    source, good = make(sandbox, "volume", ""), make(sandbox, "volume", "")
    options = point(source)
    ec2.modify_volume(VolumeId=source.rsplit("/", 1)[1], Size=3, VolumeType="io1", Iops=100)
    assert results(check(good, **options)) == {"size in GiB": "passed", "volume type": "left out", "encryption": "passed"}
    bad = ec2.create_volume(Size=3, AvailabilityZone=f"{REGION}a", VolumeType="gp2")["VolumeId"]
    result = check(f"arn:aws:ec2:{REGION}:{ACCOUNT}:volume/{bad}", **options)
    assert failures(result) == {
        "Its size in GiB is as it should be": "size in GiB: 3 was restored, it was to be 1",
        "Its encryption is as it should be": "encryption: False was restored, it was to be True",
    }
    ec2.delete_volume(VolumeId=source.rsplit("/", 1)[1])
    assert results(check(good, **options)) == {"size in GiB": "passed", "volume type": "left out", "encryption": "passed"}


def test_an_instance_that_has_another_type_since(sandbox: Any, check: Any, point: Any) -> None:
    ec2 = sandbox.client("ec2")
    source, copy = make(sandbox, "instance", ""), make(sandbox, "instance", "")
    options = point(source)
    identifier = source.rsplit("/", 1)[1]
    ec2.modify_instance_attribute(InstanceId=identifier, DisableApiStop={"Value": False})
    ec2.stop_instances(InstanceIds=[identifier])
    ec2.modify_instance_attribute(InstanceId=identifier, InstanceType={"Value": "m5.large"})
    assert check(copy, **options)["failure"] == ""
    assert set(results(check(copy, **options)).values()) == {"passed"}
    told = check(copy, **options, metadata={"InstanceType": "t3.small"})["failure"]
    assert told == "instance type: m1.small was restored, it was to be t3.small"


def test_a_database_that_has_another_version_since(sandbox: Any, check: Any, point: Any) -> None:
    source, copy = make(sandbox, "database", "original"), make(sandbox, "database", "copy")
    options = point(source)
    sandbox.client("rds").modify_db_instance(DBInstanceIdentifier="original", EngineVersion="17.1", AllocatedStorage=40)
    assert results(check(copy, **options)) == {
        "database engine": "passed",
        "version of the database engine": "passed",
        "size in GiB": "left out",
        "encryption": "passed",
    }


def test_a_recovery_point_that_is_gone_says_nothing(sandbox: Any, check: Any, point: Any) -> None:
    source = make(sandbox, "volume", "")
    options = {**point(source), "recovery_point_arn": f"arn:aws:ec2:{REGION}::snapshot/snap-1"}
    assert set(results(check(source, **options)).values()) == {"passed"}
    assert "required together" in check(source, recovery_point_arn=options["recovery_point_arn"])["msg"]


@pytest.mark.parametrize(
    ("resource_type", "metadata", "size", "told"),
    [
        ("ec2:instance", {"InstanceType": "t3.micro", "SubnetId": "subnet-1"}, 10 * 1024**3, {"instance_type": "t3.micro", "size_gib": 10}),
        ("ec2:volume", {"encrypted": "false", "volumeType": None, "volumeSize": 3}, 0, {"encrypted": False, "size_gib": 3}),
        ("ec2:volume", {}, 1000, {}),
        ("ec2:volume", {"volumeSize": "large"}, None, {}),
        (
            "rds:db",
            {"Engine": "mysql", "InformationalOnly:EngineVersion": "8.0.36"},
            1024**3,
            {"engine": "mysql", "engine_version": "8.0.36"},
        ),
        ("rds:cluster", {"InformationalOnly:Encrypted": "TRUE"}, None, {"encrypted": True}),
        (
            "elasticfilesystem:file-system",
            {"PerformanceMode": "maxIO", "Encrypted": True},
            6,
            {"performance_mode": "maxIO", "encrypted": True},
        ),
        ("dynamodb:table", {"originalTableName": "orders"}, 1024**3, {}),
    ],
)
def test_what_a_recovery_point_says(resource_type: str, metadata: dict[str, Any], size: int | None, told: dict[str, Any]) -> None:
    assert facts_told(resource_type, metadata, size) == told


def test_a_bucket_without_versioning(sandbox: Any, check: Any) -> None:
    source, copy = make(sandbox, "bucket", "original"), make(sandbox, "bucket", "copy")
    sandbox.client("s3").put_bucket_versioning(Bucket="copy", VersioningConfiguration={"Status": "Suspended"})
    assert results(check(copy, source_resource_arn=source)) == {"versioning": "left out", "encryption": "passed"}


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
    assert "key schema: " in check(copy, source_resource_arn=source, source_region="eu-central-1")["checks"][2]["reason"]


def test_a_source_that_may_not_be_looked_at_is_compared_with_nothing(sandbox: Any) -> None:
    denied = sandbox.client("dynamodb")
    copy, source = make(sandbox, "table", "copy"), f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders"
    with Stubber(denied) as stub:
        stub.add_client_error("describe_table", "AccessDeniedException")
        _, checks = check_restored(sandbox.client, lambda _service: denied, copy, Expected(source_resource_arn=source), 1)
    assert {check.result for check in checks} == {"passed", "left out"}
    assert checks[2].reason == f"the caller may not look at {source}, and the recovery point does not say what it was"
