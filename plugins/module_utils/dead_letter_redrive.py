# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sending the events of a function's dead-letter queue to the function again.

All messages are read first, because a standard queue keeps no order. While they are hidden from others, their events are sent
one after the other, the oldest first. No event of a job is sent after the function failed on an earlier one of that job, or the
story would be told backwards. A message is deleted only after the function has handled its event, so an interruption
loses nothing: what is not deleted can be read again when its time of hiding is over.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from ansible_collections.proven.aws_backup.plugins.module_utils.dead_letter_bodies import ERROR_ATTRIBUTES
from ansible_collections.proven.aws_backup.plugins.module_utils.dead_letter_events import Event, Message, group, parse_message
from ansible_collections.proven.aws_backup.plugins.module_utils.dead_letters import PER_CALL, give_back
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, aws_call, error_text
from ansible_collections.proven.aws_backup.plugins.module_utils.lambda_invocation import FunctionError, invoke

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from botocore.client import BaseClient

Outcome = Literal["sent", "failed", "pending"]

# Kept back for the way there and back, in seconds.
RESERVE = 15.0
OUT_OF_TURN = "an earlier event of the same job failed"


@dataclass(frozen=True)
class Sending:
    """What became of an event.

    Attributes:
        event: the event.
        outcome: sent (the function has handled it), failed, or pending (it was not tried).
        error: why it is not out of the queue; None when it is, or when the time did not suffice.
        in_queue: whether its messages are still in the queue.
    """

    event: Event
    outcome: Outcome = "pending"
    error: str | None = None
    in_queue: bool = True


@dataclass(frozen=True)
class Count:
    """About how many messages of a queue can be received (visible), and how many were and are not deleted (hidden)."""

    visible: int
    hidden: int


@aws_call("look at the queue {queue_url}")
def count(client: BaseClient, queue_url: str) -> Count:
    """About how many messages are in a queue."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    attributes = client.get_queue_attributes(QueueUrl=queue_url, AttributeNames=names)["Attributes"]
    return Count(*(int(attributes[name]) for name in names))


@aws_call("read the queue {queue_url}")
def receive(client: BaseClient, queue_url: str, hidden_seconds: int) -> list[Message]:
    """Up to PER_CALL messages, hidden from others for that many seconds; none when none is left, or all others are hidden."""
    answer = client.receive_message(
        QueueUrl=queue_url,
        MaxNumberOfMessages=PER_CALL,
        VisibilityTimeout=hidden_seconds,
        # Asks all of SQS's servers, not a few.
        WaitTimeSeconds=1,
        AttributeNames=["SentTimestamp"],
        MessageAttributeNames=list(ERROR_ATTRIBUTES),
    )
    return [parse_message(message) for message in answer.get("Messages", [])]


@aws_call("delete messages from the queue {queue_url}")
def delete(client: BaseClient, queue_url: str, handles: list[str]) -> int:
    """Delete up to PER_CALL messages; how many SQS did not delete."""
    entries = [{"Id": str(number), "ReceiptHandle": handle} for number, handle in enumerate(handles)]
    return len(client.delete_message_batch(QueueUrl=queue_url, Entries=entries).get("Failed", []))


@dataclass(frozen=True)
class Redrive:
    """One redrive of a queue to a function.

    Attributes:
        sqs: a client.
        awslambda: a client that waits longer than function_timeout and never retries by itself.
        queue_url: the dead-letter queue.
        function_name: where its events go.
        function_timeout: seconds that the function may take for one event.
        hidden_seconds: for how long messages are hidden, and thus for how long this may work.
    """

    sqs: BaseClient
    awslambda: BaseClient
    queue_url: str
    function_name: str
    function_timeout: int
    hidden_seconds: int

    def run(self, check_mode: bool) -> tuple[list[Sending], Count]:
        """Send every event, the oldest first, until the queue is empty or the time is up. In check mode all are pending.

        Returns:
            What became of each event; and how many messages were not received, since the time was up or others held them.

        Raises:
            AnsibleBackupError: the queue cannot be read.
        """
        deadline = time.monotonic() + self.hidden_seconds - self.function_timeout - RESERVE
        hidden_before = count(self.sqs, self.queue_url).hidden
        held: dict[str, Message] = {}
        sendings: dict[str, Sending] = {}
        stuck: set[str | None] = set()
        try:
            while True:
                received: list[str] = []
                for message in self._receive_all(deadline):
                    held[message.message_id] = message
                    received.append(message.message_id)
                for event in group(held[name] for name in dict.fromkeys(received)):
                    sending = self._handle(event, sendings.get(event.identity), stuck, check_mode or time.monotonic() > deadline)
                    sendings[event.identity] = sending
                    stuck |= {event.job_id} - {None} if sending.outcome == "failed" else set()
                    for name in set() if sending.in_queue else sending.event.message_ids:
                        held.pop(name, None)
                left = count(self.sqs, self.queue_url)
                if not left.visible or time.monotonic() > deadline:
                    # For a minute, SQS may count as hidden what was deleted: no more than what others held before.
                    return list(sendings.values()), replace(left, hidden=min(hidden_before, max(0, left.hidden - len(held))))
        finally:
            self._give_back(held.values())

    def _handle(self, event: Event, earlier: Sending | None, stuck: set[str | None], only_look: bool) -> Sending:
        """Send an event, or join it with what was received and tried of it earlier."""
        if earlier:
            joined = Event(tuple({message.message_id: message for message in (*earlier.event.messages, *event.messages)}.values()))
            return self._delete(Sending(joined, "sent")) if earlier.outcome == "sent" else replace(earlier, event=joined)
        return Sending(event) if only_look else self._send(event, stuck)

    def _receive_all(self, deadline: float) -> Iterator[Message]:
        while time.monotonic() < deadline and (received := receive(self.sqs, self.queue_url, self.hidden_seconds)):
            yield from received

    def _send(self, event: Event, stuck: set[str | None]) -> Sending:
        """Send one event, unless its job is stuck, and, when the function has handled it, delete its messages."""
        if event.job_id in stuck:
            return Sending(event, error=OUT_OF_TURN)
        try:
            invoke(self.awslambda, self.function_name, event.body)
        except FunctionError as error:
            return Sending(event, "failed", str(error))
        except AnsibleBackupError as error:
            return Sending(event, "failed", error_text(error) or f"{error.message}: {error.exception}")
        return self._delete(Sending(event, "sent"))

    def _delete(self, sending: Sending) -> Sending:
        handles = [message.receipt_handle for message in sending.event.messages]
        try:
            left = sum(delete(self.sqs, self.queue_url, batch) for batch in _batches(handles))
        except AnsibleBackupError as error:
            return replace(sending, error=f"not deleted: {error_text(error) or error.message}")
        if left:
            return replace(sending, error=f"not deleted: SQS kept {left} of its messages")
        return replace(sending, in_queue=False)

    def _give_back(self, messages: Iterable[Message]) -> None:
        """Make messages visible at once. What cannot be given back becomes visible by itself, when its time is over."""
        for batch in _batches([message.receipt_handle for message in messages]):
            with contextlib.suppress(AnsibleBackupError):
                give_back(self.sqs, self.queue_url, batch)


def _batches(handles: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(handles), PER_CALL):
        yield handles[start : start + PER_CALL]
