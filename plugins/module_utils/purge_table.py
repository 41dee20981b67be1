# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a purge knows of each recovery point: a table in a temporary file, so that a full vault takes no more memory than a small one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.proven.aws_backup.plugins.module_utils.purge_outcomes import expired_outcome, expired_reason

READY, SENT, ACCEPTED, BUSY, BLOCKED, STUCK, GONE = "ready", "sent", "accepted", "busy", "blocked", "stuck", "gone"
"""How far the deletion of a point is: it may be asked for; the request is on its way; AWS accepted it; AWS was busy with the point and
is to be asked again; AWS is at it or nested points come first; AWS refused it or could not carry it out; the vault does not list it
any more."""

IN_WORK = ("CREATING", "DELETING")
"""States in which AWS takes no deletion."""

COLUMNS = """
    arn TEXT PRIMARY KEY, resource_arn TEXT, resource_type TEXT, created REAL, size INTEGER, parent TEXT, is_parent INTEGER,
    plan TEXT, role TEXT, status TEXT, message TEXT,
    continuous INTEGER,   -- whether it is, or ever was listed as, a continuous backup
    tagged INTEGER,       -- 1: it carries the wanted tags, 0: it does not, -1: AWS Backup does not say, 2: asked for, NULL: not asked for
    listing INTEGER,      -- the last listing that had it
    chosen INTEGER,       -- whether it is to go; NULL: not decided
    step TEXT,
    accepted_at REAL,     -- time.monotonic()
    was_expired INTEGER,  -- whether it was EXPIRED then, and has not been seen in another status since
    gone_then INTEGER,    -- how many points were gone when it was asked for
    outcome TEXT, reason TEXT
"""
PRESENT = f"step != '{GONE}'"
TOP = "(parent IS NULL OR NOT EXISTS (SELECT 1 FROM points AS holder WHERE holder.arn = points.parent))"
OF_CONTINUOUS = ("AVAILABLE", "STOPPED")
"""States that only continuous backups get into; AWS gives those of some types ARNs like those of others."""

HAS_NESTED = f"EXISTS (SELECT 1 FROM points AS nested WHERE nested.parent = points.arn AND nested.{PRESENT})"


