# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pictures of a report: a target's phases in time, and a figure over many runs. They need matplotlib."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.plugin_utils import report_svg as svg
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_phases import Phase
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_words import day, duration, time_unit

try:
    import matplotlib
    from matplotlib.dates import date2num
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator
except ImportError:
    HAS_MATPLOTLIB = False
else:
    HAS_MATPLOTLIB = True
    # It tells on stderr, in the middle of Ansible's output, that it looks for fonts.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDE, NARROW, THIRD = 768, 320, 240
"""Widths of pictures in CSS pixels: for a page that has the room, for a phone, and for one of three beside each other."""
POINTS_PER_INCH = 72
Unit = Callable[[float], tuple[str, float]]
"""Gives the name and the size of the unit in which a value is easy to read."""
LIMIT_IN_SIGHT = 4
"""How many times the largest value a limit may be and still be drawn."""
MARKERS: dict[str, dict[str, Any]] = {
    "passed": {"marker": "o", "color": svg.MARK, "markersize": 7},
    "failed": {"marker": "X", "color": svg.FAILED, "markersize": 9},
}
"""How points are marked, by how the run ended."""
LONGEST_NAME = 14
"""How many characters of a phase's name there is room for."""
ROW, AXIS = 30, 30
"""Heights of a phase's row and of the axis below, in pixels."""


@dataclass(frozen=True)
class Point:
    """A figure of one run, in seconds or bytes."""

    time: datetime
    value: float
    failed: bool


def phases_picture(phases: Sequence[Phase], name: str, title: str, width: int) -> str:
    """A row for each phase, with a bar from its start to its end, and how long it took.

    Args:
        phases: at least one, in their order in time.
        name: letters and digits, different for each picture of a page.
        title: what it shows.
        width: in CSS pixels.
    """
    start = phases[0].start
    longest = max((phase.end - start).total_seconds() for phase in phases) or 1.0
    unit, scale = time_unit(longest)
    left = 78 if width < WIDE else 96
    with _style(name):
        figure, axes = _figure(width, ROW * len(phases) + AXIS, left, AXIS)
        for row, phase in enumerate(phases):
            began = (phase.start - start).total_seconds()
            _draw_phase(axes, row, phase, began / scale, phase.seconds / scale, longest / scale)
        axes.set(xlim=(0, longest / scale * 1.02), ylim=(len(phases) - 0.5, -0.5))
        axes.set_yticks(range(len(phases)), [phase.name[:LONGEST_NAME] for phase in phases], color=svg.INK)
        axes.xaxis.set_major_locator(MaxNLocator(4 if width < WIDE else 8, steps=[1, 2, 3, 5, 6, 10]))
        axes.xaxis.set_major_formatter(lambda value, _position: f"{value:g} {unit}")
        tips = {f"phase-{row}": [_phase_tip(phase)] for row, phase in enumerate(phases)}
        return svg.inline(figure, name, title, tips)


def trend_picture(points: Sequence[Point], name: str, title: str, unit: Unit, limit: float | None = None) -> str:
    """A figure over time, with a cross where the run failed.

    Args:
        points: at least one, in their order in time.
        name: letters and digits, different for each picture of a page.
        title: what it shows.
        unit: gives the unit's name and its size for the largest value.
        limit: drawn as a line, in seconds or bytes as the points.
    """
    label, scale = unit(max(point.value for point in points))
    top = max(point.value for point in points) / scale or 1.0
    with _style(name):
        figure, axes = _figure(THIRD, 126, 36, 24, top=22)
        _draw_points(axes, points, scale)
        if limit is not None and limit / scale <= top * LIMIT_IN_SIGHT:
            top = max(top, limit / scale)
            _draw_limit(axes, limit / scale)
        _set_dates(axes, points)
        axes.set_ylim(0, top * 1.15)
        axes.yaxis.set_major_locator(MaxNLocator(3))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.grid(axis="y", color=svg.GRID, linewidth=1)
        axes.text(-6 / (THIRD - 48), 1.06, label, transform=axes.transAxes, color=svg.MUTED, ha="right")
        tips = {gid: [_point_tip(point, unit) for point in points if point.failed == (gid == "failed")] for gid in MARKERS}
        return svg.inline(figure, name, title, tips)


