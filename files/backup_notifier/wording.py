"""AWS Backup's sentences: what they say when the attributes beside them do not."""

from __future__ import annotations

import re

_OUTCOMES = {
    "was completed successfully": "COMPLETED",
    "was completed but was failed or was aborted": "FAILED",
    "failed to complete in time": "EXPIRED",
    "failed": "FAILED",
    "was partially completed": "PARTIAL",
    "was stopped": "ABORTED",
    "is being stopped": "ABORTING",
    "was started": "RUNNING",
}
_SENTENCE = re.compile(rf"\s*An (?:AWS|Amazon) (?:Backup )?(Backup|Copy|Restore) job ({'|'.join(_OUTCOMES)})\b", re.IGNORECASE)
# Sentences of events that name themselves in an attribute, in case it is missing.
_NOTICES = {
    "A Kubernetes resource failed to backup": "EKS_BACKUP_OBJECT_FAILED",
    "A Kubernetes resource failed to restore": "EKS_RESTORE_OBJECT_FAILED",
    "A Kubernetes resource was skipped from restore": "EKS_RESTORE_OBJECT_SKIPPED",
    "An AWS Backup backup index job was completed": "RECOVERY_POINT_INDEXING_COMPLETED",
}
_JOB_ID = re.compile(r"\b(Backup|Copy|Restore)\s?Job\s?ID\s*:\s*(\S+)", re.IGNORECASE)
# "Recovery point ARN", "Indexed recovery point arn"; "Resource ARN", "Backed up Resource ARN".
_RECOVERY_POINT = re.compile(r"\bRecovery point ARN\s*:\s*(\S+)", re.IGNORECASE)
_RESOURCE = re.compile(r"(?<!Restored )(?<!Created )\bResource ARN\s*:\s*(\S+)", re.IGNORECASE)
_CREATED = re.compile(r"\b(?:Restored|Created) Resource ARN\s*:\s*(\S+)", re.IGNORECASE)


def job_sentence(text: str) -> tuple[str, str]:
    """The job type (backup, copy, restore) and state a known sentence tells; two empty texts for any other sentence."""
    found = _SENTENCE.match(text)
    if not found:
        return "", ""
    return found[1].lower(), _OUTCOMES[found[2].lower()]


def notice(text: str) -> str:
    """The event type a known sentence stands for; an empty text for any other sentence, among them those about jobs."""
    return next((event_type for opening, event_type in _NOTICES.items() if text.startswith(opening)), "")


def job_id(text: str) -> tuple[str, str]:
    """The job type and the job ID that the text names; two empty texts when it names none."""
    found = _JOB_ID.search(text)
    return (found[1].lower(), found[2].rstrip(".")) if found else ("", "")


def recovery_point_arn(text: str) -> str:
    """The recovery point's ARN that the text names, or an empty text."""
    return _arn(_RECOVERY_POINT, text)


def resource_arn(text: str) -> str:
    """The resource's ARN that the text names, or an empty text."""
    return _arn(_RESOURCE, text)


def created_resource_arn(text: str) -> str:
    """The ARN of what a restore created, as the text names it, or an empty text."""
    return _arn(_CREATED, text)


def _arn(pattern: re.Pattern[str], text: str) -> str:
    # Only the full stop that ends the sentence goes: bucket names have dots of their own.
    found = pattern.search(text)
    return found[1].rstrip(".") if found else ""
