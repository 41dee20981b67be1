"""JSON from outside."""

from __future__ import annotations

import json
from typing import Any


def parse(text: str | bytes) -> Any:
    """The value of a JSON text.

    Raises:
        ValueError: it is not JSON, which NaN and Infinity are not, or nested too deeply to read.
    """
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError as problem:
        raise ValueError("nested too deeply") from problem


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON value")
