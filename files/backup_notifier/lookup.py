"""What an event leaves out, asked of AWS. A look-up that fails costs its answer, never the message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from . import arn, states
from .notification import Notification
from .text import unquoted

ClientFactory = Callable[[str, str], Any]

_JOBS = {
    "backup": ("describe_backup_job", "BackupJobId"),
    "copy": ("describe_copy_job", "CopyJobId"),
    "restore": ("describe_restore_job", "RestoreJobId"),
}
_NEEDS_A_REASON = {"FAILED", "EXPIRED", "ABORTED", "PARTIAL"}
_LONGEST_REASON = 200
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
_THROTTLED = {"Throttling", "ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded"}


def is_wanted(notification: Notification) -> bool:
    """Whether the event is about a job and leaves out what a reader needs: where, of what, why, or whether with issues."""
    if notification.job_type not in _JOBS or not notification.job_id or not notification.region:
        return False
    named = notification.resource_arn or notification.created_resource_arn
    if not (notification.vault_name and notification.resource_type and named) and not _is_complete_restore(notification):
        return True
    return states.lacks_category(notification) or (notification.state in _NEEDS_A_REASON and not notification.reason)


def fill(notification: Notification, client: ClientFactory) -> tuple[Notification, str]:
    """The notification with what AWS Backup knows of its job, and why that failed; an empty text when it did not.

    Args:
        notification: what the event says is kept in any case.
        client: gives the botocore client of a service in a Region; its time-outs are the look-up's.
    """
    if not is_wanted(notification):
        return notification, ""
    operation, parameter = _JOBS[notification.job_type]
    try:
        answer = getattr(client("backup", notification.region), operation)(**{parameter: notification.job_id})
        job = answer.get("CopyJob", answer)
        filled = _filled(notification, job)
    except Exception as error:
        # Whatever it is, the event itself has to be told.
        return _unanswered(notification, _explained(error, f"backup:{operation.title().replace('_', '')}"))
    if states.lacks_category(filled) and _state(job) != filled.state:
        return _unanswered(filled, f"AWS Backup says {_state(job) or 'nothing'} of the job's state")
    return filled, ""


def _unanswered(notification: Notification, why: str) -> tuple[Notification, str]:
    return replace(notification, details=(*notification.details, (states.LOOK_UP, f"failed: {why}"))), why


def with_tags(notification: Notification, client: ClientFactory) -> tuple[Notification, str]:
    """The notification with its resource's tags, and why they cannot be had; an empty text when they can."""
    parsed = arn.parse(notification.resource_arn)
    if not parsed:
        return notification, ""
    try:
        tagging = client("resourcegroupstaggingapi", parsed.region or notification.region)
        found = tagging.get_resources(ResourceARNList=[notification.resource_arn])["ResourceTagMappingList"]
        tags = tuple((str(tag["Key"]), str(tag["Value"])) for each in found for tag in each["Tags"])
    except Exception as error:
        # The rules that ask for tags may match or not: see routing.
        return notification, _explained(error, "tag:GetResources", "Resource Groups Tagging")
    return replace(notification, tags=tags), ""


def _is_complete_restore(notification: Notification) -> bool:
    """A restore's event names what was created, and of which type; older ones never name vault and source."""
    return notification.job_type == "restore" and bool(notification.resource_type and notification.created_resource_arn)


def _filled(notification: Notification, job: dict[str, Any]) -> Notification:
    vault_arn = notification.vault_arn or _text(job, "DestinationBackupVaultArn", "BackupVaultArn")
    known = {
        "account_id": _text(job, "AccountId"),
        "parent_job_id": _text(job, "ParentJobId"),
        "vault_arn": vault_arn,
        "vault_name": _text(job, "BackupVaultName") or arn.name_of(vault_arn),
        "resource_arn": _text(job, "ResourceArn", "SourceResourceArn"),
        "resource_type": _text(job, "ResourceType"),
        "resource_name": _text(job, "ResourceName"),
        "started_at": _time(job, "CreationDate"),
    }
    # The job may have gone on since the event: how it ended is no part of the news that it started, or that an object failed.
    if notification.is_job_state and _state(job) == notification.state:
        known |= {
            "recovery_point_arn": _text(job, "DestinationRecoveryPointArn", "RecoveryPointArn"),
            "created_resource_arn": _text(job, "CreatedResourceArn"),
            "reason": unquoted(_text(job, "StatusMessage")),
            "message_category": _text(job, "MessageCategory").upper(),
            "ended_at": _time(job, "CompletionDate"),
        }
        size = job.get("BackupSizeInBytes")
        if notification.size_bytes is None and isinstance(size, int):
            notification = replace(notification, size_bytes=size)
    missing: dict[str, Any] = {name: value for name, value in known.items() if value and not getattr(notification, name)}
    return replace(notification, **missing)


def _state(job: dict[str, Any]) -> str:
    return _text(job, "State", "Status").upper()


def _text(job: dict[str, Any], *names: str) -> str:
    return next((value for name in names if isinstance(value := job.get(name), str) and value), "")


def _time(job: dict[str, Any], name: str) -> str:
    value = job.get(name)
    if not isinstance(value, datetime):
        return ""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _explained(error: Exception, permission: str, service: str = "AWS Backup") -> str:
    """Why a call failed, in a few words without anything of the answer's text but its code."""
    response = getattr(error, "response", None)
    code = response.get("Error", {}).get("Code", "") if isinstance(response, dict) else ""
    if code in _DENIED:
        return f"the function's role may not call {permission}"
    if code in _THROTTLED:
        return f"{service} throttled the call"
    if code == "ResourceNotFoundException":
        return "AWS Backup does not know the job (any more)"
    name = type(error).__name__
    if "Timeout" in name or "Connection" in name:
        return f"{service} did not answer in time ({name})"
    return (code or name)[:_LONGEST_REASON]
