"""Deliveries over real sockets."""

from __future__ import annotations

import json
import socket
import time
from typing import Any

import pytest
from backup_notifier.deliver import Delivery, Timeouts, deliver

PAYLOAD = {"text": "✅ *Backup completed*"}
TOKEN = "NotifierTestWebhook01"


def send(url: str, seconds: float = 20.0, read: float = 5.0) -> Delivery:
    return deliver(PAYLOAD, url, time.monotonic() + seconds, Timeouts(connect=1.0, read=read))


def test_accepted_at_once(receiver: Any) -> None:
    delivery = send(receiver.webhook)
    assert (delivery.outcome, delivery.http_status, delivery.attempts, delivery.error) == ("accepted", 200, 1, None)
    path, body = receiver.requests[0]
    assert receiver.webhook.endswith(path)
    assert json.loads(body) == PAYLOAD


def test_connection_is_kept_for_the_next_message(receiver: Any) -> None:
    send(receiver.webhook)
    send(receiver.webhook)
    assert (len(receiver.requests), receiver.connections) == (2, 1)


def test_retry_after_is_waited_for(receiver: Any, answer: Any) -> None:
    receiver.answers = [answer(429, b"", {"Retry-After": "1"}), answer()]
    delivery = send(receiver.webhook)
    assert (delivery.outcome, delivery.attempts) == ("accepted", 2)


def test_retry_after_beyond_the_time_left_is_not_waited_for(receiver: Any, answer: Any) -> None:
    receiver.answers = [answer(429, b"", {"Retry-After": "3600"})]
    delivery = send(receiver.webhook)
    assert (delivery.outcome, delivery.http_status, delivery.attempts) == ("retry", 429, 1)


@pytest.mark.parametrize("passing", [{"status": 500, "body": b"rollup_error"}, {"close": True}, {"body": b"<html>a proxy</html>"}])
def test_passing_failure_is_retried(receiver: Any, answer: Any, passing: dict[str, Any]) -> None:
    receiver.answers = [answer(**passing), answer()]
    delivery = send(receiver.webhook)
    assert (delivery.outcome, delivery.http_status, delivery.attempts) == ("accepted", 200, 2)


def test_lasting_failure_uses_the_time_and_is_left_to_a_later_try(receiver: Any, answer: Any) -> None:
    receiver.answers = [answer(503, b"down")]
    delivery = send(receiver.webhook, seconds=3.0)
    assert (delivery.outcome, delivery.http_status, delivery.error) == ("retry", 503, "down")
    assert delivery.attempts >= 2


def test_hanging_server(receiver: Any, answer: Any) -> None:
    receiver.answers = [answer(hang=True), answer()]
    delivery = send(receiver.webhook, read=0.5)
    assert delivery.outcome == "accepted"
    assert delivery.attempts >= 2


def test_hanging_server_never_outlasts_the_time_left(receiver: Any, answer: Any) -> None:
    receiver.answers = [answer(hang=True)]
    delivery = send(receiver.webhook, seconds=0.6, read=60.0)
    assert (delivery.outcome, delivery.http_status, delivery.attempts) == ("retry", None, 1)
    assert delivery.error == "no answer in time (ReadTimeoutError)"


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    delivery = send(f"http://127.0.0.1:{port}/services/T00000000/B00000000/{TOKEN}", seconds=0.6)
    assert (delivery.outcome, delivery.http_status) == ("retry", None)
    assert TOKEN not in str(delivery)


def test_no_time_left_makes_no_request(receiver: Any) -> None:
    delivery = send(receiver.webhook, seconds=0.0)
    assert (delivery.outcome, delivery.attempts, delivery.error) == ("retry", 0, "no time left in this invocation")
    assert receiver.requests == []


@pytest.mark.parametrize(
    ("status", "body"),
    [(400, b"no_text"), (403, b"invalid_token"), (404, b"no_service"), (410, b"channel_is_archived"), (413, b"too big")],
)
def test_lasting_refusal_is_not_retried(receiver: Any, answer: Any, status: int, body: bytes) -> None:
    receiver.answers = [answer(status, body)]
    delivery = send(receiver.webhook)
    assert (delivery.outcome, delivery.http_status, delivery.attempts, delivery.error) == ("rejected", status, 1, body.decode())


def test_redirect_is_not_followed(receiver: Any, answer: Any) -> None:
    receiver.answers = [answer(302, b"", {"Location": receiver.url + "/elsewhere"})]
    delivery = send(receiver.webhook)
    assert (delivery.outcome, delivery.http_status, delivery.error) == ("rejected", 302, "redirect not followed")
    assert len(receiver.requests) == 1


def test_error_is_cut_and_never_holds_the_webhook(receiver: Any, answer: Any) -> None:
    echo = f"404: {receiver.webhook} is gone, also /services/T00000000/B00000000/{TOKEN} and {TOKEN}. ".encode()
    receiver.answers = [answer(404, echo + b"x" * 100_000)]
    delivery = send(receiver.webhook)
    assert delivery.error is not None
    assert delivery.error.startswith("404: [webhook] is gone, also [webhook] and [webhook]. xxx")
    assert len(delivery.error) == 200
    assert send(receiver.webhook).outcome == "rejected"
