"""The notifier's zip in a real Lambda runtime: SNS topic, function, Slack inbox, log and dead-letter queue of the sandbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.deployed_notifier import (
    BOT_TOKEN,
    FUNCTION,
    PREFIX,
    SIGNING_KEY,
    SLACK,
    TOKEN,
    WEBHOOK,
    Notifier,
    job_id,
    wait_for,
)

SIEM = {"name": "siem", "type": "https_webhook", "secret": f"ssm:{PREFIX}siem"}
TEAMS = {"name": "teams", "type": "teams_webhook", "secret": "secretsmanager:tests/teams"}


@pytest.fixture
def notifier(sandbox: Any) -> Iterator[Notifier]:
    """A notifier that is not deployed yet; its log may never hold a secret."""
    notifier = Notifier(sandbox)
    yield notifier
    log = notifier.log_text()
    for secret in (TOKEN, "/slack/services", BOT_TOKEN, SIGNING_KEY, "RotatedWebhook"):
        assert secret not in log


def test_published_message_reaches_slack_and_the_log(notifier: Notifier) -> None:
    notifier.deploy()
    notifier.put_secret()
    (message_id,) = notifier.publish([1])
    (record,) = wait_for(lambda: notifier.deliveries("accepted"))
    assert record.pop("duration_ms") >= 0
    subject = {"job_id": job_id(1), "job_type": "backup", "event_type": "BACKUP_JOB", "state": "COMPLETED", "severity": "success"}
    assert record == {
        "record": "notification_delivery",
        **subject,
        "message_id": message_id,
        "target": "slack",
        "target_type": "slack_webhook",
        "outcome": "accepted",
        "http_status": 200,
        "attempts": 1,
        "error": None,
        "channel": None,
        "ts": None,
        "thread_ts": None,
        "summary": False,
    }
    assert notifier.log()[0] == {"record": "notification_received", "route": "sns", **subject, "message_id": message_id}
    (message,) = notifier.messages()
    assert "*Backup completed*" in message["payload"]["text"]
    assert job_id(1) in json.dumps(message["payload"]["attachments"])


def test_passing_failure_of_slack_is_over_within_the_invocation(notifier: Notifier) -> None:
    notifier.deploy()
    notifier.put_secret()
    notifier.fail(status=503, times=2)
    notifier.publish([1], "FAILED")
    (record,) = wait_for(lambda: notifier.deliveries("accepted"))
    assert (record["attempts"], record["state"]) == (3, "FAILED")
    assert len(notifier.messages()) == 1


def test_revoked_webhook_keeps_the_event_for_the_day_it_is_mended(notifier: Notifier) -> None:
    notifier.deploy()
    notifier.put_secret()
    notifier.sandbox.control("DELETE", "/slack/webhooks", {"path": WEBHOOK})
    notifier.publish([1], "EXPIRED")
    (letter,) = wait_for(notifier.dead_letters)
    rejected = notifier.deliveries("rejected")
    assert [(each["http_status"], each["error"], each["attempts"]) for each in rejected] == [(404, "no_service", 1)] * 3
    notifier.sandbox.know_webhook(WEBHOOK)
    assert notifier.invoke(json.loads(letter["Body"])) == {"error": False, "answer": {"accepted": 1, "muted": 0, "repeated": 0}}


def test_missing_secret_is_mended_in_time_for_lambdas_next_try(notifier: Notifier) -> None:
    notifier.deploy()
    notifier.sandbox.settings(time_scale=20.0)
    notifier.publish([1])
    (record,) = wait_for(lambda: notifier.deliveries("retry"))
    assert "ParameterNotFound" in record["error"]
    notifier.put_secret()
    wait_for(lambda: notifier.deliveries("accepted"))
    assert len(notifier.messages()) == 1


def test_an_event_from_the_dead_letter_queue_is_told_once_however_often_it_comes_again(notifier: Notifier) -> None:
    notifier.deploy()
    (message_id,) = notifier.publish([1])
    (letter,) = wait_for(notifier.dead_letters)
    event = json.loads(letter["Body"])
    assert event["Records"][0]["Sns"]["MessageId"] == message_id
    assert "1 of 1 messages not delivered" in letter["MessageAttributes"]["ErrorMessage"]["StringValue"]
    assert len(notifier.deliveries("retry")) == 3
    assert notifier.messages() == []
    notifier.put_secret()
    answers = [notifier.invoke(event)["answer"] for _ in range(3)]
    assert [answer["accepted"] for answer in answers] == [1, 0, 0]
    assert len(notifier.messages()) == 1


def test_the_secret_is_rotated_without_a_deployment(notifier: Notifier) -> None:
    notifier.deploy()
    notifier.put_secret()
    notifier.publish([1])
    wait_for(lambda: notifier.deliveries("accepted"))
    # Slack knows the old one no more.
    notifier.put_secret(value=notifier.sandbox.know_webhook(WEBHOOK.replace(TOKEN, "RotatedWebhook01")))
    notifier.publish([2])
    wait_for(lambda: len(notifier.deliveries("accepted")) == 2)
    assert [message["webhook"].rpartition("/")[2] for message in notifier.messages()] == [TOKEN, "RotatedWebhook01"]
    assert notifier.deliveries("accepted")[1]["attempts"] == 2


def test_every_kind_of_target_at_once_and_a_broken_one_beside_them(notifier: Notifier) -> None:
    broken = {"name": "broken", "type": "slack_webhook", "secret": f"ssm:{PREFIX}broken"}
    notifier.deploy(broken, SLACK, TEAMS, SIEM)
    notifier.put_secret()
    notifier.put_secret("broken", "http://127.0.0.1:9/slack/services/T00000000/B00000000/Nobody01")
    notifier.put_secret("siem", json.dumps({"url": f"{notifier.sandbox.endpoint_url}/receivers/https/tests", "hmac_key": SIGNING_KEY}))
    teams = f"{notifier.sandbox.endpoint_url}/receivers/teams/tests"
    notifier.client("secretsmanager").create_secret(Name="tests/teams", SecretString=teams)
    notifier.client("lambda").update_function_configuration(FunctionName=FUNCTION, Timeout=4)
    notifier.publish([1], "FAILED")
    wait_for(notifier.dead_letters)
    (https,) = notifier.sandbox.control("GET", "/receivers/https/messages")["messages"]
    (card,) = notifier.sandbox.control("GET", "/receivers/teams/messages")["messages"]
    assert https["verified"] is True
    assert job_id(1) in json.dumps(https["payload"])
    assert job_id(1) in json.dumps(card["payload"])
    assert len(notifier.messages()) == 1
    assert [len(notifier.deliveries("accepted", name)) for name in ("slack", "teams", "siem", "broken")] == [1, 1, 1, 0]
    assert len(notifier.deliveries("repeated", "slack")) == 2
    assert len(notifier.deliveries("retry", "broken")) == 3


def test_both_routes_make_one_message_for_a_job_and_state(notifier: Notifier) -> None:
    notifier.deploy(lookups=True)
    notifier.put_secret()
    notifier.client("backup").create_backup_vault(BackupVaultName="both-routes")
    notifier.client("backup").put_backup_vault_notifications(
        BackupVaultName="both-routes", SNSTopicArn=notifier.topic_arn, BackupVaultEvents=["BACKUP_JOB_STARTED", "BACKUP_JOB_COMPLETED"]
    )
    notifier.route_events()
    states = ("RUNNING", "COMPLETED", "FAILED", "EXPIRED")
    for state in states:
        order = {"kind": "backup_job", "state": state, "region": "us-west-2", "vault": "both-routes", "count": 5}
        notifier.sandbox.control("POST", "/backup/events", {**order, "routes": ["sns", "eventbridge"]})
    wait_for(lambda: len(notifier.deliveries("accepted")) + len(notifier.deliveries("repeated")) == 40)
    assert len(notifier.deliveries("accepted")) == len(notifier.messages()) == 20
    received = [line["route"] for line in notifier.log() if line["record"] == "notification_received"]
    assert (received.count("sns"), received.count("eventbridge")) == (20, 20)


def test_one_thread_a_job(notifier: Notifier) -> None:
    notifier.deploy(notifier.bot, rules=[{"name": "starts only in the thread", "match": {"state": "CREATED"}, "post": "thread"}])
    notifier.put_secret("oncall", BOT_TOKEN)
    jobs = range(1, 6)
    for state in ("CREATED", "RUNNING", "COMPLETED"):
        notifier.publish(jobs, state)
        wait_for(notifier.is_idle)
    threads = [message for message in notifier.messages() if message["thread_ts"] is None]
    replies = [message for message in notifier.messages() if message["thread_ts"] is not None]
    assert len(threads) == len(jobs)
    assert all("*Backup completed*" in thread["payload"]["text"] for thread in threads)
    for thread in threads:
        told = [reply["payload"]["text"].split("*")[1] for reply in replies if reply["thread_ts"] == thread["ts"]]
        assert told == ["Backup was created", "Backup completed"]
