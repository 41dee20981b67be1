"""The rate limit: bursts pass, then 429 with Retry-After."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest
from sandbox import settings
from sandbox.slack.rate_limit import RateLimiter

from tests.conftest import Sandbox

WEBHOOK = "/slack/services/T00000000/B00000000/SandboxIncomingWebhook01"


class Clock:
    """A clock that stands still until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a message a second, in bursts of two."""
    holder = settings.SettingsHolder()
    holder.change({"slack_messages_per_second": 0.5, "slack_burst": 2})
    monkeypatch.setattr(settings, "current", holder)


@pytest.mark.usefixtures("limited")
def test_burst_then_one_message_in_two_seconds() -> None:
    clock = Clock()
    limiter = RateLimiter(clock)
    assert [limiter.take("a") for _ in range(3)] == [0, 0, 2]
    clock.now += 1
    assert limiter.take("a") == 1
    clock.now += 1
    assert [limiter.take("a"), limiter.take("a")] == [0, 2]


@pytest.mark.usefixtures("limited")
def test_refused_messages_do_not_count() -> None:
    clock = Clock()
    limiter = RateLimiter(clock)
    for _ in range(10):
        limiter.take("a")
    clock.now += 2
    assert limiter.take("a") == 0


@pytest.mark.usefixtures("limited")
def test_quiet_time_saves_up_no_more_than_a_burst() -> None:
    clock = Clock()
    limiter = RateLimiter(clock)
    limiter.take("a")
    clock.now += 3600
    assert [limiter.take("a") for _ in range(3)] == [0, 0, 2]


@pytest.mark.usefixtures("limited")
def test_each_webhook_has_its_own_limit() -> None:
    limiter = RateLimiter(Clock())
    assert [limiter.take("a") for _ in range(3)] == [0, 0, 2]
    assert limiter.take("b") == 0


def test_answer_past_the_limit(sandbox: Sandbox) -> None:
    sandbox.settings(slack_messages_per_second=0.001, slack_burst=2)
    for _ in range(2):
        assert sandbox.request("POST", WEBHOOK, {"text": "x"}) == (200, "ok")
    request = urllib.request.Request(sandbox.endpoint_url + WEBHOOK, b'{"text": "x"}', {"Content-Type": "application/json"})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=30)
    seconds = int(caught.value.headers["Retry-After"])
    assert caught.value.code == 429
    assert 900 < seconds <= 1000
    assert json.loads(caught.value.read()) == {"retry_after": seconds, "ok": False, "error": "rate_limited"}
    assert len(json.loads(sandbox.request("GET", "/slack/api/messages")[1])["messages"]) == 2
