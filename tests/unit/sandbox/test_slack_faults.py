"""Failures on demand."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.conftest import Sandbox
from tests.unit.sandbox.slack_calls import BEARER, CHANNEL, WEBHOOK

PATHS = {
    "webhook": WEBHOOK,
    "chat.postMessage": "/slack/api/chat.postMessage",
    "chat.update": "/slack/api/chat.update",
    "conversations.history": "/slack/api/conversations.history",
    "conversations.replies": "/slack/api/conversations.replies",
    "teams": "/receivers/teams/token",
    "https": "/receivers/https/token",
}
HELLO = {"text": "Hello"}


def post(sandbox: Sandbox, timeout: float = 30, path: str = WEBHOOK) -> tuple[int, str, str | None]:
    """Post a message: status, text and Retry-After."""
    body = json.dumps({"channel": CHANNEL, **HELLO}).encode()
    request = urllib.request.Request(sandbox.endpoint_url + path, body, {**BEARER, "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return response.status, response.read().decode(), response.headers["Retry-After"]
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers["Retry-After"]


def received(sandbox: Sandbox) -> int:
    return len(json.loads(sandbox.request("GET", "/slack/api/messages")[1])["messages"])


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ({"status": 500}, (500, "rollup_error", None)),
        ({"status": 503, "retry_after": 7}, (503, "", "7")),
        ({"status": 403}, (403, "invalid_token", None)),
        ({"status": 404}, (404, "no_service", None)),
        ({"status": 410}, (410, "channel_is_archived", None)),
        ({"status": 403, "body": "action_prohibited"}, (403, "action_prohibited", None)),
        ({"status": 500, "body": ""}, (500, "", None)),
        ({"status": 429}, (429, '{"retry_after":1,"ok":false,"error":"rate_limited"}', "1")),
        ({"status": 429, "retry_after": 30, "body": "slow down"}, (429, "slow down", "30")),
        ({"status": 200, "body": "<html>Please log in</html>"}, (200, "<html>Please log in</html>", None)),
    ],
)
def test_next_post_fails(sandbox: Sandbox, fault: dict[str, Any], answer: tuple[int, str, str | None]) -> None:
    sandbox.control("PUT", "/slack/faults", fault)
    assert post(sandbox) == answer
    assert received(sandbox) == 0
    assert post(sandbox) == (200, "ok", None)


def test_several_posts_fail(sandbox: Sandbox) -> None:
    assert sandbox.control("PUT", "/slack/faults", {"status": 500, "times": 2})["times"] == 2
    assert [post(sandbox)[0] for _ in range(3)] == [500, 500, 200]


def test_faults_can_be_replaced_and_lifted(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/slack/faults", {"status": 500, "times": 5})
    sandbox.control("PUT", "/slack/faults", {"status": 410, "times": 5})
    assert post(sandbox)[0] == 410
    sandbox.control("DELETE", "/slack/faults")
    assert post(sandbox)[0] == 200


def test_reset_lifts_faults(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/slack/faults", {"status": 500, "times": 5})
    sandbox.control("POST", "/reset")
    assert post(sandbox)[0] == 200


def test_connection_is_closed_without_an_answer(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/slack/faults", {"close": True})
    with pytest.raises(http.client.RemoteDisconnected):
        post(sandbox)
    assert received(sandbox) == 0


def test_post_that_hangs_is_still_delivered(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/slack/faults", {"hang_seconds": 0.2})
    assert post(sandbox)[0] == 200
    assert received(sandbox) == 1


def test_client_gives_up_on_a_post_that_hangs(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/slack/faults", {"hang_seconds": 1, "status": 500})
    with pytest.raises(TimeoutError):
        post(sandbox, timeout=0.2)
    assert post(sandbox)[0] == 200


def test_faults_do_not_touch_what_is_no_webhook(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/slack/faults", {"status": 500})
    assert sandbox.request("POST", "/slack/services/x", HELLO)[0] == 404
    assert post(sandbox)[0] == 500


@pytest.mark.parametrize(
    ("endpoint", "limited", "failed"),
    [
        *((method, '{"ok": false, "error": "ratelimited"}', '{"ok": false, "error": "internal_error"}') for method in list(PATHS)[1:5]),
        ("teams", "", ""),
        ("https", "", ""),
    ],
)
def test_every_endpoint_fails_in_its_own_words(sandbox: Sandbox, endpoint: str, limited: str, failed: str) -> None:
    path = PATHS[endpoint]
    sandbox.control("PUT", "/slack/faults", {"endpoint": endpoint, "status": 429, "retry_after": 3})
    assert post(sandbox, path=path) == (429, limited, "3")
    sandbox.control("PUT", "/slack/faults", {"endpoint": endpoint, "status": 500})
    assert post(sandbox, path=path) == (500, failed, None)
    sandbox.control("PUT", "/slack/faults", {"endpoint": endpoint, "close": True})
    with pytest.raises(http.client.RemoteDisconnected):
        post(sandbox, path=path)
    sandbox.control("PUT", "/slack/faults", {"endpoint": endpoint, "hang_seconds": 1, "status": 503})
    with pytest.raises(TimeoutError):
        post(sandbox, timeout=0.2, path=path)
    assert received(sandbox) == 0


def test_wrong_body_is_json_where_it_can_be(sandbox: Sandbox) -> None:
    body = '{"ok": false, "error": "internal_error"}'
    for text, content_type in ((body, "application/json; charset=utf-8"), ("<html>", "text/plain; charset=utf-8")):
        sandbox.control("PUT", "/slack/faults", {"endpoint": "chat.postMessage", "status": 200, "body": text})
        request = urllib.request.Request(sandbox.endpoint_url + PATHS["chat.postMessage"], json.dumps(HELLO).encode(), BEARER)
        with urllib.request.urlopen(request, timeout=30) as response:
            assert (response.read().decode(), response.headers["Content-Type"]) == (text, content_type)
    assert received(sandbox) == 0


def test_fault_of_one_endpoint_leaves_the_others_alone(sandbox: Sandbox) -> None:
    for endpoint, path in PATHS.items():
        sandbox.control("PUT", "/slack/faults", {"endpoint": endpoint, "status": 503})
        others = [post(sandbox, path=other)[0] for name, other in PATHS.items() if name != endpoint]
        assert 503 not in others
        assert post(sandbox, path=path)[0] == 503
        assert post(sandbox, path=path)[0] != 503


def test_fault_of_an_endpoint_goes_before_one_of_any(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/slack/faults", {"status": 500, "times": 2})
    sandbox.control("PUT", "/slack/faults", {"endpoint": "webhook", "status": 410})
    assert [post(sandbox)[0] for _ in range(2)] == [410, 500]
    assert post(sandbox, path=PATHS["teams"])[0] == 500
    assert post(sandbox)[0] == 200


def test_faults_do_not_touch_methods_that_do_not_exist(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/slack/faults", {"status": 500})
    assert post(sandbox, path="/slack/api/chat.explode")[0] == 200
    assert post(sandbox)[0] == 500


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({}, "give a status, hang_seconds or close"),
        ({"close": False}, "give a status, hang_seconds or close"),
        ({"status": 200}, "a status below 400 is a fault only with a body"),
        ({"status": 199}, "status must be a whole number from 200 to 599, not 199"),
        (
            {"endpoint": "chat.delete", "status": 500},
            "endpoint must be one of webhook, chat.postMessage, chat.update, conversations.history, conversations.replies, teams, https,"
            " not 'chat.delete'",
        ),
        ({"endpoint": ["webhook"], "status": 500}, "endpoint must be one of webhook, chat.postMessage, chat.update,"),
        ({"status": "500"}, "status must be a whole number from 200 to 599, not '500'"),
        ({"status": True}, "status must be a whole number from 200 to 599, not True"),
        ({"status": 500, "times": 0}, "times must be a whole number from 1 to 1000000, not 0"),
        ({"status": 429, "retry_after": -1}, "retry_after must be a whole number from 0 to 86400, not -1"),
        ({"hang_seconds": -1}, "hang_seconds must be a number from 0 to 3600, not -1"),
        ({"hang_seconds": [1]}, "hang_seconds must be a number from 0 to 3600, not [1]"),
        ({"close": 1}, "close must be true or false, not 1"),
        ({"status": 500, "body": {}}, "body must be a string, not {}"),
        ({"code": 500}, "unknown fields: code; known: endpoint, status, body, retry_after, times, hang_seconds, close"),
    ],
)
def test_fault_that_makes_no_sense(sandbox: Sandbox, fault: dict[str, Any], reason: str) -> None:
    status, text = sandbox.request("PUT", "/_sandbox/slack/faults", fault)
    assert status == 400
    assert json.loads(text)["error"].startswith(reason)
    assert post(sandbox)[0] == 200
