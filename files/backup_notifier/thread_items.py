"""What the table knows of a job's thread: where it is, how far the job had come, and what is still to be said in it.

An item for each job and bot: pk is the job's key, sk the target. Whoever writes in a thread locks its item for that time.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

from .outlet import SHORTEST_ATTEMPT
from .store import Asked, Held, Item, StoreError, Table, Value, expiry, now_ms


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread. The entries in it are texts, see ledger.dumped.

    Attributes:
        channel: where it is.
        ts: its first message; empty before it opens.
        last: the key of what was said last.
        rank: how far the job has come in what the first message says or is behind with.
        behind: the entry that the first message should tell and does not yet; empty when it is up to date.
        kept: entries that wait for the thread to open.
    """

    channel: str = ""
    ts: str = ""
    last: str = ""
    rank: int = 0
    behind: str = ""
    kept: tuple[str, ...] = ()


class ThreadItems:
    """The items of one target's threads, as one invocation sees them.

    Raises (every method):
        StoreError: the table cannot be used.
    """

    def __init__(self, table: Table, target: str, owner: str) -> None:
        self._table = table
        self._sk = f"target/{target}"
        self._owner = owner

    def read(self, job_key: str) -> Thread | None:
        """What is known of a job's thread; None: nothing."""
        item = self._table.get(_pk(job_key), self._sk)
        return _thread(item) if item else None

    def lock(self, job_key: str, deadline: float) -> Thread | None:
        """The thread of a job, nobody else's until the deadline; None when others are at it for as long."""
        expression = "SET #owner = :owner, #until = :until, #expires_at = :expires_at"
        condition = "attribute_not_exists(#until) OR #until < :now OR #owner = :owner"
        while True:
            asked: Asked = {"owner": self._owner, "now": now_ms(), "until": just_after(deadline), "expires_at": expiry()}
            try:
                return _thread(self._table.update(_pk(job_key), self._sk, expression, condition, asked))
            except Held:
                if time.monotonic() + SHORTEST_ATTEMPT > deadline:
                    return None
                time.sleep(random.uniform(0.1, 0.3))

    def save(self, job_key: str, thread: Thread, locked_until: int = 0) -> None:
        """Write down how a thread is now, and unlock it, or keep it locked until a moment in Unix milliseconds."""
        values: dict[str, Value] = {
            "channel": thread.channel,
            "ts": thread.ts,
            "last": thread.last,
            "rank": thread.rank,
            "behind": thread.behind,
            "kept": list(thread.kept),
            "until": locked_until,
        }
        expression = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
        try:
            self._table.update(_pk(job_key), self._sk, expression, "#owner = :owner", {**values, "owner": self._owner})
        except Held:
            raise StoreError("another invocation has taken the job's thread over") from None


def just_after(deadline: float) -> int:
    """A deadline of this invocation in Unix milliseconds, which others can compare."""
    return now_ms() + int((deadline - time.monotonic() + 1.0) * 1000)


def _pk(job_key: str) -> str:
    return f"thread/{job_key}"


def _thread(item: Item) -> Thread:
    known = {name: item[name] for name in Thread.__dataclass_fields__ if name in item}
    return Thread(**{**known, "kept": tuple(item.get("kept", ()))})
