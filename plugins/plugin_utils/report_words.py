# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Figures and moments in the words of a report."""

from __future__ import annotations

from datetime import datetime

SIZE_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB")
TIME_UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def duration(seconds: float | None) -> str:
    """Seconds as people say them: "0.4 s", "3 min 2 s", "2 d 4 h"; a dash for None."""
    if seconds is None:
        return "-"
    if seconds < 10 and round(seconds, 1) != round(seconds):
        return f"{seconds:.1f} s"
    left = round(seconds)
    parts: list[str] = []
    for unit, length in TIME_UNITS:
        amount, left = divmod(left, length)
        if amount or (unit == "s" and not parts):
            parts.append(f"{amount} {unit}")
        elif parts:
            break
    return " ".join(parts[:2])


def size(count: float | None) -> str:
    """A number of bytes with a unit: "0 bytes", "8.0 GiB"; a dash for None."""
    if count is None:
        return "-"
    unit, scale = size_unit(count)
    return f"{count:,.0f} {unit}" if scale == 1 else f"{count / scale:,.1f} {unit}"


def size_unit(largest: float) -> tuple[str, float]:
    """The unit in which a number of bytes is easy to read, and how many bytes it has."""
    power = 0
    while largest >= 1024 and power < len(SIZE_UNITS) - 1:
        largest, power = largest / 1024, power + 1
    return SIZE_UNITS[power], 1024.0**power


def time_unit(largest: float) -> tuple[str, float]:
    """The unit in which a number of seconds is easy to read on an axis, and how many seconds it has."""
    return next(((unit, float(length)) for unit, length in TIME_UNITS if largest >= 2 * length), ("s", 1.0))


def moment(value: datetime | None) -> str:
    """A moment in UTC to the second; a dash for None."""
    return f"{value.day} {value:%b %Y, %H:%M:%S} UTC" if value else "-"


def day(value: datetime | None) -> str:
    """A moment in UTC to the minute, for lists; a dash for None."""
    return f"{value.day} {value:%b %Y, %H:%M}" if value else "-"
