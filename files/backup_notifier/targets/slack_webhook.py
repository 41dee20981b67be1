"""A Slack incoming webhook: short plain-text answers, a message a second."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ..delivery import Delivery
from ..post import Reply, Request
from ..settings import Target
from . import answers
from .slack_messages import SlackMessages

# What Slack answers when a webhook was revoked or its channel is gone, and when it dislikes the blocks.
_REVOKED = {403, 404, 410}
_MALFORMED = {400}


@dataclass(frozen=True, slots=True)
class SlackWebhook(SlackMessages):
    """See targets.Kind."""

    def request(self, payload: dict[str, Any], secret: str, _method: str) -> Request:
        """The secret is the URL."""
        return Request(secret, json.dumps(payload).encode())

    def judge(self, reply: Reply) -> Delivery:
        """By the status first, then by the body."""
        if reply.status == 200 and reply.text == "ok":
            return answers.accepted(reply)
        if (reply.status or 0) < 300:
            return answers.unexpected(reply)
        return answers.refused(reply, _REVOKED, _MALFORMED)


def make(_target: Target, console_links: bool) -> SlackWebhook:
    """The kind for a target."""
    return SlackWebhook(console_links)
