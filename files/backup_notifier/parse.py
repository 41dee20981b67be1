"""Any event to notifications. Nothing is refused: what is not understood is kept as text."""

from __future__ import annotations

from typing import Any

from . import eventbridge, sns
from .notification import Notification
from .text import as_json


def notifications(event: Any) -> list[Notification]:
    """The notifications in an event: one for each SNS record, one for an EventBridge event, or one with the whole event as text."""
    records = event.get("Records") if isinstance(event, dict) else None
    if isinstance(records, list) and records:
        return [_from_record(record) for record in records]
    if eventbridge.is_event(event):
        return [eventbridge.notification(event)]
    return [Notification(text=as_json(event))]


def _from_record(record: Any) -> Notification:
    message = record.get("Sns") if isinstance(record, dict) else None
    if not isinstance(message, dict):
        return Notification(text=as_json(record))
    # A topic may be the target of an EventBridge rule: then the message is the event.
    return eventbridge.inside(message.get("Message")) or sns.notification(message, record)
