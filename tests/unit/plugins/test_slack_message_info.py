"""The module slack_message_info: its main() against the sandbox's Slack."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.modules import slack_message_info

from tests.conftest import Sandbox

TOKEN = "xoxb-000000000000-000000000000-SandboxBotToken00000001"
CHANNEL = "C0SANDBOX01"
WEBHOOK = "/slack/services/T00000000/B00000000/SandboxIncomingWebhook01"
JOB = "1B2345B2-F22C-4DAB-5EB6-BBC7890ED123"
RED, GREEN, BLUE = "#e01e5a", "#2eb67d", "#36c5f0"

Post = Callable[..., str]


@pytest.fixture
def post(sandbox: Sandbox) -> Post:
    """A function that posts a message as the bot; returns its ts."""

    def send(text: str, **arguments: Any) -> str:
        body = {"channel": CHANNEL, "text": text, **arguments}
        _, answer = sandbox.request("POST", "/slack/api/chat.postMessage", body, {"Authorization": f"Bearer {TOKEN}"})
        assert json.loads(answer)["ok"], answer
        return str(json.loads(answer)["ts"])

    return send


@pytest.fixture
def args(sandbox: Sandbox) -> dict[str, Any]:
    return {"token": TOKEN, "channel": CHANNEL, "api_url": f"{sandbox.endpoint_url}/slack/api"}


def alert(text: str, colour: str, job: str = JOB) -> dict[str, Any]:
    """A message as the notifier posts it: the ID of the job is in a block, between backticks."""
    section = {"type": "section", "text": {"type": "mrkdwn", "text": f"*Job ID*: `{job}`"}}
    return {"text": text, "attachments": [{"color": colour, "blocks": [section]}]}


def texts(messages: list[dict[str, Any]]) -> list[str]:
    return [message["text"] for message in messages]


def test_finds_what_a_webhook_posted_by_what_it_says(run_module: Any, args: dict[str, Any], sandbox: Sandbox) -> None:
    for message in (alert("Backup failed", RED), alert("Backup completed", GREEN, "another job")):
        assert sandbox.request("POST", WEBHOOK, message) == (200, "ok")
    result = run_module(slack_message_info, {**args, "text": JOB.lower()})
    (found,) = result["messages"]
    assert (result["found"], result["changed"], result["searched"], result["others"]) == (True, False, 2, [])
    assert (found["text"], found["colors"], found["thread_ts"], found["bot_id"]) == ("Backup failed", ["e01e5a"], None, "B00000000")
    assert abs(datetime.now(UTC) - datetime.fromisoformat(found["time"])) < timedelta(minutes=1)
    assert JOB in str(found["attachments"])


def test_the_colour_parts_the_right_message_from_the_others(run_module: Any, args: dict[str, Any], sandbox: Sandbox) -> None:
    for message in (alert("Backup started", BLUE), alert("Backup failed", RED)):
        sandbox.request("POST", WEBHOOK, message)
    result = run_module(slack_message_info, {**args, "text": JOB, "colors": ["#E01E5A", "danger"]})
    assert (texts(result["messages"]), texts(result["others"])) == (["Backup failed"], ["Backup started"])


def test_a_message_of_another_colour_is_the_wrong_one(run_module: Any, args: dict[str, Any], sandbox: Sandbox) -> None:
    sandbox.request("POST", WEBHOOK, alert("Backup completed", GREEN))
    result = run_module(slack_message_info, {**args, "text": JOB, "colors": [RED], "wait": True, "wait_timeout": 1})
    assert result["failed"]
    assert result["msg"].startswith(f"No message with '{JOB}' in the channel {CHANNEL} after 1 seconds: the wrong message arrived: ")
    assert result["msg"].endswith("'Backup completed' in 2eb67d, where e01e5a was expected")
    assert not result["found"]


def test_text_is_compared_as_people_see_it(run_module: Any, args: dict[str, Any], post: Post) -> None:
    post("Volume &lt;data&gt; &amp; more")
    assert run_module(slack_message_info, {**args, "text": "<data> & more"})["found"]


def test_reads_a_message_by_its_id(run_module: Any, args: dict[str, Any], post: Post) -> None:
    post("before")
    ts = post("this one")
    post("after")
    result = run_module(slack_message_info, {**args, "ts": ts})
    assert (texts(result["messages"]), result["searched"]) == (["this one"], 1)
    assert run_module(slack_message_info, {**args, "ts": ts, "text": "that"})["messages"] == []
    assert not run_module(slack_message_info, {**args, "ts": "1764017467.000200"})["found"]


def test_reads_replies(run_module: Any, args: dict[str, Any], post: Post) -> None:
    parent = post(f"started {JOB}")
    reply = post(f"failed {JOB}", thread_ts=parent)
    post("about something else", thread_ts=parent)
    by_ts = run_module(slack_message_info, {**args, "ts": reply, "thread_ts": parent})
    assert (texts(by_ts["messages"]), by_ts["messages"][0]["thread_ts"]) == ([f"failed {JOB}"], parent)
    in_thread = run_module(slack_message_info, {**args, "thread_ts": parent, "text": "failed"})
    assert texts(in_thread["messages"]) == [f"failed {JOB}"]
    anywhere = run_module(slack_message_info, {**args, "text": JOB})
    assert texts(anywhere["messages"]) == [f"started {JOB}", f"failed {JOB}"]
    assert not run_module(slack_message_info, {**args, "thread_ts": "1764017467.000200", "ts": "1764017468.000000"})["found"]


def test_the_first_message_of_a_thread_by_its_id(run_module: Any, args: dict[str, Any], post: Post) -> None:
    parent = post("started")
    post("failed", thread_ts=parent)
    assert texts(run_module(slack_message_info, {**args, "ts": parent, "thread_ts": parent})["messages"]) == ["started"]


def test_only_messages_since_start_time_count(run_module: Any, args: dict[str, Any], post: Post) -> None:
    post(JOB)
    later = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    assert run_module(slack_message_info, {**args, "text": JOB})["found"]
    assert not run_module(slack_message_info, {**args, "text": JOB, "start_time": later})["found"]


def test_every_page_is_read(run_module: Any, args: dict[str, Any], post: Post) -> None:
    for number in range(410):
        post(f"{JOB if number in (3, 407) else 'other'} {number}")
    result = run_module(slack_message_info, {**args, "text": JOB})
    assert texts(result["messages"]) == [f"{JOB} 3", f"{JOB} 407"]
    assert result["searched"] == 410


def test_waits_for_the_message(run_module: Any, args: dict[str, Any], post: Post) -> None:
    later = threading.Timer(1, post, [JOB])
    later.start()
    result = run_module(slack_message_info, {**args, "text": JOB, "wait": True, "wait_timeout": 30})
    later.join()
    assert result["found"]


def test_a_message_that_never_comes(run_module: Any, args: dict[str, Any], post: Post) -> None:
    post("something else")
    result = run_module(slack_message_info, {**args, "text": JOB, "wait": True, "wait_timeout": 1})
    assert result["failed"]
    assert "1 messages were looked at since 20" in result["msg"]
    assert result["msg"].endswith("Check that the notifier posts to this channel")


def test_without_waiting_nothing_found_is_no_failure(run_module: Any, args: dict[str, Any]) -> None:
    result = run_module(slack_message_info, {**args, "text": JOB}, check=True)
    assert (result["found"], result["messages"], result["searched"]) == (False, [], 0)
    assert not result.get("failed")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"token": "xoxb-wrong"}, "Slack refuses conversations.history: invalid_auth. Remedy: check the token: the Bot User OAuth Token"),
        ({"channel": "C0SANDBOX02"}, "Slack refuses conversations.history: not_in_channel. Remedy: invite the app to the channel"),
        ({"channel": "backup-alerts"}, "channel_not_found. Remedy: give the channel's ID such as C0123456789, not its name"),
        ({"token": "xoxb-two words"}, "token: malformed (it is not shown); check the token"),
        ({"token": "xoxb-snow☃"}, "token: malformed (it is not shown); check the token"),
        ({"api_url": "http://slack.com/api"}, "api_url: 'http://slack.com/api' is not an https:// URL"),
        ({"api_url": "slack.com"}, "api_url: 'slack.com' is not an https:// URL"),
        ({"ts": "yesterday"}, "ts: 'yesterday' is no ID of a message such as 1764017467.000200"),
        ({"start_time": "yesterday"}, "start_time: 'yesterday' is not an ISO 8601 time such as 2026-01-31T12:00:00Z"),
        ({"wait_timeout": 0}, "wait_timeout: 0 is less than 1 second"),
        ({"request_timeout": 0}, "request_timeout: 0 is less than 1 second"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(run_module: Any, args: dict[str, Any], change: dict[str, Any], message: str) -> None:
    result = run_module(slack_message_info, {**args, "text": JOB, "wait": True, "wait_timeout": 600, **change})
    assert result["failed"]
    assert message in result["msg"]
    assert "\n" not in result["msg"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"ok": False, "error": "missing_scope", "needed": "channels:history", "provided": "chat:write"},
            "missing_scope (needed: channels:history; the token has: chat:write). Remedy: add the scope channels:history",
        ),
        (
            {"ok": False, "error": "invalid_arguments", "response_metadata": {"messages": ["[ERROR] no such thing"]}},
            "invalid_arguments ([ERROR] no such thing). Remedy: see https://docs.slack.dev/reference/methods/conversations.history",
        ),
        ({"ok": False}, "Slack refuses conversations.history: None. Remedy: see https://docs.slack.dev/"),
        ({"messages": []}, "answers conversations.history with HTTP 200, and not as Slack: check api_url"),
    ],
)
def test_answers_that_are_no_good(run_module: Any, args: dict[str, Any], sandbox: Sandbox, body: dict[str, Any], message: str) -> None:
    fault = {"endpoint": "conversations.history", "status": 200, "body": json.dumps(body), "times": 9}
    sandbox.control("PUT", "/slack/faults", fault)
    result = run_module(slack_message_info, {**args, "text": JOB})
    assert result["failed"]
    assert message in result["msg"]


@pytest.mark.parametrize("body", ["<html>hello</html>", '["a list"]', ""])
def test_something_that_is_not_slack(run_module: Any, args: dict[str, Any], sandbox: Sandbox, body: str) -> None:
    sandbox.control("PUT", "/slack/faults", {"endpoint": "conversations.history", "status": 404, "body": body, "times": 9})
    result = run_module(slack_message_info, {**args, "text": JOB})
    assert result["msg"] == f"{args['api_url']} answers conversations.history with HTTP 404, and not as Slack: check api_url"


def test_odd_messages_are_survived(run_module: Any, args: dict[str, Any], sandbox: Sandbox) -> None:
    odd = [{"ts": "1764017467.000200", "text": None, "attachments": ["x", {"color": 7}], "blocks": {"a": [JOB]}}, "x", None]
    body = json.dumps({"ok": True, "messages": odd, "response_metadata": None})
    sandbox.control("PUT", "/slack/faults", {"endpoint": "conversations.history", "status": 200, "body": body, "times": 1})
    (found,) = run_module(slack_message_info, {**args, "text": JOB})["messages"]
    assert (found["text"], found["colors"]) == ("", ["7"])


def test_too_many_requests_are_waited_out(run_module: Any, args: dict[str, Any], sandbox: Sandbox, post: Post) -> None:
    post(JOB)
    sandbox.control("PUT", "/slack/faults", {"endpoint": "conversations.history", "status": 429, "retry_after": 2, "times": 1})
    started = time.monotonic()
    assert run_module(slack_message_info, {**args, "text": JOB})["found"]
    assert time.monotonic() - started >= 2


def test_a_pause_that_is_too_long_is_named(run_module: Any, args: dict[str, Any], sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/slack/faults", {"endpoint": "conversations.history", "status": 429, "retry_after": 60, "times": 1})
    result = run_module(slack_message_info, {**args, "text": JOB, "wait_timeout": 5})
    assert result["msg"] == (
        "Slack does not answer conversations.history in time: HTTP 429 ratelimited, and wants to be left alone for 60 s. Raise wait_timeout"
    )


@pytest.mark.parametrize("fault", [{"status": 503}, {"close": True}, {"status": 200, "body": '{"ok": false, "error": "internal_error"}'}])
def test_short_outages_are_survived(run_module: Any, args: dict[str, Any], sandbox: Sandbox, post: Post, fault: dict[str, Any]) -> None:
    post(JOB)
    sandbox.control("PUT", "/slack/faults", {"endpoint": "conversations.history", "times": 2, **fault})
    assert run_module(slack_message_info, {**args, "text": JOB, "wait_timeout": 30})["found"]


def test_a_hanging_slack_is_given_up(run_module: Any, args: dict[str, Any], sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/slack/faults", {"endpoint": "conversations.history", "hang_seconds": 5, "times": 9})
    result = run_module(slack_message_info, {**args, "text": JOB, "wait_timeout": 2, "request_timeout": 1})
    assert "Slack does not answer conversations.history in time: no connection to 127.0.0.1:" in result["msg"]
    assert "(ReadTimeout)" in result["msg"]


def test_nothing_listens(run_module: Any, args: dict[str, Any]) -> None:
    result = run_module(slack_message_info, {**args, "api_url": "http://127.0.0.1:9/api", "text": JOB, "wait_timeout": 1})
    assert "no connection to 127.0.0.1:9 (ConnectionError). Raise wait_timeout" in result["msg"]


def test_the_token_goes_to_slack_alone_and_nowhere_else(
    run_module: Any, args: dict[str, Any], post: Post, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A ~/.netrc must not replace it, and nothing that the module returns may hold it."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password other\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    post(JOB)
    results = [run_module(slack_message_info, {**args, "text": JOB}), run_module(slack_message_info, {**args, "channel": "x", "text": JOB})]
    assert results[0]["found"]
    assert TOKEN not in json.dumps(results)
    assert base64.b64encode(b"me:other").decode() not in json.dumps(results)
    assert TOKEN not in capsys.readouterr().err


def test_a_redirect_is_not_followed(run_module: Any, args: dict[str, Any], sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/slack/faults", {"endpoint": "conversations.history", "status": 302, "body": "elsewhere", "times": 9})
    result = run_module(slack_message_info, {**args, "text": JOB})
    assert "answers conversations.history with HTTP 302, and not as Slack" in result["msg"]


def test_something_to_look_for_is_needed(run_module: Any, args: dict[str, Any]) -> None:
    assert "one of the following is required: ts, thread_ts, text" in run_module(slack_message_info, args)["msg"]


def test_the_missing_library_is_named(run_module: Any, args: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_message_info, "REQUESTS_PROBLEM", "ModuleNotFoundError: No module named 'requests'")
    result = run_module(slack_message_info, {**args, "text": JOB})
    assert "Failed to import the required Python library (requests)" in result["msg"]
