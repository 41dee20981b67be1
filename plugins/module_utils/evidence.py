# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How far a job's notification is proven to have come, and what stands in its way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.proven.aws_backup.plugins.module_utils.notifications import Records, Wanted

PUBLISHED, DELIVERED, ACCEPTED = "published", "delivered", "accepted"
CHECK_THE_WAY = (
    "Check that the vault notifies (GetBackupVaultNotifications), that the topic's policy lets backup.amazonaws.com publish, that the "
    "function is subscribed and SNS may invoke it, and then the function's dead-letter queue and its log"
)


@dataclass(frozen=True)
class Evidence:
    """What the log of the notifier, and its dead-letter queue if that was looked into, prove about one notification.

    Attributes:
        wanted: the notification that counts.
        records: of the log.
        dead_letters: events about it in the dead-letter queue; None when the queue was not looked into.
    """

    wanted: Wanted
    records: Records
    dead_letters: list[dict[str, Any]] | None = None

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

    def as_dict(self) -> dict[str, Any]:
        """The evidence for each grade, as modules return it."""
        return {
            PUBLISHED: self.dead_letters or [],
            DELIVERED: self.records.received or self.records.deliveries,
            ACCEPTED: list(self.accepted.values()),
        }

    def _is_right(self, record: Mapping[str, Any]) -> bool:
        return self.wanted.severity in (None, record.get("severity"))

    def _is_needed(self, target: str) -> bool:
        """Whether the message must get to a target that has not accepted it; muted ones count when nothing was sent anywhere."""
        return target not in self.accepted and (target in self.targets or not self.targets)


def explain(evidence: Evidence, log_group_name: str, region: str) -> str:
    """Why the message is not accepted, and what to look at next."""
    records = evidence.records
    if evidence.obstacles:
        return _explain_obstacles(evidence)
    if records.deliveries:
        return _explain_missing(evidence)
    if records.received:
        routes = ", ".join(sorted({str(record.get("route")) for record in records.received}))
        return f"the function got it (by {routes}) and has said nothing about its delivery. Look into the log group {log_group_name}"
    if evidence.dead_letters:
        errors = sorted({str(letter["error"]) for letter in evidence.dead_letters if letter["error"]})
        return (
            "AWS Backup published it, and the function could not handle it: the event waits in the dead-letter queue "
            f"({'; '.join(errors) or 'it does not say why'}). Look into the log group {log_group_name}, mend it, redrive the queue"
        )
    if not records.log_group_exists:
        return (
            f"the log group {log_group_name} does not exist in {region}. Check the name of the function, the account and the Region; "
            "a function that never ran may have no log group"
        )
    seen = _describe_all(records.others) or "nothing about this job"
    return f"the log group {log_group_name} has {seen}. {CHECK_THE_WAY}"


def _explain_obstacles(evidence: Evidence) -> str:
    seen, outcomes = _describe_all(evidence.obstacles), {record.get("outcome") for record in evidence.obstacles}
    if "rejected" in outcomes:
        return f"the message was refused: {seen}. Check the target's secret, its webhook URL or token, and the channel it posts to"
    if "muted" in outcomes:
        return f"a rule of the notifier mutes it: {seen}. Check notifier_rules"
    return f"the wrong alert arrived: {seen}, where {evidence.wanted.severity} was expected"


def _explain_missing(evidence: Evidence) -> str:
    missing = [target for target in evidence.targets if target not in evidence.accepted]
    of_missing = [record for record in evidence.records.deliveries if str(record.get("target")) in missing]
    if not of_missing:
        return f"it was never sent to {', '.join(missing)}. Check the notifier's targets and rules"
    return (
        f"the message did not get through so far: {_describe_all(of_missing)}. Lambda tries again after 1 and 2 minutes, "
        "then see the dead-letter queue"
    )


def _describe_all(records: Iterable[Mapping[str, Any]]) -> str:
    return ", ".join(_describe(record) for record in records)


def _describe(record: Mapping[str, Any]) -> str:
    details = [str(record["target"])] if record.get("target") else []
    details += [str(record["severity"])] if record.get("severity") else []
    details += [f"HTTP {record['http_status']}"] if record.get("http_status") else []
    details += [str(record["error"])] if record.get("error") else []
    return f"{record.get('state')} {record.get('outcome')}" + (f" ({', '.join(details)})" if details else "")
