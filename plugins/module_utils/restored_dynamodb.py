# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restored DynamoDB tables."""

from __future__ import annotations

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.tagging import ansible_dict_to_boto3_tag_list
from ansible_collections.proven.aws_backup.plugins.module_utils.canary import NAME
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory
from ansible_collections.proven.aws_backup.plugins.module_utils.resource_tags import read_tags
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_facts import Facts, facts, name_in

GONE = ("ResourceNotFoundException", "TableNotFoundException")
KEYS = {"S": NAME, "N": "90071992547409", "B": NAME.encode()}
"""The key of the marker's item, by the type of the key."""
ATTRIBUTE = "proven_aws_backup_marker"


def read(client: ClientFactory, resource_arn: str) -> Facts | None:
    """A table; None when it is deleted or on its way."""
    table = _describe(client("dynamodb"), name_in(resource_arn))
    if table is None or table["TableStatus"] == "DELETING":
        return None
    return facts(
        table["TableName"],
        table["TableStatus"],
        "ACTIVE",
        ("INACCESSIBLE_ENCRYPTION_CREDENTIALS", "ARCHIVED"),
        read_tags(client, resource_arn) or {},
        key_schema=[{"name": key["AttributeName"], "type": key["KeyType"]} for key in table["KeySchema"]],
        encrypted=table.get("SSEDescription", {}).get("SSEType", "AWS_OWNED"),
        size_bytes=table.get("TableSizeBytes"),
    )


def tag(client: ClientFactory, resource_arn: str, tags: dict[str, str]) -> None:
    """Set tags on a table."""
    _tag(client("dynamodb"), resource_arn, tags)


def delete(client: ClientFactory, resource_arn: str) -> None:
    """Delete a table."""
    dynamodb, name = client("dynamodb"), name_in(resource_arn)
    table = _describe(dynamodb, name)
    if table is None or table["TableStatus"] == "DELETING":
        return
    if table.get("DeletionProtectionEnabled"):
        _unprotect(dynamodb, name)
    _delete(dynamodb, name)


def list_named(client: ClientFactory, prefix: str) -> list[str]:
    """The ARNs of the tables whose names begin so."""
    dynamodb = client("dynamodb")
    tables = [_describe(dynamodb, name) for name in _list(dynamodb) if name.startswith(prefix)]
    return [table["TableArn"] for table in tables if table]


def read_canary(client: ClientFactory, resource_arn: str) -> str | None:
    """The marker in its item."""
    dynamodb, name = client("dynamodb"), name_in(resource_arn)
    item = _get_item(dynamodb, name, _key(dynamodb, name))
    return item[ATTRIBUTE]["S"] if ATTRIBUTE in item else None


def write_canary(client: ClientFactory, resource_arn: str, marker: str) -> None:
    """Put an item with the marker into a table."""
    dynamodb, name = client("dynamodb"), name_in(resource_arn)
    _put_item(dynamodb, name, {**_key(dynamodb, name), ATTRIBUTE: {"S": marker}})


def _key(client: Any, table_name: str) -> dict[str, Any]:
    table = _describe_existing(client, table_name)
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    names = [each["AttributeName"] for each in table["KeySchema"]]
    return {name: {types[name]: KEYS[types[name]]} for name in names}


@aws_call("describe the table {table_name}", missing=None, missing_codes=GONE)
def _describe(client: Any, table_name: str) -> dict[str, Any] | None:
    return client.describe_table(TableName=table_name)["Table"]


@aws_call("describe the table {table_name}")
def _describe_existing(client: Any, table_name: str) -> dict[str, Any]:
    return client.describe_table(TableName=table_name)["Table"]


@aws_call("list the tables")
def _list(client: Any) -> list[str]:
    return client.get_paginator("list_tables").paginate().build_full_result()["TableNames"]


@aws_call("tag {resource_arn}")
def _tag(client: Any, resource_arn: str, tags: dict[str, str]) -> None:
    client.tag_resource(ResourceArn=resource_arn, Tags=ansible_dict_to_boto3_tag_list(tags))


@aws_call("read the marker in the table {table_name}")
def _get_item(client: Any, table_name: str, key: dict[str, Any]) -> dict[str, Any]:
    return client.get_item(TableName=table_name, Key=key, ConsistentRead=True).get("Item", {})


@aws_call("put the marker into the table {table_name}")
def _put_item(client: Any, table_name: str, item: dict[str, Any]) -> None:
    client.put_item(TableName=table_name, Item=item)


@aws_call("take the deletion protection from the table {table_name}")
def _unprotect(client: Any, table_name: str) -> None:
    client.update_table(TableName=table_name, DeletionProtectionEnabled=False)


@aws_call("delete the table {table_name}", missing=None, missing_codes=GONE)
def _delete(client: Any, table_name: str) -> None:
    client.delete_table(TableName=table_name)
