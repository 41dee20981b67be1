"""Storms: what a target that is over its limit cannot take now is kept in the table, and told in summaries.

One invocation at a time holds the target's lease. It waits until the target takes messages again and posts one summary of
everything that waits by then. The others wait until theirs is delivered, or take the lease over.

A summary that the target refuses is tried with half as many entries, down to one: what is refused alone is taken out, so that it
does not block the others, and its own event fails for it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate, takewhile
from typing import Any

from . import format
from .delivery import Delivery
from .ledger import Entry, Ledger, Status
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
_NOT_TOLD = "kept for a summary, and not told in time"
_REFUSED = "refused when another invocation posted it; the record of that tells why"
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 4.0

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
        self._held_until = 0
        self._waiting: list[Entry] = []
        # How many entries the target is tried with at a time.
        self._most = format.SUMMARY_MOST
        self._failure: Delivery | None = None

    def settle(self, entry: Entry, deadline: float) -> Delivery:
        """See to it that a parked entry is delivered, by this invocation or another.

        Raises:
            StoreError: the table cannot be used; the entry is still in it.
        """
        started = time.monotonic()
        mine: Delivery | None = None
        pause = _FIRST_PAUSE
        while time.monotonic() + SHORTEST_ATTEMPT < deadline:
            status = self._ledger.status(entry.key)
            if status in ("told", "delivered"):
                return _since(started, Delivery("repeated", error="told by another invocation", summary=status == "told"))
            if status == "rejected":
                return _since(started, Delivery("rejected", error=_REFUSED))
            # All wait for one lease: an item that is hot enough without tries that cannot succeed.
            if now_ms() > self._held_until and self._lease():
                mine = self._drain(entry, deadline) or mine
                if mine and (mine.outcome != "retry" or mine.cause == "limit"):
                    return _since(started, mine)
            self._outlet.expect_storm()
            time.sleep(min(pause * random.uniform(0.5, 1.5), max(0.0, deadline - time.monotonic())))
            pause = min(pause * 1.5, _LONGEST_PAUSE)
        return _since(started, mine or self._in_vain(_NOT_TOLD))

    def _drain(self, own: Entry, deadline: float) -> Delivery | None:
        """Hold the lease and post what waits; what became of our own entry, None when it was not among it."""
        mine: Delivery | None = None
        try:
            while time.monotonic() + _SECONDS_KEPT < deadline:
                if not self._wait(deadline) or not self._still_leased():
                    return mine or replace(self._in_vain(_TOO_LONG), cause="limit")
                if len(self._waiting) < format.SUMMARY_MOST:
                    self._waiting = self._ledger.parked() or self._parked_while_leaving()
                if not self._waiting:
                    break
                done = self._post(self._waiting, min(deadline, time.monotonic() + LEASE_SECONDS / 2))
                mine = next((delivery for entry, delivery in done if entry.key == own.key), mine)
                finished = [(entry, delivery) for entry, delivery in done if delivery.outcome != "retry"]
                for entry, delivery in finished:
                    if entry.key != own.key:
                        self._on_delivery(entry, delivery)
                keys = {entry.key for entry, _ in finished}
                self._waiting = [entry for entry in self._waiting if entry.key not in keys]
                failures = [delivery for _, delivery in done if not delivery.settled and delivery.cause != "limit"]
                self._failure = failures[-1] if failures else None
                # What is over its limit takes more later, and what refuses a summary may take a smaller one.
                if not finished and not any(delivery.cause for _, delivery in done):
                    break
        finally:
            self._leave()
        return mine

    def _parked_while_leaving(self) -> list[Entry]:
        """Leave, and look once more: who parked something before that took the lease for held, and waits until it ends."""
        self._leave()
        waiting = self._ledger.parked()
        return waiting if waiting and self._lease() else []

    def _in_vain(self, reason: str) -> Delivery:
        """Not delivered: for what the target said last to anything but its limit, else for a reason of ours."""
        last = self._failure
        return Delivery("retry", last.http_status, error=last.error) if last else Delivery("retry", error=reason)

    def _post(self, waiting: Sequence[Entry], deadline: float) -> list[tuple[Entry, Delivery]]:
        """Post a few entries each as its own message, the first of more as one summary, and note those that are done."""
        first = waiting[: self._most]
        if len(first) <= (_FEW_WITH_THREADS if self._outlet.target.threads else 1):
            return [(entry, self._post_alone(entry, deadline)) for entry in first]
        entries, payload = self._summary(_of_one_summary(first))
        delivery = replace(self._outlet.post(payload, deadline, wait=False), summary=True)
        if delivery.outcome == "rejected":
            self._most = max(1, len(entries) // 2)
            refused = replace(delivery, outcome="retry", cause="message", error=f"a summary was refused: {delivery.error}"[:200])
            return [(entry, refused) for entry in entries]
        if delivery.settled:
            # What comes now is collected for the next summary.
            self._outlet.close(SECONDS_BETWEEN)
            self._note(entries, "told" if self._outlet.target.threads else "delivered")
            self._accepted()
        return [(line, delivery) for line in _lines(entries)]

    def _summary(self, entries: list[Entry]) -> tuple[list[Entry], dict[str, Any]]:
        """The first entries, as many as the target takes at once, and the summary of them."""
        lines = _lines(entries)
        mention = " ".join(dict.fromkeys(line.mention for line in lines if line.mention))
        payload = self._outlet.kind.summary([line.notification for line in lines], mention)
        if len(entries) == 1 or self._outlet.kind.takes(payload):
            return entries, payload
        return self._summary(entries[: len(entries) // 2])

    def _post_alone(self, entry: Entry, deadline: float) -> Delivery:
        delivery = self._deliver(entry, deadline)
        if delivery.settled:
            self._outlet.pause(SECONDS_BETWEEN)
            self._note([entry], "delivered")
            self._accepted()
        elif delivery.outcome == "rejected":
            self._note([entry], "rejected")
        return delivery

    def _accepted(self) -> None:
        """Try the target with more again."""
        self._most = min(self._most * 2, format.SUMMARY_MOST)

    def _note(self, entries: Sequence[Entry], status: Status) -> None:
        """Note what is done. Unless this succeeds, the next holder tells it once more."""
        if status == "delivered":
            for entry in entries:
                self._outlet.remember(entry.key)
        for pause in (0.1, 0.5, None):
            try:
                self._ledger.deliver_parked(entries, status)
                return
            except StoreError:
                if pause is None:
                    raise
                time.sleep(pause)

    def _lease(self) -> bool:
        """Become the holder; its first word is how long the target wants nothing."""
        lease = self._ledger.lease(LEASE_SECONDS)
        if time.monotonic() - self._leased_at > LEASE_SECONDS:
            # Others may have had it in between, and told what we knew of.
            self._waiting = []
        if lease.mine:
            self._leased_at = time.monotonic()
            self._outlet.close_until(lease.not_before)
        else:
            self._held_until = lease.until
        return lease.mine

    def _leave(self) -> None:
        self._ledger.leave(now_ms() + int(self._outlet.closed_for * 1000))

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


def _lines(entries: Sequence[Entry]) -> list[Entry]:
    """What a summary tells of entries: each, after what waited for its job's thread."""
    return [line for entry in entries for line in (*entry.kept, entry)]


def _of_one_summary(waiting: Sequence[Entry]) -> list[Entry]:
    """The first entries, as many as one summary has lines for; one at least."""
    lines = accumulate(1 + len(entry.kept) for entry in waiting)
    fitting = sum(1 for _ in takewhile(lambda count: count <= format.SUMMARY_MOST, lines))
    return list(waiting[: max(1, fitting)])


def _since(started: float, delivery: Delivery) -> Delivery:
    """The delivery with all the time that it took."""
    return replace(delivery, duration_ms=round((time.monotonic() - started) * 1000))
