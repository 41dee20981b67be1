# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a vault tells an SNS topic: the API calls, the events there are, and which of them deliver nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, aws_call, error_code
from ansible_collections.proven.aws_backup.plugins.module_utils.vaults import find_backup_vault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from botocore.client import BaseClient

EVENTS = frozenset(
    {
        "ACCESS_POINT_AVAILABLE",
        "ACCESS_POINT_CREATION_FAILED",
        "ACCESS_POINT_DELETED",
        "ACCESS_POINT_DELETION_FAILED",
        "ACCESS_POINT_DISASSOCIATED",
        "ACCESS_POINT_EXPIRED",
        "BACKUP_JOB_COMPLETED",
        "BACKUP_JOB_STARTED",
        "CONTINUOUS_BACKUP_INTERRUPTED",
        "COPY_JOB_FAILED",
        "COPY_JOB_STARTED",
        "COPY_JOB_SUCCESSFUL",
        "EKS_BACKUP_OBJECT_FAILED",
        "EKS_RESTORE_MODIFICATION_FAILED",
        "EKS_RESTORE_MODIFICATION_SUCCESS",
        "EKS_RESTORE_OBJECT_FAILED",
        "EKS_RESTORE_OBJECT_SKIPPED",
        "RECOVERY_POINT_INDEXING_FAILED",
        "RECOVERY_POINT_INDEX_COMPLETED",
        "RECOVERY_POINT_INDEX_DELETED",
        "RECOVERY_POINT_MODIFIED",
        "RESTORE_JOB_COMPLETED",
        "RESTORE_JOB_STARTED",
        "S3_BACKUP_OBJECT_FAILED",
        "S3_RESTORE_OBJECT_FAILED",
    }
)

EVERY_BACKUP_END = "BACKUP_JOB_COMPLETED, which is sent for every end of a backup job (its attribute State tells which)"
EVERY_RESTORE_END = "RESTORE_JOB_COMPLETED, which is sent for every end of a restore job"
PLAN_EVENTS = "an EventBridge rule for 'Backup Plan State Change'"
DEPRECATED_EVENTS = {
    "BACKUP_JOB_SUCCESSFUL": EVERY_BACKUP_END,
    "BACKUP_JOB_FAILED": EVERY_BACKUP_END,
    "BACKUP_JOB_EXPIRED": EVERY_BACKUP_END,
    "RESTORE_JOB_SUCCESSFUL": EVERY_RESTORE_END,
    "RESTORE_JOB_FAILED": EVERY_RESTORE_END,
    "BACKUP_PLAN_CREATED": PLAN_EVENTS,
    "BACKUP_PLAN_MODIFIED": PLAN_EVENTS,
}
"""Events that AWS accepts and never sends, and what to use in their place."""

TOPIC_ARN = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?")


@aws_call("read the notifications of the vault {backup_vault_name}", missing=None)
def get_backup_vault_notifications(client: BaseClient, backup_vault_name: str) -> dict[str, Any] | None:
    """SNSTopicArn and BackupVaultEvents; None when the vault has no notifications or does not exist."""
    answer = client.get_backup_vault_notifications(BackupVaultName=backup_vault_name)
    return answer if answer.get("SNSTopicArn") else None


@aws_call("set the notifications of the vault {backup_vault_name} to the topic {sns_topic_arn}")
def put_backup_vault_notifications(client: BaseClient, backup_vault_name: str, sns_topic_arn: str, backup_vault_events: list[str]) -> None:
    """Set the vault's one topic and all of its events."""
    client.put_backup_vault_notifications(
        BackupVaultName=backup_vault_name, SNSTopicArn=sns_topic_arn, BackupVaultEvents=backup_vault_events
    )


@aws_call("remove the notifications of the vault {backup_vault_name}", missing=None)
def delete_backup_vault_notifications(client: BaseClient, backup_vault_name: str) -> None:
    """Remove the vault's topic and events. That there are none (any more) is no error."""
    client.delete_backup_vault_notifications(BackupVaultName=backup_vault_name)


def read_notifications(client: BaseClient, backup_vault_name: str) -> dict[str, Any] | None:
    """The notifications as modules return them; None when the vault has none or does not exist.

    Raises:
        AnsibleBackupError: the vault exists and its notifications cannot be read.
    """
    try:
        answer = get_backup_vault_notifications(client, backup_vault_name)
    except AnsibleBackupError as error:
        if error_code(error) != "AccessDeniedException" or find_backup_vault(client, backup_vault_name) is not None:
            raise
        return None
    return answer and to_result(backup_vault_name, answer["SNSTopicArn"], answer.get("BackupVaultEvents", []))


def to_result(backup_vault_name: str, sns_topic_arn: str, backup_vault_events: Iterable[str]) -> dict[str, Any]:
    """Notifications as modules return them: each event once, sorted, because AWS keeps no order."""
    return {
        "backup_vault_name": backup_vault_name,
        "sns_topic_arn": sns_topic_arn,
        "backup_vault_events": sorted(set(backup_vault_events)),
    }


def check_events(events: Iterable[str], client: BaseClient) -> None:
    """Refuse names that are no events, neither here nor for this botocore, which may be newer.

    Raises:
        AnsibleBackupError: an event is unknown, or there is none.
    """
    if not events:
        raise AnsibleBackupError(message="backup_vault_events is empty: name at least one event, or use state=absent")
    known = EVENTS | set(client.meta.service_model.shape_for("BackupVaultEvent").enum)
    unknown = sorted(set(events) - known - set(DEPRECATED_EVENTS))
    if unknown:
        choices = ", ".join(sorted(known - set(DEPRECATED_EVENTS)))
        raise AnsibleBackupError(message=f"Unknown backup_vault_events: {', '.join(unknown)}. Choose from {choices}")


def check_topic(sns_topic_arn: str) -> None:
    """Refuse what cannot be the ARN of a topic that AWS Backup publishes to.

    Raises:
        AnsibleBackupError: it is no ARN of a topic, or that of a FIFO topic.
    """
    match = TOPIC_ARN.fullmatch(sns_topic_arn)
    if match is None:
        raise AnsibleBackupError(
            message=f"sns_topic_arn must be the ARN of a topic, such as arn:aws:sns:us-west-2:123456789012:backup, not {sns_topic_arn!r}"
        )
    if match[1]:
        raise AnsibleBackupError(message=f"AWS Backup does not publish to FIFO topics such as {sns_topic_arn}: use a standard topic")
