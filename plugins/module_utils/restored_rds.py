# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restored RDS instances, and Aurora clusters."""

from __future__ import annotations

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.tagging import ansible_dict_to_boto3_tag_list
from ansible_collections.proven.aws_backup.plugins.module_utils.canary import NAME
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory
from ansible_collections.proven.aws_backup.plugins.module_utils.resource_tags import read_tags
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_facts import Facts, facts, name_in

GONE = ("DBInstanceNotFound", "DBInstanceNotFoundFault", "DBClusterNotFoundFault")
FAILED = (
    "failed",
    "inaccessible-encryption-credentials",
    "inaccessible-encryption-credentials-recoverable",
    "incompatible-create",
    "incompatible-credentials",
    "incompatible-network",
    "incompatible-option-group",
    "incompatible-parameters",
    "incompatible-restore",
    "insufficient-capacity",
    "restore-error",
    "storage-full",
)


def read_instance(client: ClientFactory, resource_arn: str) -> Facts | None:
    """A database instance; None when it is deleted or on its way."""
    instance = _describe_instance(client("rds"), name_in(resource_arn))
    if instance is None or instance["DBInstanceStatus"] == "deleting":
        return None
    return facts(
        instance["DBInstanceIdentifier"],
        instance["DBInstanceStatus"],
        "available",
        FAILED,
        read_tags(client, resource_arn) or {},
        engine=instance["Engine"],
        engine_version=instance.get("EngineVersion"),
        size_gib=instance.get("AllocatedStorage"),
        encrypted=bool(instance.get("StorageEncrypted")),
        is_public=bool(instance.get("PubliclyAccessible")),
        security_group_ids=sorted(group["VpcSecurityGroupId"] for group in instance.get("VpcSecurityGroups", [])),
    )


def read_cluster(client: ClientFactory, resource_arn: str) -> Facts | None:
    """A cluster; None when it is deleted or on its way."""
    cluster = _describe_cluster(client("rds"), name_in(resource_arn))
    if cluster is None or cluster["Status"] == "deleting":
        return None
    return facts(
        cluster["DBClusterIdentifier"],
        cluster["Status"],
        "available",
        FAILED,
        read_tags(client, resource_arn) or {},
        engine=cluster["Engine"],
        engine_version=cluster.get("EngineVersion"),
        encrypted=bool(cluster.get("StorageEncrypted")),
        security_group_ids=sorted(group["VpcSecurityGroupId"] for group in cluster.get("VpcSecurityGroups", [])),
    )


def tag(client: ClientFactory, resource_arn: str, tags: dict[str, str]) -> None:
    """Set tags on an instance or a cluster."""
    _add_tags(client("rds"), resource_arn, tags)


def delete_instance(client: ClientFactory, resource_arn: str) -> None:
    """Delete an instance, without a last snapshot and without its automated backups."""
    rds, identifier = client("rds"), name_in(resource_arn)
    instance = _describe_instance(rds, identifier)
    if instance is not None and instance.get("DeletionProtection"):
        _unprotect_instance(rds, identifier)
    _delete_instance(rds, identifier)


def delete_cluster(client: ClientFactory, resource_arn: str) -> None:
    """Delete a cluster and its instances, without a last snapshot."""
    rds, identifier = client("rds"), name_in(resource_arn)
    cluster = _describe_cluster(rds, identifier)
    if cluster is None:
        return
    if cluster.get("DeletionProtection"):
        _unprotect_cluster(rds, identifier)
    for member in cluster.get("DBClusterMembers", []):
        _delete_member(rds, member["DBInstanceIdentifier"])
    _delete_cluster(rds, identifier)


def _delete_member(rds: Any, identifier: str) -> None:
    """Of one that is on its way already, RDS refuses to delete it once more."""
    instance = _describe_instance(rds, identifier)
    if instance is not None and instance["DBInstanceStatus"] != "deleting":
        _delete_instance(rds, identifier)


def list_instances(client: ClientFactory, prefix: str) -> list[str]:
    """The ARNs of the instances whose names begin so, those of clusters left out."""
    return [
        each["DBInstanceArn"]
        for each in _list_instances(client("rds"))
        if each["DBInstanceIdentifier"].startswith(prefix) and not each.get("DBClusterIdentifier")
    ]


def list_clusters(client: ClientFactory, prefix: str) -> list[str]:
    """The ARNs of the clusters whose names begin so."""
    return [each["DBClusterArn"] for each in _list_clusters(client("rds")) if each["DBClusterIdentifier"].startswith(prefix)]


def read_canary(client: ClientFactory, resource_arn: str) -> str | None:
    """The value of the marker's tag."""
    return (read_tags(client, resource_arn) or {}).get(NAME)


def write_canary(client: ClientFactory, resource_arn: str, marker: str) -> None:
    """Tag an instance or a cluster with the marker."""
    _add_tags(client("rds"), resource_arn, {NAME: marker})


@aws_call("describe the database {identifier}", missing=None, missing_codes=GONE)
def _describe_instance(client: Any, identifier: str) -> dict[str, Any] | None:
    return client.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"][0]


@aws_call("describe the cluster {identifier}", missing=None, missing_codes=GONE)
def _describe_cluster(client: Any, identifier: str) -> dict[str, Any] | None:
    return client.describe_db_clusters(DBClusterIdentifier=identifier)["DBClusters"][0]


@aws_call("list the databases")
def _list_instances(client: Any) -> list[dict[str, Any]]:
    return client.get_paginator("describe_db_instances").paginate().build_full_result()["DBInstances"]


@aws_call("list the clusters")
def _list_clusters(client: Any) -> list[dict[str, Any]]:
    return client.get_paginator("describe_db_clusters").paginate().build_full_result()["DBClusters"]


@aws_call("tag {resource_arn}")
def _add_tags(client: Any, resource_arn: str, tags: dict[str, str]) -> None:
    client.add_tags_to_resource(ResourceName=resource_arn, Tags=ansible_dict_to_boto3_tag_list(tags))


@aws_call("take the deletion protection from the database {identifier}")
def _unprotect_instance(client: Any, identifier: str) -> None:
    client.modify_db_instance(DBInstanceIdentifier=identifier, DeletionProtection=False, ApplyImmediately=True)


@aws_call("take the deletion protection from the cluster {identifier}")
def _unprotect_cluster(client: Any, identifier: str) -> None:
    client.modify_db_cluster(DBClusterIdentifier=identifier, DeletionProtection=False, ApplyImmediately=True)


@aws_call("delete the database {identifier}", missing=None, missing_codes=GONE)
def _delete_instance(client: Any, identifier: str) -> None:
    client.delete_db_instance(DBInstanceIdentifier=identifier, SkipFinalSnapshot=True, DeleteAutomatedBackups=True)


@aws_call("delete the cluster {identifier}", missing=None, missing_codes=GONE)
def _delete_cluster(client: Any, identifier: str) -> None:
    client.delete_db_cluster(DBClusterIdentifier=identifier, SkipFinalSnapshot=True)
