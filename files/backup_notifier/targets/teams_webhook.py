"""A Microsoft Teams workflow ("when a Teams webhook request is received"): an adaptive card, accepted with 202."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .. import teams
from ..delivery import Delivery
from ..notification import Notification
from ..post import Reply, Request
from ..settings import Target
from . import answers

_REVOKED = {401, 403, 404, 410}
_MALFORMED = {400, 413}
# Older webhooks answer 200 and tell in the body that Teams itself refused.
_HIDDEN_STATUS = re.compile(r"returned HTTP error (\d{3})")


@dataclass(frozen=True, slots=True)
class TeamsWebhook:
    """See targets.Kind."""

    console_links: bool

    def request(self, payload: dict[str, Any], secret: str, _method: str) -> Request:
        """The secret is the URL."""
        return Request(secret, json.dumps(payload).encode())

    def judge(self, reply: Reply) -> Delivery:
        """By the status, or by the one that the body tells."""
        hidden = _HIDDEN_STATUS.search(reply.text)
        if hidden:
            reply = Reply(int(hidden[1]), reply.text, reply.retry_after)
        if (reply.status or 0) >= 300:
            return answers.refused(reply, _REVOKED, _MALFORMED)
        # Neither a workflow nor a webhook answers with a page; what stands between here and there does.
        return answers.unexpected(reply) if reply.text.lstrip().startswith("<") else answers.accepted(reply)

    def message(self, notification: Notification, _mention: str) -> dict[str, Any]:
        """One card."""
        return teams.card(notification, console_links=self.console_links)

    def plain(self, _notification: Notification, _mention: str) -> None:
        """There is nothing plainer than a card."""

    def summary(self, notifications: Sequence[Notification], _mention: str) -> dict[str, Any]:
        """One card with a line for each."""
        return teams.summary(notifications)

    def takes(self, _summary: dict[str, Any]) -> bool:
        """Always: it is cut to Teams' limit."""
        return True


def make(_target: Target, console_links: bool) -> TeamsWebhook:
    """The kind for a target."""
    return TeamsWebhook(console_links)
