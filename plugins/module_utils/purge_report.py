# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a purge says of the recovery points: how many of each kind, how large, and the first ones of each list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.purge_outcomes import REMEDIES
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_table import (
    GONE,
    HAS_NESTED,
    IN_WORK,
    PRESENT,
    STUCK,
    PurgeTable,
)

if TYPE_CHECKING:
    import sqlite3

REASONS = {
    "nested_left": "it holds nested recovery points that are left",
    "in_progress": "AWS was still at it when the time was up",
    "out_of_time": "the time was up before AWS accepted its deletion",
    "not_asked": "its deletion was not asked for",
}
"""Why a point is left, where that is not noted in the table."""

LEFT = f"""CASE
    WHEN outcome IS NOT NULL THEN outcome
    WHEN step = 'accepted' OR status IN {IN_WORK} THEN 'in_progress'
    WHEN {HAS_NESTED} THEN 'nested_left'
    ELSE 'out_of_time' END"""
"""The outcome of a point that was to go and is left."""


class PointReport:
    """Tells of the points in a table."""

    def __init__(self, table: PurgeTable, most_listed: int, going: str, left: str, is_handed_back: str) -> None:
        """Tell in this way; see after_purge, before_purge and without_deletion.

        Args:
            most_listed: how many points a list has at most.
            going: SQL, whether a point that is to go is gone or would be.
            left: SQL, the outcome of one that is not.
            is_handed_back: SQL, whether one that is going is disassociated, not deleted.
        """
        self._table = table
        self._most_listed = most_listed
        self._going = f"chosen AND {going}"
        self._left = f"chosen AND NOT ({going})"
        self._outcome = f"""CASE
            WHEN NOT chosen THEN CASE tagged WHEN -1 THEN 'tags_unknown' ELSE 'kept' END
            WHEN NOT ({going}) THEN {left}
            WHEN {is_handed_back} THEN 'disassociated'
            ELSE 'deleted' END"""

    def totals(self) -> dict[str, dict[str, int]]:
        """Number and size of the points, by outcome."""
        query = f"SELECT {self._outcome} AS name, count(*) AS count, sum(size) AS size FROM points WHERE chosen OR {PRESENT} GROUP BY name"
        return {row["name"]: {"count": row["count"], "backup_size_in_bytes": row["size"] or 0} for row in self._table.rows(query)}

    def lists(self) -> dict[str, Any]:
        """The first points that are gone (or would go) and that are left, and how many more there are."""
        groups = {"deleted_recovery_points": self._going, "skipped_recovery_points": self._left}
        details = (_going_point, _left_point)
        return {
            **{
                name: [describe(row) for row in self._rows(condition, self._most_listed)]
                for (name, condition), describe in zip(groups.items(), details, strict=True)
            },
            "unlisted": {name: max(0, self._count(condition) - self._most_listed) for name, condition in groups.items()},
        }

    @property
    def count_left(self) -> int:
        """How many points should be gone, or would have to be, and are not."""
        return self._count(self._left)

    def left_lines(self, most: int) -> list[str]:
        """The first points that are left, each in a line with the reason."""
        points = map(_left_point, self._rows(self._left, most))
        return [f"{point['recovery_point_arn']} ({point['status']}: {point['reason']})" for point in points]

    def warnings(self) -> list[str]:
        """What the user may not have meant."""
        ended = f"{self._going} AND continuous AND {self._outcome} = 'deleted'"
        texts = []
        if count := self._count(ended):
            first = next(self._rows(ended, 1))["resource_arn"]
            texts.append(
                f"{count} of the recovery points are continuous: deleting one ends the continuous backup of its resource (the first is"
                f" {first}). continuous_recovery_points: disassociate hands them back to their service instead"
            )
        if unknown := self._count(f"NOT chosen AND tagged = -1 AND {PRESENT}"):
            texts.append(
                f"AWS Backup refuses to list the tags of {unknown} recovery points, which belong to another service: they are kept"
            )
        return texts

    def _count(self, condition: str) -> int:
        return self._table.number(f"SELECT count(*) FROM points WHERE {condition}")

    def _rows(self, condition: str, most: int) -> Iterator[sqlite3.Row]:
        return self._table.rows(f"SELECT *, {self._outcome} AS name FROM points WHERE {condition} ORDER BY created, arn LIMIT ?", most)


def after_purge(table: PurgeTable, most_listed: int, disassociate: bool) -> PointReport:
    """What became of the points; disassociate: whether continuous ones were handed back."""
    return PointReport(table, most_listed, f"step = '{GONE}'", LEFT, "continuous" if disassociate else "FALSE")


def before_purge(table: PurgeTable, most_listed: int, disassociate: bool) -> PointReport:
    """What would become of the points, as far as can be known."""
    return PointReport(table, most_listed, f"step != '{STUCK}'", LEFT, "continuous" if disassociate else "FALSE")


def without_deletion(table: PurgeTable, most_listed: int) -> PointReport:
    """The points of a vault that should be empty without any being deleted."""
    return PointReport(table, most_listed, f"step = '{GONE}'", "'not_asked'", "FALSE")


def _going_point(row: sqlite3.Row) -> dict[str, Any]:
    size = {} if row["size"] is None else {"backup_size_in_bytes": row["size"]}
    created = {} if row["created"] is None else {"creation_date": datetime.fromtimestamp(row["created"], UTC).isoformat()}
    resource = {name: row[name] for name in ("resource_arn", "resource_type") if row[name] is not None}
    return {"recovery_point_arn": row["arn"], "outcome": row["name"], **resource, **created, **size}


def _left_point(row: sqlite3.Row) -> dict[str, Any]:
    outcome = row["name"]
    reason = REASONS.get(outcome) or row["reason"]
    return {**_going_point(row), "status": row["status"], "reason": reason, "remedy": REMEDIES[outcome]}
