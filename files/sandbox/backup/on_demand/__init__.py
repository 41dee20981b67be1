"""Control: any event of AWS Backup in any state, with the job that it is about."""

from __future__ import annotations

from . import routes

__all__ = ["routes"]
