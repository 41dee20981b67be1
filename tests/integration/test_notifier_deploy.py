"""The notifier with everything there is to set: deployed, changed, redriven and removed, each by a real playbook."""

from __future__ import annotations

import json
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ACCOUNT
from tests.integration.conftest import Playbooks
from tests.integration.test_closed_loop import CREATED, deployed_things

pytestmark = pytest.mark.playbook

REGION = "us-west-2"
PREFIX = "proven-backup-dev"
FUNCTION = f"{PREFIX}-notifier"
PARAMETERS = "/proven-backup/dev/notifier"
WEBHOOK_TOKEN = "SandboxIncomingWebhook01"
BOT_TOKEN = "xoxb-000000000000-000000000000-SandboxBotToken00000001"
SIGNING_KEY = "SandboxSigningKey01"
TEAMS_TOKEN = "TeamsWorkflowSecret01"
SECRETS = (WEBHOOK_TOKEN, BOT_TOKEN, SIGNING_KEY, TEAMS_TOKEN)
TARGETS = [
    {"name": "slack", "type": "slack_webhook"},
    {"name": "oncall", "type": "slack_bot", "channel": "C0SANDBOX01", "threads": True},
    {"name": "teams", "type": "teams_webhook", "secret": "secretsmanager:prod/teams"},
    {"name": "siem", "type": "https_webhook"},
]
RULES = [
    {"name": "starts only in the thread", "match": {"severity": ["progress"]}, "post": "thread"},
    {"name": "databases", "match": {"resource_type": ["RDS"], "tags": {"Team": "db"}}, "targets": ["oncall"], "mention": "<!here>"},
]
# Besides what every deployment creates: the route of its own for EventBridge, and the reservation.
CREATED_WITH_ALL = {
    "Function | Reserve its concurrency",
    "EventBridge | Let the rule invoke the function",
    "EventBridge | Create the rule, with the function as its target",
}


def everything(playbooks: Playbooks) -> dict[str, Any]:
    """Settings that ask for all the notifier can do."""
    endpoint = playbooks.sandbox.endpoint_url
    targets = [{**target, "api_url": f"{endpoint}/slack/api"} if target["type"] == "slack_bot" else target for target in TARGETS]
    return {
        "region": REGION,
        "notifier_routes": ["sns", "eventbridge"],
        "notifier_targets": targets,
        "notifier_secrets": {
            "slack": f"{endpoint}/slack/services/T00000000/B00000000/{WEBHOOK_TOKEN}",
            "oncall": BOT_TOKEN,
            "siem": {"url": f"{endpoint}/receivers/https/siem", "hmac_key": SIGNING_KEY},
        },
        "notifier_rules": RULES,
        "notifier_mention": "<!here>",
        "notifier_alarm_subscriptions": [{"protocol": "email", "endpoint": "oncall@example.com"}],
        "notifier_reserved_concurrency": 5,
    }


def less(**changes: Any) -> dict[str, Any]:
    """Settings that ask for little: one route, one target, nothing remembered, and a short time limit."""
    return {"region": REGION, "notifier_store": False, "notifier_lookups": False, "notifier_timeout": 6, **changes}


JOBS = ("11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222")


