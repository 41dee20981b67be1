# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tags of a resource, as its own service knows them at this moment; the tagging API lags behind and omits what has no tags."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, aws_call, error_code
from ansible_collections.proven.aws_backup.plugins.module_utils.vaults import find_backup_vault

with contextlib.suppress(ImportError):  # AnsibleAWSModule reports the missing library.
    from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from botocore.client import BaseClient

Tags = dict[str, str]
ClientFactory = Callable[[str], Any]

GONE = (
    "ResourceNotFoundException",
    "ResourceNotFound",
    "NotFound",
    "NotFoundException",
    "InvalidResourceId",
    "AWS.SimpleQueueService.NonExistentQueue",
    "QueueDoesNotExist",
    "DBInstanceNotFound",
    "DBClusterNotFoundFault",
    "DBSubnetGroupNotFoundFault",
    "FileSystemNotFound",
    "NoSuchBucket",
    "InvalidInstanceID.NotFound",
    "InvalidInstanceID.Malformed",
    "InvalidVolume.NotFound",
    "InvalidVolumeID.Malformed",
)

CLIENTS = {"elasticfilesystem": "efs"}
"""The names that boto3 gives to services whose ARNs name them otherwise."""

GONE_INSTANCE_STATES = ("shutting-down", "terminated")


def read_tags(client: ClientFactory, resource_arn: str) -> Tags | None:
    """The tags of a resource; None when it does not exist.

    Args:
        client: gives the boto3 client of a service.
        resource_arn: of one of the services in READERS.

    Raises:
        AnsibleBackupError: the service is not known here, or the tags cannot be read.
    """
    service = resource_arn.split(":")[2]
    if service not in READERS:
        raise AnsibleBackupError(
            message=f"resource_arns: the tags of {resource_arn} cannot be read; known are {', '.join(sorted(READERS))}"
        )
    return READERS[service](client(CLIENTS.get(service, service)), resource_arn)


def _vault_tags(client: BaseClient, resource_arn: str) -> Tags | None:
    if find_backup_vault(client, _name(resource_arn)) is None:
        return None
    return _backup_tags(client, resource_arn)


@aws_call("read the tags of {resource_arn}", missing=None, missing_codes=GONE)
def _backup_tags(client: BaseClient, resource_arn: str) -> Tags | None:
    return client.list_tags(ResourceArn=resource_arn).get("Tags", {})


@aws_call("read the tags of {resource_arn}", missing=None, missing_codes=GONE)
def _rule_or_alarm_tags(client: BaseClient, resource_arn: str) -> Tags | None:
    return boto3_tag_list_to_ansible_dict(client.list_tags_for_resource(ResourceARN=resource_arn)["Tags"])


@aws_call("read the tags of {resource_arn}", missing=None, missing_codes=GONE)
def _table_tags(client: BaseClient, resource_arn: str) -> Tags | None:
    pages = client.get_paginator("list_tags_of_resource").paginate(ResourceArn=resource_arn)
    return boto3_tag_list_to_ansible_dict(pages.build_full_result()["Tags"])


@aws_call("read the tags of {resource_arn}", missing=None, missing_codes=GONE)
def _key_tags(client: BaseClient, resource_arn: str) -> Tags | None:
    """The tags of a key, or of the key that an alias stands for."""
    key_id = client.describe_key(KeyId=resource_arn)["KeyMetadata"]["KeyId"]
    tags = client.get_paginator("list_resource_tags").paginate(KeyId=key_id).build_full_result()["Tags"]
    return boto3_tag_list_to_ansible_dict(tags, tag_name_key_name="TagKey", tag_value_key_name="TagValue")


@aws_call("read the tags of {resource_arn}", missing=None, missing_codes=GONE)
def _function_tags(client: BaseClient, resource_arn: str) -> Tags | None:
    return client.list_tags(Resource=resource_arn).get("Tags", {})


@aws_call("read the tags of {resource_arn}", missing=None, missing_codes=GONE)
def _log_group_tags(client: BaseClient, resource_arn: str) -> Tags | None:
    return client.list_tags_for_resource(resourceArn=resource_arn)["tags"]


@aws_call("read the tags of {resource_arn}", missing=None, missing_codes=GONE)
def _topic_tags(client: BaseClient, resource_arn: str) -> Tags | None:
    return boto3_tag_list_to_ansible_dict(client.list_tags_for_resource(ResourceArn=resource_arn)["Tags"])


