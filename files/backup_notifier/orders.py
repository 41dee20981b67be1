"""From notifications to orders: each is looked up where needed, routed, and handed to its targets."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from . import log, routing
from .courier import Order
from .notification import Notification
from .settings import Rule, Settings


class Story:
    """A notification and, once somebody asks, what AWS Backup adds to it."""

    def __init__(self, notification: Notification, lookups: bool) -> None:
        self.notification = notification
        self.tags_failed = False
        self._full = None if lookups else notification
        self._lock = threading.Lock()

    def full(self) -> Notification:
        """The notification with what AWS Backup adds, asked for once."""
        with self._lock:
            if self._full is None:
                from . import clients, lookup

                self._full, problem = lookup.fill(self.notification, clients.client)
                if problem:
                    log.lookup_failed(self.notification, problem)
            return self._full

    def tagged(self) -> Notification:
        """What is known so far, with the resource's tags; full keeps them."""
        with self._lock:
            from . import clients, lookup

            tagged, problem = lookup.with_tags(self._full or self.notification, clients.client)
            if problem:
                self.tags_failed = True
                log.lookup_failed(self.notification, problem)
            if self._full is None:
                self.notification = tagged
            else:
                self._full = tagged
            return tagged


def orders(notifications: Sequence[Notification], settings: Settings) -> dict[str, list[Order]]:
    """The orders for each target, by its name."""
    found: dict[str, list[Order]] = {target.name: [] for target in settings.targets}
    for notification in notifications:
        story = Story(notification, settings.lookups)
        known, unknown = _looked_up(story, settings.rules) if settings.lookups else (notification, frozenset[str]())
        route = routing.route(known, settings, unknown)
        for name in route.targets:
            found[name].append(Order(notification, story.full, route.post, route.mention))
    return found


def _looked_up(story: Story, rules: Sequence[Rule]) -> tuple[Notification, frozenset[str]]:
    """What the rules go by, and the fields that no look-up could fill."""
    known = story.full() if routing.needs_lookup(story.notification, rules) else story.notification
    if routing.needs_tags(known, rules):
        known = story.tagged()
    unknown = routing.unknown_fields(known)
    return known, unknown | {"tags"} if story.tags_failed else unknown
