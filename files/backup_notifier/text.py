"""Texts out of JSON values of any kind."""

from __future__ import annotations

import json
from typing import Any


def text(values: dict[str, Any], name: str) -> str:
    """The text of that name; an empty one when there is none or it is no text."""
    value = values.get(name)
    return value if isinstance(value, str) else ""


def as_json(value: Any) -> str:
    """Any JSON value as text, on one line."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return f"({type(value).__name__}, nested too deeply to show)"


def unquoted(value: str) -> str:
    """A text without the quotes that EventBridge puts around a status message."""
    stripped = value.strip()
    if len(stripped) < 2 or not stripped.startswith('"') or not stripped.endswith('"'):
        return stripped
    try:
        inner = json.loads(stripped)
    except ValueError:
        inner = stripped[1:-1]
    return str(inner).strip()


def whole_number(value: str) -> int | None:
    """A number of bytes written in digits; None for anything else."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 20 else None
