"""Who delivers a notification to a target, and what was delivered: claims that expire, so that a crash loses nothing.

An item for each notification and target: pk is the notification's key, sk the target. Its status is
claimed (an invocation is at it until `until`), parked (it waits in the target's outbox), told (in a summary, of which
the job's thread may not know yet), rejected (refused when it was posted from the outbox: whoever comes again may claim it) or
delivered.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from . import store
from .notification import Notification
from .store import Held, Table, expiry, now_ms

Status = Literal["claimed", "parked", "told", "rejected", "delivered", "missing"]

# What no ID tells apart is only for a short while taken for a repeat: the same text may come again and mean it.
SECONDS_TEXT_REMEMBERED = 3600
_LONGEST_TEXT = 8000
_MOST_DETAILS = 30
_LONGEST_DETAIL = 1000
# A transaction has at most 100 actions, and each entry takes two.
_ENTRIES_A_TRANSACTION = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """A notification in an outbox.

    Attributes:
        key: of the notification.
        notification: itself, its longest texts cut.
        mention: whom its message mentions.
        parked_at: when it came, in Unix milliseconds.
        kept: what waited for the job's thread by then; a summary tells it, too.
    """

    key: str
    notification: Notification
    mention: str = ""
    parked_at: int = 0
    kept: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Lease:
    """Who empties an outbox; times are Unix milliseconds.

    Attributes:
        mine: whether it is this invocation.
        until: how long the holder has it, unless it is renewed.
        not_before: when the target wants something again.
    """

    mine: bool
    until: int
    not_before: int


class Ledger:
    """What one invocation knows and says about deliveries to one target.

    Raises (every method):
        StoreError: the table cannot be used.
    """

    def __init__(self, table: Table, target: str, owner: str) -> None:
        self.table = table
        self.target = target
        self.owner = owner

    def claim(self, key: str, seconds: float) -> Status:
        """Take a delivery on for some seconds: claimed when it is ours now, else what it is; missing when somebody else is at it."""
        now = now_ms()
        values: dict[str, store.Value] = {
            "status": "claimed",
            "owner": self.owner,
            "until": now + int(seconds * 1000),
            "expires_at": _expiry(key),
        }
        condition = "attribute_not_exists(pk) OR #expires_at < :seconds OR #status = :rejected OR (#status = :claimed AND #until < :now)"
        try:
            self.table.put(
                key, self._sk, values, condition, {"seconds": now // 1000, "rejected": "rejected", "claimed": "claimed", "now": now}
            )
        except Held as held:
            status: Status = held.item.get("status", "claimed")
            if status != "claimed":
                return status
            # Ours already when the SDK asked again because the first answer was lost on the way.
            return "claimed" if held.item.get("owner") == self.owner else "missing"
        return "claimed"

    def status(self, key: str) -> Status:
        """What a delivery is now."""
        status: Status = self.table.get(key, self._sk).get("status", "missing")
        return status

    def deliver(self, key: str) -> None:
        """Note that it is done."""
        self.table.put(key, self._sk, {"status": "delivered", "expires_at": _expiry(key)})

    def release(self, key: str) -> None:
        """Let somebody else try, if it is still ours."""
        try:
            self.table.delete(key, self._sk, "#owner = :owner AND #status = :claimed", {"owner": self.owner, "claimed": "claimed"})
        except Held:
            return

    def park(self, entry: Entry) -> bool:
        """Put a notification that is ours, or is parked already, into the outbox; False when it was delivered meanwhile."""
        values: dict[str, store.Value] = {
            "key": entry.key,
            "notification": _dumped(entry.notification),
            "mention": entry.mention,
            "kept": list(map(dumped, entry.kept)),
            "expires_at": expiry(),
        }
        # Who comes again does not queue up again.
        sets = [f"#{name} = :{name}" for name in values] + ["#parked_at = if_not_exists(#parked_at, :parked_at)"]
        asked: store.Asked = {**values, "parked_at": entry.parked_at or now_ms()}
        kept = store.to_update(self._outbox, entry.key, f"SET {', '.join(sets)}", "", asked)
        change = store.to_update(
            entry.key,
            self._sk,
            "SET #status = :parked, #expires_at = :expires_at",
            "#status = :parked OR (#status = :claimed AND #owner = :owner)",
            {"parked": "parked", "claimed": "claimed", "owner": self.owner, "expires_at": expiry()},
        )
        try:
            self.table.transact([kept, change])
        except Held:
            return False
        return True

    def parked(self) -> list[Entry]:
        """What waits in the outbox, oldest first."""
        return sorted(map(_entry, self.table.query(self._outbox)), key=lambda entry: entry.parked_at)

    def deliver_parked(self, entries: Sequence[Entry], status: Status = "delivered") -> None:
        """Note that these are done, delivered, told or rejected, and take them out of the outbox."""
        expression = "SET #status = :status, #expires_at = :expires_at"
        for start in range(0, len(entries), _ENTRIES_A_TRANSACTION):
            actions = []
            for entry in entries[start : start + _ENTRIES_A_TRANSACTION]:
                asked: store.Asked = {"status": status, "expires_at": _expiry(entry.key)}
                actions.append(store.to_delete(self._outbox, entry.key))
                actions.append(store.to_update(entry.key, self._sk, expression, "", asked))
            self.table.transact(actions)

    def lease(self, seconds: float) -> Lease:
        """Become, or stay, the one who empties the outbox, if nobody else is."""
        now = now_ms()
        expression = "SET #owner = :owner, #until = :until, #expires_at = :expires_at"
        condition = "attribute_not_exists(pk) OR #until < :now OR #owner = :owner"
        asked: store.Asked = {"owner": self.owner, "until": now + int(seconds * 1000), "now": now, "expires_at": expiry(86400)}
        try:
            item, mine = self.table.update(self._lease, "lease", expression, condition, asked), True
        except Held as held:
            item, mine = held.item, False
        return Lease(mine, int(item.get("until", 0)), int(item.get("not_before", 0)))

    def leave(self, not_before: int) -> None:
        """Let somebody else empty the outbox, not before the target wants it."""
        asked: store.Asked = {"owner": self.owner, "zero": 0, "then": not_before}
        try:
            self.table.update(self._lease, "lease", "SET #until = :zero, #not_before = :then", "#owner = :owner", asked)
        except Held:
            return

    @property
    def _sk(self) -> str:
        return f"target/{self.target}"

    @property
    def _outbox(self) -> str:
        return f"outbox/{self.target}"

    @property
    def _lease(self) -> str:
        return f"lease/{self.target}"


def dumped(entry: Entry) -> str:
    """An entry as text, for a thread that is not open yet."""
    return json.dumps({"key": entry.key, "notification": _dumped(entry.notification), "mention": entry.mention})


def loaded(text: str) -> Entry:
    """The entry in such a text."""
    return _entry(json.loads(text))


def _entry(item: dict[str, Any]) -> Entry:
    known = json.loads(item["notification"])
    for name in ("tags", "details"):
        known[name] = tuple(tuple(pair) for pair in known.get(name, ()))
    # Another version of the function may have written it.
    fields = Notification.__dataclass_fields__
    notification = Notification(**{name: value for name, value in known.items() if name in fields})
    kept = tuple(map(loaded, item.get("kept", ())))
    return Entry(item["key"], notification, item.get("mention", ""), item.get("parked_at", 0), kept)


def _dumped(notification: Notification) -> str:
    """A notification as JSON, far below the 400 KB of an item."""
    known = asdict(notification)
    known["details"] = [(name[:_LONGEST_DETAIL], value[:_LONGEST_DETAIL]) for name, value in notification.details[:_MOST_DETAILS]]
    known["tags"] = notification.tags[:_MOST_DETAILS]
    cut = {name: value[:_LONGEST_TEXT] if isinstance(value, str) else value for name, value in known.items()}
    return json.dumps(cut)


def _expiry(key: str) -> int:
    return expiry(SECONDS_TEXT_REMEMBERED) if key.startswith("text/") else expiry()
