"""Any event to notifications. Nothing is refused: what is not understood is kept as text."""

from __future__ import annotations

import json
from typing import Any

from . import arn, wording
from .attributes import Attributes
from .notification import Notification

_JOB_TYPES = ("backup", "copy", "restore")


def notifications(event: Any) -> list[Notification]:
    """The notifications in an event: one for each SNS record, or one with the whole event as text."""
    records = event.get("Records") if isinstance(event, dict) else None
    if isinstance(records, list) and records:
        return [_from_record(record) for record in records]
    return [Notification(text=_as_text(event))]


def _from_record(record: Any) -> Notification:
    sns = record.get("Sns") if isinstance(record, dict) else None
    if not isinstance(sns, dict):
        return Notification(text=_as_text(record))
    text = sns["Message"] if isinstance(sns.get("Message"), str) else _as_text(record)
    attributes = Attributes(sns.get("MessageAttributes"))
    sentence_type, sentence_state = wording.job_sentence(text)
    text_type, text_job_id = wording.job_id(text)
    event_type = attributes.take("EventType").upper()
    job_type = _job_type(event_type, attributes) or sentence_type or text_type
    job_id = attributes.take("Id", *(f"{known}JobId" for known in _JOB_TYPES)) or text_job_id
    topic_arn = _text(sns, "TopicArn")
    resource_arn = attributes.take("ResourceArn") or wording.resource_arn(text)
    recovery_point_arn = attributes.take("RecoveryPointArn") or wording.recovery_point_arn(text)
    place = _place(topic_arn, resource_arn, recovery_point_arn)
    return Notification(
        text=text,
        recognised=bool(sentence_type and job_id),
        event_type=event_type or (f"{job_type.upper()}_JOB" if sentence_type else ""),
        state=attributes.take("State").upper() or sentence_state,
        job_type=job_type,
        job_id=job_id,
        account_id=attributes.take("AccountId") or place["account_id"],
        region=place["region"],
        partition=place["partition"] or "aws",
        resource_arn=resource_arn,
        recovery_point_arn=recovery_point_arn,
        started_at=attributes.take("StartTime"),
        sent_at=_text(sns, "Timestamp"),
        subject=_text(sns, "Subject"),
        message_id=_text(sns, "MessageId"),
        details=attributes.rest(),
    )


def _job_type(event_type: str, attributes: Attributes) -> str:
    by_event = (known for known in _JOB_TYPES if event_type.startswith(f"{known.upper()}_JOB"))
    by_attribute = (known for known in _JOB_TYPES if f"{known}jobid" in attributes.names())
    return next(by_event, "") or next(by_attribute, "")


def _place(*arns: str) -> dict[str, str]:
    """Partition, region and account: each from the first ARN that has it. Topic and job share all three."""
    known = [parsed for parsed in map(arn.parse, arns) if parsed]
    return {
        "partition": next((each.partition for each in known if each.partition), ""),
        "region": next((each.region for each in known if each.region), ""),
        "account_id": next((each.account for each in known if each.account), ""),
    }


def _text(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _as_text(value: Any) -> str:
    """Any JSON value as text, on one line."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return f"({type(value).__name__}, nested too deeply to show)"
