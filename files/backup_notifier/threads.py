"""One thread a job: the first message opens it, later states reply in it, and the first is brought up to date.

What a first message could not be changed to, the job's item remembers as what it is behind with; the job's next message
makes up for it.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from . import log, states
from .delivery import Delivery
from .ledger import Entry, dumped, loaded
from .notification import Notification
from .outlet import Outlet
from .store import StoreError, Table
from .targets.slack_bot import UPDATE
from .thread_items import Thread, ThreadItems, just_after

# How far a job has come in a state; other states are somewhere in between, as far as anyone knows.
_RANKS = {"CREATED": 1, "PENDING": 2, "RUNNING": 3}
_RANKS |= dict.fromkeys(("COMPLETED", "FAILED", "ABORTED", "EXPIRED", "PARTIAL", "CANCELED", "COMPLETED_WITH_ISSUES"), 9)
_BETWEEN = 5
# How much may wait for a thread: few enough to be said in one invocation, and half of what an item of the table holds.
_MOST_KEPT = 20
_MOST_KEPT_BYTES = 200_000
# How long an invocation whose message a summary has told is kept by the job's first message.
_SECONDS_AFTER_SUMMARY = 3.0


class Threads:
    """The threads of one bot, as one invocation sees them; wait: for a Slack that is over its limit."""

    def __init__(self, outlet: Outlet, table: Table, owner: str, wait: bool) -> None:
        self._outlet = outlet
        self._items = ThreadItems(table, outlet.target.name, owner)
        self._wait = wait

    def post(self, entry: Entry, deadline: float, *, only_in_thread: bool) -> Delivery:
        """Post a notification where it belongs: as the first message of its job's thread or as a reply."""
        job_key = entry.notification.job_key
        try:
            thread = self._items.lock(job_key, deadline)
        except StoreError as error:
            log.store_failed(self._outlet.target.name, str(error))
            return self._first(entry, deadline)
        if thread is None:
            return Delivery("retry", error="another invocation is at this job's thread")
        delivery, after = self._post(entry, thread, deadline, only_in_thread)
        if not self._save(job_key, after) and delivery.outcome == "muted":
            return Delivery("retry", error="the table failed, so nothing is kept for the job's thread")
        return delivery

    def kept(self, job_key: str) -> tuple[Entry, ...]:
        """What waits for a job's thread now.

        Raises:
            StoreError: the table cannot be used.
        """
        thread = self._items.read(job_key)
        return tuple(map(loaded, thread.kept)) if thread else ()

    def told(self, entry: Entry, deadline: float) -> bool:
        """Have a job's thread, if there is one, know what a summary told; False when others were at it for as long.

        The first message is changed at once or left to the job's next message: a storm waits for nobody.

        Raises:
            StoreError: the table cannot be used.
        """
        job_key = entry.notification.job_key
        if self._items.read(job_key) is None:
            return True
        thread = self._items.lock(job_key, deadline)
        if thread is None:
            return False
        keys = {each.key for each in entry.kept}
        waiting = tuple(text for text in thread.kept if loaded(text).key not in keys)
        thread = _ahead(replace(thread, kept=waiting), entry)
        if thread.ts:
            _, thread = self._catch_up(thread, min(deadline, time.monotonic() + _SECONDS_AFTER_SUMMARY), wait=False)
        self._save(job_key, thread)
        return True

    def _post(self, entry: Entry, thread: Thread, deadline: float, only_in_thread: bool) -> tuple[Delivery, Thread]:
        if only_in_thread and not thread.ts:
            kept = _keeping(entry, thread)
            if kept:
                return Delivery("muted", error="kept for the job's thread"), kept
        delivery = Delivery("accepted", 200, channel=thread.channel, ts=thread.ts)
        if not thread.ts:
            delivery, thread = self._open(entry, thread, deadline)
        elif thread.last != entry.key:
            delivery, thread = self._reply(entry, thread, deadline)
        if delivery.outcome != "accepted":
            return delivery, thread
        storm = self._outlet.in_storm
        updated, thread = self._catch_up(thread, deadline, wait=not storm)
        if updated.cause == "thread":
            # Somebody has deleted the first message.
            delivery, thread = self._open(entry, thread, deadline)
        elif updated.outcome == "retry" and not storm:
            return replace(delivery, outcome="retry", error=f"told, but the first message is out of date: {updated.error}"[:200]), thread
        return self._tell_kept(delivery, thread, deadline) if delivery.outcome == "accepted" else (delivery, thread)

    def _open(self, entry: Entry, thread: Thread, deadline: float) -> tuple[Delivery, Thread]:
        delivery = self._first(entry, deadline)
        if delivery.outcome != "accepted":
            return delivery, thread
        opened = _opened(entry, thread, delivery)
        if opened.kept:
            # More messages follow: what is known is written down before.
            self._save(entry.notification.job_key, opened, just_after(deadline))
        return delivery, opened

    def _first(self, entry: Entry, deadline: float) -> Delivery:
        return self._outlet.post_message(entry.notification, entry.mention, deadline, wait=self._wait)

    def _reply(self, entry: Entry, thread: Thread, deadline: float) -> tuple[Delivery, Thread]:
        """Reply first: news is worth more than a first message that is up to date."""
        said = self._say(entry, thread, deadline, wait=self._wait)
        if said.cause == "thread":
            return self._open(entry, thread, deadline)
        if said.outcome != "accepted":
            return said, thread
        if not said.thread_ts:
            # The thread was deleted, so Slack showed the reply in the channel: there, a new one begins.
            return said, _opened(entry, thread, said)
        return said, _ahead(replace(thread, last=entry.key), entry)

    def _catch_up(self, thread: Thread, deadline: float, *, wait: bool) -> tuple[Delivery, Thread]:
        """Have the first message say how the job is now."""
        if not thread.behind:
            return Delivery("accepted"), thread
        notification = loaded(thread.behind).notification
        payload = {"channel": thread.channel, "ts": thread.ts, **self._outlet.kind.message(notification, "")}
        plain = self._outlet.kind.plain(notification, "")
        updated = self._outlet.post(payload, deadline, plain=plain, method=UPDATE, wait=wait)
        # What Slack refuses for good, it refuses the next time, too.
        return updated, thread if updated.outcome == "retry" else replace(thread, behind="")

    def _say(self, entry: Entry, thread: Thread, deadline: float, *, wait: bool) -> Delivery:
        """Reply in the thread; bad news is shown in the channel, too, where a reply alone would wake nobody."""
        place: dict[str, Any] = {"channel": thread.channel, "thread_ts": thread.ts}
        if states.severity(entry.notification) is states.Severity.FAILURE:
            place["reply_broadcast"] = True
        payload = {**place, **self._outlet.kind.message(entry.notification, entry.mention)}
        plain = self._outlet.kind.plain(entry.notification, entry.mention)
        return self._outlet.post(payload, deadline, plain=plain, wait=wait)

    def _tell_kept(self, delivery: Delivery, thread: Thread, deadline: float) -> tuple[Delivery, Thread]:
        """Reply with what waited for the thread; what fails stays, and has the whole event come again."""
        for text in thread.kept:
            entry = loaded(text)
            said = self._say(entry, thread, deadline, wait=True)
            if said.outcome == "retry":
                return replace(delivery, outcome="retry", error=f"told, but not what waited for the thread: {said.error}"[:200]), thread
            log.delivery(entry.notification, self._outlet.target, said)
            thread = replace(thread, kept=thread.kept[1:])
        return delivery, thread

    def _save(self, job_key: str, thread: Thread, locked_until: int = 0) -> bool:
        """Write down how a thread is now. When this fails, what was posted may come again, in a second thread."""
        try:
            self._items.save(job_key, thread, locked_until)
        except StoreError as error:
            log.store_failed(self._outlet.target.name, str(error))
            return False
        return True


def _keeping(entry: Entry, thread: Thread) -> Thread | None:
    """A thread that keeps an entry until it opens; None when it has no room, so that it must open now."""
    if entry.key in {loaded(text).key for text in thread.kept}:
        return thread
    kept = (*thread.kept, dumped(entry))
    return replace(thread, kept=kept) if len(kept) <= _MOST_KEPT and sum(map(len, kept)) <= _MOST_KEPT_BYTES else None


def _opened(entry: Entry, thread: Thread, delivery: Delivery) -> Thread:
    """A thread whose first message is an entry's, and may be behind at once: with what a summary told of the job."""
    opened = replace(thread, channel=delivery.channel or "", ts=delivery.ts or "", last=entry.key)
    rank = _rank(entry.notification)
    return opened if thread.behind and thread.rank > rank else replace(opened, rank=rank, behind="")


def _ahead(thread: Thread, entry: Entry) -> Thread:
    """A thread whose first message is behind with an entry; an older state that comes late changes nothing."""
    rank = _rank(entry.notification)
    return replace(thread, rank=rank, behind=dumped(entry)) if rank > thread.rank else thread


def _rank(notification: Notification) -> int:
    """How far the job has come."""
    return _RANKS.get(notification.state, _BETWEEN)