@aws_call("read the tags of {resource_arn}", missing=None, missing_codes=GONE)
def _queue_tags(client: BaseClient, resource_arn: str) -> Tags | None:
    url = client.get_queue_url(QueueName=_name(resource_arn))["QueueUrl"]
    return client.list_queue_tags(QueueUrl=url).get("Tags", {})


@aws_call("read the tags of {resource_arn}", missing=None, missing_codes=GONE)
def _parameter_tags(client: BaseClient, resource_arn: str) -> Tags | None:
    name = resource_arn.split(":parameter", 1)[1]
    # The ARN of a parameter without a path has a slash that its name has not.
    name = name if name.count("/") > 1 else name.lstrip("/")
    return boto3_tag_list_to_ansible_dict(client.list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"])


def _ec2_tags(client: BaseClient, resource_arn: str) -> Tags | None:
    """The tags of an instance that is not terminated, or of a volume.

    Raises:
        AnsibleBackupError: it is neither, or the call failed.
    """
    kind, _slash, identifier = _name(resource_arn).partition("/")
    if kind == "instance":
        found = [each for each in _instances(client, identifier) if each["State"]["Name"] not in GONE_INSTANCE_STATES]
    elif kind == "volume":
        found = _volumes(client, identifier)
    else:
        raise AnsibleBackupError(message=f"resource_arns: of EC2, the tags of instances and volumes are read, not those of {resource_arn}")
    return boto3_tag_list_to_ansible_dict(found[0].get("Tags", [])) if found else None


@aws_call("read the tags of the instance {instance_id}", missing=[], missing_codes=GONE)
def _instances(client: BaseClient, instance_id: str) -> list[dict[str, Any]]:
    reservations = client.describe_instances(InstanceIds=[instance_id])["Reservations"]
    return [instance for reservation in reservations for instance in reservation["Instances"]]


@aws_call("read the tags of the volume {volume_id}", missing=[], missing_codes=GONE)
def _volumes(client: BaseClient, volume_id: str) -> list[dict[str, Any]]:
    return client.describe_volumes(VolumeIds=[volume_id])["Volumes"]


@aws_call("read the tags of {resource_arn}", missing=None, missing_codes=GONE)
def _database_tags(client: BaseClient, resource_arn: str) -> Tags | None:
    return boto3_tag_list_to_ansible_dict(client.list_tags_for_resource(ResourceName=resource_arn)["TagList"])


@aws_call("read the tags of {resource_arn}", missing=None, missing_codes=GONE)
def _file_system_tags(client: BaseClient, resource_arn: str) -> Tags | None:
    identifier = _name(resource_arn).removeprefix("file-system/")
    # One page holds 100 tags, which is more than a file system can have.
    return boto3_tag_list_to_ansible_dict(client.list_tags_for_resource(ResourceId=identifier, MaxResults=100)["Tags"])


def _bucket_tags(client: BaseClient, resource_arn: str) -> Tags | None:
    """The tags of a bucket; S3 answers one without tags with an error of its own."""
    tags = _read_bucket_tags(client, resource_arn)
    return tags if tags is None else boto3_tag_list_to_ansible_dict(tags)


@aws_call("read the tags of {resource_arn}", missing=None, missing_codes=GONE)
def _read_bucket_tags(client: BaseClient, resource_arn: str) -> list[dict[str, str]] | None:
    try:
        return client.get_bucket_tagging(Bucket=_name(resource_arn))["TagSet"]
    except ClientError as error:
        if error_code(error) == "NoSuchTagSet":
            return []
        raise


def _name(resource_arn: str) -> str:
    return resource_arn.rsplit(":", 1)[-1]


READERS: dict[str, Callable[[Any, str], Tags | None]] = {
    "backup": _vault_tags,
    "cloudwatch": _rule_or_alarm_tags,
    "dynamodb": _table_tags,
    "ec2": _ec2_tags,
    "elasticfilesystem": _file_system_tags,
    "events": _rule_or_alarm_tags,
    "kms": _key_tags,
    "lambda": _function_tags,
    "logs": _log_group_tags,
    "rds": _database_tags,
    "s3": _bucket_tags,
    "sns": _topic_tags,
    "sqs": _queue_tags,
    "ssm": _parameter_tags,
}
