"""The module notification_target_info against the sandbox's receivers: nothing is posted, and no secret told."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.modules import notification_target_info

WEBHOOK = "/slack/services/T00000000/B00000000/SandboxIncomingWebhook01"
TOKEN = "xoxb-000000000000-000000000000-SandboxBotToken00000001"
SECRET = "B00SECRETTOKEN"
KEY = "SandboxSigningKey01"

Look = Callable[..., dict[str, str]]


@pytest.fixture
def look(sandbox: Any, run_module: Any) -> Look:
    """Look at one target; returns the finding. Checks that nothing arrived anywhere, and that no secret is told."""

    def run(kind: str, secret: Any, **options: Any) -> dict[str, str]:
        target = {"name": "news", "type": kind, "api_url": f"{sandbox.endpoint_url}/slack/api", **options}
        result = run_module(notification_target_info, {"targets": [target], "secrets": {"news": secret}, "request_timeout": 2})
        (finding,) = result["findings"]
        assert (finding["check"], finding["subject"]) == ("receiver", "news")
        assert bool(finding["remedy"]) == (finding["result"] != "passed")
        told = json.dumps(finding)
        assert not any(part in told for part in (SECRET, TOKEN, KEY, "SandboxIncomingWebhook01"))
        for path in ("/slack/api/messages", "/_sandbox/receivers/teams/messages", "/_sandbox/receivers/https/messages"):
            assert json.loads(sandbox.request("GET", path)[1])["messages"] == []
        return finding

    return run


def test_a_good_webhook(sandbox: Any, look: Look) -> None:
    finding = look("slack_webhook", sandbox.endpoint_url + WEBHOOK)
    assert (finding["result"], finding["reason"]) == ("passed", "Slack knows the webhook; nothing was posted")


def test_a_revoked_webhook_and_one_of_nobody(sandbox: Any, look: Look) -> None:
    sandbox.control("DELETE", "/slack/webhooks", {"path": WEBHOOK})
    finding = look("slack_webhook", sandbox.endpoint_url + WEBHOOK)
    assert (finding["result"], finding["reason"]) == ("failed", "Slack does not take messages there: no_service")
    assert finding["remedy"] == "make a new one under Incoming Webhooks of the Slack app, and give its URL"
    assert look("slack_webhook", f"{sandbox.endpoint_url}/slack/services/T00000001/B00000001/{SECRET}")["result"] == "failed"


@pytest.mark.parametrize(
    ("fault", "result"),
    [
        ({"status": 410, "body": "channel_is_archived"}, "failed"),
        ({"status": 500}, "unknown"),
        ({"status": 429, "retry_after": 1}, "unknown"),
        ({"status": 200, "body": "<html>"}, "unknown"),
        ({"hang_seconds": 5, "close": True}, "failed"),
    ],
    ids=lambda value: str(value.get("status", "hangs")) if isinstance(value, dict) else "",
)
def test_a_slack_with_a_fault(sandbox: Any, look: Look, fault: dict[str, Any], result: str) -> None:
    sandbox.control("PUT", "/slack/faults", {"endpoint": "webhook", **fault})
    assert look("slack_webhook", sandbox.endpoint_url + WEBHOOK)["result"] == result


def test_a_bot(look: Look) -> None:
    assert look("slack_bot", TOKEN)["result"] == "passed"
    finding = look("slack_bot", f"xoxb-1-1-{SECRET}")
    assert (finding["result"], finding["reason"]) == ("failed", "Slack refuses auth.test: invalid_auth")
    assert finding["remedy"].startswith("check the token: ")
    assert look("slack_bot", TOKEN, api_url="http://127.0.0.1:1/slack/api")["result"] == "failed"
    assert look("slack_bot", f"{SECRET} with a blank")["result"] == "failed"


def test_other_webhooks_are_only_asked_whether_they_are_there(sandbox: Any, look: Look) -> None:
    teams = f"{sandbox.endpoint_url}/receivers/teams/{SECRET}"
    assert look("teams_webhook", teams)["reason"] == "it can be reached (HTTP 405 to HEAD); nothing was posted"
    https = {"url": f"{sandbox.endpoint_url}/receivers/https/{SECRET}", "hmac_key": KEY}
    assert look("https_webhook", json.dumps(https))["result"] == "passed"
    assert look("https_webhook", {**https, "url": f"{sandbox.endpoint_url}/receivers/nowhere/{SECRET}"})["result"] == "warning"


@pytest.mark.parametrize("secret", ["no url", f"http://example.com/{SECRET}", "{}"])
@pytest.mark.parametrize("kind", ["slack_webhook", "teams_webhook", "https_webhook"])
def test_a_secret_that_is_no_url(look: Look, kind: str, secret: str) -> None:
    assert look(kind, secret)["reason"] == "its secret holds no https:// URL (it is not shown)"


def test_a_receiver_that_does_not_answer(look: Look) -> None:
    finding = look("teams_webhook", f"http://127.0.0.1:1/{SECRET}")
    assert (finding["result"], finding["reason"]) == ("failed", "nobody answers on 127.0.0.1 (ConnectionError)")
    # Lambda may reach what this machine does not.
    finding = look("teams_webhook", f"https://nowhere.invalid/{SECRET}")
    assert (finding["result"], finding["reason"].partition(" (")[0]) == ("warning", "nowhere.invalid cannot be reached from here")


def test_targets_without_a_secret_are_left_out(run_module: Any) -> None:
    targets = [{"name": "news", "type": "slack_bot"}]
    assert run_module(notification_target_info, {"targets": targets, "secrets": {}})["findings"] == []
