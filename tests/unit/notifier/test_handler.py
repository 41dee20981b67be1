"""The whole handler against real SSM and DynamoDB APIs and a real HTTP server."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from backup_notifier import clients, format, handler
from backup_notifier.handler import DeliveryError
from backup_notifier.settings import SettingsError

EVENTS = Path(__file__).parent / "events"
FILES = Path(handler.__file__).resolve().parents[1]
PREFIX = "ssm:/proven-backup/tests/notifier/"
TOKEN = "NotifierTestWebhook01"
SLACK = {"name": "slack", "type": "slack_webhook", "secret": PREFIX + "slack"}
SIEM = {"name": "siem", "type": "https_webhook", "secret": PREFIX + "siem"}
Put = Callable[..., None]
Deploy = Callable[..., None]


def event(*names: str) -> dict[str, Any]:
    """One event with the records of several recorded ones, each with a message ID of its own."""
    records = [json.loads((EVENTS / f"{name}.json").read_text())["Records"][0] for name in names]
    for number, record in enumerate(records):
        record["Sns"]["MessageId"] = f"message-{number}"
    return {"Records": records}


def log_lines(capsys: pytest.CaptureFixture[str], record: str = "notification_delivery") -> list[dict[str, Any]]:
    output = capsys.readouterr()
    assert TOKEN not in output.out + output.err
    lines = [json.loads(line) for line in output.out.splitlines()]
    return [line for line in lines if line["record"] == record]


def headlines(receiver: Any) -> list[str]:
    return [json.loads(body)["text"].split("*")[1] for _, body in receiver.requests]


@pytest.fixture
def slack(receiver: Any, put_secret: Put, deploy: Deploy) -> Any:
    """A receiver that is the one target of a deployed function without a table."""
    put_secret(receiver.webhook)
    deploy()
    return receiver


def test_accepted(slack: Any, context: Any, capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = handler.handler(event("s5_completed_observed_upper_case_id"), context(60))
    assert outcomes == {"accepted": 1, "muted": 0, "repeated": 0}
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    subject = {
        "job_id": "E16FD778-147E-BBD0-14E9-BC67450BE135",
        "job_type": "backup",
        "event_type": "BACKUP_JOB",
        "state": "COMPLETED",
        "severity": "success",
        "message_id": "message-0",
    }
    assert lines[0] == {"record": "notification_received", "route": "sns", **subject}
    assert isinstance(lines[1].pop("duration_ms"), int)
    assert lines[1] == {
        "record": "notification_delivery",
        **subject,
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
    assert len(slack.requests) == 1


def test_an_event_of_another_kind(slack: Any, context: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert handler.handler({"hello": "world"}, context(60))["accepted"] == 1
    assert "hello" in json.dumps(json.loads(slack.requests[0][1]))
    (line,) = log_lines(capsys)
    assert [line[name] for name in ("job_id", "job_type", "state", "message_id")] == [None] * 4


def test_every_record_is_tried_and_a_repeat_sends_only_what_is_missing(
    slack: Any, answer: Any, context: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    records = event("s2_failed", "s3_expired", "s7_stopped_text_only")
    slack.answers = [answer(404, b"no_service"), answer()]
    with pytest.raises(DeliveryError, match="1 of 3 messages not delivered; first reason: slack"):
        handler.handler(records, context(60))
    assert [line["outcome"] for line in log_lines(capsys)] == ["rejected", "accepted", "accepted"]
    assert handler.handler(records, context(60)) == {"accepted": 1, "muted": 0, "repeated": 2}
    assert headlines(slack) == ["Backup failed", "Backup expired", "Backup was stopped", "Backup failed"]


def test_what_slack_refuses_is_kept_for_the_dead_letter_queue(
    slack: Any, answer: Any, context: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    slack.answers = [answer(404, b"no_service")]
    with pytest.raises(DeliveryError, match="slack: no_service"):
        handler.handler(event("s2_failed"), context(60))
    (line,) = log_lines(capsys)
    assert (line["outcome"], line["http_status"], line["error"], line["attempts"]) == ("rejected", 404, "no_service", 1)
    slack.answers = [answer()]
    assert handler.handler(event("s2_failed"), context(60))["accepted"] == 1


def test_rotation_needs_no_deployment(slack: Any, answer: Any, put_secret: Put, context: Any, capsys: pytest.CaptureFixture[str]) -> None:
    handler.handler(event("started"), context(60))
    put_secret(slack.url + "/services/T00000000/B00000000/RotatedWebhook01")
    slack.answers = [answer(404, b"no_service"), answer()]
    assert handler.handler(event("started", "s2_failed"), context(60)) == {"accepted": 1, "muted": 0, "repeated": 1}
    assert [path.rpartition("/")[2] for path, _ in slack.requests] == [TOKEN, TOKEN, "RotatedWebhook01"]
    assert log_lines(capsys)[-1]["attempts"] == 2


@pytest.mark.usefixtures("account")
def test_missing_secret_is_left_to_a_later_try(deploy: Deploy, context: Any, capsys: pytest.CaptureFixture[str]) -> None:
    deploy()
    with pytest.raises(DeliveryError, match="ParameterNotFound"):
        handler.handler(event("s2_failed", "s3_expired"), context(60))
    lines = log_lines(capsys)
    assert [(line["outcome"], line["http_status"], line["attempts"]) for line in lines] == [("retry", None, 0)] * 2
    assert "create it as a SecureString" in lines[0]["error"]


def test_a_fault_of_our_own_does_not_cost_the_other_records(
    slack: Any, context: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    healthy = format.message

    def faulty(notification: Any, **options: Any) -> dict[str, Any]:
        return {}[slack.webhook] if notification.state == "FAILED" else healthy(notification, **options)

    monkeypatch.setattr(format, "message", faulty)
    with pytest.raises(DeliveryError, match=r"KeyError at test_handler\.py:\d+"):
        handler.handler(event("s2_failed", "s3_expired"), context(60))
    assert [line["outcome"] for line in log_lines(capsys)] == ["retry", "accepted"]


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(("text", "reason"), [(None, "is missing"), ("{", "cannot be read"), ('{"targets": []}', "is wrong")])
def test_unusable_settings_lose_no_event(
    text: str | None, reason: str, deploy: Deploy, context: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    deploy()
    handler.settings.FILE.unlink() if text is None else handler.settings.FILE.write_text(text)
    for _ in range(2):
        with pytest.raises(SettingsError, match=reason):
            handler.handler(event("s2_failed"), context(60))
    first, _ = log_lines(capsys, "notification_settings_failed")
    assert reason in first["error"]


def test_a_broken_target_neither_stops_nor_repeats_the_good_one(
    receiver: Any, put_secret: Put, deploy: Deploy, context: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    put_secret(receiver.webhook)
    put_secret(json.dumps({"url": "http://127.0.0.1:9/siem", "hmac_key": "SandboxSigningKey01"}), "siem")
    deploy(targets=[SIEM, SLACK])
    for _ in range(2):
        with pytest.raises(DeliveryError, match="1 of 2 messages not delivered; first reason: siem: no connection"):
            handler.handler(event("s2_failed"), context(4))
    outcomes = sorted((line["target"], line["outcome"]) for line in log_lines(capsys))
    assert outcomes == [("siem", "retry"), ("siem", "retry"), ("slack", "accepted"), ("slack", "repeated")]
    assert len(receiver.requests) == 1


def test_a_slow_target_takes_no_time_from_the_others(receiver: Any, answer: Any, put_secret: Put, deploy: Deploy, context: Any) -> None:
    put_secret(receiver.webhook)
    put_secret(json.dumps({"url": receiver.url + "/siem", "hmac_key": "SandboxSigningKey01"}), "siem")
    deploy(targets=[SIEM, SLACK])
    receiver.answer_by_path = {"/siem": answer(hang=True)}
    with pytest.raises(DeliveryError, match="1 of 2 messages not delivered; first reason: siem: no answer in time"):
        handler.handler(event("s2_failed"), context(3))
    assert any(path in receiver.webhook for path, _ in receiver.requests)


def test_rules_decide(receiver: Any, put_secret: Put, deploy: Deploy, context: Any, capsys: pytest.CaptureFixture[str]) -> None:
    put_secret(receiver.webhook)
    rules = [
        {"match": {"severity": "progress"}, "post": "never"},
        {"match": {"state": "EXPIRED"}, "post": "never"},
        {"match": {"state": "FAILED"}, "mention": "<!here>"},
    ]
    deploy(rules=rules)
    outcomes = handler.handler(event("started", "s3_expired", "s2_failed"), context(60))
    assert outcomes == {"accepted": 1, "muted": 2, "repeated": 0}
    assert "<!here>" in json.loads(receiver.requests[0][1])["text"]
    assert [line["outcome"] for line in log_lines(capsys)] == ["muted", "muted", "accepted"]


def test_a_look_up_fills_the_message_and_feeds_the_rules(
    receiver: Any, account: Any, put_secret: Put, deploy: Deploy, context: Any
) -> None:
    put_secret(receiver.webhook)
    account.client("backup").create_backup_vault(BackupVaultName="prod-databases")
    wanted = {"kind": "backup_job", "state": "FAILED", "region": "us-west-2", "vault": "prod-databases", "routes": ["eventbridge"]}
    made = account.control("POST", "/backup/events", wanted)
    failed = json.loads(json.dumps(event("s2_failed")).replace("us-west-1", "us-west-2"))
    failed["Records"][0]["Sns"]["MessageAttributes"]["Id"] = {"Type": "String", "Value": made["job_ids"][0]}
    deploy(lookups=True, rules=[{"match": {"vault": "prod-*"}, "mention": "<!here>"}, {"post": "never"}])
    assert handler.handler(failed, context(60))["accepted"] == 1
    (_, body) = receiver.requests[0]
    assert b"<!here>" in body
    assert b"prod-databases" in body


def test_a_failed_look_up_is_logged_and_blocks_nothing(
    slack: Any, deploy: Deploy, context: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    deploy(lookups=True)
    assert handler.handler(event("s2_failed"), context(60))["accepted"] == 1
    (line,) = log_lines(capsys, "notification_lookup_failed")
    assert line["error"]
    assert len(slack.requests) == 1


@pytest.fixture
def tagging(slack: Any, put_secret: Put, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A receiver of documents; tags are answered for every resource. The services that were asked."""
    put_secret(json.dumps({"url": slack.url + "/siem", "hmac_key": "SandboxSigningKey01"}), "siem")
    asked: list[str] = []
    real = clients.client

    class Tagging:
        def get_resources(self, ResourceARNList: list[str]) -> dict[str, Any]:
            return {"ResourceTagMappingList": [{"ResourceARN": ResourceARNList[0], "Tags": [{"Key": "Team", "Value": "db"}]}]}

    def client(service: str, region: str, *options: Any) -> Any:
        asked.append(service)
        return Tagging() if service == "resourcegroupstaggingapi" else real(service, region, *options)

    monkeypatch.setattr(clients, "client", client)
    return asked


