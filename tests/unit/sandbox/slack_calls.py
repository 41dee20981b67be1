"""Calls of the sandbox's Slack Web API, for the tests of this folder."""

from __future__ import annotations

import json
from typing import Any

from tests.conftest import Sandbox

TOKEN = "xoxb-000000000000-000000000000-SandboxBotToken00000001"
CHANNEL = "C0SANDBOX01"
WEBHOOK = "/slack/services/T00000000/B00000000/SandboxIncomingWebhook01"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def call(sandbox: Sandbox, method: str, **arguments: Any) -> dict[str, Any]:
    """Call a method with the bot's token and, unless told otherwise, in the bot's channel."""
    status, text = sandbox.request("POST", f"/slack/api/{method}", {"channel": CHANNEL, **arguments}, BEARER)
    assert status == 200, text
    answer: dict[str, Any] = json.loads(text)
    return answer


def post(sandbox: Sandbox, text: str, **arguments: Any) -> str:
    """Post a message; returns its ts."""
    answer = call(sandbox, "chat.postMessage", text=text, **arguments)
    assert answer["ok"], answer
    return str(answer["ts"])


def inbox(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The messages of the inbox, oldest first."""
    found: list[dict[str, Any]] = json.loads(sandbox.request("GET", "/slack/api/messages")[1])["messages"]
    return found
