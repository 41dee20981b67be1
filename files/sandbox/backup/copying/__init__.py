"""Copy jobs that really copy: into another vault of the Region, or of another Region of the account."""

from __future__ import annotations

from . import start

__all__ = ["start"]
