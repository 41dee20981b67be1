"""Corrections of moto's DynamoDB, EFS, Logs, RDS and SQS, and of every service in an unknown Region, over HTTP."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError


def create_table(dynamodb: Any, name: str) -> dict[str, Any]:
    return dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )["TableDescription"]


def test_a_table_has_an_id_that_stays(sandbox: Any) -> None:
    dynamodb = sandbox.client("dynamodb")
    created = create_table(dynamodb, "orders")
    assert str(uuid.UUID(created["TableId"])) == created["TableId"]
    assert dynamodb.describe_table(TableName="orders")["Table"]["TableId"] == created["TableId"]
    assert create_table(dynamodb, "customers")["TableId"] != created["TableId"]


def test_a_table_created_again_has_a_new_id(sandbox: Any) -> None:
    dynamodb = sandbox.client("dynamodb")
    first = create_table(dynamodb, "orders")["TableId"]
    dynamodb.delete_table(TableName="orders")
    assert create_table(dynamodb, "orders")["TableId"] != first


@pytest.mark.parametrize("name", ["FileSystemId", "FileSystemArn"])
def test_a_file_system_is_tagged_by_id_and_by_arn(sandbox: Any, name: str) -> None:
    efs = sandbox.client("efs")
    system = efs.create_file_system(CreationToken="files", Tags=[{"Key": "stage", "Value": "dev"}])
    efs.tag_resource(ResourceId=system[name], Tags=[{"Key": "owner", "Value": "team"}])
    efs.untag_resource(ResourceId=system[name], TagKeys=["stage"])
    assert efs.list_tags_for_resource(ResourceId=system[name])["Tags"] == [{"Key": "owner", "Value": "team"}]
    assert efs.describe_file_systems()["FileSystems"][0]["Tags"] == [{"Key": "owner", "Value": "team"}]


def test_the_tags_of_a_deleted_file_system_are_refused(sandbox: Any) -> None:
    efs = sandbox.client("efs")
    system = efs.create_file_system(CreationToken="files", Tags=[{"Key": "stage", "Value": "dev"}])
    efs.delete_file_system(FileSystemId=system["FileSystemId"])
    with pytest.raises(ClientError) as refused:
        efs.list_tags_for_resource(ResourceId=system["FileSystemArn"])
    assert refused.value.response["Error"]["Code"] == "FileSystemNotFound"


@pytest.mark.parametrize(
    ("resource", "code"),
    [("db:none", "DBInstanceNotFound"), ("cluster:none", "DBClusterNotFoundFault"), ("subgrp:none", "DBSubnetGroupNotFoundFault")],
)
def test_the_tags_of_a_missing_database_are_refused(sandbox: Any, resource: str, code: str) -> None:
    with pytest.raises(ClientError) as refused:
        sandbox.client("rds").list_tags_for_resource(ResourceName=f"arn:aws:rds:us-west-2:123456789012:{resource}")
    assert refused.value.response["Error"]["Code"] == code


def test_a_log_group_is_found_by_its_type(sandbox: Any) -> None:
    sandbox.client("logs").create_log_group(logGroupName="/aws/lambda/notifier", tags={"stage": "dev"})
    tagging = sandbox.client("resourcegroupstaggingapi")
    found = tagging.get_resources(ResourceTypeFilters=["logs:log-group"])["ResourceTagMappingList"]
    assert [resource["ResourceARN"].split(":", 6)[-1] for resource in found] == ["/aws/lambda/notifier"]


def test_a_tagged_rule_is_listed_until_it_is_deleted(sandbox: Any) -> None:
    events, tagging = sandbox.client("events"), sandbox.client("resourcegroupstaggingapi")
    arn = events.put_rule(Name="backup", EventPattern='{"source": ["aws.backup"]}')["RuleArn"]
    tagging.tag_resources(ResourceARNList=[arn], Tags={"stage": "dev"})
    filters = {"TagFilters": [{"Key": "stage", "Values": ["dev"]}], "ResourceTypeFilters": ["events:rule"]}
    assert [found["ResourceARN"] for found in tagging.get_resources(**filters)["ResourceTagMappingList"]] == [arn]
    events.delete_rule(Name="backup")
    assert tagging.get_resources(**filters)["ResourceTagMappingList"] == []


def test_the_name_of_a_deleted_queue_is_free_after_a_while(sandbox: Any) -> None:
    sandbox.settings(time_scale=0.001)
    sqs = sandbox.client("sqs")
    url = sqs.create_queue(QueueName="letters")["QueueUrl"]
    sqs.delete_queue(QueueUrl=url)
    with pytest.raises(ClientError) as error:
        sqs.create_queue(QueueName="letters")
    assert error.value.response["Error"]["Code"] == "AWS.SimpleQueueService.QueueDeletedRecently"
    sqs.create_queue(QueueName="other-letters")
    sandbox.settings(time_scale=1_000_000_000.0)
    assert sqs.create_queue(QueueName="letters")["QueueUrl"] == url


def test_a_reset_frees_the_names_of_deleted_queues(sandbox: Any) -> None:
    sandbox.settings(time_scale=0.001)
    sqs = sandbox.client("sqs")
    sqs.delete_queue(QueueUrl=sqs.create_queue(QueueName="letters")["QueueUrl"])
    sandbox.control("POST", "/reset")
    assert sqs.create_queue(QueueName="letters")["QueueUrl"]


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("ec2", "describe_vpcs", "SignatureDoesNotMatch"),
        ("sts", "get_caller_identity", "SignatureDoesNotMatch"),
        ("s3", "list_buckets", "SignatureDoesNotMatch"),
        ("kms", "list_keys", "InvalidSignatureException"),
        ("backup", "list_backup_vaults", "InvalidSignatureException"),
        ("resourcegroupstaggingapi", "get_resources", "InvalidSignatureException"),
    ],
)
def test_an_unknown_region_is_one_clear_error_in_every_protocol(sandbox: Any, service: str, operation: str, code: str) -> None:
    with pytest.raises(ClientError, match="not 'us-wast-2'") as error:
        getattr(sandbox.client(service, "us-wast-2"), operation)()
    assert error.value.response["Error"]["Code"] == code
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


@pytest.mark.parametrize("region", ["mx-central-1", "ap-southeast-7", "cn-northwest-1", "us-gov-west-1"])
def test_young_regions_and_other_partitions_are_known(sandbox: Any, region: str) -> None:
    assert sandbox.client("kms", region).list_keys()["Keys"] == []


def test_a_role_that_exists_is_assumed(sandbox: Any) -> None:
    role = sandbox.client("iam").create_role(RoleName="deployer", AssumeRolePolicyDocument="{}")["Role"]
    assumed = sandbox.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="tests")
    assert assumed["AssumedRoleUser"]["Arn"] == "arn:aws:sts::123456789012:assumed-role/deployer/tests"


@pytest.mark.parametrize("account", ["123456789012", "210987654321"])
def test_a_role_that_does_not_exist_cannot_be_assumed(sandbox: Any, account: str) -> None:
    arn = f"arn:aws:iam::{account}:role/nobody"
    with pytest.raises(ClientError) as refusal:
        sandbox.client("sts").assume_role(RoleArn=arn, RoleSessionName="tests")
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert refusal.value.response["Error"]["Code"] == "AccessDenied"
    assert refusal.value.response["Error"]["Message"].startswith("User: arn:aws:sts::123456789012:")
    assert refusal.value.response["Error"]["Message"].endswith(f" is not authorized to perform: sts:AssumeRole on resource: {arn}")


def test_what_is_no_role_cannot_be_assumed(sandbox: Any) -> None:
    with pytest.raises(ClientError) as refusal:
        sandbox.client("sts").assume_role(RoleArn="arn:aws:iam::123456789012:user/alice", RoleSessionName="tests")
    assert refusal.value.response["Error"]["Code"] == "ValidationError"
    assert refusal.value.response["Error"]["Message"] == "arn:aws:iam::123456789012:user/alice is invalid"