def dead_letter(job_id: str) -> dict[str, Any]:
    """An event of a failed job as Lambda puts it into the queue."""
    text = f"An AWS Backup job failed. Resource ARN : arn:aws:ec2:{REGION}:{ACCOUNT}:volume/vol-0123. BackupJob ID : {job_id}"
    attributes = {
        "EventType": {"Type": "String", "Value": "BACKUP_JOB"},
        "State": {"Type": "String", "Value": "FAILED"},
        "AccountId": {"Type": "String", "Value": ACCOUNT},
        "Id": {"Type": "String", "Value": job_id},
    }
    sns = {"Type": "Notification", "MessageId": f"message-{job_id}", "Message": text, "MessageAttributes": attributes}
    return {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": {**sns, "Timestamp": "2026-11-23T20:51:07.123Z"}}]}


def outcomes(playbooks: Playbooks, job_id: str) -> dict[str, str]:
    """What became of a job's notification at each of four targets, as soon as the function has logged it."""
    logs = playbooks.sandbox.client("logs", REGION)
    found: dict[str, str] = {}
    give_up = time.monotonic() + 60
    while len(found) < len(TARGETS) and time.monotonic() < give_up:
        time.sleep(0.2)
        pattern = '"notification_delivery"'
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{FUNCTION}", filterPattern=pattern)
        records = [json.loads(event["message"]) for page in pages for event in page["events"]]
        found = {record["target"]: record["outcome"] for record in records if record["job_id"] == job_id}
    return found


def parameters(playbooks: Playbooks) -> dict[str, tuple[str, str]]:
    """Type and value of our parameters."""
    pages = playbooks.sandbox.client("ssm", REGION).get_parameters_by_path(Path=PARAMETERS, Recursive=True, WithDecryption=True)
    return {parameter["Name"]: (parameter["Type"], parameter["Value"]) for parameter in pages["Parameters"]}


def granted(playbooks: Playbooks) -> dict[str, Any]:
    """What each statement of the function's role allows on what."""
    document = playbooks.sandbox.client("iam").get_role_policy(RoleName=f"{FUNCTION}-{REGION}", PolicyName="notifier")["PolicyDocument"]
    return {statement["Sid"]: (statement["Action"], statement["Resource"]) for statement in document["Statement"]}


def may_invoke(playbooks: Playbooks) -> set[str]:
    """The services that may invoke the function."""
    policy = json.loads(playbooks.sandbox.client("lambda", REGION).get_policy(FunctionName=FUNCTION)["Policy"])
    return {statement["Principal"]["Service"] for statement in policy["Statement"]}


def redrive_policy(playbooks: Playbooks) -> Any:
    """Where the function's subscription keeps what it cannot deliver."""
    sns = playbooks.sandbox.client("sns", REGION)
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:{PREFIX}-events"
    (subscription,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    attributes = sns.get_subscription_attributes(SubscriptionArn=subscription["SubscriptionArn"])["Attributes"]
    return json.loads(attributes["RedrivePolicy"])


def publish(playbooks: Playbooks, job_id: str) -> None:
    """Have the events' topic tell of a failed job."""
    sns = dead_letter(job_id)["Records"][0]["Sns"]
    attributes = {name: {"DataType": "String", "StringValue": value["Value"]} for name, value in sns["MessageAttributes"].items()}
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:{PREFIX}-events"
    playbooks.sandbox.client("sns", REGION).publish(TopicArn=topic, Message=sns["Message"], MessageAttributes=attributes)


@pytest.fixture(autouse=True, scope="module")
def started(playbooks: Playbooks) -> None:
    """A sandbox with a secret that is not ours."""
    playbooks.run("sandbox").succeeded()
    url = f"{playbooks.sandbox.endpoint_url}/receivers/teams/{TEAMS_TOKEN}"
    playbooks.sandbox.client("secretsmanager", REGION).create_secret(Name="prod/teams", SecretString=url)


@pytest.mark.parametrize(
    ("setting", "messages"),
    [
        (
            {"notifier_rules": [RULES[0], {"name": "databases", "match": {"vault": ["x"]}, "targets": ["oncal"], "post": "sometimes"}]},
            ['rule 2 "databases": targets names "oncal", which is no target; targets are slack', 'rule 2 "databases": post "sometimes"'],
        ),
        ({"notifier_targets": [{"name": "slack", "type": "slack_webhok"}]}, ['target 1 "slack": type "slack_webhok" is none of']),
        ({"notifier_targets": "slack"}, ["targets must list at least one target"]),
        ({"notifier_targets": [{"name": "siem", "type": "https_webhook"}]}, ["There is no secret for the target siem. Give it as"]),
        (
            {"notifier_secrets": {"slack": f"https://hooks.slack.com/{TEAMS_TOKEN}"}},
            ['secret "slack": holds no such thing as a Slack webhook'],
        ),
        (
            {"notifier_secrets": {"slack": f"https://hooks.slack.com/services/T1/B1/{TEAMS_TOKEN}"}},
            ["The Slack webhook of the target slack is not for this inventory"],
        ),
    ],
    ids=["rule", "target", "no targets", "no secret", "malformed secret", "real Slack on the sandbox"],
)
def test_bad_settings_are_named_before_anything_is_created(playbooks: Playbooks, setting: dict[str, Any], messages: list[str]) -> None:
    run = playbooks.run("deploy", "-vvv", region=REGION, **setting).failed()
    for message in messages:
        assert message in run.error
    assert TEAMS_TOKEN not in run.output
    assert deployed_things(playbooks) == []


def test_check_mode_predicts_all_of_it(playbooks: Playbooks) -> None:
    prediction = playbooks.run("deploy", "--check", **everything(playbooks)).succeeded()
    assert set(prediction.changes) >= CREATED_WITH_ALL
    assert len(prediction.changes) == len(CREATED) + len(CREATED_WITH_ALL)
    assert deployed_things(playbooks) == []


def test_deploy_creates_all_of_it_and_tells_no_secret(playbooks: Playbooks, tmp_path: Path) -> None:
    run = playbooks.run("deploy", "--diff", "-vvv", env={"XDG_CACHE_HOME": str(tmp_path)}, **everything(playbooks)).succeeded()
    assert [secret for secret in SECRETS if secret in run.output] == []
    assert set(run.changes) == set(CREATED) | CREATED_WITH_ALL
    (package,) = tmp_path.rglob("*.zip")
    assert [secret for secret in SECRETS if secret.encode() in package.read_bytes()] == []
    with zipfile.ZipFile(package) as archive:
        settings = json.loads(archive.read("settings.json"))
    assert [target["secret"] for target in settings["targets"]] == [
        f"ssm:{PARAMETERS}/slack",
        f"ssm:{PARAMETERS}/oncall",
        "secretsmanager:prod/teams",
        f"ssm:{PARAMETERS}/siem",
    ]
    assert (settings["rules"], settings["store_table"], settings["lookups"]) == (RULES, f"{PREFIX}-notifications", True)


def test_the_secrets_are_stored_and_may_be_read(playbooks: Playbooks) -> None:
    stored = parameters(playbooks)
    assert set(stored) == {f"{PARAMETERS}/{name}" for name in ("slack", "oncall", "siem")}
    assert {kind for kind, _value in stored.values()} == {"SecureString"}
    assert json.loads(stored[f"{PARAMETERS}/siem"][1])["hmac_key"] == SIGNING_KEY
    allowed = granted(playbooks)
    region = f"{REGION}:{ACCOUNT}"
    assert allowed["ReadTheParametersOfTargets"][1] == [
        f"arn:aws:ssm:{region}:parameter{PARAMETERS}/{name}" for name in ("slack", "oncall", "siem")
    ]
    assert allowed["ReadTheSecretsOfTargets"] == (
        "secretsmanager:GetSecretValue",
        [f"arn:aws:secretsmanager:{region}:secret:prod/teams-??????"],
    )
    assert allowed["RememberWhatWasDelivered"][1] == f"arn:aws:dynamodb:{region}:table/{PREFIX}-notifications"
    assert allowed["ReadTheTagsThatRulesMatch"] == ("tag:GetResources", "*")


def test_the_store_forgets(playbooks: Playbooks) -> None:
    dynamodb = playbooks.sandbox.client("dynamodb", REGION)
    table = dynamodb.describe_table(TableName=f"{PREFIX}-notifications")["Table"]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]] == [("pk", "HASH"), ("sk", "RANGE")]
    expiry = dynamodb.describe_time_to_live(TableName=f"{PREFIX}-notifications")["TimeToLiveDescription"]
    assert (expiry["TimeToLiveStatus"], expiry["AttributeName"]) == ("ENABLED", "expires_at")


