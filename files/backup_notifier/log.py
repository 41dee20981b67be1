"""What the function writes to its log: JSON, a line for each record. Nothing here may hold a secret."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

from . import states
from .delivery import Delivery
from .notification import Notification
from .settings import Target

# Far above any real ID or state; keeps a hostile one from filling the log.
_LONGEST_VALUE = 256


def received(notification: Notification) -> None:
    """One notification came in."""
    write("notification_received", {"route": _value(notification.route), **_subject(notification)})


def delivery(notification: Notification, target: Target, delivery: Delivery) -> None:
    """What became of one notification on one target: what the modules of this collection read as proof."""
    write(
        "notification_delivery",
        {
            **_subject(notification),
            "target": target.name,
            "target_type": target.type,
            "outcome": delivery.outcome,
            "http_status": delivery.http_status,
            "duration_ms": delivery.duration_ms,
            "attempts": delivery.attempts,
            "error": delivery.error,
            "channel": delivery.channel,
            "ts": delivery.ts,
            "thread_ts": delivery.thread_ts,
            "summary": delivery.summary,
        },
    )


def store_failed(target: str, error: str) -> None:
    """The table could not be used; what follows is sent without it."""
    write("notification_store_failed", {"target": target, "error": _value(error)})


def lookup_failed(notification: Notification, error: str) -> None:
    """AWS could not tell more about a notification; it is sent with what the event says."""
    write("notification_lookup_failed", {**_subject(notification), "error": _value(error)})


def settings_failed(error: str) -> None:
    """The function cannot work as it was deployed."""
    write("notification_settings_failed", {"error": error[:2000]})


def keep_secrets_out() -> None:
    """Keep the libraries from writing requests and answers, which hold secrets, even when the function logs at DEBUG."""
    for name in ("urllib3", "botocore", "boto3"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _subject(notification: Notification) -> dict[str, str | None]:
    return {
        "job_id": _value(notification.job_id),
        "job_type": _value(notification.job_type),
        "event_type": _value(notification.event_type),
        "state": _value(notification.state),
        "severity": states.severity(notification).label,
        "message_id": _value(notification.message_id),
    }


def write(record: str, values: dict[str, Any]) -> None:
    """Write one record."""
    # In one piece, so that the lines of two threads never mix.
    sys.stdout.write(json.dumps({"record": record, **values}) + "\n")
    sys.stdout.flush()


def _value(text: str) -> str | None:
    return text[:_LONGEST_VALUE] or None
