"""Asynchronous invocations: retries, dead-letter queue, destinations, EventBridge."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

FAILING = "def handler(event, context):\n    print('try', context.aws_request_id)\n    raise RuntimeError('still broken')\n"
ECHO = "import json\ndef handler(event, context):\n    print('got ' + json.dumps(event))\n"


def queue(functions: Any, name: str = "failed") -> tuple[str, str]:
    """A new queue: its URL and its ARN."""
    sqs = functions.sandbox.client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def received(functions: Any, url: str) -> Any:
    """The first message that comes to a queue."""
    sqs = functions.sandbox.client("sqs")
    return functions.wait_for(lambda: sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"]).get("Messages"))[0]


def let_send(functions: Any, url: str, queue_arn: str, service: str, source_arn: str) -> None:
    """Have a queue's policy let a service send what it could not deliver."""
    condition = {"ArnEquals": {"aws:SourceArn": source_arn}}
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": condition,
    }
    functions.sandbox.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Statement": [statement]})})


def test_accepted_at_once_and_run(functions: Any) -> None:
    functions.deploy(ECHO)
    answer = functions.api.invoke(FunctionName="fn", InvocationType="Event", Payload=b'{"a": 1}')
    assert (answer["StatusCode"], answer["Payload"].read()) == (202, b"")
    assert functions.wait_for(lambda: functions.log('"got"')) == ['got {"a": 1}\n']


def test_two_retries_then_the_dead_letter_queue(functions: Any) -> None:
    url, arn = queue(functions)
    functions.deploy(FAILING, DeadLetterConfig={"TargetArn": arn})
    functions.api.invoke(FunctionName="fn", InvocationType="Event", Payload=b'{"a": 1}')
    message = received(functions, url)
    assert json.loads(message["Body"]) == {"a": 1}
    attributes = {name: (value["DataType"], value["StringValue"]) for name, value in message["MessageAttributes"].items()}
    tries = functions.log('"try"')
    assert len(tries) == 3
    assert set(tries) == {f"try {attributes['RequestID'][1]}\n"}
    assert attributes["ErrorCode"] == ("Number", "200")
    assert attributes["ErrorMessage"] == ("String", "still broken")


def test_fewer_retries_and_a_failure_destination(functions: Any) -> None:
    url, arn = queue(functions)
    functions.deploy(FAILING)
    functions.api.put_function_event_invoke_config(FunctionName="fn", MaximumRetryAttempts=2)
    functions.api.put_function_event_invoke_config(
        FunctionName="fn", MaximumRetryAttempts=0, DestinationConfig={"OnFailure": {"Destination": arn}}
    )
    functions.api.invoke(FunctionName="fn", InvocationType="Event", Payload=b'{"a": 1}')
    record = json.loads(received(functions, url)["Body"])
    assert record["requestContext"]["approximateInvokeCount"] == 1
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestPayload"] == {"a": 1}
    assert record["responsePayload"]["errorMessage"] == "still broken"


def test_dead_letter_topic(functions: Any) -> None:
    sns = functions.sandbox.client("sns")
    url, queue_arn = queue(functions)
    topic = sns.create_topic(Name="failed")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    functions.deploy(FAILING, DeadLetterConfig={"TargetArn": topic})
    functions.api.put_function_event_invoke_config(FunctionName="fn", MaximumRetryAttempts=0)
    functions.api.invoke(FunctionName="fn", InvocationType="Event", Payload=b"{}")
    body = json.loads(received(functions, url)["Body"])
    assert (body["Message"], body["MessageAttributes"]["ErrorMessage"]["Value"]) == ("{}", "still broken")


def test_dead_letter_target_is_kept_and_changed(functions: Any) -> None:
    _, first = queue(functions)
    _, second = queue(functions, "others")
    functions.deploy(ECHO, DeadLetterConfig={"TargetArn": first})
    assert functions.api.get_function_configuration(FunctionName="fn")["DeadLetterConfig"] == {"TargetArn": first}
    functions.api.update_function_configuration(FunctionName="fn", DeadLetterConfig={"TargetArn": second})
    assert functions.api.get_function(FunctionName="fn")["Configuration"]["DeadLetterConfig"] == {"TargetArn": second}
    functions.api.update_function_configuration(FunctionName="fn", DeadLetterConfig={"TargetArn": ""})
    assert "DeadLetterConfig" not in functions.api.get_function_configuration(FunctionName="fn")


