"""The notifier's zip in a real Lambda runtime: SNS topic, function, Slack inbox, log and dead-letter queue of the sandbox."""

from __future__ import annotations

import functools
import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "files" / "backup_notifier"
PARAMETER = "/proven-notifier/sandbox/slack-webhook"
FUNCTION = "proven-notifier"
TOKEN = "SandboxIncomingWebhook01"
JOB_ID = "E16FD778-147E-BBD0-14E9-BC67450BE135"
RESOURCE = "arn:aws:ec2:us-west-2:123456789012:instance/i-0123456789abcdef0"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
MAY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "sqs:SendMessage",
                "ssm:GetParameter",
                "kms:Decrypt",
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:PutLogEvents",
            ],
            "Resource": "*",
        }
    ],
}
Found = TypeVar("Found")


def wait_for(look: Callable[[], Found], seconds: float = 60.0) -> Found:
    """What look finds, as soon as it is not empty."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"nothing after {seconds} s"
        time.sleep(0.05)
    return found


def package() -> bytes:
    """The function's zip."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writer:
        for source in sorted(PACKAGE.glob("*.py")):
            writer.write(source, f"{PACKAGE.name}/{source.name}")
    return archive.getvalue()


class Notifier:
    """A deployed notifier, and what can be seen of it from outside."""

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.client = functools.cache(sandbox.client)
        self.webhook = f"{sandbox.endpoint_url}/slack/services/T00000000/B00000000/{TOKEN}"
        self.queue_url = self.client("sqs").create_queue(QueueName=FUNCTION)["QueueUrl"]
        self.topic_arn = self.client("sns").create_topic(Name=FUNCTION)["TopicArn"]

    def deploy(self) -> None:
        """Create the function and let the topic invoke it."""
        client = self.client("lambda")
        iam = self.client("iam")
        role = iam.create_role(RoleName=FUNCTION, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
        iam.put_role_policy(RoleName=FUNCTION, PolicyName="notifier", PolicyDocument=json.dumps(MAY))
        function_arn = client.create_function(
            FunctionName=FUNCTION,
            Runtime="python3.13",
            Role=role["Arn"],
            Handler="backup_notifier.handler.handler",
            Code={"ZipFile": package()},
            Timeout=30,
            Environment={"Variables": {"WEBHOOK_PARAMETER": PARAMETER}},
            DeadLetterConfig={"TargetArn": f"arn:aws:sqs:us-west-2:123456789012:{FUNCTION}"},
        )["FunctionArn"]
        client.add_permission(
            FunctionName=FUNCTION,
            StatementId="topic",
            Action="lambda:InvokeFunction",
            Principal="sns.amazonaws.com",
            SourceArn=self.topic_arn,
        )
        self.client("sns").subscribe(TopicArn=self.topic_arn, Protocol="lambda", Endpoint=function_arn)

    def store_webhook(self) -> None:
        """Put the sandbox's inbox where the function reads its webhook."""
        self.client("ssm").put_parameter(Name=PARAMETER, Value=self.webhook, Type="SecureString")

    def publish(self, state: str = "COMPLETED") -> str:
        """Publish what AWS Backup publishes at the end of a job; returns the message's ID."""
        attributes = {
            "EventType": "BACKUP_JOB",
            "State": state,
            "AccountId": "123456789012",
            "Id": JOB_ID,
            "StartTime": "2024-08-27T09:20:00Z",
        }
        return self.client("sns").publish(
            TopicArn=self.topic_arn,
            Subject="Notification from AWS Backup",
            Message=f"An AWS Backup job failed. Resource ARN : {RESOURCE}. BackupJob ID : {JOB_ID}",
            MessageAttributes={name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()},
        )["MessageId"]

    def messages(self) -> list[dict[str, Any]]:
        """What the inbox holds."""
        status, text = self.sandbox.request("GET", "/slack/api/messages")
        assert status == 200
        return json.loads(text)["messages"]

    def log(self) -> list[str]:
        """Everything the function has logged."""
        client = self.client("logs")
        groups = client.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{FUNCTION}")["logGroups"]
        return [event["message"] for group in groups for event in client.filter_log_events(logGroupName=group["logGroupName"])["events"]]

    def deliveries(self, outcome: str) -> list[dict[str, Any]]:
        """The function's delivery records of one outcome."""
        records = [json.loads(line) for line in self.log() if '"notification_delivery"' in line]
        return [record for record in records if record["outcome"] == outcome]

    def dead_letters(self) -> list[dict[str, Any]]:
        """Take what arrived in the dead-letter queue."""
        return self.client("sqs").receive_message(QueueUrl=self.queue_url, MessageAttributeNames=["All"]).get("Messages", [])


@pytest.fixture
def notifier(sandbox: Any) -> Iterator[Notifier]:
    """A deployed notifier whose webhook is not stored yet; its log may never hold the webhook."""
    deployed = Notifier(sandbox)
    deployed.deploy()
    yield deployed
    log = "".join(deployed.log())
    assert TOKEN not in log
    assert "/slack/services" not in log


def test_published_message_reaches_slack_and_the_log(notifier: Notifier) -> None:
    notifier.store_webhook()
    message_id = notifier.publish()
    (record,) = wait_for(lambda: notifier.deliveries("accepted"))
    assert record.pop("duration_ms") >= 0
    assert record == {
        "record": "notification_delivery",
        "job_id": JOB_ID,
        "event_type": "BACKUP_JOB",
        "state": "COMPLETED",
        "target": "slack_webhook",
        "outcome": "accepted",
        "http_status": 200,
        "attempts": 1,
        "message_id": message_id,
        "error": None,
    }
    (message,) = notifier.messages()
    assert message["payload"]["text"] == "✅ *Backup completed*: EC2 instance `i-0123456789abcdef0` · us-west-2 · account 123456789012"
    assert JOB_ID in json.dumps(message["payload"]["attachments"])


def test_passing_failure_of_slack_is_over_within_the_invocation(notifier: Notifier) -> None:
    notifier.store_webhook()
    notifier.sandbox.control("PUT", "/slack/faults", {"status": 503, "times": 2})
    notifier.publish("FAILED")
    (record,) = wait_for(lambda: notifier.deliveries("accepted"))
    assert (record["attempts"], record["state"]) == (3, "FAILED")
    assert len(notifier.messages()) == 1


def test_revoked_webhook_is_rejected_once(notifier: Notifier) -> None:
    notifier.store_webhook()
    notifier.sandbox.control("PUT", "/slack/faults", {"status": 404, "body": "no_service", "times": 100})
    notifier.publish("EXPIRED")
    (record,) = wait_for(lambda: notifier.deliveries("rejected"))
    assert (record["http_status"], record["error"], record["attempts"]) == (404, "no_service", 1)
    assert notifier.dead_letters() == []


def test_missing_webhook_is_mended_in_time_for_lambdas_next_try(notifier: Notifier) -> None:
    notifier.sandbox.settings(time_scale=20.0)
    notifier.publish()
    (record,) = wait_for(lambda: notifier.deliveries("retry"))
    assert "ParameterNotFound" in record["error"]
    notifier.store_webhook()
    wait_for(lambda: notifier.deliveries("accepted"))
    assert len(notifier.messages()) == 1


def test_missing_webhook_leaves_the_event_in_the_dead_letter_queue(notifier: Notifier) -> None:
    message_id = notifier.publish()
    (letter,) = wait_for(notifier.dead_letters)
    assert json.loads(letter["Body"])["Records"][0]["Sns"]["MessageId"] == message_id
    assert "1 of 1 notifications not delivered" in letter["MessageAttributes"]["ErrorMessage"]["StringValue"]
    assert len(notifier.deliveries("retry")) == 3
    assert notifier.messages() == []
