"""How an ended job tells why it ended so."""

from __future__ import annotations

from .records import Job

MESSAGES = {
    "FAILED": "An internal error occurred.",
    "EXPIRED": "Backup job expired before completion.",
    "ABORTED": "Backup job was stopped by user.",
    "PARTIAL": "Backup job completed partially.",
}
COPY_MESSAGES = {"FAILED": "Access denied exception while trying to list tags", "PARTIAL": "Copy job completed partially."}
SUCCESS = "SUCCESS"
ISSUE = "InvalidParameters"
ISSUE_MESSAGE = "We are unable to copy resource tags to your backup because of the Internal Failure."


def give_reason(job: Job, message: str | None, category: str | None) -> None:
    """Set a job's message and its category, both as given or as usual for its state.

    Completed with issues is not a state of its own: the job is COMPLETED, has a message, and its category is not SUCCESS.
    """
    if job.state == "COMPLETED":
        has_issues = bool(message) or category not in (None, SUCCESS)
        job.status_message = message or (ISSUE_MESSAGE if has_issues else None)
        job.message_category = category or (ISSUE if has_issues else SUCCESS)
    else:
        job.status_message, job.message_category = message or MESSAGES.get(job.state), category
