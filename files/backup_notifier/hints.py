"""What to do next, for who is woken by the message."""

from __future__ import annotations

import re
from typing import NamedTuple

from . import families, states
from .notification import Notification
from .remedies import remedy
from .states import Severity


class NextStep(NamedTuple):
    """What to do next; both are empty when nothing is wrong.

    Attributes:
        advice: a sentence or two, in plain text of our own.
        command: for a shell, harmless to paste; often empty.
    """

    advice: str = ""
    command: str = ""


_JOB = {
    "FAILED": "No reason came with the event: look the job up, mend the cause, then start the {job} again.",
    "EXPIRED": "The {job} did not start or finish within its windows. Look for another job on the same resource "
    "(one at a time is allowed) or widen the windows, then start it again.",
    "ABORTED": "Somebody stopped this {job}; CloudTrail has the call. Start it again unless that was meant.",
    "ABORTING": "Somebody is stopping this {job}; CloudTrail has the call.",
    "PARTIAL": "Some parts of the resource are not covered. Find the child jobs that did not complete, then start the {job} again.",
    "COMPLETED": "The {job} is there, but not as asked for. Read the reason before you rely on it.",
    "CANCELED": "Somebody or a time limit ended this {job}; start it again unless that was meant.",
    "COMPLETED_WITH_ISSUES": "Some objects were not scanned. Read the reason, then scan again.",
}
_OTHERS = {
    ("RESTORE_VALIDATION", "FAILED"): "The restore worked, but not all came back. Do not rely on this recovery point: make a new backup, "
    "restore it by hand and compare it with the original.",
    (
        "RESTORE_VALIDATION",
        "TIMED_OUT",
    ): "Nobody knows whether this backup is good. Look into the validator's log and its dead-letter "
    "queue, and widen the validation window of the plan's selection if it is too short.",
    ("RECOVERY_POINT", "STOPPED"): "Point-in-time recovery ends here. Check the role's permissions and, for S3, the bucket's versioning "
    "and its EventBridge notifications, then start continuous backup again.",
    ("RECOVERY_POINT", "EXPIRED"): "Its time is over but it is still stored and billed. Mend what keeps it (permissions, a machine image, "
    "a lock), then delete it again.",
    ("RECOVERY_POINT", "PARTIAL"): "Nested recovery points are missing. Find the child jobs that did not complete, then back up again.",
    ("RECOVERY_POINT", "DELETED"): "Somebody deleted it by hand: DeleteRecoveryPoint in "
    "CloudTrail says who. Make a new backup if it was needed.",
    ("RECOVERY_POINT", "DELETING"): "Somebody is deleting it by hand: DeleteRecoveryPoint in CloudTrail says who.",
    ("RECOVERY_POINT_INDEX", "FAILED"): "The backup itself is not harmed, but cannot be "
    "searched. Check the role's permissions on the recovery "
    "point and its key, then index it again.",
    ("BACKUP_VAULT", "DELETED"): "Somebody deleted a vault: DeleteBackupVault in CloudTrail says who. Plans that still name it will fail.",
    ("BACKUP_PLAN", "DELETED"): "Somebody deleted a plan: DeleteBackupPlan in CloudTrail says "
    "who. Its resources are no longer backed up by it.",
    ("ACCESS_POINT", "FAILED"): "The backup itself is not harmed. Check the permissions, then make the access point again.",
    ("ACCESS_POINT", "DELETION_FAILED"): "It still keeps its recovery point from being deleted. Delete the access point again.",
    ("ACCESS_POINT", "EXPIRED"): "Who still reads the backup through it needs a new access point.",
    ("ACCESS_POINT", "DISASSOCIATED"): "Who still reads the backup through it needs a new access point.",
}
_NOTICES = {
    "CONTINUOUS_BACKUP_INTERRUPTED": "Point-in-time recovery has a gap from now on. Check the role's permissions and, for S3, the bucket's "
    "versioning and its EventBridge notifications; the next backup of the plan starts it again.",
    "S3_BACKUP_OBJECT_FAILED": "This object is not in the backup. Check the role's access to it, its KMS key and its storage class.",
    "S3_RESTORE_OBJECT_FAILED": "This object was not restored. Check the role's access to the target bucket and to its KMS key.",
    "EKS_BACKUP_OBJECT_FAILED": "This object is not in the backup. Check the role's access to "
    "the cluster and the storage driver's snapshots.",
    "EKS_RESTORE_OBJECT_FAILED": "This object was not restored. Apply it by hand from the backup, or restore its namespace again.",
    "EKS_RESTORE_OBJECT_SKIPPED": "The cluster's own object was kept. Delete it first if the backup's was wanted, then restore again.",
    "EKS_RESTORE_MODIFICATION_FAILED": "The object is as it was in the backup. Compare the "
    "restore's changes with it, then change it by hand.",
}
_THREATS = "Do not restore from this recovery point. Open the scan in GuardDuty, keep the resource apart and find the last clean backup."
_OPEN = "AWS Backup could not be asked whether it has issues. It has some if {sign}."
_SIGN_OF_ISSUES = "the job's MessageCategory is not SUCCESS"
_SIGN_OF_A_RESTORES_ISSUES = "the job has a StatusMessage"
# Only what can be pasted into a shell without harm becomes part of a command.
_SAFE = re.compile(r"[A-Za-z0-9-]{1,80}")


def next_step(notification: Notification) -> NextStep:
    """What to do next: by the reason when its family is known, or else by the state."""
    if states.found_threats(notification):
        return NextStep(_THREATS)
    if states.leaves_issues_open(notification):
        sign = _SIGN_OF_A_RESTORES_ISSUES if notification.job_type == "restore" else _SIGN_OF_ISSUES
        return NextStep(_OPEN.format(sign=sign), _command(notification))
    if states.severity(notification) in (Severity.SUCCESS, Severity.PROGRESS, Severity.UNKNOWN):
        return NextStep()
    # A validator's reason is its own, not AWS Backup's.
    known = "" if notification.event_type == families.RESTORE_VALIDATION else remedy(notification.reason)
    policy = f"AWSBackupServiceRolePolicyFor{'Restores' if notification.job_type == 'restore' else 'Backup'}"
    advice = (known or _by_state(notification)).replace("{job}", notification.job_type or "job").replace("{policy}", policy)
    wants_command = not known or notification.state == "PARTIAL"
    return NextStep(advice, _command(notification) if advice and wants_command else "")


def _by_state(notification: Notification) -> str:
    if notification.event_type in _NOTICES:
        return _NOTICES[notification.event_type]
    if other := _OTHERS.get((notification.event_type, notification.state)):
        return other
    if notification.state == "FAILED" and notification.reason:
        return "Mend what the reason names, then start the {job} again."
    return _JOB.get(notification.state, "") if notification.is_job_state else ""


def _command(notification: Notification) -> str:
    job_type, job_id, region = notification.job_type, notification.job_id, notification.region
    if not (job_type and _SAFE.fullmatch(job_id) and _SAFE.fullmatch(region)):
        return ""
    if notification.state == "PARTIAL" and job_type != "scan":
        return f"aws backup list-{job_type}-jobs --by-parent-job-id {job_id} --region {region}"
    return f"aws backup describe-{job_type}-job --{job_type}-job-id {job_id} --region {region}"
