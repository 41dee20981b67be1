"""What the function writes to its log: JSON, a line for each record, as the notifier does."""

from __future__ import annotations

from backup_notifier.log import write

from .restored import Restored


def ignored(event: object) -> None:
    """An event came that tells of no completed test restore."""
    detail_type = event.get("detail-type") if isinstance(event, dict) else None
    write("validation_ignored", {"detail_type": str(detail_type)[:256]})


def received(restored: Restored) -> None:
    """A test restore is to be validated."""
    write("validation_received", {**_subject(restored), "validation_status": restored.validation_status or None})


def result(restored: Restored, status: str, reason: str, outcome: str) -> None:
    """What became of it. outcome: put (AWS Backup took the result), already (it had one), not_ready or failed (another try is due)."""
    write("validation_result", {**_subject(restored), "validation_status": status or None, "reason": reason or None, "outcome": outcome})


def told(restored: Restored, function: str) -> None:
    """The notifier was given a failure."""
    write("validation_told", {**_subject(restored), "notifier_function": function})


def settings_failed(error: str) -> None:
    """The function cannot work as it was deployed."""
    write("validation_settings_failed", {"error": error[:2000]})


def _subject(restored: Restored) -> dict[str, str | None]:
    return {
        "restore_job_id": restored.job_id,
        "resource_type": restored.resource_type or None,
        "source_resource_arn": restored.source_arn or None,
        "created_resource_arn": restored.created_arn or None,
        "restore_testing_plan_arn": restored.plan_arn,
    }
