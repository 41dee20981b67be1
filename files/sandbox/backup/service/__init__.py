"""Control: how AWS Backup behaves as a service: its latency, its limits, its faults."""

from __future__ import annotations

from . import routes
from .behaviours import arrive, deleting_seconds, vault_lag_seconds

__all__ = ["arrive", "deleting_seconds", "routes", "vault_lag_seconds"]
