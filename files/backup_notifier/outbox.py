"""Storms: what a target that is over its limit cannot take now is kept in the table, and told in summaries.

One invocation at a time holds the target's lease. It waits until the target takes messages again and posts one summary of
everything that waits by then. The others wait until theirs is delivered, or take the lease over.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from . import format
from .delivery import Delivery
from .ledger import Entry, Ledger
from .outlet import SHORTEST_ATTEMPT, Outlet
from .store import StoreError, now_ms

# Longer than one attempt to post takes; what a crash of the holder costs the others.
LEASE_SECONDS = 12.0
# A target that was over its limit takes about a message a second.
SECONDS_BETWEEN = 1.0
# The holder stops with so much time left, so that it ends in order.
_SECONDS_KEPT = 1.0
# In a thread of its own, a job is worth a message of its own a little longer.
_FEW_WITH_THREADS = 3
_TOO_LONG = "over the target's limit for longer than this invocation lasts"
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 1.0

OnDelivery = Callable[[Entry, Delivery], None]
Deliver = Callable[[Entry, float], Delivery]


class Outbox:
    """The outbox of one target, as one invocation sees it.

    Attributes:
        deliver: posts one entry as its own message.
        on_delivery: is told what became of entries of other invocations.
    """

    def __init__(self, outlet: Outlet, ledger: Ledger, deliver: Deliver, on_delivery: OnDelivery) -> None:
        self._outlet = outlet
        self._ledger = ledger
        self._deliver = deliver
        self._on_delivery = on_delivery
        self._leased_at = 0.0

    def settle(self, entry: Entry, deadline: float) -> Delivery:
        """See to it that a parked entry is delivered, by this invocation or another.

        Raises:
            StoreError: the table cannot be used; the entry is still in it.
        """
        started = time.monotonic()
        delivery = Delivery("retry", error="over the target's limit; kept for a summary")
        pause = _FIRST_PAUSE
        while time.monotonic() + SHORTEST_ATTEMPT < deadline:
            if self._lease():
                mine = self._drain(entry, deadline)
                if mine and (mine.outcome != "retry" or mine.cause == "limit"):
                    return _since(started, mine)
                delivery = mine or delivery
            self._outlet.expect_storm()
            if self._ledger.status(entry.key) == "delivered":
                return _since(started, Delivery("repeated", error="told by another invocation"))
            time.sleep(min(pause * random.uniform(0.8, 1.2), max(0.0, deadline - time.monotonic())))
            pause = min(pause * 1.2, _LONGEST_PAUSE)
        return _since(started, delivery)

    def _drain(self, own: Entry, deadline: float) -> Delivery | None:
        """Hold the lease and post what waits; what became of our own entry, None when it was not among it."""
        mine: Delivery | None = None
        try:
            while time.monotonic() + _SECONDS_KEPT < deadline:
                if not self._wait(deadline) or not self._still_leased():
                    return mine or Delivery("retry", error=_TOO_LONG, cause="limit")
                entries = self._ledger.parked()[: format.SUMMARY_MOST]
                if not entries:
                    break
                done = self._post(entries, min(deadline, time.monotonic() + LEASE_SECONDS / 2))
                mine = next((delivery for entry, delivery in done if entry.key == own.key), mine)
                for entry, delivery in done:
                    if delivery.settled and entry.key != own.key:
                        self._on_delivery(entry, delivery)
                if not any(delivery.settled or delivery.cause == "limit" for _, delivery in done):
                    break
        finally:
            self._ledger.leave(now_ms() + int(self._outlet.closed_for * 1000))
        return mine

    def _post(self, entries: Sequence[Entry], deadline: float) -> list[tuple[Entry, Delivery]]:
        """Post a few entries each as its own message, more as one summary, and note those that are done."""
        if len(entries) <= (_FEW_WITH_THREADS if self._outlet.target.threads else 1):
            return [(entry, self._post_alone(entry, deadline)) for entry in entries]
        mention = " ".join(dict.fromkeys(entry.mention for entry in entries if entry.mention))
        payload = self._outlet.kind.summary([entry.notification for entry in entries], mention)
        delivery = replace(self._outlet.post(payload, deadline, wait=False), summary=True)
        if delivery.cause == "message":
            return [(entry, self._post_alone(entry, deadline)) for entry in entries]
        if delivery.settled:
            # What comes now is collected for the next summary.
            self._outlet.close(SECONDS_BETWEEN)
            self._note(entries)
        return [(entry, delivery) for entry in entries]

    def _post_alone(self, entry: Entry, deadline: float) -> Delivery:
        delivery = self._deliver(entry, deadline)
        if delivery.settled:
            self._outlet.pause(SECONDS_BETWEEN)
            self._note([entry])
        return delivery

    def _note(self, entries: Sequence[Entry]) -> None:
        """Note what is done. Unless this succeeds, the next holder tells it once more."""
        for entry in entries:
            self._outlet.remember(entry.key)
        for pause in (0.1, 0.5, None):
            try:
                self._ledger.deliver_parked(entries)
                return
            except StoreError:
                if pause is None:
                    raise
                time.sleep(pause)

    def _lease(self) -> bool:
        """Become the holder; its first word is how long the target wants nothing."""
        not_before = self._ledger.lease(LEASE_SECONDS)
        if not_before is None:
            return False
        self._leased_at = time.monotonic()
        self._outlet.close_until(not_before)
        return True

    def _still_leased(self) -> bool:
        """Whether the lease lasts for one more message; renewed when it is no longer fresh."""
        return time.monotonic() - self._leased_at < LEASE_SECONDS / 4 or self._lease()

    def _wait(self, deadline: float) -> bool:
        """Wait until the target takes messages again; False when that is after the deadline, or the lease is lost."""
        while (seconds := self._outlet.closed_for) > 0:
            if time.monotonic() + seconds + _SECONDS_KEPT > deadline or not self._still_leased():
                return False
            time.sleep(min(seconds, LEASE_SECONDS / 4))
        return True


def _since(started: float, delivery: Delivery) -> Delivery:
    """The delivery with all the time that it took."""
    return replace(delivery, duration_ms=round((time.monotonic() - started) * 1000))
