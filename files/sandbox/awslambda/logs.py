"""Writes functions' log lines to CloudWatch Logs."""

from __future__ import annotations

import contextlib
import threading
import uuid
from datetime import UTC, datetime

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.models import logs_backends
from moto.utilities.utils import get_partition

from .. import role_policies
from ..resource_policy import role_allows
from .output import LogLine
from .spec import FunctionSpec

_lock = threading.Lock()


def stream_name(version: str) -> str:
    """A new environment's log stream."""
    return f"{datetime.now(UTC):%Y/%m/%d}/[{version}]{uuid.uuid4().hex}"


def write(spec: FunctionSpec, stream: str, lines: list[LogLine]) -> None:
    """Append lines to the stream; its group and itself are made when missing, and again when deleted.

    Lambda does all this as the function's role, and drops in silence what that role may not write.
    """
    if not lines:
        return
    events = [{"timestamp": at, "message": message} for at, message in lines]
    backend = logs_backends[spec.account_id][spec.region]
    with _lock:
        policies = role_policies.policies_of(spec.role_arn)
        exists = spec.log_group in backend.groups
        if not all(role_allows(policies, action, arn) for action, arn in _needs(spec, stream, exists)):
            return
        backend.ensure_log_group(spec.log_group)
        # A group deleted at this moment takes its lines with it.
        with contextlib.suppress(ResourceNotFoundException):
            backend.ensure_log_stream(spec.log_group, stream)
            backend.put_log_events(spec.log_group, stream, events)


def _needs(spec: FunctionSpec, stream: str, group_exists: bool) -> list[tuple[str, str]]:
    """The actions that writing needs, each with the resource it acts on."""
    group = f"arn:{get_partition(spec.region)}:logs:{spec.region}:{spec.account_id}:log-group:{spec.log_group}:log-stream:"
    writing = [("logs:CreateLogStream", group + stream), ("logs:PutLogEvents", group + stream)]
    return writing if group_exists else [("logs:CreateLogGroup", group), *writing]
