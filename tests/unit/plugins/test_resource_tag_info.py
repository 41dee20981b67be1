"""The module resource_tag_info against a sandbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from ansible_collections.proven.aws_backup.plugins.modules import resource_tag_info

TAGS = {"Project": "backup", "Stage": "dev"}
TAG_LIST = [{"Key": key, "Value": value} for key, value in TAGS.items()]
PREFIX = "us-west-2:123456789012"
ARNS = {
    "vault": f"arn:aws:backup:{PREFIX}:backup-vault:ours",
    "alarm": f"arn:aws:cloudwatch:{PREFIX}:alarm:ours",
    "table": f"arn:aws:dynamodb:{PREFIX}:table/ours",
    "rule": f"arn:aws:events:{PREFIX}:rule/ours",
    "alias": f"arn:aws:kms:{PREFIX}:alias/ours",
    "log group": f"arn:aws:logs:{PREFIX}:log-group:/aws/lambda/ours",
    "topic": f"arn:aws:sns:{PREFIX}:ours",
    "queue": f"arn:aws:sqs:{PREFIX}:ours",
    "parameter": f"arn:aws:ssm:{PREFIX}:parameter/ours/secret",
    "parameter without a path": f"arn:aws:ssm:{PREFIX}:parameter/ours",
    "database": f"arn:aws:rds:{PREFIX}:db:ours",
    "cluster": f"arn:aws:rds:{PREFIX}:cluster:ours",
    "subnet group": f"arn:aws:rds:{PREFIX}:subgrp:ours",
    "bucket": "arn:aws:s3:::ours",
}

Describe = Callable[..., dict[str, Any]]


@pytest.fixture
def describe(sandbox: Any, run_module: Any) -> Describe:
    """Run the module for some ARNs."""
    return lambda *arns, **options: run_module(resource_tag_info, {**sandbox.connection(), "resource_arns": list(arns), **options})


def create_everything(sandbox: Any, tags: dict[str, str]) -> None:
    """Create what ARNS names."""
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    client = sandbox.client
    client("backup").create_backup_vault(BackupVaultName="ours", BackupVaultTags=tags)
    client("cloudwatch").put_metric_alarm(
        AlarmName="ours", ComparisonOperator="GreaterThanThreshold", EvaluationPeriods=1, MetricName="m", Namespace="n", Threshold=0,
        Period=60, Statistic="Sum", Tags=pairs,
    )  # fmt: skip
    client("dynamodb").create_table(
        TableName="ours",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=pairs,
    )
    client("events").put_rule(Name="ours", EventPattern='{"source": ["aws.backup"]}', Tags=pairs)
    key = client("kms").create_key(Tags=[{"TagKey": name, "TagValue": value} for name, value in tags.items()])["KeyMetadata"]["KeyId"]
    client("kms").create_alias(AliasName="alias/ours", TargetKeyId=key)
    client("logs").create_log_group(logGroupName="/aws/lambda/ours", tags=tags)
    client("sns").create_topic(Name="ours", Tags=pairs)
    client("sqs").create_queue(QueueName="ours", tags=tags)
    for name in ("/ours/secret", "ours"):
        client("ssm").put_parameter(Name=name, Value="x", Type="String", Tags=pairs)
    subnets = [subnet["SubnetId"] for subnet in client("ec2").describe_subnets()["Subnets"][:2]]
    client("rds").create_db_subnet_group(DBSubnetGroupName="ours", DBSubnetGroupDescription="ours", SubnetIds=subnets, Tags=pairs)
    password = {"MasterUsername": "admin", "MasterUserPassword": "never-used-1"}
    client("rds").create_db_instance(
        DBInstanceIdentifier="ours", Engine="postgres", DBInstanceClass="db.t4g.micro", AllocatedStorage=20, Tags=pairs, **password
    )
    client("rds").create_db_cluster(DBClusterIdentifier="ours", Engine="aurora-postgresql", Tags=pairs, **password)
    client("s3").create_bucket(Bucket="ours", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    client("s3").put_bucket_tagging(Bucket="ours", Tagging={"TagSet": pairs})


def test_every_kind_tells_its_tags(sandbox: Any, describe: Describe) -> None:
    create_everything(sandbox, TAGS)
    result = describe(*ARNS.values())
    assert result["changed"] is False
    assert result["resources"] == [{"resource_arn": arn, "exists": True, "tags": TAGS} for arn in ARNS.values()]


def test_what_does_not_exist_is_told_from_what_has_no_tags(sandbox: Any, describe: Describe) -> None:
    sandbox.client("sns").create_topic(Name="ours")
    result = describe(*ARNS.values())
    assert [item["resource_arn"] for item in result["resources"] if item["exists"]] == [ARNS["topic"]]
    assert {str(item["tags"]) for item in result["resources"]} == {"{}"}


def test_what_aws_gives_an_id(sandbox: Any, describe: Describe) -> None:
    ec2, tags = sandbox.client("ec2"), [{"Key": "Project", "Value": "backup"}]
    volume = ec2.create_volume(AvailabilityZone="us-west-2a", Size=1, TagSpecifications=[{"ResourceType": "volume", "Tags": tags}])
    image = ec2.describe_images()["Images"][0]["ImageId"]
    (instance,) = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)["Instances"]
    system = sandbox.client("efs").create_file_system(CreationToken="ours", Tags=tags)
    arns = {
        "volume": f"arn:aws:ec2:{PREFIX}:volume/{volume['VolumeId']}",
        "instance": f"arn:aws:ec2:{PREFIX}:instance/{instance['InstanceId']}",
        "system": system["FileSystemArn"],
    }
    found = {each["resource_arn"]: each for each in describe(*arns.values())["resources"]}
    assert [found[arn]["tags"] for arn in arns.values()] == [{"Project": "backup"}, {}, {"Project": "backup"}]
    assert all(each["exists"] for each in found.values())
    ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])
    ec2.delete_volume(VolumeId=volume["VolumeId"])
    sandbox.client("efs").delete_file_system(FileSystemId=system["FileSystemId"])
    assert not any(each["exists"] for each in describe(*arns.values())["resources"])


def test_a_bucket_without_tags_exists(sandbox: Any, describe: Describe) -> None:
    sandbox.client("s3").create_bucket(Bucket="ours", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    assert describe(ARNS["bucket"])["resources"] == [{"resource_arn": ARNS["bucket"], "exists": True, "tags": {}}]


def test_other_resources_of_ec2_are_refused(describe: Describe) -> None:
    assert "the tags of instances and volumes are read" in describe(f"arn:aws:ec2:{PREFIX}:vpc/vpc-1")["msg"]


def test_one_client_for_each_service(describe: Describe, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    client = boto3.session.Session.client
    monkeypatch.setattr(
        boto3.session.Session, "client", lambda session, name, **options: made.append(name) or client(session, name, **options)
    )
    describe(ARNS["topic"], f"{ARNS['topic']}-2", ARNS["rule"])
    assert made == ["sns", "events"]


def test_an_unknown_service_is_named(describe: Describe) -> None:
    result = describe("arn:aws:glue:us-west-2:123456789012:job/load")
    assert "the tags of arn:aws:glue:us-west-2:123456789012:job/load cannot be read; known are backup, cloudwatch," in result["msg"]


def test_what_is_no_arn_is_refused(describe: Describe) -> None:
    assert "'topic' is not an ARN" in describe("topic")["msg"]


def test_a_call_that_fails_names_the_resource(describe: Describe) -> None:
    result = describe(ARNS["topic"], endpoint_url="http://127.0.0.1:9")
    assert f"Failed to read the tags of {ARNS['topic']}" in result["msg"]


def test_an_unknown_profile_is_one_clear_error(run_module: Any) -> None:
    result = run_module(resource_tag_info, {"profile": "nobodys", "region": "us-west-2", "resource_arns": [ARNS["topic"]]})
    assert (result["failed"], result["msg"]) == (True, "Failed to connect to AWS: The config profile (nobodys) could not be found")
