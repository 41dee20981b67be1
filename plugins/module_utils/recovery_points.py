# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recovery points: one function per API call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.amazon.aws.plugins.module_utils.transformation import boto3_resource_to_ansible_dict
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.client import BaseClient

STATUSES = ["COMPLETED", "PARTIAL", "DELETING", "EXPIRED", "AVAILABLE", "STOPPED", "CREATING"]
LARGEST_PAGE = 1000
NOT_TAGGED_BY_BACKUP = (
    "AccessDeniedException",
    "InvalidParameterValueException",
    "InvalidRequestException",
    "ResourceNotFoundException",
    "ValidationException",
)
"""What ListTags may answer for the ARN of another service."""

RECOVERY_POINT_FILTERS = {
    "resource_arn": "ByResourceArn",
    "resource_type": "ByResourceType",
    "backup_plan_id": "ByBackupPlanId",
    "created_before": "ByCreatedBefore",
    "created_after": "ByCreatedAfter",
    "parent_recovery_point_arn": "ByParentRecoveryPointArn",
}


@aws_call("describe the recovery point {recovery_point_arn} in the vault {backup_vault_name}", missing=None)
def describe_recovery_point(client: BaseClient, backup_vault_name: str, recovery_point_arn: str) -> dict[str, Any] | None:
    """The recovery point as AWS describes it; None when the vault or the point does not exist."""
    point = client.describe_recovery_point(BackupVaultName=backup_vault_name, RecoveryPointArn=recovery_point_arn)
    point.pop("ResponseMetadata", None)
    return point


@aws_call("delete the recovery point {recovery_point_arn} of the vault {backup_vault_name}", missing=None)
def delete_recovery_point(client: BaseClient, backup_vault_name: str, recovery_point_arn: str) -> None:
    """Ask AWS to delete a recovery point, which it does later, if it can. That it does not exist (any more) is no error."""
    client.delete_recovery_point(BackupVaultName=backup_vault_name, RecoveryPointArn=recovery_point_arn)


@aws_call("disassociate the recovery point {recovery_point_arn} of the vault {backup_vault_name}", missing=None)
def disassociate_recovery_point(client: BaseClient, backup_vault_name: str, recovery_point_arn: str) -> None:
    """Ask AWS to leave a continuous backup to the service it is of. That it does not exist (any more) is no error."""
    client.disassociate_recovery_point(BackupVaultName=backup_vault_name, RecoveryPointArn=recovery_point_arn)


@aws_call("take the recovery point {recovery_point_arn} of the vault {backup_vault_name} out of its composite one", missing=None)
def disassociate_recovery_point_from_parent(client: BaseClient, backup_vault_name: str, recovery_point_arn: str) -> None:
    """Take a nested recovery point out of its composite one. That it does not exist (any more) is no error."""
    client.disassociate_recovery_point_from_parent(BackupVaultName=backup_vault_name, RecoveryPointArn=recovery_point_arn)


@aws_call("change the lifecycle of the recovery point {recovery_point_arn} of the vault {backup_vault_name}")
def update_recovery_point_lifecycle(client: BaseClient, backup_vault_name: str, recovery_point_arn: str, lifecycle: dict[str, Any]) -> None:
    """Set a recovery point's lifecycle, as AWS names its members; those that are left out are cleared."""
    client.update_recovery_point_lifecycle(BackupVaultName=backup_vault_name, RecoveryPointArn=recovery_point_arn, Lifecycle=lifecycle)


@aws_call("tag the recovery point {recovery_point_arn}")
def tag_recovery_point(client: BaseClient, recovery_point_arn: str, tags: dict[str, str]) -> None:
    """Add tags to a recovery point, or change them."""
    client.tag_resource(ResourceArn=recovery_point_arn, Tags=tags)


@aws_call("remove tags of the recovery point {recovery_point_arn}")
def untag_recovery_point(client: BaseClient, recovery_point_arn: str, keys: list[str]) -> None:
    """Remove the tags with these keys from a recovery point."""
    client.untag_resource(ResourceArn=recovery_point_arn, TagKeyList=keys)


@aws_call("list the recovery points of the vault {backup_vault_name}", missing=[])
def list_recovery_points_by_backup_vault(client: BaseClient, backup_vault_name: str, **filters: Any) -> list[dict[str, Any]]:
    """All recovery points of a vault that match every filter; none when the vault does not exist.

    Args:
        filters: the names in RECOVERY_POINT_FILTERS; None means that there is no such filter.
    """
    parameters = {RECOVERY_POINT_FILTERS[name]: value for name, value in filters.items() if value is not None}
    pages = client.get_paginator("list_recovery_points_by_backup_vault").paginate(BackupVaultName=backup_vault_name, **parameters)
    return pages.build_full_result()["RecoveryPoints"]


