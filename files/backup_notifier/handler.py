"""The Lambda function: every notification of an event to Slack.

Environment variables: WEBHOOK_PARAMETER, the name of the SSM parameter with the webhook; CONSOLE_LINKS, true (default) or false.
"""

from __future__ import annotations

import os
import time
import traceback
from collections import deque
from pathlib import PurePath
from typing import Any, Protocol

from . import format, log, parse
from .deliver import Delivery, deliver
from .notification import Notification
from .webhook import Webhook, WebhookError

# Kept back for the log lines and for raising, in seconds.
RESERVE = 0.5
# What Slack answers when a webhook was revoked or its channel is gone.
_REVOKED = {403, 404, 410}
_BAD_PAYLOAD = 400

_webhook = Webhook()
# SNS message IDs that need no further try: Lambda repeats a whole event when one of its records failed.
_settled: deque[str] = deque(maxlen=1000)


class Context(Protocol):
    """The part of Lambda's context that is used."""

    def get_remaining_time_in_millis(self) -> int:
        """The time until Lambda ends this invocation."""


class DeliveryError(Exception):
    """Some notifications were not delivered and are worth another try; AWS makes it, then uses the dead-letter queue."""


def handler(event: Any, context: Context) -> dict[str, int]:
    """Send every notification of an event; how many were accepted, rejected, and known from an earlier try.

    Raises:
        DeliveryError: at least one was neither accepted nor rejected. All were tried.
    """
    log.keep_secrets_out()
    notifications = parse.notifications(event)
    fresh = [each for each in notifications if each.message_id not in _settled]
    deliveries = []
    for position, notification in enumerate(fresh):
        time_left = context.get_remaining_time_in_millis() / 1000 - RESERVE
        deadline = time.monotonic() + time_left / (len(fresh) - position)
        deliveries.append(_process(notification, deadline))
    undelivered = [each for each in deliveries if each.outcome == "retry"]
    if undelivered:
        raise DeliveryError(f"{len(undelivered)} of {len(notifications)} notifications not delivered; first reason: {undelivered[0].error}")
    accepted = sum(each.outcome == "accepted" for each in deliveries)
    return {"accepted": accepted, "rejected": len(deliveries) - accepted, "repeated": len(notifications) - len(fresh)}


def _process(notification: Notification, deadline: float) -> Delivery:
    """Send one notification, log it and note when it is settled; whatever goes wrong is the result."""
    try:
        delivery = _send(notification, deadline)
    except WebhookError as error:
        delivery = Delivery("retry", error=str(error))
    except Exception as error:
        # A fault of our own must cost neither this notification nor the ones after it. The exception's text may hold anything.
        delivery = Delivery("retry", error=f"{type(error).__name__} at {_where(error)}")
    log.delivery(notification, delivery)
    if delivery.outcome != "retry" and notification.message_id:
        _settled.append(notification.message_id)
    return delivery


def _where(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{PurePath(frame.filename).name}:{frame.lineno}"


def _send(notification: Notification, deadline: float) -> Delivery:
    """Send one notification: again with the current webhook when Slack calls it revoked, or plain when Slack refuses the blocks."""
    message = format.message(notification, console_links=os.environ.get("CONSOLE_LINKS", "true").lower() != "false")
    url = _webhook.url()
    delivery = deliver(message, url, deadline)
    if delivery.http_status in _REVOKED:
        current = _webhook.renewed()
        if current != url:
            url = current
            delivery = deliver(message, url, deadline).after(delivery)
    if delivery.http_status == _BAD_PAYLOAD:
        delivery = deliver(format.plain(notification), url, deadline).after(delivery)
    return delivery
