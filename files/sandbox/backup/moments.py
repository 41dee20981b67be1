"""The time of day as AWS Backup tells it."""

from __future__ import annotations

import time


def now() -> float:
    """Unix seconds, to the millisecond."""
    return round(time.time(), 3)
