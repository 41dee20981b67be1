"""One thread a job: the first message opens it, later states reply in it, and the first is brought up to date.

An item for each job and bot: pk is the job's key, sk the target. It keeps where the thread is, how far the job had come,
and what waits for the thread to open. Whoever writes in a thread locks its item for that time.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace
from typing import Any

from . import log, states
from .delivery import Delivery
from .ledger import Entry, dumped, loaded
from .notification import Notification
from .outlet import SHORTEST_ATTEMPT, Outlet
from .store import Asked, Held, Item, StoreError, Table, expiry, now_ms
from .targets.slack_bot import UPDATE

# How far a job has come in a state; other states are somewhere in between, as far as anyone knows.
_RANKS = {"CREATED": 1, "PENDING": 2, "RUNNING": 3, "STARTED": 3}
_RANKS |= dict.fromkeys(("COMPLETED", "FAILED", "ABORTED", "EXPIRED", "PARTIAL", "CANCELED", "COMPLETED_WITH_ISSUES"), 9)
_BETWEEN = 5
_MOST_KEPT = 20


@dataclass(frozen=True, slots=True)
class _Thread:
    """Where a thread is (ts is empty before it opens), its first event's key, how far the job had come, and what waits for it."""

    channel: str = ""
    ts: str = ""
    opened_by: str = ""
    rank: int = 0
    kept: tuple[str, ...] = ()


