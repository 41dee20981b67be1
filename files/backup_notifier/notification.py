"""What a record says, whatever route it came by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification. Only text is always there; an empty value means that the record did not say.

    Attributes:
        text: the message as it came, or the record itself as JSON.
        recognised: the text is one of AWS Backup's known job sentences, so the other attributes say all of it.
        event_type: the family of the event, for example BACKUP_JOB (not the event name the vault subscribed to).
        state: upper case, for example COMPLETED; a state this package does not know is kept.
        job_type: backup, copy or restore.
        job_id: as received; its case varies.
        account_id: usually 12 digits; not checked.
        region: where the job runs.
        partition: aws, aws-cn, aws-us-gov...
        resource_arn: what was backed up.
        recovery_point_arn: what came of it.
        started_at: usually ISO 8601, with or without milliseconds.
        sent_at: when SNS took the message.
        subject: of the SNS message.
        message_id: of the SNS message; the same again when SNS or Lambda repeats it.
        details: every other attribute, as (name, value).
    """

    text: str
    recognised: bool = False
    event_type: str = ""
    state: str = ""
    job_type: str = ""
    job_id: str = ""
    account_id: str = ""
    region: str = ""
    partition: str = "aws"
    resource_arn: str = ""
    recovery_point_arn: str = ""
    started_at: str = ""
    sent_at: str = ""
    subject: str = ""
    message_id: str = ""
    details: tuple[tuple[str, str], ...] = ()
