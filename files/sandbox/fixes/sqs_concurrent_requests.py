"""SQS: requests for one queue at the same time.

AWS loses no message.
moto forgets a message that is sent while another one is deleted, and gives one message to two receivers.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

from moto.sqs.models import Message, Queue, SQSBackend

from .methods import wrap

NAP_SECONDS = 1


def install() -> None:
    """Let requests for one queue take turns; moto's own lock covers the sending of messages already."""
    wrap(Queue, "delete_message", _in_turn)
    wrap(SQSBackend, "receive_message", _received_in_turn)


def _in_turn(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(queue: Queue, *args: Any, **kwargs: Any) -> Any:
        with queue._messages_lock:
            return method(queue, *args, **kwargs)

    return call


def _received_in_turn(receive_message: Callable[..., list[Message]]) -> Callable[..., list[Message]]:
    @functools.wraps(receive_message)
    def receive(backend: SQSBackend, queue_name: str, count: int, wait_seconds_timeout: int, *args: Any, **kwargs: Any) -> list[Message]:
        give_up = time.monotonic() + wait_seconds_timeout
        while True:
            queue = backend.get_queue(queue_name)
            with queue._messages_lock:
                received = receive_message(backend, queue_name, count, 0, *args, **kwargs)
            if received or time.monotonic() >= give_up:
                return received
            queue.wait_for_messages(NAP_SECONDS)

    return receive
