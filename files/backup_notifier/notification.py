"""What an event says, whatever route it came by."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from . import times

# Four times the length of a UUID.
_LONGEST_KEY_PART = 144
_ACCESS_POINT_ARN = "Access point ARN"
# Both routes tell of these, which have no ID in common. What happens to one again within an hour of the clock is taken for a repeat.
_TOLD_BY_ARN = ("RECOVERY_POINT", "RECOVERY_POINT_INDEX", "ACCESS_POINT")


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification. Only text is always there; an empty value means that the event did not say.

    Attributes:
        text: the message as it came, or the event itself as JSON.
        route: sns or eventbridge; empty for anything else.
        recognised: the other attributes say all that the text says, so the text need not be shown.
        event_type: the family of the event, for example BACKUP_JOB; an event name such as S3_BACKUP_OBJECT_FAILED where it says all.
        state: upper case, for example COMPLETED; a state this package does not know is kept.
        job_type: backup, copy, restore or scan.
        job_id: as received; its case varies.
        parent_job_id: of a nested job.
        account_id: usually 12 digits; not checked.
        region: where the job runs.
        partition: aws, aws-cn, aws-us-gov...; empty when the Region tells none.
        vault_name: the vault the job writes to or the recovery point lies in.
        vault_arn: of the same vault.
        resource_arn: what was backed up.
        resource_type: in AWS Backup's words, for example EC2.
        resource_name: what AWS Backup shows as its name.
        recovery_point_arn: what came of it.
        created_resource_arn: what a restore created.
        reason: the status message, without the quotes that EventBridge puts around it.
        message_category: SUCCESS, or why a completed job has issues.
        size_bytes: of the backup; None when unknown.
        started_at: usually ISO 8601, with or without milliseconds.
        ended_at: when the job ended.
        sent_at: when SNS or EventBridge took the event.
        subject: of the SNS message.
        message_id: of the SNS message or the EventBridge event; the same again when AWS repeats it.
        tags: of the resource, as (key, value); only looked up when a routing rule asks for tags.
        details: every other attribute, as (name, value).
    """

    text: str
    route: str = ""
    recognised: bool = False
    event_type: str = ""
    state: str = ""
    job_type: str = ""
    job_id: str = ""
    parent_job_id: str = ""
    account_id: str = ""
    region: str = ""
    partition: str = "aws"
    vault_name: str = ""
    vault_arn: str = ""
    resource_arn: str = ""
    resource_type: str = ""
    resource_name: str = ""
    recovery_point_arn: str = ""
    created_resource_arn: str = ""
    reason: str = ""
    message_category: str = ""
    size_bytes: int | None = None
    started_at: str = ""
    ended_at: str = ""
    sent_at: str = ""
    subject: str = ""
    message_id: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    details: tuple[tuple[str, str], ...] = ()

    @property
    def is_job_state(self) -> bool:
        """Whether the state is the job's own, and not that of something inside it, such as an object that failed."""
        return bool(self.job_key and self.state and self.event_type in ("", f"{self.job_type.upper()}_JOB"))

    @property
    def job_key(self) -> str:
        """What all events of one job share, for example backup/1b2345b2-...; empty when the event is about no job."""
        return f"{self.job_type}/{_bounded(self.job_id.lower())}" if self.job_type and self.job_id else ""

    @property
    def key(self) -> str:
        """What both routes and every repeat of one event share: the job and its state, what changed, or else the event's own ID."""
        if self.is_job_state:
            return f"{self.job_key}/{_bounded(self.state)}"
        if changed := self._changed_arn:
            return f"{self.event_type.lower()}/{_bounded(changed)}/{_bounded(self.state)}/{times.hour(self.sent_at)}"
        return f"event/{_bounded(self.message_id)}" if self.message_id else f"text/{_digest(self.text)}"

    @property
    def _changed_arn(self) -> str:
        """The ARN of what the event is about, for the events that both routes tell by it."""
        if self.event_type not in _TOLD_BY_ARN or not self.state:
            return ""
        return dict(self.details).get(_ACCESS_POINT_ARN, "") if self.event_type == "ACCESS_POINT" else self.recovery_point_arn


def _bounded(text: str) -> str:
    """A text that is short enough for any store's key."""
    return text if len(text) <= _LONGEST_KEY_PART else _digest(text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
