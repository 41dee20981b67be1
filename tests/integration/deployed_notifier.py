"""The notifier's zip in the sandbox's Lambda: topic, function, table, secrets and dead-letter queue, and what can be seen of them."""

from __future__ import annotations

import functools
import io
import json
import re
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from tests.conftest import ROOT, Sandbox

PACKAGE = ROOT / "files" / "backup_notifier"
FUNCTION = "proven-backup-tests-notifier"
TABLE = "proven-backup-tests-notifications"
PREFIX = "/proven-backup/tests/notifier/"
TOKEN = "SandboxIncomingWebhook01"
WEBHOOK = f"/slack/services/T00000000/B00000000/{TOKEN}"
BOT_TOKEN = "xoxb-000000000000-000000000000-SandboxBotToken00000001"
SIGNING_KEY = "SandboxSigningKey01"
CHANNEL = "C0SANDBOX01"
SLACK = {"name": "slack", "type": "slack_webhook", "secret": f"ssm:{PREFIX}slack"}
RESOURCE = "arn:aws:ec2:us-west-2:123456789012:instance/i-0123456789abcdef0"
JOB_ID = re.compile(r"[0-9A-F]{8}-0000-4000-8000-[0-9A-F]{12}")
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
# What the role of the collection grants, without its limits to single resources.
ACTIONS = [
    *("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage"),
    *("ssm:GetParameter", "secretsmanager:GetSecretValue", "kms:Decrypt"),
    *("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:Query"),
    *("backup:DescribeBackupJob", "backup:DescribeCopyJob", "backup:DescribeRestoreJob"),
]
MAY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ACTIONS, "Resource": "*"}]}
_SNS_BATCH = 10
Found = TypeVar("Found")


def wait_for(look: Callable[[], Found], seconds: float = 60.0) -> Found:
    """What look finds, as soon as it is not empty."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"nothing after {seconds} s"
        # Looking takes the sandbox's time, too.
        time.sleep(0.3)
    return found


def job_id(number: int) -> str:
    """The ID of a job of the tests."""
    return f"{number:08X}-0000-4000-8000-{number:012X}"


def package(settings: dict[str, Any]) -> bytes:
    """The function's zip."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writer:
        for source in sorted(PACKAGE.rglob("*.py")):
            writer.write(source, f"{PACKAGE.name}/{source.relative_to(PACKAGE)}")
        writer.writestr("settings.json", json.dumps(settings))
    return archive.getvalue()


