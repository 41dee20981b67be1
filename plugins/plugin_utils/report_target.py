# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One target of a report, or one scenario of a drill, as its page shows it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_evidence import (
    Message,
    Rows,
    evidence_of,
    log_record_of,
    message_of,
    recovery_point_of,
    size_of,
)
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_phases import Phase, phases_of
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_values import first_text, mapping_of, mappings_of, number_of, text_of

RESULTS = ("passed", "failed", "not reached", "left out")
NOT_BEGUN = "not begun"
"""The outcome of what failed before anything was backed up or restored, such as with a wrong setting."""


@dataclass(frozen=True)
class Step:
    """A link of the chain or a check: what it proves, how it ended, and why."""

    name: str
    result: str
    reason: str
    detailed_by: str = ""
    """What tells more of it, checks or limits: a failure there is the same one."""


@dataclass(frozen=True)
class Figure:
    """RPO or RTO in seconds against its limit, which may be None."""

    name: str
    meaning: str
    seconds: float
    limit: float | None

    @property
    def exceeded(self) -> bool:
        """Whether it is over the limit."""
        return self.limit is not None and self.seconds > self.limit

    @property
    def scale(self) -> float:
        """The seconds at the right end of its bar."""
        return max(self.seconds, self.limit or 0) * 1.1 or 1


@dataclass(frozen=True)
class Target:
    """One target, or one scenario of a drill."""

    name: str
    result: str
    reason: str
    is_scenario: bool
    resource_arn: str
    resource_type: str
    size_bytes: float | None
    job_seconds: float | None
    backup_job_id: str
    grade: str
    rpo_seconds: float | None
    rto_seconds: float | None
    figures: list[Figure]
    steps: list[Step]
    checks: list[Step]
    phases: list[Phase]
    recovery_point: Rows
    evidence: Rows
    record: str
    message: Message | None

    @property
    def begun(self) -> bool:
        """Whether there was something to back up or restore; without, nothing is known of its backups."""
        if self.result == "passed" or (self.is_scenario and self.result == "failed"):
            return True
        return bool(self.resource_arn or self.recovery_point or self.phases or self.figures or self.checks)

    @property
    def outcome(self) -> str:
        """Its result in a history."""
        return self.result if self.begun else NOT_BEGUN


def target_of(target: Mapping[str, Any], limits: Mapping[str, Any]) -> Target:
    """What a page shows of an item of a report's targets or scenarios, whatever it lacks."""
    job, point = mapping_of(target.get("backup_job")), mapping_of(target.get("recovery_point"))
    phases = phases_of(target)
    rpo, rto = number_of(target.get("rpo_seconds")), number_of(target.get("rto_seconds"))
    restored = mapping_of(target.get("restore_job"))
    return Target(
        name=first_text(target, "scenario", "target") or "unnamed",
        result=result_of(target.get("verdict")),
        reason=text_of(target.get("reason")),
        is_scenario="scenario" in target,
        resource_arn=first_text(target, "resource_arn") or first_text(job, "resource_arn"),
        resource_type=first_text(target, "resource_type") or first_text(job, "resource_type"),
        size_bytes=size_of(point, job, restored),
        job_seconds=next((phase.seconds for phase in phases if phase.name == "backup job"), None),
        backup_job_id=first_text(job, "backup_job_id"),
        grade=text_of(target.get("grade")),
        rpo_seconds=rpo,
        rto_seconds=rto,
        figures=_figures(rpo, rto, limits),
        steps=[_step(link, "proof") for link in mappings_of(target.get("links"))],
        checks=[_step(check, "name") for check in mappings_of(target.get("checks"))],
        phases=phases,
        recovery_point=recovery_point_of(point, job),
        evidence=evidence_of(target),
        record=json.dumps(log_record_of(target), indent=2, ensure_ascii=False) if log_record_of(target) else "",
        message=message_of(mapping_of(target.get("message"))),
    )


def _figures(rpo: float | None, rto: float | None, limits: Mapping[str, Any]) -> list[Figure]:
    wanted = (("RPO", "age of the recovery point", rpo, "rpo_seconds"), ("RTO", "from request to verified", rto, "rto_seconds"))
    return [Figure(name, meaning, seconds, number_of(limits.get(key))) for name, meaning, seconds, key in wanted if seconds is not None]


def _step(step: Mapping[str, Any], name: str) -> Step:
    return Step(text_of(step.get(name)), result_of(step.get("result")), text_of(step.get("reason")), text_of(step.get("detailed_by")))


def result_of(value: Any) -> str:
    """A result as it is; anything else counts as not reached."""
    return value if isinstance(value, str) and value in RESULTS else "not reached"
