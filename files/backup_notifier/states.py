"""How good or bad the news is, in words, a colour and a sign."""

from __future__ import annotations

from enum import Enum

from .notification import Notification


class Severity(Enum):
    """How good or bad the news is: (colour of the bar, sign before the headline), the worst first."""

    FAILURE = ("#e01e5a", "❌")
    WARNING = ("#ecb22e", "⚠️")
    UNKNOWN = ("#868686", "❓")
    PROGRESS = ("#36c5f0", "🔵")
    SUCCESS = ("#2eb67d", "✅")

    @property
    def label(self) -> str:
        """What rules and logs call it, in lower case."""
        return self.name.lower()

    @property
    def colour(self) -> str:
        """Of the bar, as #rrggbb."""
        return self.value[0]

    @property
    def sign(self) -> str:
        """One emoji that also tells the severity to who cannot see the colour."""
        return self.value[1]

    @property
    def rank(self) -> int:
        """0 is the worst."""
        return list(Severity).index(self)


# What a state means: for jobs, and where it differs for another family.
_JOB = {
    "CREATED": ("was created", Severity.PROGRESS),
    "PENDING": ("is waiting to start", Severity.PROGRESS),
    "RUNNING": ("started", Severity.PROGRESS),
    "COMPLETING": ("is about to complete", Severity.PROGRESS),
    "ABORTING": ("is being stopped", Severity.WARNING),
    "ABORTED": ("was stopped", Severity.FAILURE),
    "COMPLETED": ("completed", Severity.SUCCESS),
    "FAILING": ("is about to fail", Severity.WARNING),
    "FAILED": ("failed", Severity.FAILURE),
    "EXPIRED": ("expired", Severity.FAILURE),
    "PARTIAL": ("completed only in part", Severity.FAILURE),
}
_SCAN = {
    "CANCELED": ("was cancelled", Severity.FAILURE),
    "COMPLETED_WITH_ISSUES": ("completed with issues", Severity.WARNING),
}
_RECOVERY_POINT = {
    "CREATING": ("is being made", Severity.PROGRESS),
    "CREATED": ("was made", Severity.SUCCESS),
    "AVAILABLE": ("is ready", Severity.SUCCESS),
    "COMPLETED": ("is ready", Severity.SUCCESS),
    "PARTIAL": ("is incomplete", Severity.FAILURE),
    "STOPPED": ("no longer records changes", Severity.FAILURE),
    "EXPIRED": ("expired but could not be deleted", Severity.WARNING),
    "MODIFIED": ("was modified", Severity.PROGRESS),
    "DELETING": ("is being deleted", Severity.PROGRESS),
    "DELETED": ("was deleted", Severity.PROGRESS),
}
_INDEX = {
    "PENDING": ("is waiting to be made", Severity.PROGRESS),
    "ACTIVE": ("is ready", Severity.SUCCESS),
    "FAILED": ("could not be made", Severity.FAILURE),
    "DELETING": ("is being deleted", Severity.PROGRESS),
    "DELETED": ("was deleted", Severity.PROGRESS),
}
_ACCESS_POINT = {
    "CREATING": ("is being made", Severity.PROGRESS),
    "AVAILABLE": ("is ready", Severity.SUCCESS),
    "FAILED": ("could not be made", Severity.FAILURE),
    "DELETING": ("is being deleted", Severity.PROGRESS),
    "DELETED": ("was deleted", Severity.PROGRESS),
    "DELETION_FAILED": ("could not be deleted", Severity.FAILURE),
    "DISASSOCIATING": ("is being cut off from its recovery point", Severity.WARNING),
    "DISASSOCIATED": ("was cut off from its recovery point", Severity.WARNING),
    "EXPIRED": ("expired", Severity.WARNING),
}
_VALIDATION = {
    "VALIDATING": ("is under way", Severity.PROGRESS),
    "COMPLETED": ("succeeded", Severity.SUCCESS),
    "FAILED": ("failed", Severity.FAILURE),
    "TIMED_OUT": ("was not done in time", Severity.FAILURE),
}
_SETTING = {
    "CREATED": ("was created", Severity.PROGRESS),
    "MODIFIED": ("was modified", Severity.PROGRESS),
    "UPDATED": ("was modified", Severity.PROGRESS),
    "DELETED": ("was deleted", Severity.WARNING),
}
_REGION_SETTING = dict.fromkeys(_SETTING, ("were changed", Severity.PROGRESS))
# Family: (what it is about, its states).
_FAMILIES = {
    "BACKUP_JOB": ("Backup", _JOB),
    "COPY_JOB": ("Copy", _JOB),
    "RESTORE_JOB": ("Restore", _JOB),
    "SCAN_JOB": ("Malware scan", _JOB | _SCAN),
    "RESTORE_VALIDATION": ("Restore validation", _VALIDATION),
    "RECOVERY_POINT": ("Recovery point", _RECOVERY_POINT),
    "RECOVERY_POINT_INDEX": ("Index of a recovery point", _INDEX),
    "ACCESS_POINT": ("Backup access point", _ACCESS_POINT),
    "BACKUP_VAULT": ("Backup vault", _SETTING),
    "BACKUP_PLAN": ("Backup plan", _SETTING),
    "REGION_SETTING": ("AWS Backup's settings of the Region", _REGION_SETTING),
}
# Events that say all by their name.
_NOTICES = {
    "CONTINUOUS_BACKUP_INTERRUPTED": ("Continuous backup was interrupted", Severity.FAILURE),
    "S3_BACKUP_OBJECT_FAILED": ("An S3 object could not be backed up", Severity.FAILURE),
    "S3_RESTORE_OBJECT_FAILED": ("An S3 object could not be restored", Severity.FAILURE),
    "EKS_BACKUP_OBJECT_FAILED": ("A Kubernetes resource could not be backed up", Severity.FAILURE),
    "EKS_RESTORE_OBJECT_FAILED": ("A Kubernetes resource could not be restored", Severity.FAILURE),
    "EKS_RESTORE_OBJECT_SKIPPED": ("A Kubernetes resource was not restored", Severity.WARNING),
    "EKS_RESTORE_MODIFICATION_SUCCESS": ("A Kubernetes resource was changed by a restore", Severity.SUCCESS),
    "EKS_RESTORE_MODIFICATION_FAILED": ("A Kubernetes resource could not be changed by a restore", Severity.FAILURE),
}
# What rules can ask for.
EVENT_TYPES = (*_FAMILIES, *_NOTICES)
STATES = tuple(dict.fromkeys(state for _, states in _FAMILIES.values() for state in states))
# The last word of an event that AWS Backup may send one day.
_LAST_WORDS = {
    "COMPLETED": Severity.SUCCESS,
    "SUCCESS": Severity.SUCCESS,
    "SUCCESSFUL": Severity.SUCCESS,
    "AVAILABLE": Severity.SUCCESS,
    "STARTED": Severity.PROGRESS,
    "SKIPPED": Severity.WARNING,
    "FAILED": Severity.FAILURE,
    "INTERRUPTED": Severity.FAILURE,
}
_NAMES = {"API", "AWS", "EKS", "S3"}
# The jobs that DescribeBackupJob and DescribeCopyJob give a message category; DescribeRestoreJob knows none.
_WITH_CATEGORY = ("backup", "copy")
# The detail that says why AWS Backup could not be asked.
LOOK_UP = "Look-up"


