"""Lambda functions that really run: the uploaded zip, through AWS's own runtime client, in a process of its own."""

from __future__ import annotations

import json
from typing import Any

from .. import control
from . import backend, event_targets, log_filters, packages, pools, responses

__all__ = ["install", "invoke_async", "reset", "shutdown"]


def install() -> None:
    """Extend moto; called once before the first request."""
    backend.install()
    responses.install()
    log_filters.install()
    event_targets.install()


def shutdown() -> None:
    """End every process and remove what they ran from."""
    pools.kill_all()
    packages.remove_all()


@control.on_reset
def reset() -> None:
    """Drop every queued event and end every process; functions go with moto's own reset."""
    backend.close_queues()
    pools.kill_all()


def invoke_async(function_arn: str, event: dict[str, Any]) -> str:
    """Queue an asynchronous invocation; returns its request ID.

    Raises:
        UnknownFunctionException: there is no such function.
    """
    return backend.find(function_arn).accept(json.dumps(event).encode(), function_arn)