def test_role_must_be_able_to_send_to_the_dead_letter_queue(functions: Any) -> None:
    _, arn = queue(functions)
    functions.sandbox.client("iam").delete_role_policy(RoleName="function", PolicyName="send")
    with pytest.raises(ClientError, match="does not have permissions to call SendMessage on SQS"):
        functions.deploy(ECHO, DeadLetterConfig={"TargetArn": arn})
    with pytest.raises(ClientError, match="Function not found"):
        functions.api.get_function(FunctionName="fn")


def test_throttled_events_wait(functions: Any) -> None:
    functions.deploy(ECHO)
    functions.api.put_function_concurrency(FunctionName="fn", ReservedConcurrentExecutions=0)
    assert functions.api.invoke(FunctionName="fn", InvocationType="Event", Payload=b"{}")["StatusCode"] == 202
    functions.api.delete_function_concurrency(FunctionName="fn")
    assert functions.wait_for(lambda: functions.log('"got"'))


def test_deleted_function_takes_its_events_along(functions: Any) -> None:
    functions.deploy(FAILING)
    functions.api.invoke(FunctionName="fn", InvocationType="Event", Payload=b"{}")
    functions.wait_for(lambda: functions.log('"try"'))
    functions.api.delete_function(FunctionName="fn")
    functions.sandbox.client("logs").delete_log_group(logGroupName="/aws/lambda/fn")
    functions.deploy(ECHO, "other")
    functions.api.invoke(FunctionName="other", InvocationType="Event", Payload=b"{}")
    functions.wait_for(lambda: functions.log('"got"', "other"))
    assert functions.log() == []


def test_eventbridge_rule_invokes_when_permitted(functions: Any) -> None:
    arn = functions.deploy(ECHO)
    events = functions.sandbox.client("events")
    rule = events.put_rule(Name="jobs", EventPattern=json.dumps({"source": ["own.app"]}))["RuleArn"]
    events.put_targets(Rule="jobs", Targets=[{"Id": "whole", "Arn": arn}, {"Id": "part", "Arn": arn, "InputPath": "$.detail"}])
    entry = {"Source": "own.app", "DetailType": "Test", "Detail": '{"n": 1}'}
    assert events.put_events(Entries=[entry])["FailedEntryCount"] == 0
    functions.api.add_permission(
        FunctionName="fn", StatementId="rule", Action="lambda:InvokeFunction", Principal="events.amazonaws.com", SourceArn=rule
    )
    events.put_events(Entries=[entry | {"Detail": '{"n": 2}'}, entry | {"Source": "other.app"}])
    functions.wait_for(lambda: len(functions.log('"got"')) == 2)
    part, whole = sorted((json.loads(line[4:]) for line in functions.log('"got"')), key=len)
    assert part == {"n": 2}
    assert (whole["source"], whole["detail-type"], whole["detail"]) == ("own.app", "Test", {"n": 2})
    assert set(whole) == {"version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"}


def test_eventbridge_keeps_what_it_may_not_give_to_the_function(functions: Any) -> None:
    arn = functions.deploy(ECHO)
    events = functions.sandbox.client("events")
    url, queue_arn = queue(functions)
    rule = events.put_rule(Name="jobs", EventPattern=json.dumps({"source": ["own.app"]}))["RuleArn"]
    events.put_targets(Rule="jobs", Targets=[{"Id": "fn", "Arn": arn, "DeadLetterConfig": {"Arn": queue_arn}}])
    entry = {"Source": "own.app", "DetailType": "Test", "Detail": '{"n": 1}'}
    events.put_events(Entries=[entry])
    assert "Messages" not in functions.sandbox.client("sqs").receive_message(QueueUrl=url)
    let_send(functions, url, queue_arn, "events.amazonaws.com", rule)
    events.put_events(Entries=[entry | {"Detail": '{"n": 2}'}])
    message = received(functions, url)
    assert json.loads(message["Body"])["detail"] == {"n": 2}
    attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
    assert (attributes["RULE_ARN"], attributes["TARGET_ARN"], attributes["ERROR_CODE"]) == (rule, arn, "NO_PERMISSIONS")
    assert functions.log() == []
