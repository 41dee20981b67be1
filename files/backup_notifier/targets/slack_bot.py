"""A Slack app with a bot token: chat.postMessage and chat.update, whose errors mostly come with HTTP 200."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from ..delivery import Cause, Delivery
from ..post import Reply, Request
from ..settings import Target
from . import answers
from .slack_messages import SlackMessages

POST = "chat.postMessage"
UPDATE = "chat.update"
_LIMITS = {"ratelimited", "rate_limited", "message_limit_exceeded"}
_PASSING = {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
_CAUSES: dict[Cause, set[str]] = {
    "secret": {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"},
    "message": {
        "attachment_payload_limit_exceeded",
        "invalid_attachments",
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
    },
    "thread": {"cannot_reply_to_message", "message_not_found", "thread_not_found"},
}
_SECONDS_WHEN_LIMITED = 1.0


@dataclass(frozen=True, slots=True)
class SlackBot(SlackMessages):
    """See targets.Kind."""

    channel: str
    api_url: str

    def request(self, payload: dict[str, Any], secret: str, method: str) -> Request:
        """The secret is the token."""
        body = {"channel": self.channel, **payload}
        return Request(f"{self.api_url}/{method or POST}", json.dumps(body).encode(), {"Authorization": f"Bearer {secret}"})

    def judge(self, reply: Reply) -> Delivery:
        """By what the body says, when there is one to read."""
        if reply.status != 200:
            return answers.unexpected(reply) if (reply.status or 0) < 300 else answers.refused(reply, {401, 403}, set())
        answer = _parsed(reply.text)
        if answer.get("ok") is True and isinstance(answer.get("ts"), str):
            # A reply to a thread that is gone goes to the channel, and has no thread_ts.
            message = answer.get("message")
            thread_ts = message.get("thread_ts") if isinstance(message, dict) else None
            return Delivery("accepted", 200, channel=str(answer.get("channel") or self.channel), ts=answer["ts"], thread_ts=thread_ts)
        error = answer.get("error")
        if answer.get("ok") is not False or not isinstance(error, str):
            return answers.unexpected(reply)
        if error in _LIMITS:
            return answers.limited(replace(reply, retry_after=reply.retry_after or _SECONDS_WHEN_LIMITED), error)
        if error in _PASSING:
            return Delivery("retry", 200, error=error)
        return answers.rejected(reply, error, next((cause for cause, errors in _CAUSES.items() if error in errors), ""))


def make(target: Target, console_links: bool) -> SlackBot:
    """The kind for a target."""
    return SlackBot(console_links, target.channel, target.api_url.rstrip("/"))


def _parsed(text: str) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}
