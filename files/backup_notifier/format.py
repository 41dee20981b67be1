"""A notification as a Slack message. Pure, and within Slack's limits whatever comes in."""

from __future__ import annotations

from typing import Any

from . import arn, hints, links, mrkdwn, resources, states, times
from .notification import Notification

# Slack's limits are 3000 characters for a section's text, 2000 for a field, 10 fields and about 13,000 for all blocks.
# Half of that is used, so that it does not matter whether Slack counts a character outside the BMP as one or two.
TEXT_LIMIT = 1400
ARN_LIMIT = 500
VALUE_LIMIT = 200
NAME_LIMIT = 150
MOST_FIELDS = 10
USUAL_SUBJECT = "Notification from AWS Backup"


def message(notification: Notification, *, console_links: bool = True) -> dict[str, Any]:
    """The message: the headline as text, the rest as blocks beside a colour bar."""
    blocks = [_fields(notification), *_sections(notification)]
    addresses = links.console_links(notification) if console_links else []
    if addresses:
        blocks.append({"type": "context", "elements": [_mrkdwn("  •  ".join(mrkdwn.link(url, label) for label, url in addresses))]})
    return {
        "text": headline(notification),
        "attachments": [{"color": states.severity(notification).colour, "blocks": [block for block in blocks if block]}],
    }


def plain(notification: Notification) -> dict[str, Any]:
    """The message without blocks, for a Slack that refuses them."""
    return {"text": f"{headline(notification)}\n{mrkdwn.code_block(notification.text, TEXT_LIMIT)}"}


def headline(notification: Notification) -> str:
    """What happened to which resource, and where, on one line; it is also what a phone shows."""
    what = states.what_happened(notification) or "Unrecognised message"
    place = [f"account {_value(notification.account_id)}"] if notification.account_id else []
    parts = [_subject(notification), _value(notification.region), *place]
    rest = " · ".join(filter(None, parts))
    return f"{states.severity(notification).sign} *{_value(what)}*{': ' if rest else ''}{rest}"


def _subject(notification: Notification) -> str:
    if notification.resource_arn:
        return _resource(notification.resource_arn)
    if notification.job_id:
        return f"job {mrkdwn.code(notification.job_id, NAME_LIMIT)}"
    if notification.recovery_point_arn:
        return f"recovery point {_resource(notification.recovery_point_arn)}"
    return "" if notification.subject == USUAL_SUBJECT else _value(notification.subject)


def _resource(resource_arn: str) -> str:
    parsed = arn.parse(resource_arn)
    if not parsed:
        return mrkdwn.code(resource_arn, NAME_LIMIT)
    return f"{_value(resources.kind(parsed).label)} {mrkdwn.code(parsed.name, NAME_LIMIT)}"


def _fields(notification: Notification) -> dict[str, Any] | None:
    values = [
        ("Job ID", mrkdwn.code(notification.job_id, VALUE_LIMIT) if notification.job_id else ""),
        ("Region", _value(notification.region)),
        ("Account", _value(notification.account_id)),
        ("Started", _value(times.readable(notification.started_at))),
        ("Reported", _reported(notification)),
        *((_value(name), mrkdwn.code(value, VALUE_LIMIT)) for name, value in notification.details),
    ]
    fields = [_mrkdwn(f"*{name}*\n{value}") for name, value in values if value]
    if len(fields) > MOST_FIELDS:
        hidden = len(fields) - MOST_FIELDS + 1
        fields[MOST_FIELDS - 1 :] = [_mrkdwn(f"*{mrkdwn.ELLIPSIS}*\nand {hidden} more")]
    return {"type": "section", "fields": fields} if fields else None


def _reported(notification: Notification) -> str:
    took = times.elapsed(notification.started_at, notification.sent_at)
    return _value(times.readable(notification.sent_at)) + (f" ({took} later)" if took else "")


def _sections(notification: Notification) -> list[dict[str, Any]]:
    arns = [("Resource", notification.resource_arn), ("Recovery point", notification.recovery_point_arn)]
    texts = [
        f"*What to do next*\n{hint}" if (hint := hints.next_step(notification)) else "",
        "\n".join(f"*{name}*\n{mrkdwn.code(value, ARN_LIMIT)}" for name, value in arns if value),
        "" if _says_all(notification) else f"*As received*\n{mrkdwn.code_block(notification.text, TEXT_LIMIT)}",
    ]
    return [{"type": "section", "text": _mrkdwn(text)} for text in texts if text]


def _says_all(notification: Notification) -> bool:
    return notification.recognised and states.is_known(notification)


def _value(text: str) -> str:
    """Foreign text on one line that cannot format, mention or link."""
    plain_text = " ".join(text.split())
    return mrkdwn.code(plain_text, VALUE_LIMIT) if set(plain_text) & set("*_~`<>@#") else mrkdwn.escape(plain_text, VALUE_LIMIT)


def _mrkdwn(text: str) -> dict[str, Any]:
    # verbatim: Slack makes no links and mentions of its own out of foreign text.
    return {"type": "mrkdwn", "text": text, "verbatim": True}
