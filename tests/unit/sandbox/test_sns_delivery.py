"""SNS messages on their way to functions."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

ECHO = "import json\ndef handler(event, context):\n    print('got ' + json.dumps(event))\n"


class Topic:
    """A topic with a function subscribed, and permitted unless told otherwise."""

    def __init__(self, functions: Any, permitted: bool = True) -> None:
        self.functions = functions
        self.sns = functions.sandbox.client("sns")
        self.arn = self.sns.create_topic(Name="alerts")["TopicArn"]
        self.function_arn = functions.deploy(ECHO)
        if permitted:
            self.permit(self.arn)
        self.subscription_arn = self.sns.subscribe(TopicArn=self.arn, Protocol="lambda", Endpoint=self.function_arn)["SubscriptionArn"]

    def permit(self, source_arn: str, account: str = "123456789012") -> None:
        """Let SNS invoke the function for a topic."""
        self.functions.api.add_permission(
            FunctionName="fn",
            StatementId="sns",
            Action="lambda:InvokeFunction",
            Principal="sns.amazonaws.com",
            SourceArn=source_arn,
            SourceAccount=account,
        )

    def publish(self, text: str, **options: Any) -> str:
        """Publish through the API; returns the message ID."""
        return str(self.sns.publish(TopicArn=self.arn, Message=text, **options)["MessageId"])

    def delivered(self, count: int = 1) -> list[dict[str, Any]]:
        """Wait for so many events and return all."""
        lines = self.functions.wait_for(lambda: len(found := self.functions.log('"got"')) >= count and found)
        return [json.loads(line[4:]) for line in lines]

    def texts(self, count: int = 1) -> list[str]:
        """The messages' texts, sorted."""
        return sorted(event["Records"][0]["Sns"]["Message"] for event in self.delivered(count))


def test_envelope_is_the_real_one(functions: Any) -> None:
    topic = Topic(functions)
    attributes = {"State": {"DataType": "String", "StringValue": "FAILED"}, "Data": {"DataType": "Binary", "BinaryValue": b"\x01"}}
    message_id = topic.publish("text", Subject="Notification from AWS Backup", MessageAttributes=attributes)
    (event,) = topic.delivered()
    (record,) = event["Records"]
    sns = record.pop("Sns")
    assert record == {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": topic.subscription_arn}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", sns.pop("Timestamp"))
    assert len(base64.b64decode(sns.pop("Signature"))) == 256
    assert re.fullmatch(r"https://sns\.us-west-2\.amazonaws\.com/SimpleNotificationService-[0-9a-f]{32}\.pem", sns.pop("SigningCertUrl"))
    assert sns == {
        "Type": "Notification",
        "MessageId": message_id,
        "TopicArn": topic.arn,
        "Subject": "Notification from AWS Backup",
        "Message": "text",
        "SignatureVersion": "1",
        "UnsubscribeUrl": f"https://sns.us-west-2.amazonaws.com/?Action=Unsubscribe&SubscriptionArn={topic.subscription_arn}",
        "MessageAttributes": {"State": {"Type": "String", "Value": "FAILED"}, "Data": {"Type": "Binary", "Value": "AQ=="}},
    }


def test_message_without_subject_and_attributes(functions: Any) -> None:
    topic = Topic(functions)
    topic.publish("text")
    sns = topic.delivered()[0]["Records"][0]["Sns"]
    assert (sns["Subject"], sns["MessageAttributes"]) == (None, {})


def test_filter_policy(functions: Any) -> None:
    topic = Topic(functions)
    policy = json.dumps({"State": [{"anything-but": "COMPLETED"}]})
    topic.sns.set_subscription_attributes(SubscriptionArn=topic.subscription_arn, AttributeName="FilterPolicy", AttributeValue=policy)
    topic.publish("no attribute")
    for state in ("COMPLETED", "FAILED"):
        topic.publish(state, MessageAttributes={"State": {"DataType": "String", "StringValue": state}})
    topic.sns.set_subscription_attributes(SubscriptionArn=topic.subscription_arn, AttributeName="FilterPolicy", AttributeValue="")
    topic.publish("last")
    assert topic.texts(2) == ["FAILED", "last"]


@pytest.mark.parametrize(
    "permission", [None, ("arn:aws:sns:us-west-2:123456789012:other", "123456789012"), ("arn:aws:sns:*:*:*", "999999999999")]
)
def test_undeliverable_goes_to_the_subscriptions_queue(functions: Any, permission: tuple[str, str] | None) -> None:
    sqs = functions.sandbox.client("sqs")
    queue_arn = "arn:aws:sqs:us-west-2:123456789012:undelivered"
    redrive = json.dumps({"deadLetterTargetArn": queue_arn})
    topic = Topic(functions, permitted=False)
    statement = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": queue_arn}
    policy = {"Statement": [{**statement, "Condition": {"ArnEquals": {"aws:SourceArn": topic.arn}}}]}
    url = sqs.create_queue(QueueName="undelivered", Attributes={"Policy": json.dumps(policy)})["QueueUrl"]
    if permission:
        topic.permit(*permission)
    topic.sns.set_subscription_attributes(SubscriptionArn=topic.subscription_arn, AttributeName="RedrivePolicy", AttributeValue=redrive)
    message_id = topic.publish("nobody may hear this")
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    body = json.loads(message["Body"])
    assert (body["MessageId"], body["Message"], body["TopicArn"]) == (message_id, "nobody may hear this", topic.arn)
    assert "SigningCertURL" in body
    assert functions.log() == []


def test_the_subscriptions_queue_must_let_sns_send(functions: Any) -> None:
    sqs = functions.sandbox.client("sqs")
    url = sqs.create_queue(QueueName="undelivered")["QueueUrl"]
    redrive = json.dumps({"deadLetterTargetArn": "arn:aws:sqs:us-west-2:123456789012:undelivered"})
    topic = Topic(functions, permitted=False)
    topic.sns.set_subscription_attributes(SubscriptionArn=topic.subscription_arn, AttributeName="RedrivePolicy", AttributeValue=redrive)
    topic.publish("lost")
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_topic_attributes(functions: Any) -> None:
    topic = Topic(functions)
    attributes = topic.sns.get_topic_attributes(TopicArn=topic.arn)["Attributes"]
    assert attributes["SubscriptionsConfirmed"] == "1"
    assert "DeliveryPolicy" not in attributes
    with pytest.raises(ClientError) as caught:
        topic.sns.set_topic_attributes(TopicArn=topic.arn, AttributeName="Policy", AttributeValue="nonsense")
    assert caught.value.response["Error"]["Code"] == "InvalidParameter"