def test_both_routes_lead_to_the_function(playbooks: Playbooks) -> None:
    assert may_invoke(playbooks) == {"sns.amazonaws.com", "events.amazonaws.com"}
    events = playbooks.sandbox.client("events", REGION)
    pattern = json.loads(events.describe_rule(Name=f"{PREFIX}-events")["EventPattern"])
    assert (pattern["source"], pattern["detail"]["backupVaultName"]) == (["aws.backup"], [PREFIX, {"exists": False}])
    (target,) = events.list_targets_by_rule(Rule=f"{PREFIX}-events")["Targets"]
    assert target["Arn"].endswith(f":function:{FUNCTION}")
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{PREFIX}-undelivered"
    assert target["DeadLetterConfig"]["Arn"] == queue
    assert redrive_policy(playbooks) == {"deadLetterTargetArn": queue}


def test_the_alarms_tell_a_topic_of_their_own(playbooks: Playbooks) -> None:
    alarms = playbooks.sandbox.client("cloudwatch", REGION).describe_alarms(AlarmNamePrefix=PREFIX)["MetricAlarms"]
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:{PREFIX}-alarms"
    assert {(alarm["AlarmName"], alarm["MetricName"], alarm["Threshold"], *alarm["AlarmActions"]) for alarm in alarms} == {
        (f"{PREFIX}-undelivered", "ApproximateNumberOfMessagesVisible", 0.0, topic),
        (f"{FUNCTION}-errors", "Errors", 0.0, topic),
        (f"{FUNCTION}-lost", "DeadLetterErrors", 0.0, topic),
        (f"{FUNCTION}-lost-by-topic", "NumberOfNotificationsFailedToRedriveToDlq", 0.0, topic),
        (f"{FUNCTION}-lost-by-rule", "InvocationsFailedToBeSentToDlq", 0.0, topic),
    }
    subscriptions = playbooks.sandbox.client("sns", REGION).list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert [(subscription["Protocol"], subscription["Endpoint"]) for subscription in subscriptions] == [("email", "oncall@example.com")]
    things = deployed_things(playbooks)
    assert {arn for arn in things if ":alarm:" in arn or ":rule/" in arn} == {
        *(alarm["AlarmArn"] for alarm in alarms),
        f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{PREFIX}-events",
    }


