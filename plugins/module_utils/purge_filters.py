# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which of a vault's recovery points and jobs a purge is about."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DAY = 86400
COMPLETE = ("COMPLETED", "AVAILABLE")
"""States of a point that counts as a backup when the newest ones are kept."""

NEWEST = f"""arn NOT IN (SELECT arn FROM (SELECT arn, row_number() OVER (PARTITION BY resource_arn ORDER BY created DESC, arn) AS age
    FROM points AS top WHERE status IN {COMPLETE} AND step != 'gone'
    AND (parent IS NULL OR NOT EXISTS (SELECT 1 FROM points AS holder WHERE holder.arn = top.parent))) WHERE age <= ?)"""


@dataclass(frozen=True)
class Filters:
    """What a point has to be like to go; None: no matter. A nested point goes when the point that it is nested in goes.

    Attributes:
        older_than_days: it was created more than so many days ago.
        resource_arns: it is a backup of one of these resources.
        resource_types: it is a backup of a resource of one of these types.
        backup_plan_ids: one of these plans made it.
        statuses: it is in one of these states.
        recovery_point_tags: it carries these tags; asked of AWS, point by point.
        keep_newest: so many newer points of its resource, whatever they are like, are complete.
    """

    older_than_days: float | None = None
    resource_arns: list[str] | None = None
    resource_types: list[str] | None = None
    backup_plan_ids: list[str] | None = None
    statuses: list[str] | None = None
    recovery_point_tags: Mapping[str, str] | None = None
    keep_newest: int | None = None

    @property
    def are_set(self) -> bool:
        """Whether there is any."""
        return any(value is not None for value in vars(self).values())

    def condition(self) -> tuple[str, list[Any]]:
        """All but the tags as SQL on the table of points, and its values."""
        terms: list[tuple[str, Any]] = []
        if self.older_than_days is not None:
            terms.append(("created < ?", time.time() - self.older_than_days * DAY))
        for column, wanted in (
            ("resource_arn", self.resource_arns),
            ("resource_type", self.resource_types),
            ("plan", self.backup_plan_ids),
            ("status", self.statuses),
        ):
            if wanted is not None:
                terms.append((f"{column} IN (SELECT value FROM json_each(?))", json.dumps(wanted)))
        if self.keep_newest is not None:
            terms += [("status != ?", "CREATING"), (NEWEST, self.keep_newest)]
        return " AND ".join(term for term, _value in terms) or "TRUE", [value for _term, value in terms]

    def take_job(self, job: Mapping[str, Any]) -> bool:
        """Whether the point that a job makes would go, so that the job is to be stopped, too."""
        # What a job is about to make is new and has neither tags nor a final state yet.
        if any(value is not None for value in (self.older_than_days, self.statuses, self.recovery_point_tags, self.keep_newest)):
            return False
        facts = (
            (self.resource_arns, job.get("ResourceArn")),
            (self.resource_types, job.get("ResourceType")),
            (self.backup_plan_ids, job.get("CreatedBy", {}).get("BackupPlanId")),
        )
        return all(wanted is None or value in wanted for wanted, value in facts)
