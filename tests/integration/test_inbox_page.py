"""The inbox's page in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests import chromium
from tests.chromium import CHROMIUM, CHROMIUMS, Browser
from tests.conftest import Sandbox
from tests.unit.sandbox.slack_calls import WEBHOOK, call, post

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason=f"no Chromium is installed; looked for {', '.join(CHROMIUMS)}"),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser for all tests of this file."""
    with chromium.start(tmp_path_factory.mktemp("chromium")) as started:
        yield started


def send(sandbox: Sandbox, message: dict[str, Any]) -> None:
    assert sandbox.request("POST", WEBHOOK, message) == (200, "ok")


def mrkdwn(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


def test_empty_page_shows_how_to_send_a_message(sandbox: Sandbox, browser: Browser) -> None:
    browser.open(sandbox.endpoint_url + "/slack/")
    assert browser.text("#empty h2") == "No messages yet"
    assert sandbox.endpoint_url + WEBHOOK in browser.text("#empty pre")
    assert browser.value("document.title") == "#backup-alerts"


def test_message_looks_as_in_slack(sandbox: Sandbox, browser: Browser) -> None:
    link = mrkdwn("<https://example.com/job|Job in the console>")
    fields = [mrkdwn("*Job ID*\n`1b2345b2`"), mrkdwn("*Region*\nus-west-2")]
    blocks = [
        {"type": "section", "fields": fields},
        {"type": "context", "elements": [link]},
    ]
    send(sandbox, {"text": ":x: *Backup failed*: a &lt;name&gt;", "attachments": [{"color": "#e01e5a", "blocks": blocks}]})
    browser.open(sandbox.endpoint_url + "/slack/")
    assert browser.text(".message .text") == "❌ Backup failed: a <name>"
    assert browser.style(".message .text b", "fontWeight") == "700"
    assert browser.style(".bar rect", "fill") == "rgb(224, 30, 90)"
    assert browser.value("document.querySelector('.bar').getBoundingClientRect().width") == 4
    assert browser.text(".field:nth-child(2)") == "Region\nus-west-2"
    assert browser.value("document.querySelector('.context a').href") == "https://example.com/job"
    assert browser.style("#empty", "display") == "none"
    tops = browser.value("[...document.querySelectorAll('.field')].map(field => field.getBoundingClientRect().top)")
    assert tops[0] == tops[1]


def test_message_appears_without_a_reload(sandbox: Sandbox, browser: Browser) -> None:
    browser.open(sandbox.endpoint_url + "/slack/")
    browser.value("window.stillTheSamePage = true")
    send(sandbox, {"text": "first"})
    browser.wait_for("document.querySelectorAll('.message').length === 1")
    send(sandbox, {"text": "second"})
    browser.wait_for("document.querySelectorAll('.message').length === 2")
    assert browser.value("[...document.querySelectorAll('.message .text')].map(text => text.innerText)") == ["first", "second"]
    assert browser.value("document.querySelectorAll('.day').length") == 1
    sandbox.control("POST", "/reset")
    browser.wait_for("document.querySelectorAll('.message').length === 0")
    assert browser.style("#empty", "display") == "block"
    assert browser.value("window.stillTheSamePage")
    assert browser.console == []


def test_page_follows_the_newest_message(sandbox: Sandbox, browser: Browser) -> None:
    for number in range(60):
        send(sandbox, {"text": f"number {number}"})
    browser.open(sandbox.endpoint_url + "/slack/")
    at_end = "document.documentElement.scrollHeight - scrollY - innerHeight < 2"
    browser.wait_for(at_end)
    send(sandbox, {"text": "followed"})
    browser.wait_for(f"document.body.innerText.includes('followed') && {at_end}")
    browser.value("scrollTo(0, 0)")
    send(sandbox, {"text": "announced"})
    browser.wait_for("!document.getElementById('newest').hidden")
    assert browser.value("scrollY") == 0
    browser.value("document.getElementById('newest').click()")
    browser.wait_for(f"document.getElementById('newest').hidden && {at_end}")


def test_replies_are_indented_beneath_their_parent(sandbox: Sandbox, browser: Browser) -> None:
    parent = post(sandbox, "parent")
    post(sandbox, "other")
    for text in ("first reply", "second reply"):
        post(sandbox, text, thread_ts=parent)
    browser.open(sandbox.endpoint_url + "/slack/")
    order = browser.value("[...document.querySelectorAll('.message .text')].map(text => text.innerText)")
    assert order == ["parent", "first reply", "second reply", "other"]
    assert browser.text(".thread .count") == "2 replies"
    lefts = browser.value("[...document.querySelectorAll('.message .text')].map(text => text.getBoundingClientRect().left)")
    assert lefts[1] == lefts[2] > lefts[0] == lefts[3]
    assert browser.value("document.querySelectorAll('.replies').length") == 1


def test_replies_and_changes_appear_without_a_reload(sandbox: Sandbox, browser: Browser) -> None:
    parent = post(sandbox, "Backup started")
    post(sandbox, "other")
    browser.open(sandbox.endpoint_url + "/slack/")
    browser.value("window.stillTheSamePage = true; window.other = document.getElementById('thread-2')")
    post(sandbox, "Backup completed", thread_ts=parent)
    browser.wait_for("document.querySelector('#thread-1 .count')?.innerText === '1 reply'")
    assert browser.text("#thread-1 .replies .text") == "Backup completed"
    call(sandbox, "chat.update", ts=parent, text="Backup *completed*")
    browser.wait_for("document.querySelectorAll('#message-1 .edited').length === 1")
    assert browser.text("#message-1 .text") == "Backup completed (edited)"
    assert browser.text("#thread-1 .count") == "1 reply"
    assert browser.value("[...document.querySelectorAll('.arrived')].map(article => article.id)") == ["message-1"]
    post(sandbox, "third")
    browser.wait_for("document.querySelectorAll('#thread-4').length === 1")
    assert browser.value("document.querySelectorAll('.message').length") == 4
    assert browser.value("document.getElementById('thread-2') === window.other && window.stillTheSamePage")
    assert browser.console == []


def test_only_what_is_new_further_down_is_announced(sandbox: Sandbox, browser: Browser) -> None:
    names = [post(sandbox, f"number {number}") for number in range(60)]
    browser.open(sandbox.endpoint_url + "/slack/")
    browser.value("scrollTo(0, 0)")
    call(sandbox, "chat.update", ts=names[0], text="changed")
    post(sandbox, "reply in sight", thread_ts=names[1])
    browser.wait_for("document.querySelectorAll('#message-1 .edited, #message-61').length === 2")
    assert browser.value("document.getElementById('newest').hidden && scrollY === 0")
    post(sandbox, "reply out of sight", thread_ts=names[50])
    browser.wait_for("!document.getElementById('newest').hidden")
    assert browser.value("scrollY") == 0


def test_no_script_from_a_message_runs(sandbox: Sandbox, browser: Browser) -> None:
    attack = "<script>window.attacked = 1</script><img src=x onerror='window.attacked = 1'><svg onload='window.attacked = 1'>"
    browser.open(sandbox.endpoint_url + "/slack/")
    messages: list[dict[str, Any]] = [
        {"text": attack},
        {"text": f"`{attack}` *{attack}* <javascript:window.attacked=1|click>"},
        {"blocks": [{"type": "header", "text": {"type": "plain_text", "text": attack[:150]}}]},
        {"attachments": [{"color": f'"><{attack}', "title": attack, "title_link": "javascript:window.attacked=1", "text": attack}]},
    ]
    for message in messages:
        send(sandbox, message)
    browser.wait_for(f"document.querySelectorAll('.message').length === {len(messages)}")
    assert attack in browser.text("#message-1 .text")
    assert browser.value("document.querySelectorAll('main script, main img:not(.avatar), main [onload], main [onerror]').length") == 0
    assert browser.value("document.querySelectorAll('main a').length") == 0
    browser.open(sandbox.endpoint_url + "/slack/")
    assert browser.value("typeof window.attacked") == "undefined"
    assert browser.console == []


def test_policy_stops_a_script_even_if_one_got_in(sandbox: Sandbox, browser: Browser) -> None:
    browser.open(sandbox.endpoint_url + "/slack/")
    browser.value("document.body.append(document.createRange().createContextualFragment('<script>window.attacked = 1</script>'))")
    assert browser.value("typeof window.attacked") == "undefined"
    assert "Content Security Policy" in "".join(browser.console)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(sandbox: Sandbox, browser: Browser, width: int) -> None:
    arn = "arn:aws:backup:us-west-2:123456789012:recovery-point:1b2345b2-f22c-4dab-5eb6-bbc7890ed123"
    send(
        sandbox,
        {"text": f"`{arn}` {'x' * 300}\n```{arn * 3}```", "attachments": [{"blocks": [{"type": "section", "fields": [mrkdwn(arn)] * 2}]}]},
    )
    post(sandbox, f"`{arn}` {'x' * 300}\n```{arn * 3}```", thread_ts=post(sandbox, arn))
    browser.resize(width, 800, phone=width < 600)
    try:
        browser.open(sandbox.endpoint_url + "/slack/")
        assert browser.value("document.documentElement.scrollWidth") == width
    finally:
        browser.call("Emulation.clearDeviceMetricsOverride")


@pytest.mark.parametrize(("scheme", "background"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(26, 29, 33)")])
def test_page_follows_the_colour_scheme(sandbox: Sandbox, browser: Browser, scheme: str, background: str) -> None:
    browser.prefer(scheme)
    browser.open(sandbox.endpoint_url + "/slack/")
    assert browser.style("body", "backgroundColor") == background


def test_page_says_when_the_sandbox_does_not_answer(sandbox: Sandbox, browser: Browser) -> None:
    browser.open(sandbox.endpoint_url + "/slack/")
    assert browser.text("#status") == "Live"
    network = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    browser.call("Network.emulateNetworkConditions", offline=True, **network)
    browser.wait_for("document.getElementById('status').innerText === 'Sandbox stopped'")
    browser.call("Network.emulateNetworkConditions", offline=False, **network)
    browser.wait_for("document.getElementById('status').innerText === 'Live'")