class Threads:
    """The threads of one bot, as one invocation sees them; wait: for a Slack that is over its limit."""

    def __init__(self, outlet: Outlet, table: Table, owner: str, wait: bool) -> None:
        self._outlet = outlet
        self._table = table
        self._owner = owner
        self._wait = wait

    def post(self, entry: Entry, deadline: float, *, only_in_thread: bool) -> Delivery:
        """Post a notification where it belongs: as the first message of its job's thread or as a reply."""
        job_key = entry.notification.job_key
        try:
            thread = self._lock(job_key, deadline)
        except StoreError as error:
            log.store_failed(self._outlet.target.name, str(error))
            return self._first(entry, deadline)
        if thread is None:
            return Delivery("retry", error="another invocation is at this job's thread")
        delivery, after = self._post(entry, thread, deadline, only_in_thread)
        self._save(job_key, after)
        return delivery

    def _post(self, entry: Entry, thread: _Thread, deadline: float, only_in_thread: bool) -> tuple[Delivery, _Thread]:
        if not thread.ts and only_in_thread:
            return self._keep(entry, thread)
        delivery = Delivery("accepted", 200, channel=thread.channel, ts=thread.ts)
        if thread.ts and thread.opened_by != entry.key:
            delivery, thread = self._reply(entry, thread, deadline)
        if not thread.ts or delivery.cause == "thread":
            # There is none yet, or somebody has deleted it.
            delivery, thread = self._open(entry, thread, deadline)
        if delivery.outcome != "accepted":
            return delivery, thread
        return self._tell_kept(delivery, thread, deadline)

    def _keep(self, entry: Entry, thread: _Thread) -> tuple[Delivery, _Thread]:
        """Keep a notification until the thread opens."""
        known = {loaded(text).key for text in thread.kept}
        kept = thread.kept if entry.key in known else (*thread.kept, dumped(entry))
        return Delivery("muted", error="kept for the job's thread"), replace(thread, kept=kept[-_MOST_KEPT:])

    def _open(self, entry: Entry, thread: _Thread, deadline: float) -> tuple[Delivery, _Thread]:
        delivery = self._first(entry, deadline)
        if delivery.outcome != "accepted":
            return delivery, thread
        opened = replace(thread, channel=delivery.channel or "", ts=delivery.ts or "", opened_by=entry.key, rank=_rank(entry.notification))
        if opened.kept:
            # More messages follow: what is known is written down before.
            self._save(entry.notification.job_key, opened, _just_after(deadline))
        return delivery, opened

    def _first(self, entry: Entry, deadline: float) -> Delivery:
        return self._outlet.post_message(entry.notification, entry.mention, deadline, wait=self._wait)

    def _reply(self, entry: Entry, thread: _Thread, deadline: float) -> tuple[Delivery, _Thread]:
        """Bring the first message up to date, which may safely be done twice, and then reply."""
        rank = _rank(entry.notification)
        if rank > thread.rank:
            updated = self._update(entry, thread, deadline)
            if updated.outcome == "retry" or updated.cause == "thread":
                return updated, thread
            thread = replace(thread, rank=rank) if updated.outcome == "accepted" else thread
        said = self._say(entry, thread, deadline)
        if said.outcome == "accepted" and not said.thread_ts:
            # The thread was deleted, so Slack showed the reply in the channel: there, a new one begins.
            thread = replace(thread, ts=said.ts or "", channel=said.channel or "", opened_by=entry.key)
        return said, thread

    def _update(self, entry: Entry, thread: _Thread, deadline: float) -> Delivery:
        """Have the first message say how the job is now."""
        place = {"channel": thread.channel, "ts": thread.ts}
        payload = {**place, **self._outlet.kind.message(entry.notification, "")}
        plain = self._outlet.kind.plain(entry.notification, "")
        return self._outlet.post(payload, deadline, plain=plain, method=UPDATE, wait=self._wait)

    def _say(self, entry: Entry, thread: _Thread, deadline: float) -> Delivery:
        """Reply in the thread; bad news is shown in the channel, too, where a reply alone would wake nobody."""
        place: dict[str, Any] = {"channel": thread.channel, "thread_ts": thread.ts}
        if states.severity(entry.notification) is states.Severity.FAILURE:
            place["reply_broadcast"] = True
        payload = {**place, **self._outlet.kind.message(entry.notification, entry.mention)}
        plain = self._outlet.kind.plain(entry.notification, entry.mention)
        return self._outlet.post(payload, deadline, plain=plain, wait=self._wait)

    def _tell_kept(self, delivery: Delivery, thread: _Thread, deadline: float) -> tuple[Delivery, _Thread]:
        """Reply with what waited for the thread; what fails stays, and has the whole event come again."""
        for text in thread.kept:
            said = self._say(loaded(text), thread, deadline)
            if said.outcome == "retry":
                return replace(said, ts=delivery.ts, channel=delivery.channel), thread
            thread = replace(thread, kept=thread.kept[1:])
        return delivery, thread

    def _lock(self, job_key: str, deadline: float) -> _Thread | None:
        """The thread of a job, nobody else's until the deadline; None when others are at it for as long.

        Raises:
            StoreError: the table cannot be used.
        """
        expression = "SET #owner = :owner, #until = :until, #expires_at = :expires_at"
        condition = "attribute_not_exists(#until) OR #until < :now OR #owner = :owner"
        while True:
            asked: Asked = {"owner": self._owner, "now": now_ms(), "until": _just_after(deadline), "expires_at": expiry()}
            try:
                item = self._table.update(f"thread/{job_key}", self._sk, expression, condition, asked)
            except Held:
                if time.monotonic() + SHORTEST_ATTEMPT > deadline:
                    return None
                time.sleep(random.uniform(0.1, 0.3))
                continue
            return _thread(item)

    def _save(self, job_key: str, thread: _Thread, locked_until: int = 0) -> None:
        """Write down how a thread is now. That this fails costs no message: at worst, there will be a second thread."""
        values: dict[str, Any] = {
            "channel": thread.channel,
            "ts": thread.ts,
            "opened_by": thread.opened_by,
            "rank": thread.rank,
            "kept": list(thread.kept),
            "until": locked_until,
        }
        expression = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
        try:
            self._table.update(f"thread/{job_key}", self._sk, expression, "#owner = :owner", {**values, "owner": self._owner})
        except (StoreError, Held) as error:
            log.store_failed(self._outlet.target.name, str(error))

    @property
    def _sk(self) -> str:
        return f"target/{self._outlet.target.name}"


def _thread(item: Item) -> _Thread:
    return _Thread(item.get("channel", ""), item.get("ts", ""), item.get("opened_by", ""), item.get("rank", 0), tuple(item.get("kept", ())))


def _just_after(deadline: float) -> int:
    """A deadline of this invocation in Unix milliseconds, which others can compare."""
    return now_ms() + int((deadline - time.monotonic() + 1.0) * 1000)


def _rank(notification: Notification) -> int:
    """How far the job has come: an older state that comes late changes nothing in the first message."""
    return _RANKS.get(notification.state, _BETWEEN)
