# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All runs of a folder, and the figures of each target over time."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_pictures import Point, Unit
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_target import Target
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_values import plain
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_view import Run, run_of
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_words import duration, size, size_unit, time_unit

Values = list[tuple[Run, Target, float | None]]
NEWEST = 200
"""How many runs a history shows; older ones stay in their folders."""


@dataclass(frozen=True)
class Trend:
    """One figure of a target over time; the limit is the newest run's, in seconds."""

    title: str
    points: list[Point]
    newest: str
    unit: Unit
    limit: float | None


@dataclass(frozen=True)
class Series:
    """A target in one place: its newest outcome and its figures over time."""

    target: str
    place: str
    outcome: str
    trends: list[Trend]


def read_runs(folder: Path) -> tuple[list[Run], list[str]]:
    """The newest runs in a folder, newest first, and what could not be read, each with its reason."""
    runs, problems = [], []
    for path in sorted(folder.glob("*/report.json")):
        try:
            report = plain(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, RecursionError) as error:
            problems.append(f"{path} was left out of the history, because it cannot be read: {error}")
            continue
        if not isinstance(report, dict) or report.get("verdict") not in ("passed", "failed"):
            problems.append(f"{path} was left out of the history, because it is no report: it has no verdict that is passed or failed.")
            continue
        runs.append(run_of({**report, "run": path.parent.name}))
    return sorted(runs, key=_when, reverse=True)[:NEWEST], problems


def _when(run: Run) -> tuple[float, str]:
    return (run.started.timestamp() if run.started else 0.0, run.name)


def latest_of(runs: list[Run]) -> list[Run]:
    """The newest run of each kind in each place, from runs that are newest first; not where none has ever begun, as in a wrong Region."""
    begun = {(run.kind, run.place) for run in runs if run.begun}
    latest: dict[tuple[str, str], Run] = {}
    for run in runs:
        if (run.kind, run.place) in begun:
            latest.setdefault((run.kind, run.place), run)
    return list(latest.values())


def series_of(runs: list[Run]) -> list[Series]:
    """Each target in each place, from runs that are newest first. Scenarios have no figures worth comparing."""
    found: dict[tuple[str, str], list[tuple[Run, Target]]] = defaultdict(list)
    for run in runs:
        for target in run.targets:
            if run.started and not target.is_scenario:
                found[target.name, run.place].append((run, target))
    return [_series(target, place, seen) for (target, place), seen in sorted(found.items(), key=lambda item: item[0])]


def _series(name: str, place: str, seen: list[tuple[Run, Target]]) -> Series:
    limit = next((figure.limit for _run, target in seen for figure in target.figures if figure.name == "RTO"), None)
    trends = [
        _trend("Recovery time (RTO)", [(run, target, target.rto_seconds) for run, target in seen], time_unit, duration, limit),
        _trend("Backup job", [(run, target, target.job_seconds) for run, target in seen], time_unit, duration),
        _trend("Size", [(run, target, target.size_bytes) for run, target in seen], size_unit, size),
    ]
    return Series(name, place, seen[0][1].outcome, [trend for trend in trends if trend.points])


def _trend(title: str, values: Values, unit: Unit, say: Callable[[float | None], str], limit: float | None = None) -> Trend:
    """The trend of values that are newest first; its points are oldest first."""
    found = [Point(run.started, value, target.result == "failed") for run, target, value in values if run.started and value is not None]
    return Trend(title, found[::-1], say(found[0].value if found else None), unit, limit)
