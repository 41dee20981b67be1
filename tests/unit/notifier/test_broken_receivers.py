"""One of three targets fails in every way it knows: the others are told once, and it is told once as soon as it is well again.

The handler posts over HTTP to the sandbox's inbox and receivers.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from backup_notifier import handler, post
from backup_notifier.handler import DeliveryError

PREFIX = "ssm:/proven-backup/tests/notifier/"
TARGETS = [
    {"name": "slack", "type": "slack_webhook", "secret": PREFIX + "slack"},
    {"name": "teams", "type": "teams_webhook", "secret": PREFIX + "teams"},
    {"name": "https", "type": "https_webhook", "secret": PREFIX + "https"},
]
INBOXES = {"slack": "/slack/api/messages", "teams": "/_sandbox/receivers/teams/messages", "https": "/_sandbox/receivers/https/messages"}
# The sandbox's name for what fails.
ENDPOINTS = {"slack": "webhook", "teams": "teams", "https": "https"}
JOB_ID = re.compile(r"0000000\d-0000-4000-8000-000000000000")
JOBS = [f"0000000{number}-0000-4000-8000-000000000000" for number in range(1, 4)]
FAULTS: dict[str, dict[str, Any]] = {
    "429": {"status": 429, "retry_after": 1},
    "500": {"status": 500},
    "hang": {"hang_seconds": 0.6, "status": 500},
    "close": {"close": True},
    "wrong body": {"status": 200, "body": "<html>a proxy</html>"},
}
# A receiver of documents says yes by any status from 200 to 299, whatever the body.
BROKEN = [(name, fault) for name in ("teams", "https") for fault in FAULTS if (name, fault) != ("https", "wrong body")]


@pytest.fixture
def function(
    account: Any, table: str, put_secret: Callable[..., None], deploy: Callable[..., None], context: Any, monkeypatch: pytest.MonkeyPatch
) -> Any:
    """A function that is warm, has three targets and soon gives up waiting for an answer, on a sandbox; the sandbox."""
    monkeypatch.setattr(post, "_READ_SECONDS", 0.3)
    base = account.endpoint_url
    put_secret(f"{base}/slack/services/T00000000/B00000000/SandboxIncomingWebhook01")
    put_secret(f"{base}/receivers/teams/tests", "teams")
    put_secret(json.dumps({"url": f"{base}/receivers/https/tests", "hmac_key": "SandboxSigningKey01"}), "https")
    deploy(targets=TARGETS, store_table=table)
    handler.handler({"Records": [record("warm-up")]}, context(60))
    return account


def record(job_id: str) -> dict[str, Any]:
    """What a vault's topic tells of a job that failed."""
    attributes = {"EventType": "BACKUP_JOB", "State": "FAILED", "AccountId": "123456789012", "Id": job_id}
    return {
        "EventSource": "aws:sns",
        "Sns": {
            "MessageId": job_id,
            "TopicArn": "arn:aws:sns:us-west-2:123456789012:topic",
            "Message": f"An AWS Backup job failed. BackupJob ID : {job_id}",
            "MessageAttributes": {name: {"Type": "String", "Value": value} for name, value in attributes.items()},
        },
    }


EVENT = {"Records": [record(job_id) for job_id in JOBS]}


def told(sandbox: Any, name: str) -> dict[str, int]:
    """How many messages of a target tell of each job."""
    _, text = sandbox.request("GET", INBOXES[name])
    return Counter(job_id for message in json.loads(text)["messages"] for job_id in set(JOB_ID.findall(json.dumps(message))))


def fail(sandbox: Any, name: str, fault: str, times: int) -> None:
    sandbox.control("PUT", "/slack/faults", {"endpoint": ENDPOINTS[name], "times": times, **FAULTS[fault]})


@pytest.mark.parametrize(("name", "fault"), BROKEN)
def test_passing_failure_costs_no_message(function: Any, name: str, fault: str, context: Any) -> None:
    fail(function, name, fault, times=2)
    assert handler.handler(EVENT, context(30))["accepted"] == 9
    assert {target: told(function, target) for target in INBOXES} == dict.fromkeys(INBOXES, dict.fromkeys(JOBS, 1))


@pytest.mark.parametrize(("name", "fault"), BROKEN)
def test_lasting_failure_neither_stops_nor_repeats_the_others(function: Any, name: str, fault: str, context: Any) -> None:
    others = [target for target in INBOXES if target != name]
    fail(function, name, fault, times=1000)
    with pytest.raises(DeliveryError, match=f"3 of 9 messages not delivered; first reason: {name}:"):
        handler.handler(EVENT, context(6))
    assert [told(function, target) for target in others] == [dict.fromkeys(JOBS, 1)] * 2
    assert told(function, name) == {}
    function.control("DELETE", "/slack/faults")
    assert handler.handler(EVENT, context(30))["muted"] == 0
    assert {target: told(function, target) for target in INBOXES} == dict.fromkeys(INBOXES, dict.fromkeys(JOBS, 1))
