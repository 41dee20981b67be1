"""Telling AWS Backup what was found, and people what is wrong."""

from __future__ import annotations

import json
from typing import Any

from backup_notifier.aws import AwsError

from . import log
from .calls import call
from .restored import Restored

EVENT_SOURCE = "proven.aws_backup"
DETAIL_TYPE = "Restore Validation State Change"
LONGEST_MESSAGE = 1000
"""Characters. AWS names no limit for the message of a validation."""

SETTLED = frozenset({"SUCCESSFUL", "FAILED", "TIMED_OUT"})
_CUT = "…"


def put(restored: Restored, status: str, reason: str) -> bool:
    """Tell AWS Backup the result; whether it took it. It takes the first one only.

    Raises:
        AwsError: it did not answer, or refused for another reason than that there is a result.
    """
    message = {"ValidationStatusMessage": shortened(reason)} if reason else {}
    parameters = {"RestoreJobId": restored.job_id, "ValidationStatus": status, **message}
    try:
        call("backup", "put_restore_validation_result", parameters, restored.region)
    except AwsError as error:
        if error.code != "InvalidRequestException" or not _has_result(restored):
            raise
        return False
    return True


def _has_result(restored: Restored) -> bool:
    """Whether AWS has a result by now. It refuses for other reasons with the same code."""
    job = call("backup", "describe_restore_job", {"RestoreJobId": restored.job_id}, restored.region)
    return job.get("ValidationStatus") in SETTLED


def tell(restored: Restored, function: str, status: str, reason: str) -> None:
    """Give the notifier an event of the failure; the same ID each time, so that it tells people once.

    Raises:
        AwsError: the notifier's function did not take it.
    """
    if not function:
        return
    event = json.dumps(failure_event(restored, status, reason)).encode()
    call("lambda", "invoke", {"FunctionName": function, "InvocationType": "Event", "Payload": event}, restored.region)
    log.told(restored, function)


def failure_event(restored: Restored, status: str, reason: str) -> dict[str, Any]:
    """An event of our own in EventBridge's form."""
    detail = {
        "restoreJobId": restored.job_id,
        "status": status,
        "statusMessage": shortened(reason),
        "resourceType": restored.resource_type,
        "sourceResourceArn": restored.source_arn,
        "createdResourceArn": restored.created_arn,
        "recoveryPointArn": restored.point_arn,
        "backupVaultArn": restored.vault_arn,
        "restoreTestingPlanArn": restored.plan_arn,
        "creationDate": restored.started_at,
        "completionDate": restored.ended_at,
    }
    return {
        "version": "0",
        "id": f"restore-validation/{restored.job_id.lower()}",
        "source": EVENT_SOURCE,
        "detail-type": DETAIL_TYPE,
        "account": restored.account_id,
        "region": restored.region,
        "time": restored.ended_at,
        "resources": [restored.point_arn] if restored.point_arn else [],
        "detail": {name: value for name, value in detail.items() if value},
    }


def shortened(text: str) -> str:
    """A text that AWS takes."""
    return text if len(text) <= LONGEST_MESSAGE else text[: LONGEST_MESSAGE - len(_CUT)] + _CUT
