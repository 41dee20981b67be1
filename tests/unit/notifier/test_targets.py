"""What each kind of target is sent, and what it makes of an answer. Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any

import pytest
from backup_notifier import targets
from backup_notifier.delivery import Delivery
from backup_notifier.notification import Notification
from backup_notifier.post import Reply
from backup_notifier.settings import Target
from backup_notifier.targets.https_webhook import signature

NOTIFICATION = Notification(text="x", event_type="BACKUP_JOB", state="FAILED", job_type="backup", job_id="1", message_id="m")
URL = "https://example.com/hook"
WITH_KEY = json.dumps({"url": URL, "hmac_key": "SandboxSigningKey01"})


def kind(name: str) -> Any:
    return targets.make(Target(name, name, "ssm:/x", channel="C0SANDBOX01"), console_links=True)


def judged(name: str, status: int, text: str, retry_after: float = 0.0) -> tuple[str, str]:
    delivery: Delivery = kind(name).judge(Reply(status, text, retry_after))
    assert delivery.http_status is not None
    assert delivery.outcome == "accepted" or delivery.error
    return delivery.outcome, delivery.cause


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [
        (200, "ok", ("accepted", "")),
        (200, "<html>a proxy</html>", ("retry", "")),
        (200, "", ("retry", "")),
        (302, "", ("rejected", "")),
        (400, "invalid_payload", ("rejected", "message")),
        (403, "invalid_token", ("rejected", "secret")),
        (404, "no_service", ("rejected", "secret")),
        (410, "channel_is_archived", ("rejected", "secret")),
        (413, "too big", ("rejected", "")),
        (429, "", ("retry", "limit")),
        (500, "rollup_error", ("retry", "")),
        (503, "", ("retry", "")),
    ],
)
def test_slack_webhook(status: int, text: str, expected: tuple[str, str]) -> None:
    assert judged("slack_webhook", status, text) == expected


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [
        (200, '{"ok": true, "channel": "C1", "ts": "1.2"}', ("accepted", "")),
        (200, '{"ok": true}', ("retry", "")),
        (200, "ok", ("retry", "")),
        (200, "[1]", ("retry", "")),
        (200, '{"ok": false}', ("retry", "")),
        (200, '{"ok": false, "error": "ratelimited"}', ("retry", "limit")),
        (200, '{"ok": false, "error": "internal_error"}', ("retry", "")),
        (200, '{"ok": false, "error": "fatal_error"}', ("retry", "")),
        (200, '{"ok": false, "error": "invalid_auth"}', ("rejected", "secret")),
        (200, '{"ok": false, "error": "token_revoked"}', ("rejected", "secret")),
        (200, '{"ok": false, "error": "invalid_blocks"}', ("rejected", "message")),
        (200, '{"ok": false, "error": "not_in_channel"}', ("rejected", "")),
        (200, '{"ok": false, "error": "a_new_error"}', ("rejected", "")),
        (200, '{"ok": false, "error": "thread_not_found"}', ("rejected", "thread")),
        (204, "", ("retry", "")),
        (302, "", ("rejected", "")),
        (429, "", ("retry", "limit")),
        (500, "", ("retry", "")),
    ],
)
def test_slack_bot(status: int, text: str, expected: tuple[str, str]) -> None:
    assert judged("slack_bot", status, text) == expected


def test_slack_bot_tells_where_the_message_is() -> None:
    delivery = kind("slack_bot").judge(Reply(200, '{"ok": true, "channel": "C1", "ts": "1.2"}'))
    assert (delivery.channel, delivery.ts) == ("C1", "1.2")


@pytest.mark.parametrize(("header", "waited"), [(0.0, 1.0), (7.0, 7.0)])
def test_slack_bot_that_is_limited_waits_at_least_a_second(header: float, waited: float) -> None:
    assert kind("slack_bot").judge(Reply(200, '{"ok": false, "error": "ratelimited"}', header)).retry_after == waited


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [
        (202, "", ("accepted", "")),
        (200, "1", ("accepted", "")),
        (200, "<html>a proxy</html>", ("retry", "")),
        (
            200,
            "Webhook message delivery failed: Microsoft Teams endpoint returned HTTP error 429 with ContextId x",
            ("retry", "limit"),
        ),
        (
            200,
            "Webhook message delivery failed: Microsoft Teams endpoint returned HTTP error 503 with ContextId x",
            ("retry", ""),
        ),
        (400, "bad card", ("rejected", "message")),
        (401, "", ("rejected", "secret")),
        (404, "", ("rejected", "secret")),
        (429, "", ("retry", "limit")),
        (502, "NoResponse", ("retry", "")),
    ],
)
def test_teams_webhook(status: int, text: str, expected: tuple[str, str]) -> None:
    assert judged("teams_webhook", status, text) == expected


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [
        (200, "anything", ("accepted", "")),
        (204, "", ("accepted", "")),
        (301, "", ("rejected", "")),
        (400, "no", ("rejected", "message")),
        (401, "", ("rejected", "secret")),
        (405, "", ("rejected", "")),
        (408, "", ("retry", "")),
        (413, "", ("rejected", "message")),
        (422, "", ("rejected", "message")),
        (429, "", ("retry", "limit")),
        (500, "", ("retry", "")),
    ],
)
def test_https_webhook(status: int, text: str, expected: tuple[str, str]) -> None:
    assert judged("https_webhook", status, text) == expected


def test_slack_bot_request() -> None:
    request = kind("slack_bot").request({"text": "✅", "thread_ts": "1.2"}, "xoxb-1", "")
    assert request.url == "https://slack.com/api/chat.postMessage"
    assert request.headers == {"Authorization": "Bearer xoxb-1"}
    assert json.loads(request.body) == {"channel": "C0SANDBOX01", "text": "✅", "thread_ts": "1.2"}
    assert kind("slack_bot").request({}, "xoxb-1", "chat.update").url.endswith("/chat.update")


def test_https_webhook_is_signed() -> None:
    request = kind("https_webhook").request({"state": "FÄILED"}, WITH_KEY, "")
    timestamp = request.headers["X-Signature-Timestamp"]
    expected = hmac.new(b"SandboxSigningKey01", timestamp.encode() + b"." + request.body, hashlib.sha256).hexdigest()
    assert (request.url, request.headers["X-Signature"]) == (URL, f"v1={expected}")
    assert json.loads(request.body) == {"state": "FÄILED"}
    assert signature("another key", timestamp, request.body) != f"v1={expected}"


@pytest.mark.parametrize("name", ["slack_webhook", "slack_bot", "teams_webhook", "https_webhook"])
def test_every_kind_has_a_message_and_a_summary(name: str) -> None:
    made = kind(name)
    for payload in (made.message(NOTIFICATION, "<!here>"), made.summary([NOTIFICATION, NOTIFICATION], "<!here>")):
        request = made.request(payload, WITH_KEY if name == "https_webhook" else URL, "")
        assert json.loads(request.body)


def test_secrets_are_in_no_repr() -> None:
    assert repr(kind("slack_bot").request({}, "xoxb-1", "")) == "Request()"


@pytest.mark.parametrize("name", ["slack_webhook", "slack_bot", "teams_webhook", "https_webhook"])
@pytest.mark.parametrize("console_links", [True, False])
def test_links_to_the_console_are_left_out_where_they_are_not_wanted(name: str, console_links: bool) -> None:
    event = replace(NOTIFICATION, region="us-west-2")
    made = targets.make(Target(name, name, "ssm:/x", channel="C0SANDBOX01"), console_links)
    assert ("console.aws.amazon.com" in json.dumps(made.message(event, ""))) is console_links
    if name == "https_webhook":
        assert bool(made.summary([event], "")["notifications"][0]["links"]) is console_links
