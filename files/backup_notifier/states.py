"""How good or bad the news is, in words, a colour and a sign."""

from __future__ import annotations

from enum import Enum

from .notification import Notification


class Severity(Enum):
    """How good or bad the news is: (colour of the bar, sign before the headline)."""

    GOOD = ("#2eb67d", "✅")
    BAD = ("#e01e5a", "❌")
    WARNING = ("#ecb22e", "⚠️")
    PROGRESS = ("#36c5f0", "▶️")
    UNKNOWN = ("#868686", "❓")

    @property
    def colour(self) -> str:
        """Of the bar, as #rrggbb."""
        return self.value[0]

    @property
    def sign(self) -> str:
        """One emoji that also tells the severity to who cannot see the colour."""
        return self.value[1]


_STATES = {
    "CREATED": ("was created", Severity.PROGRESS),
    "PENDING": ("is waiting to start", Severity.PROGRESS),
    "RUNNING": ("started", Severity.PROGRESS),
    "STARTED": ("started", Severity.PROGRESS),
    "ABORTING": ("is being stopped", Severity.WARNING),
    "ABORTED": ("was stopped", Severity.BAD),
    "COMPLETED": ("completed", Severity.GOOD),
    "FAILED": ("failed", Severity.BAD),
    "EXPIRED": ("expired", Severity.BAD),
    "PARTIAL": ("completed only in part", Severity.BAD),
}
# The last word of the events that have no state, such as EKS_RESTORE_OBJECT_SKIPPED.
_LAST_WORDS = {
    "COMPLETED": Severity.GOOD,
    "SUCCESS": Severity.GOOD,
    "SUCCESSFUL": Severity.GOOD,
    "AVAILABLE": Severity.GOOD,
    "STARTED": Severity.PROGRESS,
    "SKIPPED": Severity.WARNING,
    "FAILED": Severity.BAD,
    "INTERRUPTED": Severity.BAD,
}
_NAMES = {"AWS", "EKS", "S3"}


def is_known(notification: Notification) -> bool:
    """Whether the state is one of AWS Backup's job states."""
    return notification.state in _STATES


def severity(notification: Notification) -> Severity:
    """How good or bad the news is: by the state, or by the event's last word when there is no state."""
    if notification.state:
        return _STATES.get(notification.state, ("", Severity.UNKNOWN))[1]
    return _LAST_WORDS.get(notification.event_type.rpartition("_")[2], Severity.UNKNOWN)


def what_happened(notification: Notification) -> str:
    """What happened, in words, for example Backup failed; an empty text when the record does not tell. Not escaped."""
    subject = notification.job_type.capitalize() or _in_words(notification.event_type.removesuffix("_JOB"))
    if notification.state in _STATES:
        return f"{subject or 'Job'} {_STATES[notification.state][0]}"
    if notification.state:
        return f"{subject or 'Job'} is in state {notification.state}"
    return _in_words(notification.event_type)


def _in_words(event_type: str) -> str:
    words = " ".join(word if word in _NAMES else word.lower() for word in event_type.split("_"))
    return words[:1].upper() + words[1:]
