"""CloudWatch alarms that change their state: those on the depth of an SQS queue and on a function's errors. moto only keeps them."""

from __future__ import annotations

from . import metrics, watch

__all__ = ["install"]


def install() -> None:
    """Extend moto; called once before the first request."""
    metrics.install()
    watch.install()
