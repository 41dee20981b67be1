"""Where messages go: what each kind of target is sent, and what its answers mean."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, Protocol

from ..delivery import Delivery
from ..notification import Notification
from ..post import Reply, Request
from ..settings import Target


class Kind(Protocol):
    """A kind of target, for one target of the settings."""

    def request(self, payload: dict[str, Any], secret: str, method: str) -> Request:
        """The request that posts a payload; method is used by a bot only."""

    def judge(self, reply: Reply) -> Delivery:
        """What an answer with an HTTP status means."""

    def message(self, notification: Notification, mention: str) -> dict[str, Any]:
        """The payload of one notification."""

    def plain(self, notification: Notification, mention: str) -> dict[str, Any] | None:
        """The payload for a target that refuses the other one; None: there is none."""

    def summary(self, notifications: Sequence[Notification], mention: str) -> dict[str, Any]:
        """One payload for several notifications."""

    def takes(self, summary: dict[str, Any]) -> bool:
        """Whether a summary is small enough."""


def make(target: Target, console_links: bool) -> Kind:
    """What a target of the settings is sent. Only its own module is imported."""
    module = importlib.import_module(f".{target.type}", __name__)
    kind: Kind = module.make(target, console_links)
    return kind
