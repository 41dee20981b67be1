# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run, as its page shows it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_evidence import Rows, moment_text, rows
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_target import NOT_BEGUN, Target, result_of, target_of
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_values import (
    first_text,
    mapping_of,
    mappings_of,
    moment_of,
    text_of,
    texts_of,
)

KINDS = {"test_backup": "Backup test", "test_restore": "Restore test"}


@dataclass(frozen=True)
class Run:
    """One run of test_backup or test_restore."""

    name: str
    kind: str
    place: str
    result: str
    reason: str
    started: datetime | None
    ended: datetime | None
    facts: Rows
    targets: list[Target]
    left_out: list[str]
    leftovers: list[str]

    @property
    def title(self) -> str:
        """Its kind in words."""
        return KINDS.get(self.kind, self.kind.replace("_", " ") or "Test")

    @property
    def begun(self) -> bool:
        """Whether it got as far as a target; without, nothing is known of any backup."""
        return self.result == "passed" or any(target.begun for target in self.targets)

    @property
    def outcome(self) -> str:
        """Its result in a history."""
        return self.result if self.begun else NOT_BEGUN

    @property
    def seconds(self) -> float | None:
        """How long it took; None when unknown."""
        return max(0.0, (self.ended - self.started).total_seconds()) if self.started and self.ended else None

    @property
    def passed(self) -> int:
        """How many targets passed."""
        return sum(target.result == "passed" for target in self.targets)

    @property
    def noun(self) -> str:
        """What its targets are."""
        return "scenario" if any(target.is_scenario for target in self.targets) else "target"


def run_of(report: Mapping[str, Any]) -> Run:
    """What a page shows of a report, whatever it lacks."""
    limits = mapping_of(report.get("limits"))
    items = mappings_of(report.get("targets")) + mappings_of(report.get("scenarios"))
    name, kind = text_of(report.get("run")), text_of(report.get("kind"))
    return Run(
        name=name,
        kind=kind,
        place=_place(name, kind) or first_text(report, "region"),
        result=result_of(report.get("verdict")),
        reason=text_of(report.get("reason")),
        started=moment_of(report.get("started")),
        ended=moment_of(report.get("ended")),
        facts=_facts(report),
        targets=[target_of(item, limits) for item in items],
        left_out=texts_of(report.get("left_out")),
        leftovers=texts_of(report.get("leftovers")),
    )


def _place(name: str, kind: str) -> str:
    """Where a run was, from its name: <kind>-<host>-<region>-<time>."""
    return re.sub(r"-\d{8}T\d{6}Z$", "", name.removeprefix(f"{kind}-"))


def _facts(report: Mapping[str, Any]) -> Rows:
    target, region, restored_in = (text_of(report.get(name)) for name in ("target", "region", "restore_region"))
    return rows(
        ("Where", {"sandbox": "sandbox (not AWS)", "aws": "AWS"}.get(target, target)),
        ("Account", text_of(report.get("account_id"))),
        ("Region", region),
        ("Restored in", restored_in if restored_in != region else ""),
        ("Vault", text_of(report.get("backup_vault_name"))),
        ("Name prefix", text_of(report.get("name_prefix"))),
        ("Started", moment_text(report.get("started"))),
    )
