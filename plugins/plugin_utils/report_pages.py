# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages of a report: one of a run, one of the history. Whatever comes from AWS is escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ansible_collections.proven.aws_backup.plugins.plugin_utils import report_words as words
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_history import latest_of, series_of
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_phases import Phase
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_pictures import (
    HAS_MATPLOTLIB,
    NARROW,
    WIDE,
    phases_picture,
    trend_picture,
)
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_target import Target
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_view import Run
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).resolve().parents[2] / "files" / "backup_report"


def run_page(run: Run) -> str:
    """The page of a run."""
    pictures = [_phase_pictures(number, target) for number, target in enumerate(run.targets)] if HAS_MATPLOTLIB else []
    return _environment().get_template("run.html.j2").render(run=run, pictures=pictures, has_pictures=HAS_MATPLOTLIB)


def history_page(runs: list[Run]) -> str:
    """The page of all runs, which come newest first."""
    series = [one for one in series_of(runs) if one.trends]
    pictures: list[list[Markup]] = []
    for number, one in enumerate(series if HAS_MATPLOTLIB else []):
        drawn = [
            trend_picture(trend.points, f"s{number}t{place}", f"{trend.title} of {one.target} over time", trend.unit, trend.limit)
            for place, trend in enumerate(one.trends)
        ]
        pictures.append([Markup(picture) for picture in drawn])
    template = _environment().get_template("history.html.j2")
    return template.render(runs=runs, latest=latest_of(runs), series=series, pictures=pictures, has_pictures=HAS_MATPLOTLIB)


def _phase_pictures(number: int, target: Target) -> dict[str, Markup]:
    """A target's phases as a wide and as a narrow picture; none when it has no phases."""
    phases = _shown(target.phases)
    if not phases:
        return {}
    title = f"Phases of {target.name}: " + ", ".join(f"{phase.name} {words.duration(phase.seconds)}" for phase in phases)
    widths = {"wide": WIDE, "narrow": NARROW}
    # Escaped by the XML writer, so it goes into the page as it is.
    return {name: Markup(phases_picture(phases, f"p{number}{name}", title, width)) for name, width in widths.items()}


def _shown(phases: list[Phase]) -> list[Phase]:
    """The phases that a picture can show together: what began long before the others would leave them no room."""
    for start in range(len(phases)):
        rest = phases[start:]
        gap = (rest[0].start - max(phase.end for phase in phases[:start])).total_seconds() if start else 0
        length = (max(phase.end for phase in rest) - rest[0].start).total_seconds()
        if gap > max(4 * length, 3600):
            return rest
    return phases


@cache
def _environment() -> Environment:
    # Not Ansible's templates: these come with the collection, and escape.
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = {"duration": words.duration, "size": words.size, "moment": words.moment, "day": words.day}
    environment.filters.update(filters)
    environment.globals["style"] = Markup((TEMPLATES / "style.css").read_text(encoding="utf-8"))
    return environment
