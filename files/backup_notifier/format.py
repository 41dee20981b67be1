"""Notifications as Slack messages. Pure, and within Slack's limits whatever comes in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from . import facts, hints, links, mrkdwn, states
from .facts import Fact
from .notification import Notification
from .states import Severity

# Slack's limits are 3000 characters for a section's text, 2000 for a field, 10 fields and about 13,000 for all blocks.
# Half of that is used, so that it does not matter whether Slack counts a character outside the BMP as one or two.
TEXT_LIMIT = 1400
ARN_LIMIT = 500
VALUE_LIMIT = 200
NAME_LIMIT = 150
LABEL_LIMIT = 60
MOST_FIELDS = 10
MOST_IN_ALL = 12_000
# How many notifications one summary can name, each in a line of its own.
SUMMARY_MOST = 40
_LINES_A_SECTION = 8
_LINE_LIMIT = 300
_SUMMED_UP = {
    Severity.FAILURE: "failed",
    Severity.WARNING: "with a warning",
    Severity.UNKNOWN: "unclear",
    Severity.PROGRESS: "in progress",
    Severity.SUCCESS: "succeeded",
}


def message(notification: Notification, *, console_links: bool = True, mention: str = "") -> dict[str, Any]:
    """The message: the headline as text, the rest as blocks beside a colour bar.

    Args:
        notification: what to tell.
        console_links: whether to link AWS's console.
        mention: whom to call, in Slack's markup.
    """
    limit = TEXT_LIMIT
    blocks = _blocks(notification, console_links, limit)
    while _size(blocks) > MOST_IN_ALL and limit > VALUE_LIMIT:
        limit //= 2
        blocks = _blocks(notification, console_links, limit)
    return _with_bar(_called(mention, headline(notification)), states.severity(notification), blocks)


def plain(notification: Notification, mention: str = "") -> dict[str, Any]:
    """The message without blocks, for a Slack that refuses them."""
    return {"text": f"{_called(mention, headline(notification))}\n{mrkdwn.code_block(notification.text, TEXT_LIMIT)}"}


def headline(notification: Notification) -> str:
    """What happened to which resource, and where, on one line; it is also what a phone shows."""
    what = mrkdwn.value(facts.what_happened(notification), VALUE_LIMIT)
    rest = " · ".join(filter(None, (_subject(notification), *(mrkdwn.value(each, VALUE_LIMIT) for each in facts.place(notification)))))
    return f"{states.severity(notification).sign} *{what}*{': ' if rest else ''}{rest}"


def summary(notifications: Sequence[Notification], mention: str = "") -> dict[str, Any]:
    """One message for many notifications, the worst first. Each has its line.

    Args:
        notifications: at most SUMMARY_MOST.
        mention: whom to call, in Slack's markup.
    """
    ordered = sorted(notifications, key=lambda each: states.severity(each).rank)
    worst = states.severity(ordered[0])
    limit = NAME_LIMIT
    blocks = _lines(ordered, limit)
    while _size(blocks) > MOST_IN_ALL:
        limit = limit * 3 // 4
        blocks = _lines(ordered, limit)
    text = f"{worst.sign} *{summed_up(ordered)}*"
    return _with_bar(_called(mention, text), worst, blocks)


def summed_up(notifications: Sequence[Notification]) -> str:
    """How many events there are of which severity, for example 9 AWS Backup events: 2 failed, 7 succeeded."""
    found = [states.severity(each) for each in notifications]
    counts = [f"{found.count(severity)} {words}" for severity, words in _SUMMED_UP.items() if severity in found]
    return f"{len(found)} AWS Backup event{'' if len(found) == 1 else 's'}: {', '.join(counts)}"


def _blocks(notification: Notification, console_links: bool, limit: int) -> list[dict[str, Any]]:
    step = hints.next_step(notification)
    command = f"\n{mrkdwn.code(step.command, 300)}" if step.command else ""
    bad = states.severity(notification) in (Severity.FAILURE, Severity.WARNING)
    sections = [
        f"*{'Why' if bad else 'Status message'}*\n{mrkdwn.code_block(notification.reason, limit)}" if notification.reason else "",
        f"*What to do next*\n{mrkdwn.escape(step.advice, limit)}{command}" if step.advice else "",
    ]
    after = [
        "\n".join(f"*{fact.name}*\n{mrkdwn.code(fact.value, ARN_LIMIT)}" for fact in facts.arns(notification)),
        "" if facts.says_all(notification) else f"*As received*\n{mrkdwn.code_block(notification.text, limit)}",
    ]
    addresses = links.console_links(notification) if console_links else []
    context = "  •  ".join(mrkdwn.link(url, label) for label, url in addresses)
    return [
        *(_section(text) for text in sections if text),
        *_fields(facts.facts(notification)),
        *(_section(text) for text in after if text),
        *([{"type": "context", "elements": [_mrkdwn(context)]}] if context else []),
    ]


def _fields(known: list[Fact]) -> list[dict[str, Any]]:
    fields = [_mrkdwn(f"*{mrkdwn.value(fact.name, LABEL_LIMIT)}*\n{_of_fact(fact)}") for fact in known]
    if len(fields) > MOST_FIELDS:
        hidden = len(fields) - MOST_FIELDS + 1
        fields[MOST_FIELDS - 1 :] = [_mrkdwn(f"*{mrkdwn.ELLIPSIS}*\nand {hidden} more")]
    return [{"type": "section", "fields": fields}] if fields else []


def _of_fact(fact: Fact) -> str:
    return mrkdwn.code(fact.value, VALUE_LIMIT) if fact.is_name else mrkdwn.value(fact.value, VALUE_LIMIT)


def _subject(notification: Notification, limit: int = NAME_LIMIT) -> str:
    about = facts.subject(notification)
    name = mrkdwn.code(about.name, limit) if about.name else ""
    if about.alias:
        name = f"{mrkdwn.code(about.alias, limit)} ({name})"
    return " ".join(filter(None, (mrkdwn.value(about.label, limit), name)))


def _lines(ordered: list[Notification], limit: int) -> list[dict[str, Any]]:
    lines = [_line(each, limit) for each in ordered]
    return [_section("\n".join(lines[start : start + _LINES_A_SECTION])) for start in range(0, len(lines), _LINES_A_SECTION)]


def _line(notification: Notification, limit: int) -> str:
    """One notification in a summary: what, of which resource, which job, and why if it is bad news."""
    severity = states.severity(notification)
    identity = notification.job_id or notification.message_id
    about = facts.subject(notification)
    shown = _subject(notification, min(limit, LABEL_LIMIT)) if about.name != notification.job_id else ""
    parts = [
        f"{severity.sign} {mrkdwn.value(facts.what_happened(notification), min(limit, LABEL_LIMIT))}",
        shown,
        mrkdwn.code(identity, LABEL_LIMIT) if identity else "",
        mrkdwn.value(notification.reason, min(limit, LABEL_LIMIT)) if notification.reason and severity is not Severity.SUCCESS else "",
    ]
    return " · ".join(part for part in parts if part)


def _with_bar(text: str, severity: Severity, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {"text": text, "attachments": [{"color": severity.colour, "blocks": blocks}]}


def _called(mention: str, text: str) -> str:
    return f"{mention} {text}" if mention else text


def _size(blocks: list[dict[str, Any]]) -> int:
    """The length of the blocks as Slack may count it: in UTF-16."""
    return len(json.dumps(blocks, ensure_ascii=False).encode("utf-16-le")) // 2


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> dict[str, Any]:
    # verbatim: Slack makes no links and mentions of its own out of foreign text.
    return {"type": "mrkdwn", "text": text, "verbatim": True}