class Notifier:
    """A deployed notifier."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.client = functools.cache(sandbox.client)
        self.webhook = sandbox.endpoint_url + WEBHOOK
        self.bot = {
            "name": "oncall",
            "type": "slack_bot",
            "secret": f"ssm:{PREFIX}oncall",
            "channel": CHANNEL,
            "api_url": f"{sandbox.endpoint_url}/slack/api",
        }
        self.queue_url = self.client("sqs").create_queue(QueueName=FUNCTION)["QueueUrl"]
        self.topic_arn = self.client("sns").create_topic(Name=FUNCTION)["TopicArn"]
        publish = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sns:Publish", "Resource": self.topic_arn}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [publish]})
        self.client("sns").set_topic_attributes(TopicArn=self.topic_arn, AttributeName="Policy", AttributeValue=policy)
        self.function_arn = ""
        self._published: set[str] = set()

    def deploy(self, *targets: dict[str, Any], store: bool = True, timeout: int = 30, **settings: Any) -> None:
        """Create the function, and the table unless it is to do without, and let the topic invoke it."""
        document = {"targets": targets or [SLACK], "lookups": False, **settings}
        if store:
            document["store_table"] = TABLE
            self._create_table()
        role = self.client("iam").create_role(RoleName=FUNCTION, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
        self.client("iam").put_role_policy(RoleName=FUNCTION, PolicyName="notifier", PolicyDocument=json.dumps(MAY))
        self.function_arn = self.client("lambda").create_function(
            FunctionName=FUNCTION,
            Runtime="python3.13",
            Role=role["Arn"],
            Handler="backup_notifier.handler.handler",
            Code={"ZipFile": package(document)},
            Timeout=timeout,
            DeadLetterConfig={"TargetArn": f"arn:aws:sqs:us-west-2:123456789012:{FUNCTION}"},
        )["FunctionArn"]
        self.client("lambda").add_permission(
            FunctionName=FUNCTION,
            StatementId="topic",
            Action="lambda:InvokeFunction",
            Principal="sns.amazonaws.com",
            SourceArn=self.topic_arn,
        )
        self.client("sns").subscribe(TopicArn=self.topic_arn, Protocol="lambda", Endpoint=self.function_arn)

    def route_events(self) -> None:
        """Have the default event bus invoke the function for every event of AWS Backup."""
        events = self.client("events")
        rule = events.put_rule(Name=FUNCTION, EventPattern=json.dumps({"source": ["aws.backup"]}))["RuleArn"]
        events.put_targets(Rule=FUNCTION, Targets=[{"Id": "notifier", "Arn": self.function_arn}])
        self.client("lambda").add_permission(
            FunctionName=FUNCTION, StatementId="rule", Action="lambda:InvokeFunction", Principal="events.amazonaws.com", SourceArn=rule
        )

    def put_secret(self, name: str = "slack", value: str = "") -> None:
        """Put a target's secret, the inbox's webhook unless told, where the function reads it."""
        self.client("ssm").put_parameter(Name=PREFIX + name, Value=value or self.webhook, Type="SecureString", Overwrite=True)

    def publish(self, jobs: Iterable[int], state: str = "COMPLETED") -> list[str]:
        """Publish what AWS Backup publishes about some jobs; returns the messages' IDs."""
        entries = [self._entry(number, state) for number in jobs]
        client = self.client("sns")
        sent: list[str] = []
        for start in range(0, len(entries), _SNS_BATCH):
            answer = client.publish_batch(TopicArn=self.topic_arn, PublishBatchRequestEntries=entries[start : start + _SNS_BATCH])
            assert not answer.get("Failed")
            sent += [each["MessageId"] for each in answer["Successful"]]
        self._published |= set(sent)
        return sent

    def invoke(self, event: Any) -> dict[str, Any]:
        """Invoke the function with an event and wait for its answer."""
        answer = self.client("lambda").invoke(FunctionName=FUNCTION, Payload=json.dumps(event))
        return {"error": "FunctionError" in answer, "answer": json.loads(answer["Payload"].read())}

    def fail(self, **fault: Any) -> None:
        """Have the next posts fail."""
        self.sandbox.control("PUT", "/slack/faults", fault)

    def messages(self) -> list[dict[str, Any]]:
        """What the inbox holds."""
        status, text = self.sandbox.request("GET", "/slack/api/messages")
        assert status == 200
        messages: list[dict[str, Any]] = json.loads(text)["messages"]
        return messages

    def arrivals(self) -> Counter[str]:
        """How many messages tell of each job."""
        return Counter(found for message in self.messages() for found in set(JOB_ID.findall(json.dumps(message["payload"]))))

    def heads(self) -> dict[str, str]:
        """What the first message of each thread says now: a headline for each job."""
        texts = [message["payload"]["text"] + json.dumps(message["payload"]) for message in self.messages() if self._is_head(message)]
        return {JOB_ID.findall(text)[0]: text.split("*")[1] for text in texts if JOB_ID.search(text)}

    def news(self) -> Counter[str]:
        """How many replies and summaries tell of each job."""
        told = [message for message in self.messages() if not self._is_head(message)]
        return Counter(found for message in told for found in set(JOB_ID.findall(json.dumps(message["payload"]))))

    def wait_for_jobs(self, jobs: Iterable[int], seconds: float = 60.0) -> None:
        """Wait until every job has been told of, and the function is idle; each must have been told of once."""
        expected = {job_id(number): 1 for number in jobs}
        wait_for(lambda: len(self.arrivals()) >= len(expected), seconds)
        wait_for(self.is_idle, seconds)
        assert dict(self.arrivals()) == expected

    def is_idle(self) -> bool:
        """Whether everything that was published has been settled."""
        return self._published <= self.settled()

    def settled(self) -> set[str]:
        """The IDs of the messages that need no further try."""
        return {line["message_id"] for line in self.log() if line.get("outcome") in ("accepted", "repeated", "muted")}

    def log(self) -> list[dict[str, Any]]:
        """The records that the function has logged."""
        return [json.loads(line) for line in self.log_text().splitlines() if line.startswith('{"record"')]

    def log_text(self) -> str:
        """Everything that the function has logged."""
        client = self.client("logs")
        groups = client.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{FUNCTION}")["logGroups"]
        pages = [page for group in groups for page in self._pages(client, group["logGroupName"])]
        return "".join(event["message"] for page in pages for event in page["events"])

    def deliveries(self, outcome: str, target: str = "slack") -> list[dict[str, Any]]:
        """The delivery records of one outcome on one target."""
        return [line for line in self.log() if line.get("outcome") == outcome and line["target"] == target]

    def dead_letters(self) -> list[dict[str, Any]]:
        """Take what arrived in the dead-letter queue."""
        messages: list[dict[str, Any]] = (
            self.client("sqs")
            .receive_message(QueueUrl=self.queue_url, MessageAttributeNames=["All"], MaxNumberOfMessages=10)
            .get("Messages", [])
        )
        return messages

    def _create_table(self) -> None:
        self.client("dynamodb").create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )

    @staticmethod
    def _is_head(message: dict[str, Any]) -> bool:
        return not message["thread_ts"] and "AWS Backup events" not in message["payload"]["text"]

    @staticmethod
    def _pages(client: Any, group: str) -> Iterable[dict[str, Any]]:
        pages: Iterable[dict[str, Any]] = client.get_paginator("filter_log_events").paginate(logGroupName=group)
        return pages

    @staticmethod
    def _entry(number: int, state: str) -> dict[str, Any]:
        attributes = {"EventType": "BACKUP_JOB", "State": state, "AccountId": "123456789012", "Id": job_id(number)}
        attributes["StartTime"] = "2024-08-27T09:20:00Z"
        return {
            "Id": str(number),
            "Subject": "Notification from AWS Backup",
            "Message": f"An AWS Backup job was {state.lower()}. Resource ARN : {RESOURCE}. BackupJob ID : {job_id(number)}",
            "MessageAttributes": {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()},
        }
