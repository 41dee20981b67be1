"""A log and a dead-letter queue in the sandbox."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.plugins.vaults.notification_info.records import GROUP, JOB, QUEUE, STREAM, Log


@pytest.fixture
def logs(sandbox: Any) -> Any:
    return sandbox.client("logs")


@pytest.fixture
def log(logs: Any) -> Log:
    """Write lines or records to the function's log, some seconds ago."""
    logs.create_log_group(logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName=STREAM)

    def write(*lines: str | dict[str, Any], seconds_ago: float = 1) -> None:
        now = int((time.time() - seconds_ago) * 1000)
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        events = [{"timestamp": now + number, "message": text} for number, text in enumerate(texts)]
        logs.put_log_events(logGroupName=GROUP, logStreamName=STREAM, logEvents=events)

    return write


@pytest.fixture
def args(connection: dict[str, Any]) -> dict[str, Any]:
    return {**connection, "function_name": "notifier", "job_id": JOB}


@pytest.fixture
def queue_url(sandbox: Any) -> str:
    """The URL of an empty dead-letter queue."""
    return sandbox.client("sqs").create_queue(QueueName=QUEUE)["QueueUrl"]


@pytest.fixture
def bury(sandbox: Any, queue_url: str) -> Callable[..., None]:
    """Put an event into the dead-letter queue, as Lambda does."""

    def put(event: Any) -> None:
        body = event if isinstance(event, str) else json.dumps(event)
        attributes = {
            "RequestID": {"DataType": "String", "StringValue": "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"},
            "ErrorCode": {"DataType": "Number", "StringValue": "200"},
            "ErrorMessage": {"DataType": "String", "StringValue": "No module named 'handler'"},
        }
        sandbox.client("sqs").send_message(QueueUrl=queue_url, MessageBody=body, MessageAttributes=attributes)

    return put
