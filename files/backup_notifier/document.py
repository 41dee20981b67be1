"""Notifications as JSON documents, for programs. The fields are a promise: see docs/notifier.md before changing one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from . import facts, hints, links, states, times
from .mrkdwn import clean
from .notification import Notification

VERSION = 1


def document(notification: Notification, *, console_links: bool = True) -> dict[str, Any]:
    """One notification. What the event does not say is null."""
    return {"version": VERSION, "kind": "notification", **_fields(notification, console_links)}


def summary(notifications: Sequence[Notification], *, console_links: bool = True) -> dict[str, Any]:
    """Many notifications, in the order given, each as complete as alone."""
    counts = Counter(states.severity(each).label for each in notifications)
    return {
        "version": VERSION,
        "kind": "summary",
        "count": len(notifications),
        "severities": {severity.label: counts[severity.label] for severity in states.Severity},
        "notifications": [_fields(each, console_links) for each in notifications],
    }


def _fields(notification: Notification, console_links: bool) -> dict[str, Any]:
    addresses = links.console_links(notification) if console_links else []
    step = hints.next_step(notification)
    seconds = times.seconds_between(notification.started_at, notification.ended_at)
    return {
        "key": _text(notification.key),
        "severity": states.severity(notification).label,
        "headline": _text(facts.headline(notification)),
        "event_type": _text(notification.event_type),
        "state": _text(notification.state),
        "reason": _text(notification.reason),
        "message_category": _text(notification.message_category),
        "next_step": _text(step.advice),
        "command": _text(step.command),
        "job": _job(notification),
        "resource": {
            "arn": _text(notification.resource_arn),
            "type": _text(notification.resource_type),
            "name": _text(notification.resource_name),
            "tags": {clean(name): clean(value) for name, value in notification.tags},
        },
        "vault": {"arn": _text(notification.vault_arn), "name": _text(notification.vault_name)},
        "recovery_point_arn": _text(notification.recovery_point_arn),
        "created_resource_arn": _text(notification.created_resource_arn),
        "size_bytes": notification.size_bytes,
        "account_id": _text(notification.account_id),
        "region": _text(notification.region),
        "partition": _text(notification.partition),
        "started_at": _time(notification.started_at),
        "ended_at": _time(notification.ended_at),
        "sent_at": _time(notification.sent_at),
        "duration_seconds": seconds,
        "route": _text(notification.route),
        "message_id": _text(notification.message_id),
        "subject": _text(notification.subject),
        "links": [{"label": label, "url": url} for label, url in addresses],
        "details": [{"name": clean(name), "value": clean(value)} for name, value in notification.details],
        "text": clean(notification.text),
    }


def _job(notification: Notification) -> dict[str, Any] | None:
    if not notification.job_type and not notification.job_id:
        return None
    return {
        "type": _text(notification.job_type),
        "id": _text(notification.job_id),
        "parent_id": _text(notification.parent_job_id),
    }


def _text(value: str) -> str | None:
    return clean(value) or None


def _time(value: str) -> str | None:
    """In ISO 8601 and UTC, or as it came."""
    return times.iso(value) or _text(value)
