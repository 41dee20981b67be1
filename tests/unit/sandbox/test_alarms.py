"""CloudWatch alarms on a queue's depth and a function's errors, and what they publish."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from sandbox.alarms.evaluation import Datapoint, Rule, evaluate

FAILING = "def handler(event, context):\n    raise RuntimeError('broken')\n"
WORKING = "def handler(event, context):\n    return 1\n"


class Alarms:
    """Alarms of a sandbox, a queue to watch, and a queue that collects what they publish."""

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.api, self.sqs, sns = (sandbox.client(service) for service in ("cloudwatch", "sqs", "sns"))
        self.watched_url, _ = self._queue("watched")
        self.inbox_url, inbox_arn = self._queue("inbox")
        self.topic_arn = sns.create_topic(Name="alarms")["TopicArn"]
        sns.subscribe(TopicArn=self.topic_arn, Protocol="sqs", Endpoint=inbox_arn)
        self.sns = sns

    def _queue(self, name: str) -> tuple[str, str]:
        url = self.sqs.create_queue(QueueName=name)["QueueUrl"]
        return url, self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def put(self, **changes: Any) -> None:
        """Put an alarm on the depth of the watched queue, unless told otherwise."""
        alarm = {
            "AlarmName": "alarm",
            "AlarmDescription": "Events are waiting",
            "Namespace": "AWS/SQS",
            "MetricName": "ApproximateNumberOfMessagesVisible",
            "Dimensions": [{"Name": "QueueName", "Value": "watched"}],
            "Statistic": "Maximum",
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": 0.0,
            "Period": 60,
            "EvaluationPeriods": 1,
            "TreatMissingData": "notBreaching",
            "AlarmActions": [self.topic_arn],
            "OKActions": [self.topic_arn],
        }
        self.api.put_metric_alarm(**{**alarm, **changes})

    def state(self) -> str:
        """The alarm's state."""
        return str(self.api.describe_alarms(AlarmNames=["alarm"])["MetricAlarms"][0]["StateValue"])

    def messages(self) -> list[dict[str, Any]]:
        """The next messages that were published; each has the parsed Message."""
        received = self.sqs.receive_message(QueueUrl=self.inbox_url, MaxNumberOfMessages=10).get("Messages", [])
        bodies = [json.loads(message["Body"]) for message in received]
        return [{**body, "Message": json.loads(body["Message"])} for body in bodies]


@pytest.fixture
def alarms(sandbox: Any) -> Alarms:
    """Alarms of an empty sandbox."""
    return Alarms(sandbox)


def wait_for(read: Callable[[], Any], value: Any = None) -> Any:
    """Read until a value comes: the given one, or any that is true."""
    deadline = time.monotonic() + 60
    while True:
        found = read()
        if found == value if value is not None else found:
            return found
        assert time.monotonic() < deadline, f"still {found}"
        time.sleep(0.02)


def test_depth_of_a_queue_raises_and_ends_an_alarm(alarms: Alarms) -> None:
    alarms.put()
    assert alarms.state() in ("INSUFFICIENT_DATA", "OK")
    (first,) = wait_for(alarms.messages)
    assert (first["Message"]["OldStateValue"], first["Message"]["NewStateValue"]) == ("INSUFFICIENT_DATA", "OK")
    alarms.sqs.send_message(QueueUrl=alarms.watched_url, MessageBody="event")
    (raised,) = wait_for(alarms.messages)
    assert alarms.state() == "ALARM"
    assert raised["Subject"] == 'ALARM: "alarm" in US West (Oregon)'
    alarms.sqs.purge_queue(QueueUrl=alarms.watched_url)
    (ended,) = wait_for(alarms.messages)
    assert (ended["Message"]["OldStateValue"], ended["Message"]["NewStateValue"]) == ("ALARM", "OK")
    assert "was not greater than the threshold (0.0)" in ended["Message"]["NewStateReason"]
    assert alarms.state() == "OK"