def _draw_points(axes: Axes, points: Sequence[Point], scale: float) -> None:
    axes.plot(
        [date2num(point.time) for point in points], [point.value / scale for point in points], color=svg.MARK, linewidth=1.5, zorder=2
    )
    for gid, style in MARKERS.items():
        shown = [point for point in points if point.failed == (gid == "failed")]
        times, values = [date2num(point.time) for point in shown], [point.value / scale for point in shown]
        axes.plot(times, values, linestyle="", markeredgecolor=svg.SURFACE, zorder=3, gid=gid, clip_on=False, **style)


def _draw_limit(axes: Axes, value: float) -> None:
    axes.axhline(value, color=svg.FAILED, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    where: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points"}
    axes.annotate("limit", (1, value), (0, 3), **where, ha="right", color=svg.FAILED)


@contextmanager
def _style(name: str) -> Iterator[None]:
    """Have matplotlib draw the same picture of the same input, whatever settings the user keeps for it."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        options: Any = svg.OPTIONS | {"svg.hashsalt": name}
        matplotlib.rcParams.update(options)
        yield


def _figure(width: int, height: int, left: int, bottom: int, top: int = 2) -> tuple[Figure, Axes]:
    """A figure without a frame, in which the axes leave so many pixels around them."""
    figure = Figure(figsize=(width / POINTS_PER_INCH, height / POINTS_PER_INCH), dpi=POINTS_PER_INCH, frameon=False)
    axes = figure.add_axes((left / width, bottom / height, (width - left - 12) / width, (height - bottom - top) / height), frameon=False)
    axes.tick_params(length=0, colors=svg.MUTED, labelsize=12, pad=6)
    return figure, axes


def _draw_phase(axes: Axes, row: int, phase: Phase, start: float, length: float, longest: float) -> None:
    """A bar and its label: at its right, or at its left where there is no room."""
    colour = svg.FAILED if phase.failed else svg.MARK
    shown = max(length, longest * 0.004)
    axes.barh(row, longest * 1.02, 0.56, color=svg.TRACK, zorder=1)
    axes.barh(row, shown, 0.56, start, color=colour, zorder=2, gid=f"phase-{row}")
    label = f"{'failed after ' if phase.failed else ''}{duration(phase.seconds)}"
    at_right = start + shown < longest * 0.72
    place = start + shown if at_right else start
    if not at_right and start < longest * 0.28:
        axes.annotate(label, (start + shown, row), (-8, 0), textcoords="offset points", ha="right", va="center_baseline", color=svg.ON_MARK)
        return
    side = (8, "left") if at_right else (-8, "right")
    axes.annotate(label, (place, row), (side[0], 0), textcoords="offset points", ha=side[1], va="center_baseline", color=svg.INK)


def _set_dates(axes: Axes, points: Sequence[Point]) -> None:
    """Mark the first and the last moment: their days, or their times of day when all is within one."""
    first, last = points[0].time, points[-1].time
    margin = (last - first) * 0.04 or timedelta(hours=1)
    axes.set_xlim(date2num(first - margin), date2num(last + margin))
    ends = list(dict.fromkeys((first, last)))
    is_short = len(ends) == 2 and last - first < timedelta(days=1)
    axes.set_xticks([date2num(end) for end in ends], [f"{end:%H:%M}" if is_short else f"{end.day} {end:%b}" for end in ends])
    if len(ends) == 2:
        left, right = axes.get_xticklabels()
        left.set_horizontalalignment("left")
        right.set_horizontalalignment("right")


def _phase_tip(phase: Phase) -> str:
    failed = ", failed" if phase.failed else ""
    return f"{phase.name}: {duration(phase.seconds)}{failed}, from {phase.start:%H:%M:%S} to {phase.end:%H:%M:%S} UTC"


def _point_tip(point: Point, unit: Unit) -> str:
    label, scale = unit(point.value)
    return f"{day(point.time)}: {point.value / scale:,.1f} {label}{', failed' if point.failed else ''}"
