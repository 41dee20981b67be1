# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a stage is still there under its names, under the path of its IAM roles, or with its tags."""

from __future__ import annotations

from typing import Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory, Leftover, Stage, type_of
from ansible_collections.proven.aws_backup.plugins.module_utils.resource_tags import read_tags
from ansible_collections.proven.aws_backup.plugins.module_utils.tagged_resources import (
    Resource,
    describe_key,
    ending_keys,
    get_resources,
    split_pending_deletion,
)

ANSWERED_BY_READ_TAGS = frozenset(
    {
        "backup:backup-vault",
        "cloudwatch:alarm",
        "dynamodb:table",
        "ec2:volume",
        "elasticfilesystem:file-system",
        "events:rule",
        "lambda:function",
        "logs:log-group",
        "rds:cluster",
        "rds:db",
        "rds:subgrp",
        "s3:bucket",
        "sns:topic",
        "sqs:queue",
        "ssm:parameter",
    }
)


def find_named(client: ClientFactory, stage: Stage, resource_arn: str) -> list[Leftover]:
    """The resource with this ARN; for the alias of a KMS key, the key."""
    if type_of(resource_arn) == "kms:alias":
        return _find_key(client, resource_arn)
    tags = read_tags(client, resource_arn)
    if tags is None:
        return []
    ours = stage.tags.items() <= tags.items()
    return [Leftover(resource_arn, "has a name of the stage" if ours else "has a name of the stage, but not its tags")]


def find_tagged(client: ClientFactory, stage: Stage) -> list[Leftover]:
    """What the tagging API lists, without what its own service no longer knows: that API lags behind."""
    staying, ending = split_pending_deletion(get_resources(client("resourcegroupstaggingapi"), stage.tags), client)
    left = [Leftover(resource["resource_arn"], "carries the stage's tags") for resource in staying if not _is_gone(client, resource)]
    return left + [_ending(resource) for resource in ending]


def find_roles(client: ClientFactory, stage: Stage) -> list[Leftover]:
    """The IAM roles below the stage's path."""
    roles = _list_roles(client("iam"), stage.iam_path_prefix)
    return [Leftover(role["Arn"], f"is below the IAM path {stage.iam_path_prefix}") for role in roles]


def _find_key(client: ClientFactory, alias_arn: str) -> list[Leftover]:
    key = describe_key(client("kms"), alias_arn)
    if key is None:
        return []
    resource = {"resource_arn": key["Arn"]}
    state = ending_keys([resource], client).get(key["Arn"])
    return [_ending({**resource, **state}) if state else Leftover(key["Arn"], f"is the key of {alias_arn}")]


def _ending(resource: Resource) -> Leftover:
    date = resource.get("deletion_date")
    return Leftover(resource["resource_arn"], f"is {resource['state']}", known_cost="nothing", is_ending=True, deletion_date=date)


def _is_gone(client: ClientFactory, resource: Resource) -> bool:
    arn = resource["resource_arn"]
    if type_of(arn) not in ANSWERED_BY_READ_TAGS:
        return False
    try:
        return read_tags(client, arn) is None
    except AnsibleBackupError:  # Somebody's with our tags, of which we may not ask more.
        return False


@aws_call("list the IAM roles below {path_prefix}")
def _list_roles(client: Any, path_prefix: str) -> list[dict[str, Any]]:
    return client.get_paginator("list_roles").paginate(PathPrefix=path_prefix).build_full_result()["Roles"]
