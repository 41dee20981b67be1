"""What the notifier logs and what Lambda buries, and the module that looks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.proven.aws_backup.plugins.modules import backup_notification_info

JOB = "1b2345b2-f22c-4dab-5eb6-bbc7890ed123"
GROUP = "/aws/lambda/notifier"
QUEUE = "undelivered"
STREAM = "2026/11/23/[$LATEST]0123456789abcdef0123456789abcdef"

Log = Callable[..., None]


def sns_event(state: str | None, job: str = JOB) -> dict[str, Any]:
    attributes = {"State": {"Type": "String", "Value": state}} if state else {}
    return {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": f"BackupJob ID : {job}", "MessageAttributes": attributes}}]}


def receipt(**changes: Any) -> dict[str, Any]:
    return {
        "record": "notification_received",
        "route": "sns",
        "job_id": JOB.upper(),
        "job_type": "backup",
        "event_type": "BACKUP_JOB",
        "state": "COMPLETED",
        "severity": "success",
        "message_id": "12345678-abcd-123a-def0-abcd1a234567",
        **changes,
    }


def record(**changes: Any) -> dict[str, Any]:
    return {
        "record": "notification_delivery",
        "job_id": JOB.upper(),
        "job_type": "backup",
        "event_type": "BACKUP_JOB",
        "state": "COMPLETED",
        "severity": "success",
        "target": "slack",
        "target_type": "slack_webhook",
        "outcome": "accepted",
        "http_status": 200,
        "duration_ms": 12,
        "attempts": 1,
        "message_id": "12345678-abcd-123a-def0-abcd1a234567",
        "error": None,
        "channel": None,
        "ts": None,
        "thread_ts": None,
        "summary": False,
        **changes,
    }


def failure(run_module: Any, args: dict[str, Any], **options: Any) -> dict[str, Any]:
    result = run_module(backup_notification_info, {**args, "wait": True, "wait_timeout": 1, **options})
    assert result["failed"]
    assert not result["accepted"]
    return dict(result)
