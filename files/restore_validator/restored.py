"""What a test restore brought back: the event's word, and what AWS Backup adds to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .calls import call

SOURCE = "aws.backup"
DETAIL_TYPE = "Restore Job State Change"


@dataclass(frozen=True, slots=True)
class Restored:
    """A test restore that completed.

    Attributes:
        job_id: of the restore job, as received.
        region: where it ran.
        account_id: whose it is.
        created_arn: of what it made.
        resource_type: in AWS Backup's words, for example DynamoDB.
        source_arn: of what was backed up; often empty in older events.
        point_arn: of the recovery point.
        vault_arn: of the vault that the recovery point lies in.
        plan_arn: of the restore testing plan.
        started_at: of the restore job, ISO 8601.
        ended_at: of the restore job, ISO 8601.
        validation_status: what AWS Backup already says of it; empty when nothing.
        validation_message: why.
    """

    job_id: str
    region: str
    account_id: str
    created_arn: str
    resource_type: str
    source_arn: str
    point_arn: str
    vault_arn: str
    plan_arn: str
    started_at: str = ""
    ended_at: str = ""
    validation_status: str = ""
    validation_message: str = ""


def is_meant(event: Any) -> bool:
    """Whether an event tells of a completed test restore."""
    if not isinstance(event, dict) or event.get("source") != SOURCE or event.get("detail-type") != DETAIL_TYPE:
        return False
    detail = event.get("detail")
    return (
        isinstance(detail, dict)
        and detail.get("status") == "COMPLETED"
        and all(isinstance(detail.get(name), str) and detail[name] for name in ("restoreJobId", "restoreTestingPlanArn"))
    )


def read(event: dict[str, Any]) -> Restored:
    """What an event that is meant tells of, with what AWS Backup knows of the job.

    Raises:
        AwsError: AWS Backup does not tell.
    """
    detail = event["detail"]
    region = _text(event, "region")
    job = call("backup", "describe_restore_job", {"RestoreJobId": detail["restoreJobId"]}, region)
    resources = event.get("resources")
    point = resources[0] if isinstance(resources, list) and resources and isinstance(resources[0], str) else ""
    return Restored(
        job_id=detail["restoreJobId"],
        region=region,
        account_id=_text(event, "account"),
        created_arn=_text(detail, "createdResourceArn") or _text(job, "CreatedResourceArn"),
        resource_type=_text(detail, "resourceType") or _text(job, "ResourceType"),
        source_arn=_text(detail, "sourceResourceArn") or _text(job, "SourceResourceArn"),
        point_arn=_text(detail, "recoveryPointArn") or point or _text(job, "RecoveryPointArn"),
        vault_arn=_text(detail, "backupVaultArn") or _text(job, "BackupVaultArn"),
        plan_arn=detail["restoreTestingPlanArn"],
        started_at=_text(detail, "creationDate"),
        ended_at=_text(detail, "completionDate"),
        validation_status=_text(job, "ValidationStatus"),
        validation_message=_text(job, "ValidationStatusMessage"),
    )


def _text(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""