def test_message_has_cloudwatch_s_form(alarms: Alarms) -> None:
    alarms.sqs.send_message(QueueUrl=alarms.watched_url, MessageBody="event")
    alarms.put(OKActions=[])
    (raised,) = wait_for(alarms.messages)
    told = raised["Message"]
    for name in ("AlarmConfigurationUpdatedTimestamp", "StateChangeTime"):
        assert time.strptime(told.pop(name)[:19], "%Y-%m-%dT%H:%M:%S")
    reason = told.pop("NewStateReason")
    assert reason.startswith("Threshold Crossed: 1 out of the last 1 datapoints [1.0 (")
    assert reason.endswith(")] was greater than the threshold (0.0) (minimum 1 datapoint for OK -> ALARM transition).")
    assert told == {
        "AlarmName": "alarm",
        "AlarmDescription": "Events are waiting",
        "AWSAccountId": "123456789012",
        "NewStateValue": "ALARM",
        "Region": "US West (Oregon)",
        "AlarmArn": "arn:aws:cloudwatch:us-west-2:123456789012:alarm:alarm",
        "OldStateValue": "INSUFFICIENT_DATA",
        "OKActions": [],
        "AlarmActions": [alarms.topic_arn],
        "InsufficientDataActions": [],
        "Trigger": {
            "MetricName": "ApproximateNumberOfMessagesVisible",
            "Namespace": "AWS/SQS",
            "StatisticType": "Statistic",
            "Statistic": "MAXIMUM",
            "Unit": None,
            "Dimensions": [{"value": "watched", "name": "QueueName"}],
            "Period": 60,
            "EvaluationPeriods": 1,
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": 0.0,
            "TreatMissingData": "notBreaching",
            "EvaluateLowSampleCountPercentile": "",
        },
    }


def test_errors_of_a_function_raise_and_end_an_alarm(alarms: Alarms, functions: Any) -> None:
    functions.deploy(FAILING, "failing")
    functions.deploy(WORKING, "working")
    error = {"Namespace": "AWS/Lambda", "MetricName": "Errors", "Statistic": "Sum"}
    alarms.put(**error, Dimensions=[{"Name": "FunctionName", "Value": "failing"}])
    wait_for(alarms.state, "OK")
    functions.invoke(name="working")
    functions.invoke(name="failing")
    states: list[str] = []
    while len(states) < 3:
        states += [message["Message"]["NewStateValue"] for message in wait_for(alarms.messages)]
    assert states == ["OK", "ALARM", "OK"]


QUEUE = "arn:aws:sqs:us-west-2:123456789012:watched"
NO_FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:gone"


def lose_by_topic(alarms: Alarms) -> None:
    """Have SNS fail to give a message to a function and to a queue that does not let it."""
    topic = alarms.sns.create_topic(Name="losing")["TopicArn"]
    redrive = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": QUEUE})}
    alarms.sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=NO_FUNCTION, Attributes=redrive)
    alarms.sns.publish(TopicArn=topic, Message="lost")


def lose_by_rule(alarms: Alarms) -> None:
    """Have EventBridge fail likewise."""
    events = alarms.sandbox.client("events")
    events.put_rule(Name="losing", EventPattern=json.dumps({"source": ["own.app"]}))
    events.put_targets(Rule="losing", Targets=[{"Id": "gone", "Arn": NO_FUNCTION, "DeadLetterConfig": {"Arn": QUEUE}}])
    events.put_events(Entries=[{"Source": "own.app", "DetailType": "Test", "Detail": "{}"}])


@pytest.mark.parametrize(
    ("lose", "namespace", "metric", "dimension"),
    [
        (lose_by_topic, "AWS/SNS", "NumberOfNotificationsFailedToRedriveToDlq", "TopicName"),
        (lose_by_rule, "AWS/Events", "InvocationsFailedToBeSentToDlq", "RuleName"),
    ],
)
def test_what_no_dead_letter_queue_takes_raises_an_alarm(
    alarms: Alarms, lose: Callable[[Alarms], None], namespace: str, metric: str, dimension: str
) -> None:
    dimensions = [{"Name": dimension, "Value": "losing"}]
    alarms.put(Namespace=namespace, MetricName=metric, Dimensions=dimensions, Statistic="Sum", OKActions=[])
    lose(alarms)
    (message,) = wait_for(alarms.messages)
    assert message["Message"]["NewStateValue"] == "ALARM"


def test_an_event_that_a_functions_dead_letter_queue_does_not_take_raises_an_alarm(alarms: Alarms, functions: Any) -> None:
    functions.deploy(FAILING, DeadLetterConfig={"TargetArn": QUEUE})
    alarms.sqs.delete_queue(QueueUrl=alarms.watched_url)
    dimensions = [{"Name": "FunctionName", "Value": "fn"}]
    alarms.put(Namespace="AWS/Lambda", MetricName="DeadLetterErrors", Dimensions=dimensions, Statistic="Sum", OKActions=[])
    functions.api.invoke(FunctionName="fn", InvocationType="Event", Payload=b"{}")
    (message,) = wait_for(alarms.messages)
    assert message["Message"]["NewStateValue"] == "ALARM"


def test_alarm_keeps_its_state_when_it_is_put_again(alarms: Alarms) -> None:
    alarms.sqs.send_message(QueueUrl=alarms.watched_url, MessageBody="event")
    alarms.put()
    wait_for(alarms.state, "ALARM")
    alarms.put(Threshold=5.0, Period=86400)
    assert alarms.state() == "ALARM"


