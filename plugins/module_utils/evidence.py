# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How far a job's notification is proven to have come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.proven.aws_backup.plugins.module_utils.notifications import Records, Wanted
    from ansible_collections.proven.aws_backup.plugins.module_utils.topic_activity import TopicActivity

PUBLISHED, DELIVERED, ACCEPTED = "published", "delivered", "accepted"


@dataclass(frozen=True)
class Evidence:
    """What the log of the notifier, and what else was looked into, tell about one notification.

    Attributes:
        wanted: the notification that counts.
        records: of the log.
        dead_letters: events about it in the dead-letter queue; None when the queue was not looked into.
        topic: what was published at all; None when that was not looked into. It names no job, so it proves no grade.
        notes: what could not be looked into, and why.
    """

    wanted: Wanted
    records: Records
    dead_letters: list[dict[str, Any]] | None = None
    topic: TopicActivity | None = None
    notes: tuple[str, ...] = ()

    @cached_property
    def accepted(self) -> dict[str, dict[str, Any]]:
        """The first record of the right message that each target accepted, by the target's name."""
        found: dict[str, dict[str, Any]] = {}
        for record in self.records.deliveries:
            if record.get("outcome") == "accepted" and self._is_right(record):
                found.setdefault(str(record.get("target")), record)
        return found

    @cached_property
    def targets(self) -> list[str]:
        """The targets that must have accepted the message."""
        sent = {str(record.get("target")) for record in self.records.deliveries if record.get("outcome") != "muted"}
        return list(self.wanted.targets) or sorted(sent)

    @property
    def is_accepted(self) -> bool:
        """Whether every target that must have accepted the message has, and at least one."""
        return bool(self.targets) and all(target in self.accepted for target in self.targets)

    @property
    def obstacles(self) -> list[dict[str, Any]]:
        """The records that say of a target that it will not get the right message: refused, muted by a rule, or a wrong one."""
        return [
            record
            for record in self.records.deliveries
            if self._is_needed(str(record.get("target")))
            and (record.get("outcome") in ("rejected", "muted") or (record.get("outcome") == "accepted" and not self._is_right(record)))
        ]

    @property
    def is_over(self) -> bool:
        """Whether waiting is pointless: the message was accepted wherever it must be, or never will be somewhere."""
        return self.is_accepted or bool(self.obstacles)

    @property
    def grade(self) -> str | None:
        """How far the notification came: published, delivered, accepted; None when nothing is proven."""
        if self.is_accepted:
            return ACCEPTED
        if self.records.received or self.records.deliveries:
            return DELIVERED
        return PUBLISHED if self.dead_letters else None

    def as_result(self, start: datetime | None) -> dict[str, Any]:
        """As modules return it; start is where the latency counts from."""
        proofs: dict[str, Any] = {
            PUBLISHED: self.dead_letters or [],
            DELIVERED: self.records.received or self.records.deliveries,
            ACCEPTED: list(self.accepted.values()),
        }
        return {
            "accepted": self.is_accepted,
            "grade": self.grade,
            "evidence": {**proofs, "topic": self.topic.as_dict() if self.topic else None},
            "latency": self._latency(start) if start and self.is_accepted else None,
            "notifications": self.records.deliveries,
        }

    def _latency(self, start: datetime) -> float:
        """Seconds until the last of the targets had accepted the message."""
        last = max(datetime.fromisoformat(record["timestamp"]) for record in self.accepted.values())
        return round((last - start).total_seconds(), 3)

    def _is_right(self, record: Mapping[str, Any]) -> bool:
        return self.wanted.severity in (None, record.get("severity"))

    def _is_needed(self, target: str) -> bool:
        """Whether the message must get to a target that has not accepted it; muted ones count when nothing was sent anywhere."""
        return target not in self.accepted and (target in self.targets or not self.targets)
