"""Corrections of moto's SQS."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from moto.sqs.models import Message, SQSBackend
from sandbox.fixes import sqs_concurrent_requests

MOMENT = 0.2


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> tuple[SQSBackend, str]:
    """A queue with one message, in a backend whose methods are corrected until the end of the test."""
    for owner, name in ((sqs_concurrent_requests.Queue, "delete_message"), (SQSBackend, "receive_message")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    sqs_concurrent_requests.install()
    backend = SQSBackend("us-west-2", "123456789012")
    backend.create_queue("queue", None)
    backend.send_message("queue", "first")
    return backend, "queue"


class InterruptedList(list[Message]):
    """Messages; whoever has looked at all of them is interrupted, once, before going on."""

    def __init__(self, messages: list[Message], interruption: Callable[[], Any]) -> None:
        super().__init__(messages)
        self._interruptions = [interruption]

    def __iter__(self) -> Iterator[Message]:
        yield from super().__iter__()
        if self._interruptions:
            self._interruptions.pop()()


def test_message_sent_during_a_deletion_is_kept(queue: tuple[SQSBackend, str]) -> None:
    backend, name = queue
    (message,) = backend.receive_message(name, 1, 0, 600)
    sender = threading.Thread(target=lambda: backend.send_message(name, "second"))

    def send_beside() -> None:
        sender.start()
        sender.join(MOMENT)

    kept = backend.get_queue(name)
    kept._messages = InterruptedList(kept._messages, send_beside)
    backend.delete_message(name, message.receipt_handle)
    sender.join()
    assert [left.body for left in kept._messages] == ["second"]


def test_message_goes_to_one_receiver(queue: tuple[SQSBackend, str], monkeypatch: pytest.MonkeyPatch) -> None:
    backend, name = queue
    mark_received, received = Message.mark_received, []

    def slowly(message: Message, **options: Any) -> None:
        time.sleep(MOMENT)
        mark_received(message, **options)

    def receive() -> None:
        received.extend(backend.receive_message(name, 1, 0, 600))

    monkeypatch.setattr(Message, "mark_received", slowly)
    threads = [threading.Thread(target=receive) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [message.body for message in received] == ["first"]


def test_receiver_waits_for_a_message_and_not_longer(sandbox: Any) -> None:
    sqs = sandbox.client("sqs")
    url = sqs.create_queue(QueueName="queue")["QueueUrl"]
    assert "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)
    sender = threading.Timer(MOMENT, lambda: sandbox.client("sqs").send_message(QueueUrl=url, MessageBody="here"))
    sender.start()
    (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
    assert message["Body"] == "here"
    sender.join()
