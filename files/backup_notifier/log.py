"""What the function writes to its log. Nothing here may hold the webhook."""

from __future__ import annotations

import json
import logging

from .deliver import Delivery
from .notification import Notification

# Far above any real ID or state; keeps a hostile one from filling the log.
_LONGEST_VALUE = 256


def delivery(notification: Notification, delivery: Delivery) -> None:
    """Print one JSON line about one delivery: what backup_notification_info reads as proof."""
    line = {
        "record": "notification_delivery",
        "job_id": _value(notification.job_id),
        "event_type": _value(notification.event_type),
        "state": _value(notification.state),
        "target": "slack_webhook",
        "outcome": delivery.outcome,
        "http_status": delivery.http_status,
        "duration_ms": delivery.duration_ms,
        "attempts": delivery.attempts,
        "message_id": _value(notification.message_id),
        "error": delivery.error,
    }
    print(json.dumps(line), flush=True)


def keep_secrets_out() -> None:
    """Keep the libraries from writing requests and answers, which hold the webhook, even when the function logs at DEBUG."""
    for name in ("urllib3", "botocore", "boto3"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _value(text: str) -> str | None:
    return text[:_LONGEST_VALUE] or None