class PurgeTable:
    """The recovery points of one vault. Used by one thread only.

    Attributes:
        listing: the number of the listing that is read or was read last.
        gone: how many points were gone after the last one.
    """

    def __init__(self) -> None:
        """Begin with no points."""
        # The empty name is SQLite's for a file of its own that nobody else sees and that goes with the connection.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.row_factory = sqlite3.Row
        for function in (expired_outcome, expired_reason):
            self._database.create_function(function.__name__, 1, function, deterministic=True)
        for statement in (
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            f"CREATE TABLE points ({COLUMNS}) WITHOUT ROWID",
            "CREATE INDEX by_step ON points (step)",
            "CREATE INDEX by_parent ON points (parent) WHERE parent IS NOT NULL",
        ):
            self._database.execute(statement)
        self.listing = 0
        self.gone = 0

    def run(self, statement: str, *values: Any) -> int:
        """Run a statement; returns how many points it changed."""
        return self._database.execute(statement, values).rowcount

    def rows(self, query: str, *values: Any) -> Iterator[sqlite3.Row]:
        """The rows of a query, one by one."""
        return self._database.execute(query, values)

    def number(self, query: str, *values: Any) -> int:
        """The only value of a query's only row; 0 for NULL."""
        return self._database.execute(query, values).fetchone()[0] or 0

    def add_page(self, points: Iterable[Mapping[str, Any]], chosen: bool | None) -> None:
        """Take note of points, as AWS lists them; chosen: whether new ones are to go, None: that is decided later."""
        self._database.execute("BEGIN")
        self._database.executemany(
            "INSERT INTO points (arn, resource_arn, resource_type, created, size, parent, is_parent, plan, role, status, message,"
            f" continuous, listing, chosen, step) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '{BLOCKED}')"
            " ON CONFLICT (arn) DO UPDATE SET status = excluded.status, message = excluded.message, listing = excluded.listing,"
            " continuous = max(continuous, excluded.continuous),"
            f" size = excluded.size, step = CASE step WHEN '{GONE}' THEN '{BLOCKED}' ELSE step END",
            ((*_values(point), self.listing, chosen) for point in points),
        )
        self._database.execute("COMMIT")

    def begin_listing(self) -> None:
        """Begin with the next listing."""
        self.listing += 1

    def end_listing(self) -> None:
        """Count what the listing did not have as gone."""
        self.run(f"UPDATE points SET step = '{GONE}' WHERE listing < ? AND {PRESENT}", self.listing)
        self.gone = self.number(f"SELECT count(*) FROM points WHERE step = '{GONE}'")

    def choose(self, condition: str, values: Iterable[Any]) -> None:
        """Decide on the points not decided on: those that meet a condition go, and nested ones go with what they are nested in."""
        # The set is complete before it changes anything, because a condition may look at other points.
        self.run("CREATE TEMP TABLE going AS SELECT arn FROM points WHERE chosen IS NULL AND (" + condition + ")", *values)
        self.run(f"UPDATE points SET chosen = arn IN (SELECT arn FROM going) WHERE chosen IS NULL AND {TOP}")
        self.run("DROP TABLE going")
        holder = "(SELECT chosen FROM points AS holder WHERE holder.arn = points.parent)"
        while self.run(f"UPDATE points SET chosen = {holder} WHERE chosen IS NULL AND {holder} IS NOT NULL"):
            pass

    def unblock(self, with_parents: bool) -> None:
        """Make ready what nothing holds up any more; with_parents: also what holds nested points, if they are all gone."""
        free = f"status NOT IN {IN_WORK} AND " + (f"NOT {HAS_NESTED}" if with_parents else "NOT is_parent")
        self.run(f"UPDATE points SET step = '{READY}' WHERE step IN ('{BLOCKED}', '{BUSY}') AND chosen AND {free}")

    def take(self, count: int) -> list[tuple[str, bool]]:
        """The ARNs of some points that are ready, for each of which a request is sent now, and whether they are continuous."""
        ready = self.rows(f"SELECT arn, continuous FROM points WHERE step = '{READY}' AND chosen LIMIT ?", count)
        taken = [(row["arn"], bool(row["continuous"])) for row in ready]
        for arn, _continuous in taken:
            self.run(f"UPDATE points SET step = '{SENT}', gone_then = ? WHERE arn = ?", self.gone, arn)
        return taken

    def take_untagged(self, count: int, condition: str, values: Iterable[Any]) -> list[str]:
        """The ARNs of some points that meet a condition, are not decided on, and whose tags are asked for now."""
        untagged = f"SELECT arn FROM points WHERE chosen IS NULL AND tagged IS NULL AND {TOP} AND {condition} LIMIT ?"
        taken = [row["arn"] for row in self.rows(untagged, *values, count)]
        for arn in taken:
            self.run("UPDATE points SET tagged = 2 WHERE arn = ?", arn)
        return taken

    def set_tagged(self, arn: str, carries: bool | None) -> None:
        """Note whether a point carries the wanted tags; None: AWS Backup does not say."""
        self.run("UPDATE points SET tagged = ? WHERE arn = ?", -1 if carries is None else carries, arn)

    def set_step(self, arn: str, step: str, outcome: str | None = None, reason: str | None = None) -> None:
        """Note how far a point is, and why, if it does not get on."""
        self.run("UPDATE points SET step = ?, outcome = ?, reason = ? WHERE arn = ?", step, outcome, reason, arn)

    def set_accepted(self, arn: str, now: float) -> None:
        """Note that AWS accepted a request at time.monotonic() now."""
        self.run(
            f"UPDATE points SET step = '{ACCEPTED}', outcome = NULL, reason = NULL, accepted_at = ?, was_expired = (status = 'EXPIRED')"
            " WHERE arn = ?",
            now,
            arn,
        )

    def give_up(self, outcome: str, reason: str) -> None:
        """Note that AWS would refuse the deletion of all points that are left."""
        self.run(
            f"UPDATE points SET step = '{STUCK}', outcome = ?, reason = ?"
            f" WHERE step IN ('{READY}', '{BLOCKED}', '{BUSY}') AND chosen AND status NOT IN {IN_WORK}",
            outcome,
            reason,
        )

    def spare_stopped(self) -> None:
        """Leave the continuous backups that record no more: they were handed back and are here still, or cannot be."""
        reason = "AWS Backup records no more changes in it, and keeps what it has"
        self.run(
            f"UPDATE points SET step = '{STUCK}', outcome = 'stopped', reason = ?"
            f" WHERE step IN ('{BLOCKED}', '{READY}', '{ACCEPTED}') AND status = 'STOPPED'",
            reason,
        )

    def note_expired(self, before: float) -> None:
        """Find the points whose deletion AWS accepted, before this time.monotonic() where that matters, and did not carry out."""
        self.run(f"UPDATE points SET was_expired = FALSE WHERE step = '{ACCEPTED}' AND status != 'EXPIRED'")
        self.run(
            f"UPDATE points SET step = '{STUCK}', outcome = expired_outcome(message), reason = expired_reason(message)"
            f" WHERE step = '{ACCEPTED}' AND status = 'EXPIRED' AND (NOT was_expired OR accepted_at < ?)",
            before,
        )

    def ask_again(self, before: float) -> None:
        """Make ready again what AWS accepted before this time.monotonic() and shows no sign of."""
        in_work = (*IN_WORK, "EXPIRED")
        self.run(f"UPDATE points SET step = '{READY}' WHERE step = '{ACCEPTED}' AND accepted_at < ? AND status NOT IN {in_work}", before)

    def retry(self, outcomes: tuple[str, ...]) -> bool:
        """Make ready again what is stuck with one of these outcomes, if points have gone since it was asked for; whether any is."""
        stuck = f"step = '{STUCK}' AND outcome IN {outcomes} AND gone_then < ?"
        return bool(self.run(f"UPDATE points SET step = '{READY}' WHERE {stuck}", self.gone))

    def is_parent(self, arn: str) -> bool:
        """Whether a point was made to hold nested ones."""
        return bool(self.number("SELECT max(is_parent) FROM points WHERE arn = ?", arn))

    def hold(self, arn: str, outcome: str, reason: str) -> None:
        """Note that AWS would refuse the deletion of a point, if it is one of those that are to go."""
        self.run("UPDATE points SET step = ?, outcome = ?, reason = ? WHERE arn = ? AND chosen", STUCK, outcome, reason, arn)

    def count_chosen(self, *steps: str) -> int:
        """How many points are to go, or were, at any or at some of the steps."""
        only = f" AND step IN ({', '.join('?' * len(steps))})" if steps else ""
        return self.number(f"SELECT count(*) FROM points WHERE chosen{only}", *steps)

    def count_unsettled(self) -> int:
        """How many points are to go and may yet do so: all but those that are gone, are stuck, or hold nested ones that are."""
        under_way = f"step IN ('{READY}', '{SENT}', '{ACCEPTED}', '{BUSY}') OR (step = '{BLOCKED}' AND status IN {IN_WORK})"
        return self.number(f"SELECT count(*) FROM points WHERE chosen AND ({under_way})")


def _values(point: Mapping[str, Any]) -> tuple[Any, ...]:
    created = point.get("CreationDate")
    return (
        point["RecoveryPointArn"],
        point.get("ResourceArn"),
        point.get("ResourceType"),
        None if created is None else created.timestamp(),
        point.get("BackupSizeInBytes"),
        point.get("ParentRecoveryPointArn"),
        bool(point.get("IsParent")),
        point.get("CreatedBy", {}).get("BackupPlanId"),
        point.get("IamRoleArn"),
        point["Status"],
        point.get("StatusMessage"),
        _is_continuous(point),
    )


def _is_continuous(point: Mapping[str, Any]) -> bool:
    return ":recovery-point:continuous:" in point["RecoveryPointArn"] or (point["Status"] in OF_CONTINUOUS and not point.get("IsParent"))
