"""The Teams workflow and the HTTPS endpoint: what they take, what they refuse, and what they keep."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conftest import Sandbox

TEAMS = "/receivers/teams/SandboxWorkflow01"
HTTPS = "/receivers/https/SandboxReceiver01"
KEY = b"SandboxSigningKey01"
CARD = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "Hello"}]}
ATTACHMENT = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": CARD}
MESSAGE = {"type": "message", "attachments": [ATTACHMENT]}


def without(thing: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in thing.items() if key != name}


def messages(sandbox: Sandbox, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sandbox.control("GET", f"/receivers/{kind}/messages")["messages"]
    return found


def signed(body: bytes, timestamp: object = None, key: bytes = KEY) -> dict[str, str]:
    """The headers that a sender adds."""
    moment = str(int(time.time()) if timestamp is None else timestamp)
    digest = hmac.new(key, moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-Signature-Timestamp": moment, "X-Signature": f"v1={digest}"}


def test_teams_takes_a_card(sandbox: Sandbox) -> None:
    before = datetime.now(UTC)
    assert sandbox.request("POST", TEAMS, MESSAGE) == (202, "")
    (message,) = messages(sandbox, "teams")
    assert before <= datetime.fromisoformat(message.pop("received")) <= datetime.now(UTC)
    assert message == {"id": 1, "token": "SandboxWorkflow01", "payload": MESSAGE, "verified": None, "problem": ""}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "InvalidRequestContent"),
        (b"{", "InvalidRequestContent"),
        (b"[" * 100_000, "InvalidRequestContent"),
        ([], "TriggerInputSchemaMismatch"),
        ({"text": "Hello"}, "TriggerInputSchemaMismatch"),
        ({**MESSAGE, "type": "card"}, "TriggerInputSchemaMismatch"),
        ({**MESSAGE, "attachments": []}, "TriggerInputSchemaMismatch"),
        ({**MESSAGE, "attachments": ATTACHMENT}, "TriggerInputSchemaMismatch"),
        ({**MESSAGE, "attachments": ["x"]}, "TriggerInputSchemaMismatch"),
        ({**MESSAGE, "attachments": [without(ATTACHMENT, "contentUrl")]}, "TriggerInputSchemaMismatch"),
        ({**MESSAGE, "attachments": [ATTACHMENT, without(ATTACHMENT, "content")]}, "TriggerInputSchemaMismatch"),
        ({**MESSAGE, "attachments": [{**ATTACHMENT, "contentType": "text/plain"}]}, "TriggerInputSchemaMismatch"),
        ({**MESSAGE, "attachments": [{**ATTACHMENT, "content": "x"}]}, "TriggerInputSchemaMismatch"),
        ({**MESSAGE, "attachments": [{**ATTACHMENT, "content": {**CARD, "type": "Card"}}]}, "TriggerInputSchemaMismatch"),
        ({**MESSAGE, "attachments": [{**ATTACHMENT, "content": without(CARD, "version")}]}, "TriggerInputSchemaMismatch"),
        ({**MESSAGE, "attachments": [{**ATTACHMENT, "content": {**CARD, "body": []}}]}, "TriggerInputSchemaMismatch"),
    ],
)
def test_teams_refuses_what_is_no_card(sandbox: Sandbox, body: Any, code: str) -> None:
    status, text = sandbox.request("POST", TEAMS, body)
    assert (status, json.loads(text)["error"]["code"]) == (400, code)
    assert messages(sandbox, "teams") == []


def test_teams_says_what_is_missing(sandbox: Sandbox) -> None:
    _, text = sandbox.request("POST", TEAMS, {**MESSAGE, "attachments": [without(ATTACHMENT, "contentUrl")]})
    assert "'Required properties are missing from object: contentUrl.'" in json.loads(text)["error"]["message"]


def test_teams_takes_28_kilobytes(sandbox: Sandbox) -> None:
    body = json.dumps(MESSAGE).encode()
    assert sandbox.request("POST", TEAMS, body + b" " * (28 * 1024 - len(body))) == (202, "")
    status, text = sandbox.request("POST", TEAMS, body + b" " * (28 * 1024 - len(body) + 1))
    assert (status, json.loads(text)["error"]["code"]) == (400, "RequestEntityTooLarge")


def test_teams_wants_json(sandbox: Sandbox) -> None:
    assert sandbox.request("POST", TEAMS, MESSAGE, {"Content-Type": "text/plain"})[0] == 400


def test_https_takes_a_signed_document(sandbox: Sandbox) -> None:
    body = b'{"version": 1,  "text": "\xc3\xa9"}'
    assert sandbox.request("POST", HTTPS, body, signed(body)) == (200, '{"received": true}')
    (message,) = messages(sandbox, "https")
    del message["received"]
    payload = {"version": 1, "text": "é"}
    assert message == {"id": 1, "token": "SandboxReceiver01", "payload": payload, "verified": True, "problem": ""}


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        (lambda: {}, "no X-Signature-Timestamp or no X-Signature"),
        (lambda: without(signed(b"{}"), "X-Signature"), "no X-Signature-Timestamp or no X-Signature"),
        (lambda: without(signed(b"{}"), "X-Signature-Timestamp"), "no X-Signature-Timestamp or no X-Signature"),
        (lambda: signed(b"{}", timestamp=1), "X-Signature-Timestamp is not within 300 seconds of now"),
        (lambda: signed(b"{}", timestamp="now"), "X-Signature-Timestamp is not within 300 seconds of now"),
        (lambda: signed(b"{}", timestamp=99999999999), "X-Signature-Timestamp is not within 300 seconds of now"),
        (lambda: signed(b"{ }"), "X-Signature does not match"),
        (lambda: signed(b"{}", key=b"another"), "X-Signature does not match"),
        (lambda: {**signed(b"{}"), "X-Signature": "v1="}, "X-Signature does not match"),
        (lambda: {**signed(b"{}"), "X-Signature": signed(b"{}")["X-Signature"].removeprefix("v1=")}, "X-Signature does not match"),
    ],
)
def test_https_refuses_a_wrong_signature_and_tells_of_it(sandbox: Sandbox, headers: Callable[[], dict[str, str]], problem: str) -> None:
    assert sandbox.request("POST", HTTPS, b"{}", headers()) == (401, json.dumps({"error": problem}))
    (message,) = messages(sandbox, "https")
    assert (message["payload"], message["verified"], message["problem"]) == ({}, False, problem)


def test_https_wants_json(sandbox: Sandbox) -> None:
    assert sandbox.request("POST", HTTPS, b"{", signed(b"{"))[0] == 400
    assert messages(sandbox, "https") == []


def test_reset_forgets_what_was_received(sandbox: Sandbox) -> None:
    sandbox.request("POST", TEAMS, MESSAGE)
    sandbox.request("POST", HTTPS, b"{}", signed(b"{}"))
    sandbox.control("POST", "/reset")
    assert messages(sandbox, "teams") == messages(sandbox, "https") == []


@pytest.mark.parametrize("path", [TEAMS, HTTPS])
def test_rate_limit_of_each_token(sandbox: Sandbox, path: str) -> None:
    sandbox.settings(slack_messages_per_second=0.001, slack_burst=1)
    assert sandbox.request("POST", path, MESSAGE)[0] != 429
    request = urllib.request.Request(sandbox.endpoint_url + path, json.dumps(MESSAGE).encode(), {"Content-Type": "application/json"})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=30)
    assert caught.value.code == 429
    assert 900 < int(caught.value.headers["Retry-After"]) <= 1000
    assert json.loads(caught.value.read())["error"]
    assert sandbox.request("POST", f"{path}0", MESSAGE)[0] != 429


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", TEAMS, 405),
        ("PUT", HTTPS, 405),
        ("POST", "/receivers/teams/", 404),
        ("POST", "/receivers/teams", 404),
        ("POST", "/receivers/teams/a/b", 404),
        ("POST", "/receivers/pager/a", 404),
    ],
)
def test_paths(sandbox: Sandbox, method: str, path: str, status: int) -> None:
    assert sandbox.request(method, path)[0] == status
