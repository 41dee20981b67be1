"""Messages as Slack's Web API gives them back."""

from __future__ import annotations

import re
from typing import Any

from .channels import TEAM
from .markup import as_dicts, as_text
from .store import Message
from .threads import Thread

BOT_USER, BOT, APP = "U0SANDBOX00", "B0SANDBOX00", "A0SANDBOX00"
NO_PREVIEW = "[no preview available]"


def record(message: Message) -> dict[str, Any]:
    """A message by itself."""
    given = message.payload
    edited = {"edited": {"user": BOT_USER, "ts": message.edited}} if message.edited else {}
    reply = {"thread_ts": message.thread_ts, "parent_user_id": BOT_USER} if message.thread_ts else {}
    content = {
        "text": as_text(given.get("text")),
        **({"blocks": given["blocks"]} if given.get("blocks") else {}),
        **({"attachments": _attachments(given["attachments"])} if given.get("attachments") else {}),
    }
    broadcast = {"subtype": "thread_broadcast"} if message.broadcast else {}
    return {"type": "message", **broadcast, **_author(message), **content, "ts": message.ts, **reply, **edited}


def parent_record(thread: Thread) -> dict[str, Any]:
    """The first message of a thread with what it tells of its replies, or a reply in the channel with what it replies to."""
    first = record(thread.parent)
    if thread.root:
        return {**first, "root": record(thread.root)}
    if not thread.replies:
        return first
    return {
        **first,
        "thread_ts": thread.parent.ts,
        "reply_count": len(thread.replies),
        "reply_users_count": 1,
        "latest_reply": thread.replies[-1].ts,
        "reply_users": [BOT_USER],
        "is_locked": False,
        "subscribed": False,
    }


def _author(message: Message) -> dict[str, Any]:
    if message.webhook:
        return {"subtype": "bot_message", "bot_id": message.webhook.split("/")[4]}
    return {"user": BOT_USER, "bot_id": BOT, "app_id": APP, "team": TEAM}


def _attachments(attachments: Any) -> list[dict[str, Any]]:
    """Attachments with what Slack adds and without what it drops: they are not returned as they were sent."""
    return [
        {"id": number, "fallback": NO_PREVIEW, **attachment, **_colour(attachment)}
        for number, attachment in enumerate(as_dicts(attachments), start=1)
    ]


def _colour(attachment: dict[str, Any]) -> dict[str, str]:
    colour = as_text(attachment.get("color"))
    return {"color": colour.removeprefix("#").lower()} if re.fullmatch(r"#[0-9A-Fa-f]{6}", colour) else {}
