"""EventBridge: events of AWS services on the default bus, and the source names that only they may use."""

from __future__ import annotations

from . import reserved_sources
from .service import ServiceEvent, publish_from_service

__all__ = ["ServiceEvent", "install", "publish_from_service"]


def install() -> None:
    """Extend moto; called once before the first request."""
    reserved_sources.install()
