"""What to do next, for who is woken by the message. In mrkdwn."""

from __future__ import annotations

import re

from . import mrkdwn
from .notification import Notification

_HINTS = {
    "FAILED": "The job's status message has the reason, which SNS leaves out. Mend the cause, then start the {job} again.",
    "EXPIRED": "The {job} did not start or finish within its windows. Look for another job on the same resource "
    "(one at a time is allowed) or widen the windows, then start it again.",
    "ABORTED": "Somebody stopped this {job}; CloudTrail has the call. Start it again unless that was meant.",
    "PARTIAL": "Some parts of the resource are not covered. Find the child jobs that did not complete, then start the {job} again.",
}
# Only what can be pasted into a shell without harm becomes part of a command.
_SAFE = re.compile(r"[A-Za-z0-9-]{1,80}")


def next_step(notification: Notification) -> str:
    """What to do next; an empty text when nothing is wrong or nothing is known to help."""
    hint = _HINTS.get(notification.state)
    if not hint:
        return ""
    sentence = hint.format(job=notification.job_type or "job")
    command = _command(notification)
    return f"{sentence}\n{mrkdwn.code(command, 300)}" if command else sentence


def _command(notification: Notification) -> str:
    job_type, job_id, region = notification.job_type, notification.job_id, notification.region
    if not (job_type and _SAFE.fullmatch(job_id) and _SAFE.fullmatch(region)):
        return ""
    if notification.state == "PARTIAL" and job_type in ("backup", "copy"):
        return f"aws backup list-{job_type}-jobs --by-parent-job-id {job_id} --region {region}"
    return f"aws backup describe-{job_type}-job --{job_type}-job-id {job_id} --region {region}"