def test_the_function_is_the_one_that_was_asked_for(playbooks: Playbooks) -> None:
    function = playbooks.sandbox.client("lambda", REGION).get_function(FunctionName=FUNCTION)
    assert function["Concurrency"]["ReservedConcurrentExecutions"] == 5
    assert not function["Configuration"].get("Environment", {}).get("Variables")


def test_a_second_deploy_changes_nothing(playbooks: Playbooks) -> None:
    assert playbooks.run("deploy", **everything(playbooks)).succeeded().changes == []


def test_its_role_lets_it_reach_every_target(playbooks: Playbooks) -> None:
    sandbox = playbooks.sandbox
    job_id = "33333333-3333-3333-3333-333333333333"
    publish(playbooks, job_id)
    assert outcomes(playbooks, job_id) == dict.fromkeys(("slack", "oncall", "teams", "siem"), "accepted")
    (signed,) = sandbox.control("GET", "/receivers/https/messages")["messages"]
    assert (signed["verified"], job_id in str(signed["payload"])) == (True, True)
    stored = sandbox.client("dynamodb", REGION).scan(TableName=f"{PREFIX}-notifications")["Items"]
    assert stored
    assert {"expires_at"} <= set.intersection(*(set(item) for item in stored))


def test_what_is_no_longer_asked_for_goes(playbooks: Playbooks) -> None:
    run = playbooks.run("deploy", **less(notifier_routes=["eventbridge"])).succeeded()
    assert {
        "Events | Have the vault publish nothing",
        "Events | Let the topic invoke the function no longer",
        "Events | Remove the topic",
        "Stale | Remove the table",
        "Stale | Remove the secrets of targets that are gone",
        "Stale | Remove the alarms of routes that are off",
        "Function | Reserve its concurrency",
    } <= set(run.changes)
    sandbox = playbooks.sandbox
    assert may_invoke(playbooks) == {"events.amazonaws.com"}
    assert set(parameters(playbooks)) == {f"{PARAMETERS}/slack"}
    assert sandbox.client("dynamodb", REGION).list_tables()["TableNames"] == []
    topics = sandbox.client("sns", REGION).list_topics()["Topics"]
    assert [topic["TopicArn"].rsplit(":", 1)[-1] for topic in topics] == [f"{PREFIX}-alarms"]
    assert "Concurrency" not in sandbox.client("lambda", REGION).get_function(FunctionName=FUNCTION)
    assert set(granted(playbooks)) == {"WriteItsLog", "KeepWhatCouldNotBeDelivered", "ReadTheParametersOfTargets"}
    assert sandbox.client("secretsmanager", REGION).get_secret_value(SecretId="prod/teams")["SecretString"].endswith(TEAMS_TOKEN)


