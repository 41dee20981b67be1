"""The whole handler against a real SSM API and a real HTTP server."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from backup_notifier import format
from backup_notifier.handler import DeliveryError, handler

EVENTS = Path(__file__).parent / "events"
TOKEN = "NotifierTestWebhook01"
Put = Callable[[str], None]

pytestmark = pytest.mark.usefixtures("cold_start")


def event(*names: str) -> dict[str, Any]:
    """One event with the records of several recorded ones, each with a message ID of its own."""
    records = [json.loads((EVENTS / f"{name}.json").read_text())["Records"][0] for name in names]
    for number, record in enumerate(records):
        record["Sns"]["MessageId"] = f"message-{number}"
    return {"Records": records}


def log_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    output = capsys.readouterr()
    assert TOKEN not in output.out + output.err
    return [json.loads(line) for line in output.out.splitlines()]


def test_accepted(receiver: Any, put_webhook: Put, context: Any, capsys: pytest.CaptureFixture[str]) -> None:
    put_webhook(receiver.webhook)
    summary = handler(event("s5_completed_observed_upper_case_id"), context(60))
    assert summary == {"accepted": 1, "rejected": 0, "repeated": 0}
    (line,) = log_lines(capsys)
    assert isinstance(line.pop("duration_ms"), int)
    assert line == {
        "record": "notification_delivery",
        "job_id": "E16FD778-147E-BBD0-14E9-BC67450BE135",
        "event_type": "BACKUP_JOB",
        "state": "COMPLETED",
        "target": "slack_webhook",
        "outcome": "accepted",
        "http_status": 200,
        "attempts": 1,
        "message_id": "message-0",
        "error": None,
    }


def test_an_event_that_is_not_from_sns(receiver: Any, put_webhook: Put, context: Any, capsys: pytest.CaptureFixture[str]) -> None:
    put_webhook(receiver.webhook)
    assert handler({"hello": "world"}, context(60))["accepted"] == 1
    assert '{"hello": "world"}' in json.loads(receiver.requests[0][1])["attachments"][0]["blocks"][0]["text"]["text"]
    (line,) = log_lines(capsys)
    assert [line[name] for name in ("job_id", "event_type", "state", "message_id")] == [None] * 4


def test_every_record_is_tried_and_a_repeat_sends_only_what_is_missing(
    receiver: Any, answer: Any, put_webhook: Put, context: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    put_webhook(receiver.webhook)
    records = event("s2_failed", "s3_expired", "s7_stopped_text_only")
    receiver.answers = [answer(429, b"", {"Retry-After": "3600"}), answer(410, b"channel_is_archived"), answer()]
    with pytest.raises(DeliveryError, match="1 of 3 notifications not delivered"):
        handler(records, context(60))
    assert [line["outcome"] for line in log_lines(capsys)] == ["retry", "rejected", "accepted"]
    assert handler(records, context(60)) == {"accepted": 1, "rejected": 0, "repeated": 2}
    headlines = [json.loads(body)["text"].split("*")[1] for _, body in receiver.requests]
    assert headlines == ["Backup failed", "Backup expired", "Backup was stopped", "Backup failed"]


def test_permanent_failure_is_logged_and_not_raised(
    receiver: Any, answer: Any, put_webhook: Put, context: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    put_webhook(receiver.webhook)
    receiver.answers = [answer(404, b"no_service")]
    assert handler(event("s2_failed"), context(60)) == {"accepted": 0, "rejected": 1, "repeated": 0}
    (line,) = log_lines(capsys)
    assert (line["outcome"], line["http_status"], line["error"]) == ("rejected", 404, "no_service")


def test_rotation_needs_no_deployment(
    receiver: Any, answer: Any, put_webhook: Put, context: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    put_webhook(receiver.webhook)
    handler(event("started"), context(60))
    put_webhook(receiver.url + "/services/T00000000/B00000000/RotatedWebhook01")
    receiver.answers = [answer(404, b"no_service"), answer()]
    assert handler(event("started", "s2_failed"), context(60)) == {"accepted": 1, "rejected": 0, "repeated": 1}
    assert [path.rpartition("/")[2] for path, _ in receiver.requests] == [TOKEN, TOKEN, "RotatedWebhook01"]
    assert log_lines(capsys)[-1]["attempts"] == 2


def test_blocks_that_slack_refuses_go_as_plain_text(
    receiver: Any, answer: Any, put_webhook: Put, context: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    put_webhook(receiver.webhook)
    receiver.answers = [answer(400, b"invalid_payload"), answer()]
    assert handler(event("s2_failed"), context(60))["accepted"] == 1
    assert list(json.loads(receiver.requests[1][1])) == ["text"]
    assert log_lines(capsys)[0]["attempts"] == 2


@pytest.mark.usefixtures("ssm")
def test_missing_parameter_is_left_to_a_later_try(context: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(DeliveryError, match="ParameterNotFound"):
        handler(event("s2_failed", "s3_expired"), context(60))
    lines = log_lines(capsys)
    assert [(line["outcome"], line["http_status"], line["attempts"]) for line in lines] == [("retry", None, 0)] * 2
    assert "create it as a SecureString" in lines[0]["error"]


def test_a_fault_of_our_own_does_not_cost_the_other_records(
    receiver: Any, put_webhook: Put, context: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put_webhook(receiver.webhook)
    healthy = format.message

    def faulty(notification: Any, **options: Any) -> dict[str, Any]:
        return {}[receiver.webhook] if notification.state == "FAILED" else healthy(notification, **options)

    monkeypatch.setattr(format, "message", faulty)
    with pytest.raises(DeliveryError, match=r"KeyError at test_handler\.py:\d+"):
        handler(event("s2_failed", "s3_expired"), context(60))
    assert [line["outcome"] for line in log_lines(capsys)] == ["retry", "accepted"]


def test_console_links_can_be_left_out(receiver: Any, put_webhook: Put, context: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    put_webhook(receiver.webhook)
    handler(event("s2_failed"), context(60))
    monkeypatch.setenv("CONSOLE_LINKS", "false")
    handler(event("started", "s2_failed", "s3_expired"), context(60))
    assert [b"console.aws" in body for _, body in receiver.requests] == [True, False, False]


def test_nothing_secret_is_logged_at_debug_level(
    receiver: Any, put_webhook: Put, context: Any, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    put_webhook(receiver.webhook)
    with caplog.at_level(logging.DEBUG):
        handler(event("s2_failed"), context(60))
    assert TOKEN not in caplog.text
    assert len(log_lines(capsys)) == 1
