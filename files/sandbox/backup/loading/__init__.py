"""Control: recovery points by the thousand, of every kind."""

from __future__ import annotations

from . import routes

__all__ = ["routes"]
