"""Slack's Web API: how it is called, and the messages the bot posts and changes."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.conftest import Sandbox
from tests.unit.sandbox.slack_calls import BEARER, CHANNEL, FORM, TOKEN, WEBHOOK, call, inbox, post

HELLO = {"channel": CHANNEL, "text": "Hello"}
POST = "/slack/api/chat.postMessage"
DIVIDER = {"type": "divider"}


def refused(sandbox: Sandbox, method: str, **arguments: Any) -> str:
    """The word with which Slack refuses a call."""
    answer = call(sandbox, method, **arguments)
    assert answer["ok"] is False, answer
    return str(answer["error"])


def raw(sandbox: Sandbox, body: bytes | None, headers: dict[str, str], path: str = POST) -> dict[str, Any]:
    status, text = sandbox.request("POST", path, body, headers)
    assert status == 200
    answer: dict[str, Any] = json.loads(text)
    return answer


def test_message_of_the_bot(sandbox: Sandbox) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*x*"}}]
    answer = call(sandbox, "chat.postMessage", text="Hello", attachments=[{"color": "#E01E5A", "blocks": blocks}])
    ts = answer.pop("ts")
    assert re.fullmatch(r"\d{10}\.\d{6}", ts)
    assert answer == {
        "ok": True,
        "channel": CHANNEL,
        "message": {
            "type": "message",
            "user": "U0SANDBOX00",
            "bot_id": "B0SANDBOX00",
            "app_id": "A0SANDBOX00",
            "team": "T00000000",
            "text": "Hello",
            "attachments": [{"id": 1, "fallback": "[no preview available]", "color": "e01e5a", "blocks": blocks}],
            "ts": ts,
        },
    }
    (message,) = inbox(sandbox)
    del message["received"]
    payload = {"text": "Hello", "attachments": [{"color": "#E01E5A", "blocks": blocks}]}
    assert message == {"id": 1, "webhook": None, "ts": ts, "thread_ts": None, "broadcast": False, "edited": None, "payload": payload}


def test_every_message_has_a_later_ts(sandbox: Sandbox) -> None:
    names = [post(sandbox, str(number)) for number in range(20)]
    assert names == sorted(set(names))


def test_channel_may_be_named(sandbox: Sandbox) -> None:
    for name in ("#backup-alerts", "backup-alerts"):
        assert call(sandbox, "chat.postMessage", channel=name, text="Hello")["channel"] == CHANNEL


def test_webhooks_and_the_bot_share_the_inbox(sandbox: Sandbox) -> None:
    sandbox.request("POST", WEBHOOK, {"text": "first"})
    post(sandbox, "second")
    sandbox.request("POST", WEBHOOK, {"text": "third"})
    assert [(message["payload"]["text"], message["webhook"]) for message in inbox(sandbox)] == [
        ("first", WEBHOOK),
        ("second", None),
        ("third", WEBHOOK),
    ]


def test_slack_sdk_is_served(sandbox: Sandbox) -> None:
    client = WebClient(TOKEN, base_url=f"{sandbox.endpoint_url}/slack/api/")
    ts = client.chat_postMessage(channel=CHANNEL, text="Hello", blocks=[DIVIDER])["ts"]
    client.chat_postMessage(channel=CHANNEL, text="reply", thread_ts=ts)
    client.chat_update(channel=CHANNEL, ts=ts, text="Goodbye")
    assert [message["text"] for message in client.conversations_history(channel=CHANNEL)["messages"]] == ["Goodbye"]
    assert [message["text"] for message in client.conversations_replies(channel=CHANNEL, ts=ts)["messages"]] == ["Goodbye", "reply"]
    with pytest.raises(SlackApiError, match="not_in_channel"):
        client.chat_postMessage(channel="C0SANDBOX02", text="Hello")


def test_forms_carry_blocks_as_json(sandbox: Sandbox) -> None:
    body = urlencode({**HELLO, "token": TOKEN, "blocks": json.dumps([DIVIDER]), "attachments": json.dumps([{"text": "x"}])}).encode()
    answer = raw(sandbox, body, FORM)
    assert (answer["ok"], answer["message"]["blocks"]) == (True, [DIVIDER])
    assert inbox(sandbox)[0]["payload"] == {"text": "Hello", "blocks": [DIVIDER], "attachments": [{"text": "x"}]}


def test_json_may_carry_blocks_as_json_in_a_string(sandbox: Sandbox) -> None:
    assert call(sandbox, "chat.postMessage", text="x", blocks=json.dumps([DIVIDER]))["message"]["blocks"] == [DIVIDER]


def test_arguments_may_stand_in_the_query(sandbox: Sandbox) -> None:
    status, text = sandbox.request("GET", f"{POST}?{urlencode(HELLO)}", headers=BEARER)
    assert (status, json.loads(text)["ok"]) == (200, True)


@pytest.mark.parametrize(
    ("headers", "arguments", "word"),
    [
        ({}, HELLO, "not_authed"),
        ({"Authorization": "Bearer "}, HELLO, "not_authed"),
        ({"Authorization": f"Basic {TOKEN}"}, HELLO, "not_authed"),
        ({}, {**HELLO, "token": TOKEN}, "not_authed"),
        ({"Authorization": "Bearer xoxb-another"}, HELLO, "invalid_auth"),
        ({"Authorization": "Bearer xoxb-another"}, {"channel": "nowhere"}, "invalid_auth"),
    ],
)
def test_token(sandbox: Sandbox, headers: dict[str, str], arguments: dict[str, str], word: str) -> None:
    assert raw(sandbox, json.dumps(arguments).encode(), headers) == {"ok": False, "error": word}
    assert inbox(sandbox) == []


def test_token_of_a_form(sandbox: Sandbox) -> None:
    assert raw(sandbox, urlencode({**HELLO, "token": "xoxb-another"}).encode(), FORM)["error"] == "invalid_auth"
    assert raw(sandbox, urlencode(HELLO).encode(), FORM)["error"] == "not_authed"
    assert raw(sandbox, urlencode(HELLO).encode(), {**FORM, **BEARER})["ok"]


@pytest.mark.parametrize(
    ("body", "content_type", "word"),
    [
        (b"{", "application/json", "invalid_json"),
        (b'{"text": NaN}', "application/json", "invalid_json"),
        (b"[" * 100_000, "application/json", "invalid_json"),
        (b"[]", "application/json", "json_not_object"),
        (b"null", "application/json; charset=utf-8", "json_not_object"),
        (b"text", "text/csv", "invalid_post_type"),
        (urlencode({**HELLO, "blocks": "[{"}).encode(), FORM["Content-Type"], "invalid_blocks_format"),
        (urlencode({**HELLO, "attachments": "[{"}).encode(), FORM["Content-Type"], "invalid_attachments"),
    ],
)
def test_body_that_cannot_be_read(sandbox: Sandbox, body: bytes, content_type: str, word: str) -> None:
    assert raw(sandbox, body, {**BEARER, "Content-Type": content_type})["error"] == word
    assert inbox(sandbox) == []


def test_unknown_method(sandbox: Sandbox) -> None:
    answer = raw(sandbox, b"{}", BEARER, "/slack/api/chat.explode")
    assert answer == {"ok": False, "error": "unknown_method", "req_method": "chat.explode"}


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"channel": ""}, "channel_not_found"),
        ({"channel": "C0NOWHERE01"}, "channel_not_found"),
        ({"channel": ["C0SANDBOX01"]}, "channel_not_found"),
        ({"channel": "C0SANDBOX02"}, "not_in_channel"),
        ({"channel": "C0SANDBOX03"}, "is_archived"),
        ({"text": ""}, "no_text"),
        ({"text": None}, "no_text"),
        ({"text": " ", "blocks": [], "attachments": []}, "no_text"),
        ({"text": 5}, "invalid_arguments"),
        ({"blocks": {}}, "invalid_blocks_format"),
        ({"blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"blocks": [DIVIDER] * 51}, "invalid_blocks"),
        ({"attachments": [{"blocks": [{"type": "section"}]}]}, "invalid_attachments"),
        ({"attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
        ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}] * 5}, "msg_blocks_too_long"),
    ],
)
def test_message_that_is_refused(sandbox: Sandbox, arguments: dict[str, Any], word: str) -> None:
    assert refused(sandbox, "chat.postMessage", **{"text": "Hello", **arguments}) == word
    assert inbox(sandbox) == []


def test_refusal_says_where(sandbox: Sandbox) -> None:
    blocks = [DIVIDER, {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    problem = "must be a string of 1 to 3000 characters [json-pointer:/blocks/1/text/text]"
    assert call(sandbox, "chat.postMessage", blocks=blocks) == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [problem],
        "response_metadata": {"messages": [f"[ERROR] {problem}"]},
    }


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "conversations.history", "conversations.replies"])
def test_missing_channel(sandbox: Sandbox, method: str) -> None:
    answer = raw(sandbox, b'{"text": "x"}', BEARER, f"/slack/api/{method}")
    messages = ["[ERROR] missing required field: channel"]
    assert answer == {"ok": False, "error": "invalid_arguments", "response_metadata": {"messages": messages}}


@pytest.mark.parametrize("method", ["chat.update", "conversations.history", "conversations.replies"])
def test_only_posting_takes_a_channels_name(sandbox: Sandbox, method: str) -> None:
    ts = post(sandbox, "Hello")
    assert refused(sandbox, method, channel="#backup-alerts", ts=ts, text="x") == "channel_not_found"
    assert refused(sandbox, method, channel="C0SANDBOX02", ts=ts, text="x") == "not_in_channel"


def test_long_text_is_cut_with_a_warning(sandbox: Sandbox) -> None:
    answer = call(sandbox, "chat.postMessage", text="é" * 40_001)
    assert answer["warning"] == "message_truncated"
    assert answer["message"]["text"] == "é" * 40_000
    assert "warning" not in call(sandbox, "chat.postMessage", text="é" * 40_000)


def test_reply(sandbox: Sandbox) -> None:
    ts = post(sandbox, "parent")
    answer = call(sandbox, "chat.postMessage", text="reply", thread_ts=ts)
    assert (answer["message"]["thread_ts"], answer["message"]["parent_user_id"]) == (ts, "U0SANDBOX00")
    assert [message["thread_ts"] for message in inbox(sandbox)] == [None, ts]


def test_reply_that_the_channel_sees_too(sandbox: Sandbox) -> None:
    ts = post(sandbox, "parent")
    message = call(sandbox, "chat.postMessage", text="reply", thread_ts=ts, reply_broadcast=True)["message"]
    assert (message["thread_ts"], message["subtype"]) == (ts, "thread_broadcast")
    assert [message["broadcast"] for message in inbox(sandbox)] == [False, True]
    assert inbox(sandbox)[1]["payload"] == {"text": "reply"}
    assert "subtype" not in call(sandbox, "chat.postMessage", text="x", reply_broadcast=True)["message"]


def test_reply_to_a_message_of_a_webhook(sandbox: Sandbox) -> None:
    sandbox.request("POST", WEBHOOK, {"text": "parent"})
    ts = inbox(sandbox)[0]["ts"]
    assert call(sandbox, "chat.postMessage", text="reply", thread_ts=ts)["message"]["thread_ts"] == ts


@pytest.mark.parametrize("thread_ts", ["1482960137.003543", "x", "", 1482960137.003543])
def test_reply_to_nothing_goes_to_the_channel(sandbox: Sandbox, thread_ts: str | float) -> None:
    answer = call(sandbox, "chat.postMessage", text="lost", thread_ts=thread_ts)
    assert answer["ok"]
    assert "thread_ts" not in answer["message"]


def test_ts_of_a_reply_opens_no_thread(sandbox: Sandbox) -> None:
    reply = post(sandbox, "reply", thread_ts=post(sandbox, "parent"))
    assert "thread_ts" not in call(sandbox, "chat.postMessage", text="lost", thread_ts=reply)["message"]


def test_ts_that_is_a_number_opens_no_thread(sandbox: Sandbox) -> None:
    ts = next(name for name in (post(sandbox, "parent") for _ in range(1000)) if name.endswith("0"))
    assert "thread_ts" not in call(sandbox, "chat.postMessage", text="lost", thread_ts=float(ts))["message"]


def test_update(sandbox: Sandbox) -> None:
    ts = post(sandbox, "before", attachments=[{"text": "kept"}])
    answer = call(sandbox, "chat.update", ts=ts, text="after")
    edited = answer["message"].pop("edited")
    assert edited["user"] == "U0SANDBOX00"
    assert edited["ts"] > ts
    assert (answer["ok"], answer["channel"], answer["ts"], answer["text"]) == (True, CHANNEL, ts, "after")
    assert answer["message"]["attachments"] == [{"id": 1, "fallback": "[no preview available]", "text": "kept"}]
    (message,) = inbox(sandbox)
    assert message["payload"] == {"text": "after", "attachments": [{"text": "kept"}]}
    assert (message["ts"], message["edited"]) == (ts, edited["ts"])


def test_update_takes_attachments_away(sandbox: Sandbox) -> None:
    ts = post(sandbox, "before", attachments=[{"text": "gone"}])
    assert "attachments" not in call(sandbox, "chat.update", ts=ts, attachments=[])["message"]
    assert inbox(sandbox)[0]["payload"] == {"text": "before", "attachments": []}


def test_reply_can_be_updated(sandbox: Sandbox) -> None:
    parent = post(sandbox, "parent")
    reply = post(sandbox, "reply", thread_ts=parent)
    assert call(sandbox, "chat.update", ts=reply, text="after")["message"]["thread_ts"] == parent


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"ts": None}, "invalid_arguments"),
        ({"ts": "1482960137.003543"}, "message_not_found"),
        ({"channel": "C0SANDBOX03"}, "message_not_found"),
        ({"text": None}, "no_text"),
        ({"text": ""}, "no_text"),
        ({"text": "é" * 4001}, "msg_too_long"),
        ({"blocks": [{"type": "section"}]}, "invalid_blocks"),
    ],
)
def test_update_that_is_refused(sandbox: Sandbox, arguments: dict[str, Any], word: str) -> None:
    ts = post(sandbox, "before")
    assert refused(sandbox, "chat.update", **{"ts": ts, "text": "after", **arguments}) == word
    assert inbox(sandbox)[0]["payload"] == {"text": "before"}
    assert inbox(sandbox)[0]["edited"] is None


def test_update_takes_a_text_at_the_limit(sandbox: Sandbox) -> None:
    assert call(sandbox, "chat.update", ts=post(sandbox, "before"), text="é" * 4000)["ok"]


def test_bot_cannot_change_what_a_webhook_posted(sandbox: Sandbox) -> None:
    sandbox.request("POST", WEBHOOK, {"text": "before"})
    assert refused(sandbox, "chat.update", ts=inbox(sandbox)[0]["ts"], text="after") == "cant_update_message"


def test_rate_limit(sandbox: Sandbox) -> None:
    sandbox.settings(slack_messages_per_second=0.001, slack_burst=2)
    for _ in range(2):
        post(sandbox, "x")
    request = urllib.request.Request(
        sandbox.endpoint_url + POST, json.dumps(HELLO).encode(), {**BEARER, "Content-Type": "application/json; charset=utf-8"}
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=30)
    assert caught.value.code == 429
    assert 900 < int(caught.value.headers["Retry-After"]) <= 1000
    assert json.loads(caught.value.read()) == {"ok": False, "error": "ratelimited"}
    assert len(inbox(sandbox)) == 2
    assert call(sandbox, "conversations.history")["ok"]
    assert call(sandbox, "chat.update", ts=inbox(sandbox)[0]["ts"], text="y")["ok"]
    assert sandbox.request("POST", WEBHOOK, {"text": "x"}) == (200, "ok")
