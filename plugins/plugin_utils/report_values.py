# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading a report that may lack members, or have others than expected: nothing here raises."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

SECRETS = re.compile(
    r"https://hooks\.slack(?:-gov)?\.com/[^\s\"'<>|]+"
    r"|https://[^\s\"'<>|/]+\.(?:webhook\.office\.com|logic\.azure\.com|api\.powerplatform\.com)[^\s\"'<>|]*"
    r"|\bx(?:ox[a-z]|app)-[\w-]{8,}"
)
"""Webhooks of Slack and Teams, and Slack's tokens: who has one may post."""

FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What neither XML nor UTF-8 files can hold."""


def plain(value: Any) -> Any:
    """A value as JSON has it, of plain dictionaries, lists, strings and numbers.

    Known forms of secrets are masked, and characters that not every file can hold are replaced.

    Raises:
        ValueError, RecursionError: it holds itself, or is too deep.
    """
    return _clean(json.loads(json.dumps(value, default=str)))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return FORBIDDEN.sub("\ufffd", SECRETS.sub("********", value))
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {_clean(name): _clean(item) for name, item in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def text_of(value: Any) -> str:
    """A string or number as a string; anything else as an empty one."""
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def number_of(value: Any) -> float | None:
    """A number that is 0 or more, also when it is written as a string; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number >= 0 else None


def mapping_of(value: Any) -> Mapping[str, Any]:
    """A mapping as it is; anything else as an empty one."""
    return value if isinstance(value, Mapping) else {}


def mappings_of(value: Any) -> list[Mapping[str, Any]]:
    """The mappings in a list; none for anything else."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def texts_of(value: Any) -> list[str]:
    """The strings and numbers in a list, as strings; none for anything else."""
    return [text for text in map(text_of, value) if text] if isinstance(value, list) else []


def moment_of(value: Any) -> datetime | None:
    """A moment in UTC of its ISO 8601 form; None for anything else. A time without an offset is UTC."""
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def first_text(value: Mapping[str, Any], *names: str) -> str:
    """The first member of these names that has a text; empty when none has."""
    return next(filter(None, (text_of(value.get(name)) for name in names)), "")


def first_number(value: Mapping[str, Any], *names: str) -> float | None:
    """The first member of these names that is a number; None when none is."""
    return next((number for number in (number_of(value.get(name)) for name in names) if number is not None), None)
