"""Slack's rules for messages: each limit passes at its edge and is refused, in Slack's words, beyond it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Sandbox

WEBHOOK = "/slack/services/T00000000/B00000000/SandboxIncomingWebhook01"
DIVIDER = {"type": "divider"}


@pytest.fixture(scope="module")
def inbox(sandbox_server: Sandbox) -> Sandbox:
    """A sandbox that takes messages as fast as they come; the tests here only look at its answers."""
    sandbox_server.settings(slack_messages_per_second=1000, slack_burst=1000)
    return sandbox_server


def plain(text: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, **more}


def mrkdwn(text: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, **more}


def section(text: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(text), **more}


def header(text: Any) -> dict[str, Any]:
    return {"type": "header", "text": text}


def context(*elements: Any) -> dict[str, Any]:
    return {"type": "context", "elements": list(elements)}


def actions(*elements: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def button(text: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), **more}


IMAGE = {"type": "image", "image_url": "https://example.com/x.png", "alt_text": "x"}

GOOD_BLOCKS = {
    "50 blocks": [DIVIDER] * 50,
    "block_id": [{"type": "divider", "block_id": "x" * 255}],
    "section text": [section("x" * 3000)],
    "section plain text": [{"type": "section", "text": plain(emoji=False)}],
    "section verbatim": [{"type": "section", "text": mrkdwn(verbatim=True)}],
    "section fields": [{"type": "section", "fields": [mrkdwn("x" * 1000)] * 10}],
    "field": [{"type": "section", "fields": [plain("x" * 2000)]}],
    "section accessories": [section(accessory=button()), section(accessory=IMAGE), section(accessory={"type": "overflow"})],
    "header": [header(plain("x" * 150))],
    "context": [context(*[mrkdwn()] * 9, IMAGE)],
    "actions": [actions(*[button(url="https://example.com")] * 25)],
    "button": [actions(button("x" * 75, style="danger", value="x", action_id="x")), actions({"type": "datepicker"})],
    "image": [{**IMAGE, "title": plain()}],
    "other blocks": [{"type": "rich_text", "elements": []}, {"type": "markdown", "text": "# x"}],
}

BAD_BLOCKS = {
    "51 blocks": [DIVIDER] * 51,
    "no object": ["divider"],
    "no type": [{"text": "x"}],
    "type no string": [{"type": ["divider"]}],
    "unknown type": [{"type": "paragraph"}],
    "unknown field": [{"type": "divider", "color": "red"}],
    "block_id too long": [{"type": "divider", "block_id": "x" * 256}],
    "block_id empty": [{"type": "divider", "block_id": ""}],
    "section empty": [{"type": "section"}],
    "section text empty": [section("")],
    "section text too long": [section("x" * 3001)],
    "section text no object": [{"type": "section", "text": "x"}],
    "text no string": [{"type": "section", "text": {"type": "mrkdwn", "text": 5}}],
    "text of unknown type": [{"type": "section", "text": {"type": "markdown", "text": "x"}}],
    "mrkdwn with emoji": [{"type": "section", "text": mrkdwn(emoji=True)}],
    "plain text with verbatim": [{"type": "section", "text": plain(verbatim=True)}],
    "emoji no boolean": [{"type": "section", "text": plain(emoji="yes")}],
    "no fields": [{"type": "section", "fields": []}],
    "11 fields": [{"type": "section", "fields": [mrkdwn()] * 11}],
    "field too long": [{"type": "section", "fields": [mrkdwn("x" * 2001)]}],
    "fields no list": [{"type": "section", "fields": mrkdwn()}],
    "unknown accessory": [section(accessory={"type": "chart"})],
    "header too long": [header(plain("x" * 151))],
    "header empty": [header(plain(""))],
    "header of mrkdwn": [header(mrkdwn())],
    "header without text": [{"type": "header"}],
    "context without elements": [context()],
    "context of 11": [context(*[mrkdwn()] * 11)],
    "context with a button": [context(button())],
    "actions without elements": [actions()],
    "actions of 26": [actions(*[button()] * 26)],
    "actions with text": [actions(mrkdwn())],
    "button text too long": [actions(button("x" * 76))],
    "button of mrkdwn": [actions({"type": "button", "text": mrkdwn()})],
    "button style": [actions(button(style="good"))],
    "button url too long": [actions(button(url="https://example.com/" + "x" * 3000))],
    "image without alt_text": [{"type": "image", "image_url": "https://example.com/x.png"}],
    "image without address": [{"type": "image", "alt_text": "x"}],
}


@pytest.mark.parametrize("blocks", GOOD_BLOCKS.values(), ids=GOOD_BLOCKS)
def test_blocks_within_the_limits(inbox: Sandbox, blocks: list[Any]) -> None:
    assert inbox.request("POST", WEBHOOK, {"blocks": blocks}) == (200, "ok")
    assert inbox.request("POST", WEBHOOK, {"text": "x", "attachments": [{"color": "good", "blocks": blocks}]}) == (200, "ok")


@pytest.mark.parametrize("blocks", BAD_BLOCKS.values(), ids=BAD_BLOCKS)
def test_blocks_beyond_the_limits(inbox: Sandbox, blocks: list[Any]) -> None:
    assert inbox.request("POST", WEBHOOK, {"text": "x", "blocks": blocks}) == (400, "invalid_blocks")
    assert inbox.request("POST", WEBHOOK, {"attachments": [{"blocks": blocks}]}) == (400, "invalid_attachments")


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"text": ""},
        {"text": " \n"},
        {"text": None, "blocks": None, "attachments": None},
        {"text": "", "blocks": [], "attachments": []},
        {"attachments": [{}]},
        {"attachments": [{"color": "good", "text": ""}]},
        {"username": "x"},
    ],
)
def test_message_that_says_nothing(inbox: Sandbox, message: dict[str, Any]) -> None:
    assert inbox.request("POST", WEBHOOK, message) == (400, "no_text")


@pytest.mark.parametrize(
    "message",
    [
        {"text": "x"},
        {"blocks": [DIVIDER]},
        {"attachments": [{"text": "x"}]},
        {"attachments": [{"fallback": "x", "color": "#fff", "blocks": [DIVIDER]}]},
        {"attachments": [{"text": "x"}] * 100},
    ],
)
def test_message_that_says_something(inbox: Sandbox, message: dict[str, Any]) -> None:
    assert inbox.request("POST", WEBHOOK, message) == (200, "ok")


@pytest.mark.parametrize(
    ("message", "body"),
    [
        ({"text": "x", "blocks": DIVIDER}, "invalid_blocks_format"),
        ({"text": "x", "attachments": {}}, "invalid_attachments"),
        ({"text": "x", "attachments": ["x"]}, "invalid_attachments"),
        ({"text": "x", "attachments": [{"blocks": DIVIDER}]}, "invalid_attachments"),
        ({"text": "x", "attachments": [{"blocks": [DIVIDER], "footer": None}]}, "invalid_attachments"),
        ({"text": "x", "attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
        ({"blocks": [section("x" * 2800)] * 5}, "msg_blocks_too_long"),
        ({"blocks": [section("x" * 2800)] * 2, "attachments": [{"blocks": [section("x" * 2800)] * 3}]}, "msg_blocks_too_long"),
    ],
)
def test_message_against_the_rules(inbox: Sandbox, message: dict[str, Any], body: str) -> None:
    assert inbox.request("POST", WEBHOOK, message) == (400, body)


def test_blocks_that_are_long_together(inbox: Sandbox) -> None:
    assert inbox.request("POST", WEBHOOK, {"blocks": [section("x" * 2500)] * 5}) == (200, "ok")