def test_a_route_can_be_exchanged_for_the_other(playbooks: Playbooks) -> None:
    run = playbooks.run("deploy", **less(notifier_routes=["sns"])).succeeded()
    assert {"EventBridge | Let the rule invoke the function no longer", "EventBridge | Remove the rule"} <= set(run.changes)
    assert may_invoke(playbooks) == {"sns.amazonaws.com"}
    assert playbooks.sandbox.client("events", REGION).list_rules()["Rules"] == []
    notifications = playbooks.sandbox.client("backup", REGION).get_backup_vault_notifications(BackupVaultName=PREFIX)
    assert notifications["SNSTopicArn"].endswith(f":{PREFIX}-events")


def waiting(playbooks: Playbooks) -> int:
    """How many messages the dead-letter queue has to give."""
    sqs = playbooks.sandbox.client("sqs", REGION)
    url = sqs.get_queue_url(QueueName=f"{PREFIX}-undelivered")["QueueUrl"]
    names = ["ApproximateNumberOfMessages"]
    return int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"][names[0]])


def test_redrive_says_what_remains_and_why(playbooks: Playbooks) -> None:
    sqs = playbooks.sandbox.client("sqs", REGION)
    url = sqs.get_queue_url(QueueName=f"{PREFIX}-undelivered")["QueueUrl"]
    for job_id in (JOBS[0], JOBS[0]):
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(dead_letter(job_id)))
    # The topic can no longer invoke the function: what it publishes must not be lost.
    playbooks.sandbox.client("lambda", REGION).remove_permission(FunctionName=FUNCTION, StatementId="backup-events-topic")
    publish(playbooks, JOBS[1])
    playbooks.sandbox.control("PUT", "/slack/faults", {"status": 503, "times": 1000})
    run = playbooks.run("redrive").failed()
    playbooks.sandbox.control("DELETE", "/slack/faults")
    assert f"The queue {PREFIX}-undelivered is not empty. 2 of 2 events remain" in run.error
    assert "2 events: 0 sent, 2 failed" in run.output
    assert WEBHOOK_TOKEN not in run.output
    assert waiting(playbooks) == 3


def test_redrive_in_check_mode_lists_what_it_would_send(playbooks: Playbooks) -> None:
    run = playbooks.run("redrive", "--check").succeeded()
    listed = " ".join(run.output.split())
    assert "2 events: 0 sent, 0 failed, 2 would be sent" in listed
    assert listed.index(JOBS[0]) < listed.index(JOBS[1])
    assert waiting(playbooks) == 3


def test_redrive_sends_each_event_once_and_empties_the_queue(playbooks: Playbooks) -> None:
    run = playbooks.run("redrive").succeeded()
    assert "2 events: 2 sent, 0 failed" in run.output
    messages = json.loads(playbooks.sandbox.request("GET", "/slack/api/messages")[1])["messages"]
    told = [job_id for message in messages for job_id in JOBS if job_id in str(message["payload"])]
    assert told == list(JOBS)
    assert waiting(playbooks) == 0


def test_cleanup_leaves_nothing_but_what_is_not_ours(playbooks: Playbooks) -> None:
    ssm = playbooks.sandbox.client("ssm", REGION)
    tags = [
        {"Key": key, "Value": value}
        for key, value in {"Project": "proven-backup", "Stage": "dev", "ManagedBy": "proven.aws_backup"}.items()
    ]
    ssm.put_parameter(Name=f"{PARAMETERS}/gone", Type="SecureString", Value="of a target that was removed", Tags=tags)
    playbooks.run("cleanup", cleanup_keep_sandbox=True).succeeded()
    sandbox = playbooks.sandbox
    assert deployed_things(playbooks) == []
    assert sandbox.client("cloudwatch", REGION).describe_alarms()["MetricAlarms"] == []
    assert sandbox.client("events", REGION).list_rules()["Rules"] == []
    assert sandbox.client("sns", REGION).list_topics()["Topics"] == []
    assert parameters(playbooks) == {}
    assert sandbox.client("secretsmanager", REGION).get_secret_value(SecretId="prod/teams")["SecretString"].endswith(TEAMS_TOKEN)
