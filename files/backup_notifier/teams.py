"""Notifications as messages to a Teams workflow: adaptive cards. Pure, and within Teams's limit of 28 KB whatever comes in.

All text is in TextRuns, the one element in which Teams reads no Markdown, so nothing foreign can format or link.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from . import facts, format, hints, links, states
from .mrkdwn import cut
from .notification import Notification
from .states import Severity

# Teams counts the body as it was sent; some of its gateways count more than that.
MOST_BYTES = 21_000
TEXT_LIMIT = 1400
VALUE_LIMIT = 200
_SHORTEST = 20
_STYLES = {
    Severity.FAILURE: "attention",
    Severity.WARNING: "warning",
    Severity.UNKNOWN: "emphasis",
    Severity.PROGRESS: "accent",
    Severity.SUCCESS: "good",
}


def card(notification: Notification, *, console_links: bool = True) -> dict[str, Any]:
    """The message: one card with headline, reason, next step, facts and links."""
    return _fitting(lambda limit: _card(notification, console_links, limit))


def summary(notifications: Sequence[Notification]) -> dict[str, Any]:
    """One message for many notifications, the worst first. Each has its line.

    Args:
        notifications: at most format.SUMMARY_MOST.
    """
    ordered = sorted(notifications, key=lambda each: states.severity(each).rank)
    worst = states.severity(ordered[0])
    text = f"{worst.sign} {format.summed_up(ordered)}"
    return _fitting(lambda limit: _message(worst, text, [_line(each, limit) for each in ordered], []))


def _card(notification: Notification, console_links: bool, limit: int) -> dict[str, Any]:
    severity = states.severity(notification)
    step = hints.next_step(notification)
    bad = severity in (Severity.FAILURE, Severity.WARNING)
    value_limit = min(limit, VALUE_LIMIT)
    body = [
        *_paragraph("Why" if bad else "Status message", cut(notification.reason, limit), monospace=True),
        *_paragraph("What to do next", step.advice),
        *([_text(_run(step.command, monospace=True))] if step.command else []),
        *(_fact(fact.name, fact.value, value_limit) for fact in facts.facts(notification)[: format.MOST_FIELDS]),
        *(_fact(fact.name, fact.value, format.ARN_LIMIT) for fact in facts.arns(notification)),
        *([] if facts.says_all(notification) else _paragraph("As received", cut(notification.text, limit), monospace=True)),
    ]
    addresses = links.console_links(notification) if console_links else []
    actions = [{"type": "Action.OpenUrl", "title": label, "url": url} for label, url in addresses]
    return _message(severity, cut(f"{severity.sign} {facts.headline(notification)}", max(limit, VALUE_LIMIT)), body, actions)


def _message(severity: Severity, headline: str, body: list[dict[str, Any]], actions: list[dict[str, str]]) -> dict[str, Any]:
    title = _text(_run(headline, weight="Bolder", size="Medium"))
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": headline,
        "msteams": {"width": "Full"},
        "body": [{"type": "Container", "style": _STYLES[severity], "bleed": True, "items": [title]}, *body],
        "actions": actions,
    }
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": content}],
    }


def _line(notification: Notification, limit: int) -> dict[str, Any]:
    """One notification in a summary: what, of which resource, which job, and why if it is bad news."""
    severity = states.severity(notification)
    about = facts.subject(notification)
    named = f"{about.label} {about.alias or about.name}" if about.name != notification.job_id else ""
    parts = [
        f"{severity.sign} {cut(facts.what_happened(notification), format.LABEL_LIMIT)}",
        cut(named.strip(), min(limit, format.LABEL_LIMIT)),
        cut(notification.job_id or notification.message_id, format.LABEL_LIMIT),
        cut(notification.reason, min(limit, format.LABEL_LIMIT)) if severity is not Severity.SUCCESS else "",
    ]
    return _text(_run(" · ".join(part for part in parts if part)))


def _paragraph(name: str, text: str, **look: Any) -> list[dict[str, Any]]:
    return [_text(_run(name, weight="Bolder")), {**_text(_run(text, **look)), "spacing": "None"}] if text else []


def _fact(name: str, value: str, limit: int) -> dict[str, Any]:
    return {**_text(_run(f"{cut(name, format.LABEL_LIMIT)}: ", weight="Bolder"), _run(cut(value, limit))), "spacing": "Small"}


def _text(*runs: dict[str, Any]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": list(runs)}


def _run(text: str, *, monospace: bool = False, **look: str) -> dict[str, Any]:
    return {"type": "TextRun", "text": text or " ", **({"fontType": "Monospace"} if monospace else {}), **look}


def _fitting(build: Callable[[int], dict[str, Any]]) -> dict[str, Any]:
    """The message with texts as long as Teams allows, cut visibly where they are longer."""
    limit = TEXT_LIMIT
    message = build(limit)
    while len(json.dumps(message)) > MOST_BYTES and limit > _SHORTEST:
        limit //= 2
        message = build(limit)
    return message