def is_known(notification: Notification) -> bool:
    """Whether what_happened says exactly what the event says."""
    return _meaning(notification) is not None


def severity(notification: Notification) -> Severity:
    """How good or bad the news is: by what was found, by the state, or by the event's name."""
    if found_threats(notification):
        return Severity.FAILURE
    if has_issues(notification) or was_deleted_by_hand(notification):
        return Severity.WARNING
    if leaves_issues_open(notification):
        return Severity.UNKNOWN
    if meaning := _meaning(notification):
        return meaning[1]
    if notification.state:
        return Severity.UNKNOWN
    return _LAST_WORDS.get(notification.event_type.rpartition("_")[2], Severity.UNKNOWN)


def what_happened(notification: Notification) -> str:
    """What happened, in words, for example Backup failed; an empty text when the event does not tell. Not escaped."""
    if notice := _NOTICES.get(notification.event_type):
        return notice[0]
    subject = _FAMILIES.get(notification.event_type, ("", {}))[0]
    subject = subject or notification.job_type.capitalize() or _in_words(notification.event_type.removesuffix("_JOB")) or "Job"
    if result := _scan_result(notification):
        return f"{subject} {result}"
    if has_issues(notification):
        return f"{subject} completed with issues"
    if leaves_issues_open(notification):
        return f"{subject} completed, perhaps with issues"
    if meaning := _meaning(notification):
        return f"{subject} {meaning[0]}"
    if notification.state:
        return f"{subject} is in state {notification.state}"
    return _in_words(notification.event_type)


def has_issues(notification: Notification) -> bool:
    """Whether AWS's console says "Completed with issues": a category other than SUCCESS or, where there is none, a status message."""
    if not _completed(notification) or notification.job_type == "scan":
        return False
    return notification.message_category != "SUCCESS" if notification.message_category else bool(notification.reason)


def lacks_category(notification: Notification) -> bool:
    """Whether a job completed, and only AWS Backup can say whether with issues: SNS leaves out a restore's status message."""
    by_message = notification.job_type == "restore" and notification.route == "sns" and not notification.reason
    return _completed(notification) and not notification.message_category and (notification.job_type in _WITH_CATEGORY or by_message)


def leaves_issues_open(notification: Notification) -> bool:
    """Whether AWS Backup was asked whether a job completed with issues, and did not say."""
    return lacks_category(notification) and not notification.reason and LOOK_UP in dict(notification.details)


def found_threats(notification: Notification) -> bool:
    """Whether a malware scan found something."""
    return notification.job_type == "scan" and ("Scan result status", "THREATS_FOUND") in notification.details


def _scan_result(notification: Notification) -> str:
    if found_threats(notification):
        return "found threats"
    clean = notification.job_type == "scan" and ("Scan result status", "NO_THREATS_FOUND") in notification.details
    return "found no threats" if clean and notification.state == "COMPLETED" else ""


def was_deleted_by_hand(notification: Notification) -> bool:
    """Whether somebody deleted a recovery point before its time."""
    by_hand = ("Deleted by", "MANUAL_DELETE") in notification.details
    return notification.event_type == "RECOVERY_POINT" and notification.state in ("DELETING", "DELETED") and by_hand


def _completed(notification: Notification) -> bool:
    return notification.is_job_state and notification.state == "COMPLETED"


def _meaning(notification: Notification) -> tuple[str, Severity] | None:
    if notification.event_type in _NOTICES:
        return _NOTICES[notification.event_type]
    _, states = _FAMILIES.get(notification.event_type, ("", _JOB))
    return states.get(notification.state)


def _in_words(event_type: str) -> str:
    words = " ".join(word if word in _NAMES else word.lower() for word in event_type.split("_"))
    return words[:1].upper() + words[1:]
