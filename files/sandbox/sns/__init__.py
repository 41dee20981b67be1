"""SNS that delivers to Lambda functions, and publishing on behalf of AWS services."""

from __future__ import annotations

from . import metrics, subscription, topic
from .service import publish_from_service

__all__ = ["install", "publish_from_service"]


def install() -> None:
    """Extend moto; called once before the first request."""
    metrics.install()
    subscription.install()
    topic.install()
