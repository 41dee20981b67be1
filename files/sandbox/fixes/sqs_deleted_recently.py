"""SQS: a queue created again right after its deletion.

AWS refuses the name for 60 seconds with QueueDeletedRecently.
moto takes it at once, so a deployment right after a cleanup would pass here and fail there.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

from moto.sqs.exceptions import SQSException
from moto.sqs.models import SQSBackend

from .. import clock
from .methods import wrap

AWS_SECONDS = 60
DELETIONS = "_sandbox_deletions"


class QueueDeletedRecently(SQSException):
    """The name is not free yet."""

    def __init__(self) -> None:
        super().__init__(
            "AWS.SimpleQueueService.QueueDeletedRecently",
            f"You must wait {AWS_SECONDS} seconds after deleting a queue before you can create another with the same name.",
        )


def install() -> None:
    """Make moto remember, for AWS_SECONDS of the sandbox's clock, which queues were deleted."""
    wrap(SQSBackend, "delete_queue", _remembered)
    wrap(SQSBackend, "create_queue", _refused_at_first)


def _remembered(delete_queue: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(delete_queue)
    def delete(backend: SQSBackend, queue_name: str) -> None:
        delete_queue(backend, queue_name)
        # The deletions are kept on the backend, so that they go with it when the sandbox is emptied.
        backend.__dict__.setdefault(DELETIONS, {})[queue_name] = time.monotonic()

    return delete


def _refused_at_first(create_queue: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(create_queue)
    def create(backend: SQSBackend, name: str, *args: Any, **kwargs: Any) -> Any:
        deleted = getattr(backend, DELETIONS, {}).get(name)
        if deleted is not None and time.monotonic() - deleted < clock.real_seconds(AWS_SECONDS):
            raise QueueDeletedRecently
        return create_queue(backend, name, *args, **kwargs)

    return create
