"""The module backup_notification_info: its main() against a log in the sandbox."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.modules import backup_notification_info

JOB = "1b2345b2-f22c-4dab-5eb6-bbc7890ed123"
GROUP = "/aws/lambda/notifier"
STREAM = "2026/11/23/[$LATEST]0123456789abcdef0123456789abcdef"

Log = Callable[..., None]


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
    return {**connection, "function_name": "notifier", "backup_job_id": JOB}


def record(**changes: Any) -> dict[str, Any]:
    return {
        "record": "notification_delivery",
        "job_id": JOB.upper(),
        "event_type": "BACKUP_JOB",
        "state": "COMPLETED",
        "target": "slack_webhook",
        "outcome": "accepted",
        "http_status": 200,
        "duration_ms": 12,
        "attempts": 1,
        "message_id": "12345678-abcd-123a-def0-abcd1a234567",
        "error": None,
        **changes,
    }


def test_returns_the_record_of_the_job_whatever_else_is_logged(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(
        "START RequestId: 0f1e Version: $LATEST",
        record(job_id="00000000-f22c-4dab-5eb6-bbc7890ed123"),
        record(state="CREATED"),
        'not JSON, but it mentions "notification_delivery"',
        '["notification_delivery"]',
        '{"record": "other", "note": "notification_delivery"}',
        record() | {"job_id": JOB},
        "REPORT RequestId: 0f1e Duration: 12 ms",
    )
    start = datetime.now(UTC) - timedelta(seconds=5)
    result = run_module(backup_notification_info, {**args, "start_time": start.isoformat()})
    assert not result["changed"]
    assert result["accepted"]
    (found,) = result["notifications"]
    assert result["latency"] == round((datetime.fromisoformat(found.pop("timestamp")) - start).total_seconds(), 3)
    assert found.pop("log_stream_name") == STREAM
    assert found == record() | {"job_id": JOB}


def test_the_case_of_the_id_does_not_matter(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(job_id=JOB.upper()))
    assert run_module(backup_notification_info, args)["accepted"]
    assert run_module(backup_notification_info, {**args, "backup_job_id": JOB.upper()})["accepted"]


def test_states_select_the_notifications(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(state="RUNNING"), record(state="FAILED"))
    started = run_module(backup_notification_info, {**args, "states": ["CREATED", "RUNNING"]}, check=True)
    assert [found["state"] for found in started["notifications"]] == ["RUNNING"]
    assert [found["state"] for found in run_module(backup_notification_info, args)["notifications"]] == ["FAILED"]
    assert run_module(backup_notification_info, {**args, "states": ["COMPLETED"]})["notifications"] == []


def test_without_waiting_nothing_found_is_no_failure(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(outcome="rejected", http_status=404, error="no_service"), seconds_ago=30)
    result = run_module(backup_notification_info, args)
    assert not result.get("failed")
    assert not result["accepted"]
    assert result["latency"] is None
    assert result["notifications"][0]["error"] == "no_service"


def test_only_records_since_start_time_count(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(), seconds_ago=5400)
    assert not run_module(backup_notification_info, args)["accepted"], "an hour by default"
    earlier = datetime.now(UTC) - timedelta(hours=2)
    for start in (earlier.isoformat(), earlier.strftime("%Y-%m-%dT%H:%M:%SZ"), earlier.replace(tzinfo=None).isoformat()):
        assert run_module(backup_notification_info, {**args, "start_time": start})["accepted"]
    later = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    assert not run_module(backup_notification_info, {**args, "start_time": later})["accepted"]


def test_every_page_is_read(run_module: Any, args: dict[str, Any], log: Log) -> None:
    filler = [record(job_id=f"{number:08}-f22c-4dab-5eb6-bbc7890ed123") for number in range(2500)]
    for first in range(0, 2500, 500):
        log(*filler[first : first + 500], seconds_ago=100)
    log(record(), record(state="COMPLETED", attempts=2))
    result = run_module(backup_notification_info, args)
    assert [found["attempts"] for found in result["notifications"]] == [1, 2]


def test_waits_until_a_message_is_accepted(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(outcome="retry", http_status=503, error="server error"))
    later = threading.Timer(1.5, log, [record()])
    later.start()
    result = run_module(backup_notification_info, {**args, "wait": True, "wait_timeout": 30})
    later.join()
    assert result["accepted"]
    assert [found["outcome"] for found in result["notifications"]] == ["retry", "accepted"]


def test_waits_for_a_log_group_that_is_still_to_come(run_module: Any, args: dict[str, Any], logs: Any) -> None:
    def begin() -> None:
        logs.create_log_group(logGroupName=GROUP)
        logs.create_log_stream(logGroupName=GROUP, logStreamName=STREAM)
        event = {"timestamp": int(time.time() * 1000), "message": json.dumps(record())}
        logs.put_log_events(logGroupName=GROUP, logStreamName=STREAM, logEvents=[event])

    later = threading.Timer(1, begin)
    later.start()
    result = run_module(backup_notification_info, {**args, "wait": True, "wait_timeout": 30})
    later.join()
    assert result["accepted"]


def failure(run_module: Any, args: dict[str, Any], **options: Any) -> dict[str, Any]:
    result = run_module(backup_notification_info, {**args, "wait": True, "wait_timeout": 1, **options})
    assert result["failed"]
    assert not result["accepted"]
    return dict(result)


def test_timeout_with_nothing_seen(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(job_id="another"))
    result = failure(run_module, args)
    assert result["msg"].startswith(f"No accepted notification of the job {JOB} after ")
    assert f" seconds: the log group {GROUP} has nothing about this job. Check that the vault notifies" in result["msg"]
    assert "dead-letter queue" in result["msg"]
    assert result["notifications"] == []


def test_timeout_with_another_state_seen(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(state="RUNNING"))
    assert f"the log group {GROUP} has RUNNING accepted (HTTP 200). Check that the vault notifies" in failure(run_module, args)["msg"]


def test_timeout_while_lambda_tries_again(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(outcome="retry", http_status=None, error="connect timeout"))
    result = failure(run_module, args)
    assert "did not get through so far: COMPLETED retry (connect timeout). Lambda tries again" in result["msg"]
    assert result["notifications"][0]["outcome"] == "retry"


def test_a_refusal_ends_the_wait(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(outcome="rejected", http_status=404, error="no_service"))
    result = failure(run_module, args, wait_timeout=600)
    assert "the message was refused: COMPLETED rejected (HTTP 404, no_service). Check the webhook URL" in result["msg"]


def test_timeout_without_a_log_group(run_module: Any, args: dict[str, Any]) -> None:
    assert f"the log group {GROUP} does not exist in us-west-2" in failure(run_module, args)["msg"]


def test_without_waiting_a_missing_log_group_is_an_error(run_module: Any, connection: dict[str, Any]) -> None:
    result = run_module(backup_notification_info, {**connection, "log_group_name": "/else/where", "backup_job_id": JOB})
    assert result["failed"]
    assert (
        "the log group /else/where does not exist in us-west-2. Check the name of the function, the account and the Region" in result["msg"]
    )


@pytest.mark.parametrize("start_time", ["yesterday", "2026-13-01", "1764000000"])
def test_start_time_that_is_none(run_module: Any, args: dict[str, Any], start_time: str, proxy: Any) -> None:
    result = run_module(backup_notification_info, {**args, "start_time": start_time})
    assert result["msg"] == f"start_time: '{start_time}' is not an ISO 8601 time such as 2026-01-31T12:00:00Z"
    assert proxy.requests == []


def test_one_way_to_name_the_log_is_needed(run_module: Any, args: dict[str, Any], connection: dict[str, Any]) -> None:
    assert "mutually exclusive" in run_module(backup_notification_info, {**args, "log_group_name": GROUP})["msg"]
    assert "one of the following is required" in run_module(backup_notification_info, {**connection, "backup_job_id": JOB})["msg"]


def test_unknown_state(run_module: Any, args: dict[str, Any]) -> None:
    result = run_module(backup_notification_info, {**args, "states": ["SUCCESSFUL"]})
    assert result["failed"]
    assert "SUCCESSFUL" in result["msg"]


def test_denied_access_is_an_error(run_module: Any, args: dict[str, Any], proxy: Any) -> None:
    proxy.refuse("POST", "^/$", "AccessDeniedException", "User is not authorized to perform: logs:FilterLogEvents")
    result = run_module(backup_notification_info, {**args, "wait": True})
    assert result["failed"]
    assert result["msg"].startswith(f"Failed to read the log group {GROUP}")
    assert "logs:FilterLogEvents" in result["msg"]


def test_throttling_is_survived(run_module: Any, args: dict[str, Any], log: Log, proxy: Any) -> None:
    log(record())
    proxy.refuse("POST", "^/$", "ThrottlingException", times=1)
    assert run_module(backup_notification_info, args)["accepted"]
