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
QUEUE = "undelivered"
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


def sns_event(state: str | None, job: str = JOB) -> dict[str, Any]:
    attributes = {"State": {"Type": "String", "Value": state}} if state else {}
    return {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": f"BackupJob ID : {job}", "MessageAttributes": attributes}}]}


def receipt(**changes: Any) -> dict[str, Any]:
    return {
        "record": "notification_received",
        "route": "sns",
        "job_id": JOB.upper(),
        "job_type": "backup",
        "event_type": "BACKUP_JOB",
        "state": "COMPLETED",
        "severity": "success",
        "message_id": "12345678-abcd-123a-def0-abcd1a234567",
        **changes,
    }


def record(**changes: Any) -> dict[str, Any]:
    return {
        "record": "notification_delivery",
        "job_id": JOB.upper(),
        "job_type": "backup",
        "event_type": "BACKUP_JOB",
        "state": "COMPLETED",
        "severity": "success",
        "target": "slack",
        "target_type": "slack_webhook",
        "outcome": "accepted",
        "http_status": 200,
        "duration_ms": 12,
        "attempts": 1,
        "message_id": "12345678-abcd-123a-def0-abcd1a234567",
        "error": None,
        "channel": None,
        "ts": None,
        "thread_ts": None,
        "summary": False,
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
    assert run_module(backup_notification_info, {**args, "job_id": JOB.upper()})["accepted"]


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


def test_the_old_names_of_the_option_are_known(run_module: Any, connection: dict[str, Any], log: Log) -> None:
    log(record())
    for name in ("backup_job_id", "copy_job_id", "restore_job_id"):
        assert run_module(backup_notification_info, {**connection, "function_name": "notifier", name: JOB})["accepted"]


@pytest.mark.parametrize(("job_type", "event_type"), [("copy", "COPY_JOB"), ("restore", "RESTORE_JOB")])
def test_copy_and_restore_jobs(run_module: Any, args: dict[str, Any], log: Log, job_type: str, event_type: str) -> None:
    log(record(job_type=job_type, event_type=event_type))
    result = run_module(backup_notification_info, {**args, "job_type": job_type})
    assert [found["event_type"] for found in result["notifications"]] == [event_type]
    assert not run_module(backup_notification_info, {**args, "job_type": "backup"})["accepted"]


def test_grades(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(receipt(state="RUNNING"), record(state="RUNNING"))
    nothing = run_module(backup_notification_info, args)
    assert (nothing["grade"], nothing["evidence"]) == (None, {"published": [], "delivered": [], "accepted": []})
    log(receipt(), receipt(route="eventbridge", message_id="another"))
    delivered = run_module(backup_notification_info, args)
    assert (delivered["grade"], delivered["accepted"], delivered["notifications"]) == ("delivered", False, [])
    assert [found["route"] for found in delivered["evidence"]["delivered"]] == ["sns", "eventbridge"]
    log(record(outcome="retry", http_status=503), record())
    accepted = run_module(backup_notification_info, args)
    assert (accepted["grade"], accepted["accepted"]) == ("accepted", True)
    assert [found["outcome"] for found in accepted["evidence"]["accepted"]] == ["accepted"]
    assert [found["outcome"] for found in accepted["notifications"]] == ["retry", "accepted"]


def test_a_delivery_proves_that_the_function_had_it(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(outcome="retry"))
    result = run_module(backup_notification_info, args)
    assert (result["grade"], [found["outcome"] for found in result["evidence"]["delivered"]]) == ("delivered", ["retry"])


def test_every_wanted_target_must_accept(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(receipt(), record(), seconds_ago=9)
    both = {**args, "targets": ["slack", "oncall"], "start_time": (datetime.now(UTC) - timedelta(seconds=60)).isoformat()}
    assert run_module(backup_notification_info, args)["accepted"]
    result = run_module(backup_notification_info, {**both, "wait": True, "wait_timeout": 1})
    assert (result["accepted"], result["grade"], result["latency"]) == (False, "delivered", None)
    assert "it was never sent to oncall. Check the notifier's targets and rules" in result["msg"]
    log(record(target="oncall", outcome="retry", error="ratelimited"))
    result = run_module(backup_notification_info, {**both, "wait": True, "wait_timeout": 1})
    assert "did not get through so far: COMPLETED retry (oncall, success, HTTP 200, ratelimited)" in result["msg"]
    assert not run_module(backup_notification_info, args)["accepted"], "by default, all that it was sent to"
    assert run_module(backup_notification_info, {**args, "targets": ["slack"]})["accepted"]
    log(record(target="oncall"))
    result = run_module(backup_notification_info, both)
    assert result["accepted"]
    assert [found["target"] for found in result["evidence"]["accepted"]] == ["slack", "oncall"]
    assert 55 < result["latency"] < 65, "until the last of them"


def test_a_broken_target_ends_the_wait_even_when_others_accept(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(), record(target="siem", outcome="rejected", http_status=410, error="gone"))
    assert "refused: COMPLETED rejected (siem, success, HTTP 410, gone)" in failure(run_module, args, wait_timeout=600)["msg"]


def test_a_muted_message_is_no_message(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(state="FAILED", severity="failure", outcome="muted", http_status=None))
    result = failure(run_module, args, states=["FAILED"], wait_timeout=600)
    assert result["grade"] == "delivered"
    assert "a rule of the notifier mutes it: FAILED muted (slack, failure). Check notifier_rules" in result["msg"]
    log(record(state="FAILED", severity="failure", target="oncall"))
    assert run_module(backup_notification_info, {**args, "states": ["FAILED"]})["accepted"], "a rule may choose among the targets"
    failure(run_module, args, states=["FAILED"], targets=["slack", "oncall"])


def test_the_record_of_another_target_may_be_a_moment_behind(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(outcome="muted"))
    later = threading.Timer(1, log, [record(target="oncall")])
    later.start()
    result = run_module(backup_notification_info, {**args, "wait": True, "wait_timeout": 60})
    later.join()
    assert result["accepted"]


def test_a_message_with_another_severity_is_the_wrong_alert(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(receipt(), record())
    result = failure(run_module, args, severity="warning", wait_timeout=600)
    assert "the wrong alert arrived: COMPLETED accepted (slack, success, HTTP 200), where warning was expected" in result["msg"]
    assert (result["grade"], result["evidence"]["accepted"]) == ("delivered", [])
    log(record(severity="warning"))
    assert run_module(backup_notification_info, {**args, "severity": "warning"})["accepted"]


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
    assert f"Failed to find the queue {QUEUE}: not authorized to perform: sqs:getqueueurl" in result["msg"]


def test_a_notification_without_any_delivery_yet(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(receipt())
    assert (
        "the function got it (by sns) and has said nothing about its delivery. Look into the log group" in failure(run_module, args)["msg"]
    )


def test_timeout_with_nothing_seen(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(job_id="another"))
    result = failure(run_module, args)
    assert result["msg"].startswith(f"No accepted notification of the job {JOB} after ")
    assert f" seconds: the log group {GROUP} has nothing about this job. Check that the vault notifies" in result["msg"]
    assert "dead-letter queue" in result["msg"]
    assert result["notifications"] == []


def test_timeout_with_another_state_seen(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(state="RUNNING"))
    assert (
        f"the log group {GROUP} has RUNNING accepted (slack, success, HTTP 200). Check that the vault notifies"
        in failure(run_module, args)["msg"]
    )


def test_timeout_while_lambda_tries_again(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(outcome="retry", http_status=None, error="connect timeout"))
    result = failure(run_module, args)
    assert "did not get through so far: COMPLETED retry (slack, success, connect timeout). Lambda tries again" in result["msg"]
    assert result["notifications"][0]["outcome"] == "retry"


def test_a_refusal_ends_the_wait(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(outcome="rejected", http_status=404, error="no_service"))
    result = failure(run_module, args, wait_timeout=600)
    assert "the message was refused: COMPLETED rejected (slack, success, HTTP 404, no_service). Check the target" in result["msg"]


def test_timeout_without_a_log_group(run_module: Any, args: dict[str, Any]) -> None:
    assert f"the log group {GROUP} does not exist in us-west-2" in failure(run_module, args)["msg"]


def test_without_waiting_a_missing_log_group_is_an_error(run_module: Any, connection: dict[str, Any]) -> None:
    result = run_module(backup_notification_info, {**connection, "log_group_name": "/else/where", "job_id": JOB})
    assert result["failed"]
    assert (
        "the log group /else/where does not exist in us-west-2. Check the name of the function, the account and the Region" in result["msg"]
    )


@pytest.mark.parametrize("start_time", ["yesterday", "2026-13-01", "1764000000"])
def test_start_time_that_is_none(run_module: Any, args: dict[str, Any], start_time: str, proxy: Any) -> None:
    result = run_module(backup_notification_info, {**args, "start_time": start_time})
    assert result["msg"] == f"start_time: '{start_time}' is not an ISO 8601 time such as 2026-01-31T12:00:00Z"
    assert proxy.requests == []


@pytest.mark.parametrize("wait", [True, False])
def test_a_timeout_that_is_none(run_module: Any, args: dict[str, Any], proxy: Any, wait: bool) -> None:
    result = run_module(backup_notification_info, {**args, "wait": wait, "wait_timeout": -5})
    assert result["failed"]
    assert result["msg"] == "wait_timeout: -5 is less than 1 second"
    assert proxy.requests == []


def test_one_way_to_name_the_log_is_needed(run_module: Any, args: dict[str, Any], connection: dict[str, Any]) -> None:
    assert "mutually exclusive" in run_module(backup_notification_info, {**args, "log_group_name": GROUP})["msg"]
    assert "one of the following is required" in run_module(backup_notification_info, {**connection, "job_id": JOB})["msg"]


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
