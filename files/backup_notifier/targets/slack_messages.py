"""What both kinds of Slack targets are sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .. import format
from ..notification import Notification


@dataclass(frozen=True, slots=True)
class SlackMessages:
    """The payloads for Slack; see targets.Kind."""

    console_links: bool

    def message(self, notification: Notification, mention: str) -> dict[str, Any]:
        """Headline and blocks."""
        return format.message(notification, console_links=self.console_links, mention=mention)

    def plain(self, notification: Notification, mention: str) -> dict[str, Any]:
        """Without blocks."""
        return format.plain(notification, mention=mention)

    def summary(self, notifications: Sequence[Notification], mention: str) -> dict[str, Any]:
        """A line for each."""
        return format.summary(notifications, mention=mention)

    def takes(self, _summary: dict[str, Any]) -> bool:
        """Always: its texts are cut to Slack's limits."""
        return True
