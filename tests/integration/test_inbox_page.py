"""The inbox's page in a real browser, driven over Chromium's DevTools pipe."""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Sandbox

WEBHOOK = "/slack/services/T00000000/B00000000/SandboxIncomingWebhook01"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, CHROMIUMS)), None)
PATIENCE_SECONDS = 30
# Chromium expects its commands on file descriptor 3 and answers on 4.
LAUNCHER = "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execv(sys.argv[3], sys.argv[3:])"
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-pipe"),
)
COMPLAINTS = ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Page.javascriptDialogOpening")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason=f"no Chromium is installed; looked for {', '.join(CHROMIUMS)}"),
]


class Browser:
    """One tab of a headless Chromium."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._count = 0
        self._unread = b""
        self._session: dict[str, str] = {}
        self.console: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = {"sessionId": self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]}
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a DevTools command and return its result."""
        self._count += 1
        command = {"id": self._count, "method": method, "params": params, **self._session}
        os.write(self._commands, json.dumps(command).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._count:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def open(self, url: str) -> None:
        """Load a page until its scripts ran."""
        self.console.clear()
        self.call("Page.navigate", url=url)
        self.wait_for(f"location.href === {json.dumps(url)} && document.readyState === 'complete'")

    def value(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Wait until a JavaScript expression is true in the page."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not self.value(expression):
            assert time.monotonic() < give_up, f"never true: {expression}\n{self.value('document.body.innerText')}"
            time.sleep(0.05)

    def text(self, selector: str) -> str:
        """The visible text of the first element that a selector matches."""
        return str(self.value(f"document.querySelector({json.dumps(selector)}).innerText"))

    def style(self, selector: str, name: str) -> str:
        """A computed style of the first element that a selector matches."""
        return str(self.value(f"getComputedStyle(document.querySelector({json.dumps(selector)}))[{json.dumps(name)}]"))

    def _read(self) -> dict[str, Any]:
        """The next answer or event; console messages are kept."""
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._answers], [], [], PATIENCE_SECONDS)
            chunk = os.read(self._answers, 65536) if ready else b""
            assert chunk, "Chromium does not answer"
            self._unread += chunk
        line, self._unread = self._unread.split(b"\0", 1)
        message: dict[str, Any] = json.loads(line)
        if message.get("method") in (
            "Log.entryAdded",
            "Runtime.exceptionThrown",
            "Page.javascriptDialogOpening",
            "Runtime.consoleAPICalled",
        ):
            self.console.append(json.dumps(message["params"]))
        return message


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A headless Chromium with a profile of its own."""
    # High numbers: dup2 in the launcher must not hit the other pipe.
    ends = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (*os.pipe(), *os.pipe())]
    command_reader, command_writer, answer_reader, answer_writer = ends
    profile = tmp_path_factory.mktemp("chromium")
    launcher = [sys.executable, "-c", LAUNCHER, str(command_reader), str(answer_writer)]
    with (profile / "chromium.log").open("w") as log:
        process = subprocess.Popen(
            [*launcher, str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}"],
            pass_fds=(command_reader, answer_writer),
            stdout=log,
            stderr=log,
        )
    os.close(command_reader)
    os.close(answer_writer)
    try:
        yield Browser(command_writer, answer_reader)
    finally:
        os.close(command_writer)
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)
        os.close(answer_reader)


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
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=width < 600)
    try:
        browser.open(sandbox.endpoint_url + "/slack/")
        assert browser.value("document.documentElement.scrollWidth") == width
    finally:
        browser.call("Emulation.clearDeviceMetricsOverride")


@pytest.mark.parametrize(("scheme", "background"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(26, 29, 33)")])
def test_page_follows_the_colour_scheme(sandbox: Sandbox, browser: Browser, scheme: str, background: str) -> None:
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
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
