# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looking for the events of a job in a dead-letter queue, and leaving them there.

SQS has no way to only look: what is read is hidden from others until it is given back, which happens at once here, and after
HIDDEN_SECONDS if this program dies in between. What somebody else is reading at the moment is not seen.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.dead_letter_bodies import error, function_event
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.proven.aws_backup.plugins.module_utils.notifications import Wanted
    from botocore.client import BaseClient

MOST_MESSAGES = 1000
PER_CALL = 10
HIDDEN_SECONDS = 60
MISSING_QUEUE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")


@aws_call("find the queue {queue_name}", missing=None, missing_codes=MISSING_QUEUE)
def get_queue_url(client: BaseClient, queue_name: str) -> str | None:
    """The URL of a queue; None when there is no such queue."""
    return client.get_queue_url(QueueName=queue_name)["QueueUrl"]


@aws_call("read the queue {queue_url}")
def receive_messages(client: BaseClient, queue_url: str) -> list[dict[str, Any]]:
    """Up to PER_CALL messages, hidden from others until they are given back or HIDDEN_SECONDS have passed."""
    answer = client.receive_message(
        QueueUrl=queue_url,
        MaxNumberOfMessages=PER_CALL,
        VisibilityTimeout=HIDDEN_SECONDS,
        WaitTimeSeconds=1,
        AttributeNames=["SentTimestamp"],
        MessageAttributeNames=["All"],
    )
    return answer.get("Messages", [])


@aws_call("give messages back to the queue {queue_url}")
def give_back(client: BaseClient, queue_url: str, receipt_handles: list[str]) -> None:
    """Let others see up to PER_CALL messages again."""
    entries = [{"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0} for number, handle in enumerate(receipt_handles)]
    client.change_message_visibility_batch(QueueUrl=queue_url, Entries=entries)


def find_dead_letters(client: BaseClient, queue_name: str, wanted: Wanted) -> list[dict[str, Any]] | None:
    """The events in a queue that are about the wanted job, and in a wanted state as far as they tell one; oldest first.

    Returns: None when there is no such queue.

    Raises:
        AnsibleBackupError: the queue cannot be read.
    """
    queue_url = get_queue_url(client, queue_name)
    if queue_url is None:
        return None
    letters = [_letter(message) for message in _peek(client, queue_url) if _is_about(message["Body"], wanted)]
    return sorted(letters, key=lambda letter: letter["timestamp"])


def _peek(client: BaseClient, queue_url: str) -> list[dict[str, Any]]:
    """The messages of a queue, at most MOST_MESSAGES, each once; all given back."""
    messages: dict[str, dict[str, Any]] = {}
    handles: list[str] = []
    try:
        while len(handles) < MOST_MESSAGES and (received := receive_messages(client, queue_url)):
            handles += [message["ReceiptHandle"] for message in received]
            messages |= {message["MessageId"]: message for message in received}
    finally:
        for start in range(0, len(handles), PER_CALL):
            give_back(client, queue_url, handles[start : start + PER_CALL])
    return list(messages.values())


def _is_about(body: str, wanted: Wanted) -> bool:
    if wanted.job_id.lower() not in body.lower():
        return False
    try:
        states = set(_states(json.loads(function_event(body))))
    except ValueError:
        states = set()
    return not states or not states.isdisjoint(wanted.states)


def _states(event: Any) -> Iterator[str]:
    """The job states that an event, of SNS or of EventBridge, names."""
    if not isinstance(event, dict):
        return
    detail, records = event.get("detail"), event.get("Records")
    found = [detail.get("state"), detail.get("status")] if isinstance(detail, dict) else []
    for record in records if isinstance(records, list) else []:
        try:
            found.append(record["Sns"]["MessageAttributes"]["State"]["Value"])
        except (KeyError, TypeError):
            continue
    yield from (state.upper() for state in found if isinstance(state, str))


def _letter(message: dict[str, Any]) -> dict[str, Any]:
    sent = datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC)
    attributes = message.get("MessageAttributes", {})
    return {
        "message_id": message["MessageId"],
        "timestamp": sent.isoformat(timespec="milliseconds"),
        "request_id": attributes.get("RequestID", {}).get("StringValue"),
        "error": error(attributes),
    }
