"""chat.postMessage and chat.update."""

from __future__ import annotations

from typing import Any

from . import arguments, channels, records, validation
from .errors import Rejected
from .store import Message, inbox

# What says where a message goes, not what it says.
ADDRESS = {"token", "channel", "ts", "thread_ts", "reply_broadcast"}
MOST_CHANGED_TEXT = 4000


def post_message(given: dict[str, Any]) -> dict[str, Any]:
    """Post a message of the bot, or a reply; where thread_ts names no message, it goes to the channel, and the answer has no thread_ts.

    Raises:
        Rejected: an argument is missing or wrong, or Slack would not take the message.
    """
    channel = channels.for_posting(given)
    content = _content(given)
    validation.check(content)
    kept = validation.cut(content)
    message = inbox.add(kept, thread_ts=str(given.get("thread_ts", "")), broadcast=arguments.flag(given, "reply_broadcast"))
    warning = {} if kept == content else {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}}
    return {"channel": channel.id, "ts": message.ts, "message": records.record(message), **warning}


def update(given: dict[str, Any]) -> dict[str, Any]:
    """Change a message of the bot; text, blocks or attachments that are not given stay as they were.

    Raises:
        Rejected: an argument is missing or wrong, there is no such message, or it is not the bot's.
    """
    channel = channels.for_reading(given)
    before = _own_message(given, channel)
    content = _content(given)
    validation.check({**before.payload, **content} if content else {})
    if len(content.get("text", "")) > MOST_CHANGED_TEXT:
        raise Rejected("msg_too_long", f"{len(content['text'])} characters, at most {MOST_CHANGED_TEXT}")
    message = records.record(inbox.change(before.ts, content))
    return {"channel": channel.id, "ts": before.ts, "text": message["text"], "message": message}


def _content(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in ADDRESS}


def _own_message(given: dict[str, Any], channel: channels.Channel) -> Message:
    if "ts" not in given:
        raise Rejected("invalid_arguments", "missing required field: ts")
    message = inbox.find(str(given["ts"]))
    if message is None or channel != channels.INBOX:
        raise Rejected("message_not_found", f"no message {given['ts']!r}")
    if message.webhook:
        raise Rejected("cant_update_message", "a webhook posted it")
    return message