def test_tags_that_a_rule_asks_for_are_in_the_document(slack: Any, tagging: list[str], deploy: Deploy, context: Any) -> None:
    deploy(targets=[SIEM], lookups=True, rules=[{"match": {"tags": {"Team": "db"}}}, {"post": "never"}])
    assert handler.handler(event("s2_failed"), context(60))["accepted"] == 1
    assert json.loads(slack.requests[0][1])["resource"]["tags"] == {"Team": "db"}
    assert tagging.count("resourcegroupstaggingapi") == 1


def test_tags_are_not_read_without_need(slack: Any, tagging: list[str], deploy: Deploy, context: Any) -> None:
    deploy(targets=[SIEM], lookups=True, rules=[{"match": {"state": "FAILED"}}, {"match": {"tags": {"Team": "db"}}}])
    assert handler.handler(event("s2_failed"), context(60))["accepted"] == 1
    assert "resourcegroupstaggingapi" not in tagging
    assert json.loads(slack.requests[0][1])["resource"]["tags"] == {}


def test_tags_that_cannot_be_read_are_logged(
    tagging: list[str], deploy: Deploy, context: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answering = clients.client
    monkeypatch.setattr(clients, "client", lambda service, *options: 1 / 0 if "tagging" in service else answering(service, *options))
    deploy(targets=[SIEM], lookups=True, rules=[{"match": {"tags": {"Team": "db"}}}])
    assert handler.handler(event("s2_failed"), context(60))["accepted"] == 1
    assert log_lines(capsys, "notification_lookup_failed")[0]["error"] == "ZeroDivisionError"
    assert "resourcegroupstaggingapi" not in tagging


@pytest.mark.parametrize("match", [{"tags": {"Team": "web"}}, {"vault": "prod-*"}])
def test_a_failure_is_not_muted_because_a_look_up_failed(
    match: dict[str, Any], slack: Any, put_secret: Put, deploy: Deploy, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_secret(json.dumps({"url": slack.url + "/siem", "hmac_key": "SandboxSigningKey01"}), "siem")
    real = clients.client
    monkeypatch.setattr(clients, "client", lambda service, *options: real(service, *options) if service == "ssm" else 1 / 0)
    rules = [{"match": match, "targets": ["siem"]}, {"post": "never"}]
    deploy(targets=[SIEM, SLACK], lookups=True, rules=rules)
    assert handler.handler(event("s2_failed"), context(60))["accepted"] == 1
    assert [path for path, _ in slack.requests] == ["/siem"]


def test_what_nobody_is_to_look_up_leaves_nothing_undecided(slack: Any, deploy: Deploy, context: Any) -> None:
    deploy(lookups=False, rules=[{"match": {"vault": "prod-*"}}, {"post": "never"}])
    assert handler.handler(event("s2_failed"), context(60))["muted"] == 1
    assert slack.requests == []


def test_console_links_can_be_left_out(slack: Any, deploy: Deploy, context: Any) -> None:
    handler.handler(event("s2_failed"), context(60))
    deploy(console_links=False)
    handler.handler(event("started", "s2_failed"), context(60))
    assert [b"console.aws" in body for _, body in slack.requests] == [True, False, False]


def test_nothing_secret_is_logged_at_debug_level(
    slack: Any, context: Any, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        handler.handler(event("s2_failed"), context(60))
    assert TOKEN not in caplog.text
    assert len(slack.requests) == 1
    assert len(log_lines(capsys)) == 1


def test_the_sdk_is_imported_when_it_is_needed_and_boto3_never(slack: Any) -> None:
    program = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from backup_notifier import handler, settings\n"
        f"settings.FILE = Path({str(handler.settings.FILE)!r})\n"
        "def loaded(*names): return sorted({name.split('.')[0] for name in sys.modules} & set(names))\n"
        "print(loaded('boto3', 'botocore', 'concurrent', 'asyncio'))\n"
        "class Context:\n"
        "    def get_remaining_time_in_millis(self): return 30000\n"
        "handler.handler(json.loads(sys.stdin.read()), Context())\n"
        "print(loaded('boto3', 'botocore', 's3transfer'))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(event("s2_failed")), capture_output=True, text=True, cwd=FILES, check=True
    )
    assert (run.stdout.splitlines()[0], run.stdout.splitlines()[-1]) == ("[]", "['botocore']")
    assert len(slack.requests) == 1
