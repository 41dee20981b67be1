"""Which of a vault's events go to which SNS topic."""

from __future__ import annotations

import re
from typing import Any

from moto.core.utils import get_service_model
from moto.sns.models import sns_backends

from .backend import BackupBackend
from .errors import InvalidParameterValueException, ResourceNotFoundException
from .registry import Params, operation

TOPIC_ARN = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:.+")


@operation("PutBackupVaultNotifications")
def put_backup_vault_notifications(backend: BackupBackend, params: Params) -> None:
    """Set a vault's topic and events; deprecated event names are taken too."""
    vault = backend.vault(params["BackupVaultName"])
    _check_events(params["BackupVaultEvents"])
    _check_topic(backend, params["SNSTopicArn"])
    vault.topic_arn, vault.events = params["SNSTopicArn"], params["BackupVaultEvents"]


@operation("GetBackupVaultNotifications")
def get_backup_vault_notifications(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """A vault's topic and events."""
    vault = backend.vault(params["BackupVaultName"])
    if vault.topic_arn is None:
        raise ResourceNotFoundException(f"Failed reading notifications from database for Backup vault {vault.name}")
    return {
        "BackupVaultName": vault.name,
        "BackupVaultArn": vault.arn,
        "SNSTopicArn": vault.topic_arn,
        "BackupVaultEvents": vault.events,
    }


@operation("DeleteBackupVaultNotifications")
def delete_backup_vault_notifications(backend: BackupBackend, params: Params) -> None:
    """Send no more of a vault's events."""
    vault = backend.vault(params["BackupVaultName"])
    vault.topic_arn, vault.events = None, []


def _check_events(events: list[str]) -> None:
    known = get_service_model("backup").shape_for("BackupVaultEvent").enum
    if not events or not set(events) <= set(known):
        raise InvalidParameterValueException(f"Please select from the following list of notifications: {', '.join(known)}")


def _check_topic(backend: BackupBackend, topic_arn: str) -> None:
    if not TOPIC_ARN.fullmatch(topic_arn):
        raise InvalidParameterValueException(f"Invalid SNS topic ARN: {topic_arn}")
    _, _, _, region, account, name = topic_arn.split(":", 5)
    if name.endswith(".fifo"):
        raise InvalidParameterValueException(f"FIFO topics are not supported: {topic_arn}")
    if account != backend.account_id or topic_arn not in sns_backends[account][region].topics:
        raise InvalidParameterValueException(f"The SNS topic does not exist in this account: {topic_arn}")
