"""What the dead-letter queue proves when the log says nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.modules import backup_notification_info

from tests.unit.plugins.vaults.notification_info.records import GROUP, JOB, QUEUE, Log, failure, receipt, sns_event


@pytest.mark.parametrize(
    "event",
    [
        sns_event("COMPLETED"),
        sns_event("COMPLETED", JOB.upper()),
        sns_event(None),
        {"source": "aws.backup", "detail": {"backupJobId": JOB, "state": "COMPLETED"}},
        {"source": "aws.backup", "detail": {"restoreJobId": JOB, "status": "COMPLETED"}},
        f"not JSON, about {JOB}",
        ["a list", JOB],
        {"Records": [None, {"Sns": JOB}], "detail": "text"},
    ],
)
def test_an_event_in_the_dead_letter_queue_proves_that_it_was_published(
    run_module: Any, args: dict[str, Any], log: Log, bury: Callable[..., None], event: Any
) -> None:
    log("Task timed out after 60.00 seconds")
    bury(event)
    result = run_module(backup_notification_info, {**args, "dead_letter_queue_name": QUEUE})
    assert (result["grade"], result["accepted"]) == ("published", False)
    (letter,) = result["evidence"]["published"]
    assert letter["error"] == "No module named 'handler'"
    assert letter["request_id"] == "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
    assert datetime.fromisoformat(letter["timestamp"]) > datetime.now(UTC) - timedelta(minutes=1)
    assert run_module(backup_notification_info, args)["grade"] is None, "without the queue's name it is not looked into"


def test_other_events_in_the_queue_prove_nothing(run_module: Any, args: dict[str, Any], log: Log, bury: Callable[..., None]) -> None:
    log("START")
    other = "00000000-f22c-4dab-5eb6-bbc7890ed123"
    for event in (sns_event("RUNNING"), sns_event("COMPLETED", other), {"detail": {"backupJobId": JOB, "state": "CREATED"}}):
        bury(event)
    assert run_module(backup_notification_info, {**args, "dead_letter_queue_name": QUEUE})["grade"] is None


def test_the_queue_keeps_all_of_its_events(
    run_module: Any, args: dict[str, Any], sandbox: Any, log: Log, bury: Callable[..., None], queue_url: str
) -> None:
    log("START")
    for number in range(25):
        bury(sns_event("COMPLETED") if number == 24 else {"number": number})
    assert len(run_module(backup_notification_info, {**args, "dead_letter_queue_name": QUEUE})["evidence"]["published"]) == 1
    sqs, seen = sandbox.client("sqs"), set()
    while messages := sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, VisibilityTimeout=60).get("Messages"):
        seen |= {message["MessageId"] for message in messages}
    assert len(seen) == 25, "all are there, and nobody has to wait for them"


def test_the_queue_is_left_alone_when_the_log_tells(run_module: Any, args: dict[str, Any], log: Log, proxy: Any) -> None:
    log(receipt())
    assert run_module(backup_notification_info, {**args, "dead_letter_queue_name": QUEUE})["grade"] == "delivered"
    assert len(proxy.requests) == 1


def test_the_message_names_the_event_in_the_queue(run_module: Any, args: dict[str, Any], log: Log, bury: Callable[..., None]) -> None:
    log("START")
    bury(sns_event("COMPLETED"))
    result = failure(run_module, args, dead_letter_queue_name=QUEUE)
    assert "AWS Backup published it, and the function could not handle it: the event waits in the dead-letter queue" in result["msg"]
    assert "(No module named 'handler')" in result["msg"]
    assert result["grade"] == "published"


def test_a_queue_that_is_not_there_is_no_evidence(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log("START")
    result = run_module(backup_notification_info, {**args, "dead_letter_queue_name": "no-such-queue"})
    assert (result["grade"], result.get("failed")) == (None, None)


def test_a_queue_that_cannot_be_read_does_not_hide_the_reason(run_module: Any, args: dict[str, Any], proxy: Any) -> None:
    proxy.refuse("POST", "^/$", "AccessDenied", "not authorized to perform: sqs:getqueueurl", skip=1)
    result = run_module(backup_notification_info, {**args, "dead_letter_queue_name": QUEUE})
    assert result["failed"]
    assert f"the log group {GROUP} does not exist in us-west-2" in result["msg"]
    reason = f"Failed to find the queue {QUEUE}: not authorized to perform: sqs:getqueueurl"
    assert reason in result["msg"]
    assert reason in str(result["warnings"])
