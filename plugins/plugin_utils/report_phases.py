# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The phases of a target: when each began and ended, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_evidence import log_record_of
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_values import first_text, mapping_of, mappings_of, moment_of, text_of

JOBS = {"backup job": ("backup_job", "state"), "copy": ("copy_job", "state"), "restore": ("restore_job", "status")}
"""Where the phases come from that a report does not list: the job, and what its state is called."""


@dataclass(frozen=True)
class Phase:
    """One phase; start and end are in UTC."""

    name: str
    start: datetime
    end: datetime
    failed: bool

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.end - self.start).total_seconds()


def phases_of(target: Mapping[str, Any]) -> list[Phase]:
    """The phases of a target in a report in their order in time, from its jobs when it lists none."""
    listed = [_listed(phase) for phase in mappings_of(target.get("phases"))]
    found = [phase for phase in listed or _from_jobs(target) if phase is not None]
    return sorted(found, key=lambda phase: (phase.start, phase.end))


def _listed(phase: Mapping[str, Any]) -> Phase | None:
    return _phase(text_of(phase.get("phase")), phase.get("start"), phase.get("end"), phase.get("result") == "failed")


def _from_jobs(target: Mapping[str, Any]) -> list[Phase | None]:
    jobs = {name: (mapping_of(target.get(member)), state) for name, (member, state) in JOBS.items()}
    phases = [
        _phase(name, job.get("creation_date"), job.get("completion_date"), first_text(job, state) != "COMPLETED")
        for name, (job, state) in jobs.items()
    ]
    told = log_record_of(target)
    return [*phases, _phase("alert", jobs["backup job"][0].get("completion_date"), told.get("timestamp"), False)]


def _phase(name: str, start: Any, end: Any, failed: bool) -> Phase | None:
    """The phase; None when it has no name, or not began and ended. Clocks of two machines may differ: it never ends before it began."""
    began, ended = moment_of(start), moment_of(end)
    return Phase(name, began, max(began, ended), failed) if name and began and ended else None