@aws_call("list the recovery points of the resource {resource_arn}", missing=[])
def list_recovery_points_by_resource(client: BaseClient, resource_arn: str) -> list[dict[str, Any]]:
    """All recovery points of a resource, in whatever vault, with fewer fields; none when it has never been backed up."""
    return client.get_paginator("list_recovery_points_by_resource").paginate(ResourceArn=resource_arn).build_full_result()["RecoveryPoints"]


def find_recovery_points(
    client: BaseClient, backup_vault_name: str | None, recovery_point_arn: str | None, **filters: Any
) -> list[dict[str, Any]]:
    """One recovery point of a vault, all of a vault that match every filter, or, with no vault, all of the resource filters names."""
    if backup_vault_name is None:
        return list_recovery_points_by_resource(client, filters["resource_arn"])
    if recovery_point_arn is None:
        return list_recovery_points_by_backup_vault(client, backup_vault_name, **filters)
    point = describe_recovery_point(client, backup_vault_name, recovery_point_arn)
    return [] if point is None else [point]


@aws_call("list the recovery points of the vault {backup_vault_name}", missing={"RecoveryPoints": []})
def list_recovery_points_page(client: BaseClient, backup_vault_name: str, token: str | None = None) -> dict[str, Any]:
    """One page of a vault's recovery points, as large as AWS makes it, as RecoveryPoints; with NextToken when there are more.

    Args:
        token: the NextToken of the page before; None for the first page.
    """
    position = {} if token is None else {"NextToken": token}
    return client.list_recovery_points_by_backup_vault(BackupVaultName=backup_vault_name, MaxResults=LARGEST_PAGE, **position)


@aws_call("list the tags of {resource_arn}", missing={})
def list_tags(client: BaseClient, resource_arn: str) -> dict[str, str]:
    """The tags of a recovery point, vault or plan; none when it does not exist."""
    return _read_tags(client, resource_arn)


@aws_call("list the tags of {recovery_point_arn}", missing=None, missing_codes=NOT_TAGGED_BY_BACKUP)
def list_foreign_tags(client: BaseClient, recovery_point_arn: str) -> dict[str, str] | None:
    """The tags of a recovery point that belongs to another service, such as an AMI; None when AWS Backup does not give them."""
    return _read_tags(client, recovery_point_arn)


def list_recovery_point_tags(client: BaseClient, recovery_point_arn: str) -> dict[str, str] | None:
    """The tags of a recovery point; None when it belongs to another service and AWS Backup does not give them.

    Raises:
        AnsibleBackupError: AWS Backup does not give the tags of a recovery point of its own, or the call failed.
    """
    service = recovery_point_arn.split(":", 3)[2:3]
    return list_tags(client, recovery_point_arn) if service == ["backup"] else list_foreign_tags(client, recovery_point_arn)


def _read_tags(client: BaseClient, resource_arn: str) -> dict[str, str]:
    """All pages of tags: botocore has no paginator for this call."""
    tags: dict[str, str] = {}
    position: dict[str, str] = {}
    while True:
        page = client.list_tags(ResourceArn=resource_arn, **position)
        tags.update(page.get("Tags", {}))
        if not page.get("NextToken"):
            return tags
        position = {"NextToken": page["NextToken"]}


def is_continuous(point: Mapping[str, Any]) -> bool:
    """Whether a recovery point (as AWS describes it) is a continuous backup, which AWS says in its ARN or by its status only."""
    by_status = point["Status"] in ("AVAILABLE", "STOPPED") and not point.get("IsParent")
    return ":recovery-point:continuous:" in point["RecoveryPointArn"] or by_status


def unknown_tags_warning(points: list[dict[str, Any]]) -> str | None:
    """How many recovery points (with their Tags) AWS Backup gave no tags of; None when there are none."""
    unknown = [point["RecoveryPointArn"] for point in points if point["Tags"] is None]
    if not unknown:
        return None
    return (
        f"AWS Backup refuses to list the tags of {len(unknown)} of {len(points)} recovery points, which belong to another service"
        f" (the first is {unknown[0]}): their tags are null. Read them from that service"
    )


def to_result(point: dict[str, Any]) -> dict[str, Any]:
    """A recovery point as modules return it: snake_case keys and ISO 8601 times; tags as they are."""
    return boto3_resource_to_ansible_dict(point, transform_tags=False, force_tags=False, ignore_list=["Tags"])
