"""Writes functions' log lines to CloudWatch Logs."""

from __future__ import annotations

import contextlib
import threading
import uuid
from datetime import UTC, datetime

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.models import logs_backends

from .output import LogLine
from .spec import FunctionSpec

_lock = threading.Lock()


def stream_name(version: str) -> str:
    """A new environment's log stream."""
    return f"{datetime.now(UTC):%Y/%m/%d}/[{version}]{uuid.uuid4().hex}"


def write(spec: FunctionSpec, stream: str, lines: list[LogLine]) -> None:
    """Append lines to the stream; its group and itself are made when missing, and again when deleted."""
    if not lines:
        return
    events = [{"timestamp": at, "message": message} for at, message in lines]
    backend = logs_backends[spec.account_id][spec.region]
    with _lock:
        backend.ensure_log_group(spec.log_group)
        # A group deleted at this moment takes its lines with it.
        with contextlib.suppress(ResourceNotFoundException):
            backend.ensure_log_stream(spec.log_group, stream)
            backend.put_log_events(spec.log_group, stream, events)
