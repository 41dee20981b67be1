"""An event of EventBridge as a notification."""

from __future__ import annotations

import json
from typing import Any

from . import arn, families
from .attributes import Attributes
from .notification import Notification
from .text import as_json, text, unquoted, whole_number

_SOURCE = "aws.backup"
# The restore validator's, which invokes this function itself.
_OURS = "proven.aws_backup"


def is_event(event: Any) -> bool:
    """Whether this has the form of an EventBridge event, whoever sent it."""
    return isinstance(event, dict) and isinstance(event.get("detail-type"), str) and "detail" in event


def inside(message: Any) -> Notification | None:
    """The notification in an EventBridge event that came as the text of an SNS message; None for any other text."""
    if not isinstance(message, str) or not message.lstrip().startswith("{") or '"detail-type"' not in message:
        return None
    try:
        event = json.loads(message)
    except (ValueError, RecursionError):
        return None
    return notification(event) if is_event(event) else None


def notification(event: dict[str, Any]) -> Notification:
    """The notification in an event; one of another source than AWS Backup and our validator is kept as text."""
    if event.get("source") not in (_SOURCE, _OURS):
        return _of_another_source(event)
    family = families.of_detail_type(event["detail-type"])
    job_type = families.job_type(family)
    attributes = Attributes.of_detail(event.get("detail"))
    points = _points(family, attributes, _resources(event))
    vault_arn, vault_name = _vault(family, attributes, _resources(event))
    resource_arn = attributes.take("resourceArn", "sourceResourceArn")
    region = text(event, "region")
    place = arn.place(vault_arn, resource_arn, *points)
    return Notification(
        text=as_json(event),
        route="eventbridge",
        recognised=families.is_known(family),
        event_type=family,
        # Restore jobs and recovery points have a status, the others a state; a restore job's first event has a state, too.
        state=families.state(attributes.take("status", "state", "indexStatus"), job_type),
        job_type=job_type,
        job_id=attributes.take(f"{job_type}JobId") if job_type else "",
        parent_job_id=attributes.take("parentJobId"),
        account_id=text(event, "account") or attributes.take("accountId"),
        region=region or place.region,
        partition=place.partition or arn.partition_of(region),
        vault_name=vault_name,
        vault_arn=vault_arn,
        resource_arn=resource_arn,
        resource_type=attributes.take("resourceType"),
        resource_name=attributes.take("resourceName"),
        recovery_point_arn=next(filter(None, points), ""),
        created_resource_arn=attributes.take("createdResourceArn"),
        reason=unquoted(attributes.take("statusMessage", "indexStatusMessage")),
        message_category=attributes.take("messageCategory").upper(),
        size_bytes=whole_number(attributes.take("backupSizeInBytes")),
        started_at=attributes.take("creationDate", "indexCreationTime"),
        ended_at=attributes.take("completionDate", "indexCompletionTime", "indexDeletionTime"),
        sent_at=text(event, "time"),
        message_id=text(event, "id"),
        details=_details(family, event, attributes),
    )


def _of_another_source(event: dict[str, Any]) -> Notification:
    return Notification(
        text=as_json(event),
        route="eventbridge",
        account_id=text(event, "account"),
        region=text(event, "region"),
        partition=arn.partition_of(text(event, "region")),
        sent_at=text(event, "time"),
        subject=event["detail-type"],
        message_id=text(event, "id"),
    )


def _resources(event: dict[str, Any]) -> list[str]:
    resources = event.get("resources")
    return [each for each in resources if isinstance(each, str)] if isinstance(resources, list) else []


def _points(family: str, attributes: Attributes, resources: list[str]) -> list[str]:
    """The ARN of the recovery point that the event is about, wherever it says so."""
    if family == "COPY_JOB":
        # The event's resource is what is copied. The copy's own ARN is {} until it is known.
        return [attributes.take("destinationRecoveryPointArn")]
    if family in ("BACKUP_JOB", "RESTORE_JOB", families.RESTORE_VALIDATION, "RECOVERY_POINT"):
        return [attributes.take("recoveryPointArn"), *resources[:1]]
    return [attributes.take("recoveryPointArn")]


def _vault(family: str, attributes: Attributes, resources: list[str]) -> tuple[str, str]:
    """The vault's ARN and name: for a copy, the vault that the copy goes to."""
    names = ["destinationBackupVaultArn"] if family == "COPY_JOB" else ["backupVaultArn"]
    vault_arn = attributes.take(*names) or (resources[0] if family == "BACKUP_VAULT" and resources else "")
    return vault_arn, attributes.take("backupVaultName") or arn.name_of(vault_arn)


def _details(family: str, event: dict[str, Any], attributes: Attributes) -> tuple[tuple[str, str], ...]:
    """What has no place of its own; for a copy, also what is copied, and for a plan, which one it is."""
    names = {"COPY_JOB": "Copied recovery point", "BACKUP_PLAN": "Backup plan"}
    about = [(names[family], each) for each in _resources(event)[:1]] if family in names else []
    # An index event says the account twice, a plan event its ID.
    attributes.take("accountId", *(["backupPlanId"] if family == "BACKUP_PLAN" and about else []))
    return (*about, *attributes.rest())
