"""The incoming webhook: its URL, what may be sent to it, and what arrives."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.conftest import Sandbox

WEBHOOK = "/slack/services/T00000000/B00000000/SandboxIncomingWebhook01"
RECORDED = sorted((Path(__file__).parent.parent / "notifier/payloads").glob("*.json"))
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def messages(sandbox: Sandbox) -> list[dict[str, Any]]:
    status, text = sandbox.request("GET", "/slack/api/messages")
    assert status == 200
    found: list[dict[str, Any]] = json.loads(text)["messages"]
    return found


def test_accepted_message_is_listed(sandbox: Sandbox) -> None:
    payload = {"text": "Hello", "attachments": [{"color": "good", "text": "world"}], "username": "ignored"}
    before = datetime.now(UTC)
    assert sandbox.request("POST", WEBHOOK, payload) == (200, "ok")
    (message,) = messages(sandbox)
    assert before <= datetime.fromisoformat(message.pop("received")) <= datetime.now(UTC)
    assert re.fullmatch(r"\d{10}\.\d{6}", message.pop("ts"))
    assert message == {"id": 1, "webhook": WEBHOOK, "thread_ts": None, "broadcast": False, "edited": None, "payload": payload}


def test_messages_are_listed_newest_last_and_forgotten_by_a_reset(sandbox: Sandbox) -> None:
    for text in ("first", "second"):
        sandbox.request("POST", WEBHOOK, {"text": text})
    assert [(message["id"], message["payload"]["text"]) for message in messages(sandbox)] == [(1, "first"), (2, "second")]
    sandbox.control("POST", "/reset")
    assert messages(sandbox) == []


def test_webhooks_share_the_inbox(sandbox: Sandbox) -> None:
    other = "/slack/services/T0123ABCD/B0123ABCD/x"
    sandbox.know_webhook(other)
    for path in (WEBHOOK, other):
        assert sandbox.request("POST", path, {"text": "Hello"}) == (200, "ok")
    assert [message["webhook"] for message in messages(sandbox)] == [WEBHOOK, other]


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/slack/services/T99999999/B99999999/revoked", (404, "no_service")),
        ("/slack/services/T00000000/B99999999/SandboxIncomingWebhook01", (404, "no_service")),
        ("/slack/services/T99999999/B00000000/SandboxIncomingWebhook01", (404, "no_service")),
        ("/slack/services/T00000000/B00000000/SandboxIncomingWebhook02", (403, "invalid_token")),
    ],
)
def test_unknown_webhooks_take_nothing(sandbox: Sandbox, path: str, answer: tuple[int, str]) -> None:
    assert sandbox.request("POST", path, {"text": "Hello"}) == answer
    assert messages(sandbox) == []


def test_revoked_webhook_takes_nothing_until_a_reset(sandbox: Sandbox) -> None:
    assert sandbox.control("DELETE", "/slack/webhooks", {"path": WEBHOOK}) == {"webhooks": []}
    assert sandbox.request("POST", WEBHOOK, {"text": "Hello"}) == (404, "no_service")
    sandbox.control("POST", "/reset")
    assert sandbox.request("POST", WEBHOOK, {"text": "Hello"}) == (200, "ok")


def test_new_token_of_a_webhook_ends_the_old_one(sandbox: Sandbox) -> None:
    rotated = WEBHOOK.replace("SandboxIncoming", "Rotated")
    assert sandbox.control("PUT", "/slack/webhooks", {"path": rotated}) == {"webhooks": [rotated]}
    assert sandbox.request("POST", WEBHOOK, {"text": "Hello"}) == (403, "invalid_token")
    assert sandbox.request("POST", rotated, {"text": "Hello"}) == (200, "ok")


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "path must be that of a webhook"),
        ({"path": 5}, "path must be that of a webhook"),
        ({"path": "/slack/services/T00000000/B00000000/"}, "path must be that of a webhook"),
        ({"path": WEBHOOK, "channel": "C1"}, "unknown fields: channel; known: path"),
    ],
)
def test_orders_about_no_webhook_are_refused(sandbox: Sandbox, method: str, body: dict[str, Any], reason: str) -> None:
    status, text = sandbox.request(method, "/_sandbox/slack/webhooks", body)
    assert status == 400
    assert json.loads(text)["error"].startswith(reason)


def test_only_known_webhooks_are_revoked(sandbox: Sandbox) -> None:
    for path in ("/slack/services/T99999999/B99999999/x", WEBHOOK + "x"):
        assert sandbox.request("DELETE", "/_sandbox/slack/webhooks", {"path": path})[0] == 400
    assert sandbox.request("POST", WEBHOOK, {"text": "Hello"}) == (200, "ok")


@pytest.mark.parametrize(
    "path",
    [
        "/slack/services",
        "/slack/services/",
        "/slack/services/T00000000/B00000000",
        "/slack/services/T00000000/B00000000/",
        "/slack/services/T00000000/B00000000/token/more",
        "/slack/services/t00000000/B00000000/token",
        "/slack/services/T00000000/X00000000/token",
        "/slack/services/T0/B0/token",
        "/slack/services/T00000000/B00000000/to-ken",
    ],
)
def test_url_that_is_no_webhook(sandbox: Sandbox, path: str) -> None:
    assert sandbox.request("POST", path, {"text": "Hello"}) == (404, "no_service")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_are_not_allowed(sandbox: Sandbox, method: str) -> None:
    assert sandbox.request(method, WEBHOOK) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b'{"text": "Hello"}', {"Content-Type": "text/plain"}),
        (b'{"text": "Hello"}', FORM),
        (urlencode({"message": '{"text": "Hello"}'}).encode(), FORM),
        (urlencode({"payload": "Hello"}).encode(), FORM),
        (b"", {}),
        (b"{", {}),
        (b'"Hello"', {}),
        (b"[]", {}),
        (b"null", {}),
        (b'{"text": NaN}', {}),
        (b'{"text": "\xff"}', {}),
        (b"[" * 100_000, {}),
        (b'{"text": 5}', {}),
    ],
)
def test_body_that_is_no_message(sandbox: Sandbox, body: bytes, headers: dict[str, str]) -> None:
    assert sandbox.request("POST", WEBHOOK, body, headers) == (400, "invalid_payload")
    assert messages(sandbox) == []


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"text": "Hello"}', "application/json; charset=utf-8"),
        (urlencode({"payload": '{"text": "Hello"}'}).encode(), FORM["Content-Type"]),
    ],
)
def test_json_and_forms_are_taken(sandbox: Sandbox, body: bytes, content_type: str) -> None:
    assert sandbox.request("POST", WEBHOOK, body, {"Content-Type": content_type}) == (200, "ok")
    assert messages(sandbox)[0]["payload"] == {"text": "Hello"}


def test_text_is_cut_at_40000_characters(sandbox: Sandbox) -> None:
    assert sandbox.request("POST", WEBHOOK, {"text": "é" * 40_001}) == (200, "ok")
    assert messages(sandbox)[0]["payload"]["text"] == "é" * 40_000


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda path: path.stem)
def test_what_the_notifier_sends_is_taken(sandbox: Sandbox, recorded: Path) -> None:
    for payload in json.loads(recorded.read_text(encoding="utf-8")):
        assert sandbox.request("POST", WEBHOOK, payload) == (200, "ok")