def test_disabled_actions_and_deleted_alarms_are_silent(alarms: Alarms) -> None:
    alarms.sqs.send_message(QueueUrl=alarms.watched_url, MessageBody="event")
    alarms.put(ActionsEnabled=False)
    wait_for(alarms.state, "ALARM")
    assert alarms.messages() == []
    alarms.api.delete_alarms(AlarmNames=["alarm"])
    alarms.put(AlarmName="other")
    (raised,) = wait_for(alarms.messages)
    assert raised["Message"]["AlarmName"] == "other"


def test_topic_must_let_cloudwatch_publish(alarms: Alarms) -> None:
    statement = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sns:Publish", "Resource": alarms.topic_arn}
    policy = json.dumps({"Statement": [statement]})
    alarms.sns.set_topic_attributes(TopicArn=alarms.topic_arn, AttributeName="Policy", AttributeValue=policy)
    alarms.sqs.send_message(QueueUrl=alarms.watched_url, MessageBody="event")
    alarms.put()
    wait_for(alarms.state, "ALARM")
    statement["Principal"] = {"Service": "cloudwatch.amazonaws.com"}
    policy = json.dumps({"Statement": [statement]})
    alarms.sns.set_topic_attributes(TopicArn=alarms.topic_arn, AttributeName="Policy", AttributeValue=policy)
    alarms.sqs.purge_queue(QueueUrl=alarms.watched_url)
    (message,) = wait_for(alarms.messages)
    assert message["Message"]["NewStateValue"] == "OK"


def test_state_that_is_set_by_hand_acts_once(alarms: Alarms) -> None:
    alarms.put(Period=86400)
    for _ in range(2):
        alarms.api.set_alarm_state(AlarmName="alarm", StateValue="ALARM", StateReason="a drill")
    (message,) = wait_for(alarms.messages)
    assert (message["Message"]["NewStateValue"], message["Message"]["NewStateReason"]) == ("ALARM", "a drill")
    assert alarms.messages() == []


def test_alarms_on_other_metrics_are_only_kept(alarms: Alarms) -> None:
    alarms.put(MetricName="NumberOfMessagesSent", AlarmName="other")
    alarms.put()
    wait_for(alarms.state, "OK")
    other = alarms.api.describe_alarms(AlarmNames=["other"])["MetricAlarms"][0]
    assert other["StateReason"] == "Unchecked: Initial alarm creation"


def rule(**changes: Any) -> Rule:
    """A rule: more than 0 in two of three periods."""
    settings = {"comparison": "GreaterThanThreshold", "threshold": 0.0, "periods": 3, "datapoints_to_alarm": 2, "missing_data": "missing"}
    return Rule(**{**settings, **changes})


@pytest.mark.parametrize(
    ("values", "changes", "state"),
    [
        ([0, 1, 1], {}, "ALARM"),
        ([0, 0, 1], {}, "OK"),
        ([1, 1, 1, 0, 0, 0], {}, "OK"),
        ([1], {}, "OK"),
        ([1], {"missing_data": "breaching"}, "ALARM"),
        ([None, None, 1], {"missing_data": "notBreaching"}, "OK"),
        ([None, None, None], {}, "INSUFFICIENT_DATA"),
        ([None, None, None], {"missing_data": "notBreaching"}, "OK"),
        ([None, None, None], {"missing_data": "breaching"}, "ALARM"),
        ([None, None, None], {"missing_data": "ignore"}, None),
        ([3, 3, 3], {"comparison": "LessThanThreshold", "threshold": 3.0}, "OK"),
        ([3, 3, 3], {"comparison": "LessThanOrEqualToThreshold", "threshold": 3.0}, "ALARM"),
        ([3, 3, 3], {"comparison": "GreaterThanOrEqualToThreshold", "threshold": 3.0}, "ALARM"),
    ],
)
def test_states_follow_from_the_last_periods(values: list[float | None], changes: dict[str, Any], state: str | None) -> None:
    points = [Datapoint(value, 60.0 * number) for number, value in enumerate(values)]
    assert evaluate(rule(**changes), points, "OK").state == state


def test_reasons_are_cloudwatch_s() -> None:
    points = [Datapoint(1.0, 0.0), Datapoint(0.0, 60.0), Datapoint(2.0, 120.0)]
    assert evaluate(rule(), points, "OK").reason == (
        "Threshold Crossed: 2 out of the last 3 datapoints [2.0 (01/01/70 00:02:00), 1.0 (01/01/70 00:00:00)] were greater than "
        "the threshold (0.0) (minimum 2 datapoints for OK -> ALARM transition)."
    )
    assert evaluate(rule(periods=1, datapoints_to_alarm=1, missing_data="notBreaching"), [Datapoint(None, 0.0)], "ALARM").reason == (
        "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching]."
    )
