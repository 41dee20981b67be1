"""The module lambda_dead_letter_redrive: its main(), with a function that really runs and a queue in a sandbox."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils import dead_letter_redrive
from ansible_collections.proven.aws_backup.plugins.module_utils.dead_letter_events import happened, identity, job_id, summary
from ansible_collections.proven.aws_backup.plugins.modules import lambda_dead_letter_redrive

FUNCTION = "notifier"
SOURCE = """\
import json

def handler(event, context):
    print("got " + json.dumps(event))
    if event.get("poison"):
        raise RuntimeError("still broken")
"""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
SEND = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["sqs:SendMessage", "sns:Publish", "logs:*"], "Resource": "*"}],
}

Redrive = Callable[..., dict[str, Any]]


def archive(source: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        opened.writestr("app.py", source)
    return buffer.getvalue()


def create_function(sandbox: Any, **options: Any) -> None:
    iam = sandbox.client("iam")
    role = iam.create_role(RoleName="function", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName="function", PolicyName="send", PolicyDocument=json.dumps(SEND))
    settings = {"Handler": "app.handler", "Runtime": "python3.13", "Role": role, "Code": {"ZipFile": archive(SOURCE)}, "Timeout": 5}
    sandbox.client("lambda").create_function(FunctionName=FUNCTION, **settings, **options)


@pytest.fixture
def queue(sandbox: Any) -> str:
    """The dead-letter queue of a function that exists; its URL."""
    sqs = sandbox.client("sqs")
    url = sqs.create_queue(QueueName="undelivered")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    create_function(sandbox, DeadLetterConfig={"TargetArn": arn})
    return str(url)


@pytest.fixture
def redrive(sandbox: Any, run_module: Any) -> Redrive:
    """Run the module for the function, with more options and modes."""

    def run(check: bool = False, **options: Any) -> dict[str, Any]:
        return run_module(lambda_dead_letter_redrive, {**sandbox.connection(), "function_name": FUNCTION, **options}, check=check)

    return run


def put(sandbox: Any, queue: str, *events: Any, error: str = "no_service") -> None:
    """Put events into the queue as Lambda does; text stays as it is."""
    for event in events:
        sandbox.client("sqs").send_message(
            QueueUrl=queue,
            MessageBody=event if isinstance(event, str) else json.dumps(event),
            MessageAttributes={"ErrorMessage": {"DataType": "String", "StringValue": error}},
        )


def visible(sandbox: Any, queue: str) -> int:
    attributes = sandbox.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
    return int(attributes["Attributes"]["ApproximateNumberOfMessages"])


def got(sandbox: Any) -> list[Any]:
    """The events that the function was given, in their order."""
    logs = sandbox.client("logs")
    try:
        events = logs.filter_log_events(logGroupName=f"/aws/lambda/{FUNCTION}", filterPattern='"got "')["events"]
    except logs.exceptions.ResourceNotFoundException:
        return []
    return [json.loads(event["message"].removeprefix("got ")) for event in events]


def sns(message_id: str, text: str = "An AWS Backup job failed.", **record: Any) -> dict[str, Any]:
    attributes = {"EventType": {"Type": "String", "Value": "BACKUP_JOB"}, "State": {"Type": "String", "Value": "FAILED"}}
    return {
        "Records": [
            {"EventSource": "aws:sns", "Sns": {"MessageId": message_id, "Message": text, "MessageAttributes": attributes, **record}}
        ]
    }


def test_an_empty_queue_is_no_change(queue: str, redrive: Redrive) -> None:
    result = redrive()
    assert (result["changed"], result["events"], result["remaining_count"], result["hidden_count"]) == (False, [], 0, 0)
    assert result["queue_url"] == queue


def test_sends_all_in_their_order_and_empties_the_queue(sandbox: Any, queue: str, redrive: Redrive) -> None:
    events = [{"number": number} for number in range(25)]
    put(sandbox, queue, *events)
    result = redrive()
    assert (result["changed"], result["sent_count"], result["failed_count"], result["remaining_count"]) == (True, 25, 0, 0)
    assert got(sandbox) == events
    assert visible(sandbox, queue) == 0
    assert {event["outcome"] for event in result["events"]} == {"sent"}
    times = [event["sent_timestamp"] for event in result["events"]]
    assert times == sorted(times)
    assert not redrive()["changed"]


def test_the_same_event_is_sent_once(sandbox: Any, queue: str, redrive: Redrive) -> None:
    twice = sns("11111111-0000-0000-0000-000000000001")
    put(sandbox, queue, {"a": 1, "b": 2}, twice, '{"b":2,   "a":1}', sns("11111111-0000-0000-0000-000000000001", Signature="another"))
    put(sandbox, queue, sns("22222222-0000-0000-0000-000000000002"))
    result = redrive()
    assert (result["sent_count"], result["remaining_count"]) == (3, 0)
    assert [len(event["message_ids"]) for event in result["events"]] == [2, 2, 1]
    assert got(sandbox) == [{"a": 1, "b": 2}, twice, sns("22222222-0000-0000-0000-000000000002")]
    assert visible(sandbox, queue) == 0


def test_what_sns_could_not_deliver_is_sent_as_sns_would_have(sandbox: Any, queue: str, redrive: Redrive) -> None:
    wrapped = sns("m-1")["Records"][0]["Sns"]
    attributes = {"State": {"Type": "String", "Value": "FAILED"}}
    kept = {
        "Type": "Notification",
        "TopicArn": "arn:aws:sns:us-west-2:123456789012:events",
        **wrapped,
        "MessageAttributes": attributes,
        "SigningCertURL": "https://sns.us-west-2.amazonaws.com/x.pem",
        "UnsubscribeURL": "https://sns.us-west-2.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:us-west-2:123456789012:events:1",
    }
    sandbox.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(kept))
    put(sandbox, queue, sns("m-1"))
    result = redrive()
    (event,) = result["events"]
    assert (event["outcome"], len(event["message_ids"]), visible(sandbox, queue)) == ("sent", 2, 0)
    (record,) = got(sandbox)[0]["Records"]
    assert (record["EventSource"], record["EventSubscriptionArn"]) == ("aws:sns", "arn:aws:sns:us-west-2:123456789012:events:1")
    assert (record["Sns"]["MessageId"], record["Sns"]["MessageAttributes"], record["Sns"]["Subject"]) == ("m-1", attributes, None)
    assert record["Sns"]["SigningCertUrl"].endswith("x.pem")


def test_eventbridge_says_why_it_kept_an_event(sandbox: Any, queue: str, redrive: Redrive) -> None:
    event = {"id": "e-1", "detail-type": "Backup Job State Change", "detail": {"backupJobId": "J", "state": "FAILED"}}
    attributes = {"ERROR_MESSAGE": {"DataType": "String", "StringValue": "no permission"}}
    sandbox.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(event), MessageAttributes=attributes)
    (listed,) = redrive(check=True)["events"]
    assert listed["dead_letter_error"] == "no permission"


def test_what_fails_stays_and_the_rest_is_sent(sandbox: Any, queue: str, redrive: Redrive) -> None:
    put(sandbox, queue, {"number": 1}, {"poison": True}, "this is no JSON", {"number": 2})
    result = redrive()
    assert result["msg"].startswith("The queue undelivered is not empty. 2 of 4 events remain. RuntimeError: still broken")
    assert [event["outcome"] for event in result["events"]] == ["sent", "failed", "failed", "sent"]
    assert (result["changed"], result["sent_count"], result["remaining_count"]) == (True, 2, 2)
    assert result["events"][1]["error"] == "RuntimeError: still broken"
    assert "json" in result["events"][2]["error"]
    assert visible(sandbox, queue) == 2, "what remains can be seen again at once"


def test_the_order_is_that_of_the_events_not_of_the_queue(sandbox: Any, queue: str, redrive: Redrive) -> None:
    completed = sns("2", "completed", Timestamp="2026-11-23T20:55:00.500Z")
    started = sns("1", "started", Timestamp="2026-11-23T20:51:07.123Z")
    between = {"id": "3", "detail-type": "Copy Job State Change", "time": "2026-11-23T20:52:00Z"}
    put(sandbox, queue, {"number": 1}, completed, between, started)
    assert redrive()["sent_count"] == 4
    assert got(sandbox) == [started, between, completed, {"number": 1}]


def test_later_events_of_a_job_wait_for_an_earlier_one_that_failed(sandbox: Any, queue: str, redrive: Redrive) -> None:
    job = {"Id": {"Type": "String", "Value": "abc-1"}}
    started = {"id": "1", "detail-type": "Backup Job State Change", "detail": {"backupJobId": "ABC-1"}, "time": "2026-11-23T20:51:00Z"}
    completed = sns("2", "completed", Timestamp="2026-11-23T20:55:00.000Z", MessageAttributes=job)
    another = sns("3", "Copy job ID: def-2.", Timestamp="2026-11-23T20:56:00.000Z", MessageAttributes={})
    put(sandbox, queue, completed, another, {**started, "poison": True})
    result = redrive()
    assert [event["outcome"] for event in result["events"]] == ["failed", "pending", "sent"]
    assert result["events"][1]["error"] == "an earlier event of the same job failed"
    assert result["msg"].endswith("2 of 3 events remain. RuntimeError: still broken; an earlier event of the same job failed")
    assert got(sandbox) == [{**started, "poison": True}, another]
    assert visible(sandbox, queue) == 2


def test_check_mode_lists_and_sends_nothing(sandbox: Any, queue: str, redrive: Redrive) -> None:
    put(sandbox, queue, sns("11111111-0000-0000-0000-000000000001"), {"number": 1})
    result = redrive(check=True)
    assert (result["changed"], result["sent_count"], result["pending_count"]) == (True, 0, 2)
    assert result["events"][0]["summary"] == "BACKUP_JOB FAILED An AWS Backup job failed."
    assert result["events"][0]["dead_letter_error"] == "no_service"
    assert {event["outcome"] for event in result["events"]} == {"pending"}
    assert got(sandbox) == []
    assert visible(sandbox, queue) == 2
    assert redrive()["sent_count"] == 2
    assert not redrive(check=True)["changed"]


def test_what_the_time_does_not_suffice_for_remains(sandbox: Any, queue: str, redrive: Redrive, monkeypatch: pytest.MonkeyPatch) -> None:
    put(sandbox, queue, {"number": 1}, {"number": 2})
    now = iter([0.0, 1.0, 2.0, 3.0, 10_000.0])
    monkeypatch.setattr(dead_letter_redrive, "time", SimpleNamespace(monotonic=lambda: next(now)))
    result = redrive()
    assert "1 of 2 events remain. 1 were not tried, because 900 seconds were over" in result["msg"]
    assert (result["sent_count"], result["pending_count"], visible(sandbox, queue)) == (1, 1, 1)


def test_an_interruption_loses_nothing(sandbox: Any, queue: str, redrive: Redrive, monkeypatch: pytest.MonkeyPatch) -> None:
    put(sandbox, queue, {"number": 1}, {"number": 2}, {"number": 3})
    invoke = dead_letter_redrive.invoke

    def interrupted(client: Any, function_name: str, payload: str) -> None:
        if "2" in payload:
            raise KeyboardInterrupt
        invoke(client, function_name, payload)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(dead_letter_redrive, "invoke", interrupted)
        redrive()
    assert visible(sandbox, queue) == 2
    assert redrive()["sent_count"] == 2
    assert got(sandbox) == [{"number": 1}, {"number": 2}, {"number": 3}]


def test_what_a_killed_redrive_left_hidden_is_told(sandbox: Any, queue: str, redrive: Redrive) -> None:
    put(sandbox, queue, {"number": 1})
    sandbox.client("sqs").receive_message(QueueUrl=queue, VisibilityTimeout=900)
    result = redrive()
    assert (result["hidden_count"], result["remaining_count"], result["events"]) == (1, 1, [])
    assert "About 1 messages are hidden: wait until whoever reads them is done" in result["msg"]


def test_what_comes_late_is_sent_too(sandbox: Any, queue: str, redrive: Redrive, monkeypatch: pytest.MonkeyPatch) -> None:
    put(sandbox, queue, {"number": 1}, {"poison": True})
    invoke = dead_letter_redrive.invoke
    late = iter([{"number": 1}, {"number": 2}, {"poison": True}])

    def invoke_and_bury(*args: Any) -> None:
        put(sandbox, queue, *late)
        invoke(*args)

    monkeypatch.setattr(dead_letter_redrive, "invoke", invoke_and_bury)
    result = redrive()
    assert [(event["outcome"], len(event["message_ids"])) for event in result["events"]] == [("sent", 2), ("failed", 2), ("sent", 1)]
    assert (result["remaining_count"], result["unreceived_count"]) == (1, 0)
    assert got(sandbox) == [{"number": 1}, {"poison": True}, {"number": 2}]
    assert visible(sandbox, queue) == 2, "the event that failed, twice"


def test_what_was_never_received_remains(sandbox: Any, queue: str, redrive: Redrive, monkeypatch: pytest.MonkeyPatch) -> None:
    put(sandbox, queue, *({"number": number} for number in range(12)))
    now = iter([0.0, 1.0])
    monkeypatch.setattr(dead_letter_redrive, "time", SimpleNamespace(monotonic=lambda: next(now, 10_000.0)))
    result = redrive()
    assert (len(result["events"]), result["unreceived_count"], result["remaining_count"]) == (10, 2, 12)
    assert "About 2 messages were not received, because 900 seconds were over" in result["msg"]


def test_sent_but_not_deleted_is_told(sandbox: Any, queue: str, redrive: Redrive, monkeypatch: pytest.MonkeyPatch) -> None:
    put(sandbox, queue, {"number": 1})
    monkeypatch.setattr(dead_letter_redrive, "delete", lambda _client, _queue_url, handles: len(handles))
    result = redrive()
    assert (result["sent_count"], result["remaining_count"]) == (1, 1)
    assert result["events"][0]["error"] == "not deleted: SQS kept 1 of its messages"
    assert visible(sandbox, queue) == 1


def failure(result: dict[str, Any]) -> str:
    assert result["failed"] is True
    assert "Traceback" not in result["msg"]
    return str(result["msg"])


def test_a_function_that_is_not_there(redrive: Redrive) -> None:
    assert failure(redrive()) == "There is no function notifier in us-west-2: check its name and the Region"


def test_a_function_without_a_dead_letter_queue(sandbox: Any, redrive: Redrive) -> None:
    create_function(sandbox)
    assert failure(redrive()) == "The function notifier has no dead-letter queue: there is nothing to send again"


def test_a_dead_letter_topic(sandbox: Any, redrive: Redrive) -> None:
    create_function(sandbox, DeadLetterConfig={"TargetArn": "arn:aws:sns:us-west-2:123456789012:undelivered"})
    assert "which is no queue" in failure(redrive())


def test_a_queue_that_is_gone(sandbox: Any, queue: str, redrive: Redrive) -> None:
    sandbox.client("sqs").delete_queue(QueueUrl=queue)
    assert "there is no such queue: create it, or deploy again" in failure(redrive())


@pytest.mark.usefixtures("queue")
@pytest.mark.parametrize("seconds", [0, 34, 43_201])
def test_a_time_that_cannot_work(redrive: Redrive, seconds: int) -> None:
    assert failure(redrive(visibility_timeout=seconds)).startswith(f"visibility_timeout: {seconds} must be between 35")


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (sns("1"), sns("1", Timestamp="later"), True),
        (sns("1"), sns("2"), False),
        ({"id": "1", "detail-type": "Backup Job State Change", "time": "a"}, {"id": "1", "detail-type": "Backup Job State Change"}, True),
        ({"id": "1", "detail-type": "Backup Job State Change"}, {"id": "2", "detail-type": "Backup Job State Change"}, False),
        ({"id": "1", "a": 1}, {"id": "1", "a": 2}, False),
        ({"Records": []}, {"Records": None}, False),
        ([1], [1], True),
        ("text", "text", True),
        ("text", "other text", False),
    ],
)
def test_identity(first: Any, second: Any, same: bool) -> None:
    assert (identity(json.dumps(first)) == identity(json.dumps(second))) is same


EVENTBRIDGE = {
    "id": "1",
    "detail-type": "Backup Job State Change",
    "detail": {"backupJobId": "ABC", "state": "FAILED", "backupVaultName": "prod"},
}


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (sns("1", "Line one.\nLine  two."), "BACKUP_JOB FAILED Line one. Line two."),
        (sns("1", "Plain.", MessageAttributes=None), "Plain."),
        (EVENTBRIDGE, "Backup Job State Change FAILED ABC prod"),
        ({"detail-type": "Region Setting State Change", "detail": []}, "Region Setting State Change"),
        ({"Records": [None, {"Sns": 7}]}, '{"Records": [null, {"Sns": 7}]}'),
        ({}, "{}"),
        (None, "null"),
    ],
)
def test_summary(event: Any, text: str) -> None:
    assert summary(json.dumps(event)) == text


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (EVENTBRIDGE, "abc"),
        ({"detail": {"parentJobId": "P", "copyJobId": "C"}}, "c"),
        (sns("1", "An AWS Backup job failed. Backup job ID : 1B2."), "1b2"),
        (sns("1", MessageAttributes={"restoreJobId": {"Value": "R"}}), "r"),
        (sns("1"), None),
        ([1], None),
    ],
)
def test_job_id(event: Any, expected: str | None) -> None:
    assert job_id(json.dumps(event)) == expected


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (sns("1", Timestamp="1970-01-01T00:00:01.500Z"), 1500),
        ({"time": "1970-01-01T00:00:02Z"}, 2000),
        ({"time": "1970-01-01T00:00:02"}, 2000),
        ({"time": "yesterday"}, 7),
        (sns("1"), 7),
        ({}, 7),
        ("text", 7),
    ],
)
def test_happened(event: Any, expected: int) -> None:
    assert happened(json.dumps(event), 7) == expected


def test_a_long_summary_is_cut_visibly() -> None:
    assert re.fullmatch(r"x{199}\u2026", summary("x" * 1000))
