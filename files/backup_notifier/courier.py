"""One notification to one target, once: claimed, posted and noted; or kept for a summary when the target is over its limit."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from . import log
from .delivery import Delivery
from .ledger import Entry, Ledger, Status
from .notification import Notification
from .outlet import SHORTEST_ATTEMPT, Outlet
from .store import StoreError, Table

if TYPE_CHECKING:
    from .threads import Threads

_REPEATED = Delivery("repeated", error="delivered before")
_MUTED = Delivery("muted", error="a rule wants no message")
_BUSY = Delivery("retry", error="another invocation is at it")
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 1.0


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be delivered to a target.

    Attributes:
        notification: as it came: what the log tells.
        full: makes the same with what AWS Backup adds; called only when something is really posted.
        post: always, thread or never.
        mention: whom to mention.
    """

    notification: Notification
    full: Callable[[], Notification]
    post: str
    mention: str


class Courier:
    """Delivers to one target during one invocation."""

    def __init__(self, outlet: Outlet, table: Table | None, owner: str) -> None:
        self._outlet = outlet
        self._table = table
        self._owner = owner
        self._ledger = Ledger(table, outlet.target.name, owner) if table else None

    def deliver(self, order: Order, deadline: float) -> Delivery:
        """Deliver one notification; whatever comes of it is the result."""
        key, threads = order.notification.key, self._outlet.target.threads and bool(order.notification.job_key)
        if order.post == "never" or (order.post == "thread" and not (threads and self._table)):
            return _MUTED
        if self._outlet.remembers(key):
            return _REPEATED
        delivery = self._once(order, deadline)
        if delivery.settled:
            self._outlet.remember(key)
        return delivery

    def _once(self, order: Order, deadline: float) -> Delivery:
        if self._ledger is None:
            return self._send(_entry(order), deadline, wait=True)
        try:
            status = self._claim(self._ledger, order.notification.key, deadline)
        except StoreError as error:
            # Better twice than never.
            log.store_failed(self._outlet.target.name, str(error))
            return self._send(_entry(order), deadline, wait=True)
        if status == "delivered":
            return _REPEATED
        if status == "missing":
            return _BUSY
        entry = _entry(order)
        if status == "told":
            return self._thread_told(entry, _REPEATED, deadline)
        if status == "parked":
            return self._park(self._ledger, entry, deadline)
        return self._claimed(self._ledger, entry, order.post == "thread", deadline)

    def _claim(self, ledger: Ledger, key: str, deadline: float) -> Status:
        """Claim a delivery, waiting while another invocation has it."""
        pause = _FIRST_PAUSE
        while True:
            status = ledger.claim(key, deadline - time.monotonic() + 1.0)
            if status != "missing" or time.monotonic() + pause + SHORTEST_ATTEMPT > deadline:
                return status
            time.sleep(pause * random.uniform(0.8, 1.2))
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def _claimed(self, ledger: Ledger, entry: Entry, only_in_thread: bool, deadline: float) -> Delivery:
        """Post what is ours to post, and note what came of it."""
        if self._outlet.in_storm and not only_in_thread:
            return self._park(ledger, entry, deadline)
        try:
            delivery = self._send(entry, deadline, wait=only_in_thread, only_in_thread=only_in_thread)
        except BaseException:
            self._noted(ledger, entry, _BUSY)
            raise
        if delivery.cause == "limit" and not only_in_thread:
            return self._park(ledger, entry, deadline).after(delivery)
        return self._noted(ledger, entry, delivery)

    def _park(self, ledger: Ledger, entry: Entry, deadline: float) -> Delivery:
        """Keep an entry in the table until it is told in a summary."""
        from .outbox import Outbox

        try:
            threads = self._threads(entry, wait=False)
            if threads:
                entry = replace(entry, kept=threads.kept(entry.notification.job_key))
            if not ledger.park(entry):
                return _REPEATED if ledger.status(entry.key) in ("told", "delivered") else _BUSY
        except StoreError as error:
            log.store_failed(self._outlet.target.name, str(error))
            return self._noted(ledger, entry, self._send(entry, deadline, wait=True))
        outbox = Outbox(self._outlet, ledger, self._send_parked, self._tell_other)
        try:
            delivery = outbox.settle(entry, deadline)
        except StoreError as error:
            # It is in the table, so the next try finds it there, or posts it without the table.
            return Delivery("retry", error=f"kept for a summary; the table failed: {error}"[:200])
        return self._thread_told(entry, delivery, deadline) if delivery.summary and delivery.settled else delivery

    def _thread_told(self, entry: Entry, delivery: Delivery, deadline: float) -> Delivery:
        """Have the job's thread know what a summary told."""
        threads = self._threads(entry, wait=False)
        try:
            if threads is None or threads.told(entry, deadline):
                return delivery
        except StoreError as error:
            log.store_failed(self._outlet.target.name, str(error))
            return delivery
        self._tell_other(entry, delivery)
        return Delivery("retry", error="told in a summary; another invocation is at this job's thread")

    def _tell_other(self, entry: Entry, delivery: Delivery) -> None:
        log.delivery(entry.notification, self._outlet.target, delivery)

    def _send_parked(self, entry: Entry, deadline: float) -> Delivery:
        return self._send(entry, deadline, wait=False)

    def _send(self, entry: Entry, deadline: float, *, wait: bool, only_in_thread: bool = False) -> Delivery:
        """Post one message, in its job's thread where the target has threads."""
        threads = self._threads(entry, wait=wait)
        if threads is None:
            return self._outlet.post_message(entry.notification, entry.mention, deadline, wait=wait)
        return threads.post(entry, deadline, only_in_thread=only_in_thread)

    def _threads(self, entry: Entry, *, wait: bool) -> Threads | None:
        """The threads for an entry; None where there are none."""
        if self._table is None or not (self._outlet.target.threads and entry.notification.job_key):
            return None
        from .threads import Threads

        return Threads(self._outlet, self._table, self._owner, wait)

    def _noted(self, ledger: Ledger, entry: Entry, delivery: Delivery) -> Delivery:
        """Write down what came of it; what fails here is repeated once at most, when the claim has expired."""
        try:
            if delivery.settled:
                ledger.deliver(entry.key)
            else:
                ledger.release(entry.key)
        except StoreError as error:
            log.store_failed(self._outlet.target.name, str(error))
        return delivery


def _entry(order: Order) -> Entry:
    return Entry(order.notification.key, order.full(), order.mention)
