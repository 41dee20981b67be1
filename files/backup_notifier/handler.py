"""The Lambda function: every notification of an event to every target that its settings name."""

from __future__ import annotations

import functools
import os
import threading
import time
import traceback
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any, Protocol

from . import log, parse, settings
from .courier import Courier, Order
from .delivery import Delivery
from .orders import orders
from .outlet import Outlet
from .settings import Settings
from .store import Table

# Kept back for the log lines and for raising, in seconds.
RESERVE = 0.5
_UNFINISHED = Delivery("retry", error="not done by the end of this invocation")


class Context(Protocol):
    """The part of Lambda's context that is used."""

    def get_remaining_time_in_millis(self) -> int:
        """The time until Lambda ends this invocation."""


class DeliveryError(Exception):
    """Some messages were not delivered: AWS tries the event twice more, then keeps it in the dead-letter queue."""


def handler(event: Any, context: Context) -> dict[str, int]:
    """Deliver every notification of an event; how many deliveries had which outcome.

    Raises:
        SettingsError: the function's settings are missing or wrong.
        DeliveryError: at least one delivery failed. All were tried.
    """
    log.keep_secrets_out()
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - RESERVE
    notifications = parse.notifications(event)
    for notification in notifications:
        log.received(notification)
    try:
        function = _function()
    except settings.SettingsError as error:
        log.settings_failed(str(error))
        raise
    deliveries = function.deliver(orders(notifications, function.settings), deadline)
    failed = [(name, each) for name, each in deliveries if not each.settled]
    if failed:
        name, first = failed[0]
        raise DeliveryError(f"{len(failed)} of {len(deliveries)} messages not delivered; first reason: {name}: {first.error}")
    outcomes = [each.outcome for _, each in deliveries]
    return {outcome: outcomes.count(outcome) for outcome in ("accepted", "muted", "repeated")}


class Function:
    """What is kept between the invocations of one environment."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._table = Table(settings.store_table) if settings.store_table else None
        self._outlets = [Outlet(target, settings.console_links) for target in settings.targets]

    def deliver(self, orders: dict[str, list[Order]], deadline: float) -> list[tuple[str, Delivery]]:
        """Deliver to all targets side by side, so that a slow one costs the others nothing; (target, delivery) for each order."""
        owner = os.urandom(8).hex()
        turns = [_Turn(outlet, orders[outlet.target.name]) for outlet in self._outlets if orders[outlet.target.name]]
        # A thread that hangs must not keep the environment from ending.
        threads = [
            threading.Thread(target=turn.deliver, args=(Courier(turn.outlet, self._table, owner), deadline), daemon=True) for turn in turns
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, deadline + RESERVE / 2 - time.monotonic()))
        return [(turn.outlet.target.name, delivery) for turn in turns for delivery in turn.end()]


@functools.cache
def _function() -> Function:
    return Function(settings.load())


class _Turn:
    """The orders for one target, one after the other, and what became of them."""

    def __init__(self, outlet: Outlet, orders: Sequence[Order]) -> None:
        self.outlet = outlet
        self._orders = orders
        self._found: list[Delivery] = []

    def deliver(self, courier: Courier, deadline: float) -> None:
        """Deliver each with its share of the time; whatever goes wrong is a result."""
        for position, order in enumerate(self._orders):
            now = time.monotonic()
            try:
                delivery = courier.deliver(order, now + (deadline - now) / (len(self._orders) - position))
            except Exception as error:
                # A fault of our own must cost neither this notification nor the ones after it. The exception's text may hold anything.
                delivery = Delivery("retry", error=f"{type(error).__name__} at {_where(error)}")
            # What was told is what was looked up: that a completed job has issues is in no event.
            told = order.full() if delivery.outcome == "accepted" else order.notification
            log.delivery(told, self.outlet.target, delivery)
            self._found.append(delivery)

    def end(self) -> list[Delivery]:
        """What became of each order; those that are not done by now have failed."""
        found = list(self._found)
        for order in self._orders[len(found) :]:
            log.delivery(order.notification, self.outlet.target, _UNFINISHED)
            found.append(_UNFINISHED)
        return found


def _where(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{PurePath(frame.filename).name}:{frame.lineno}"
