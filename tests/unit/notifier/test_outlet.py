"""Posting to one target over real sockets: retries, the rate limit, and secrets that stay secret."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
from backup_notifier import post
from backup_notifier.delivery import Delivery
from backup_notifier.outlet import Outlet
from backup_notifier.settings import Target

PAYLOAD = {"text": "✅ *Backup completed*"}
TOKEN = "NotifierTestWebhook01"
TARGET = Target("slack", "slack_webhook", "ssm:/proven-backup/tests/notifier/slack")


@pytest.fixture
def send(put_secret: Callable[..., None], receiver: Any) -> Callable[..., Delivery]:
    """Posts to the receiver."""
    put_secret(receiver.webhook)
    outlet = Outlet(TARGET, console_links=True)

    def sent(seconds: float = 20.0, **options: Any) -> Delivery:
        return outlet.post(PAYLOAD, time.monotonic() + seconds, **options)

    sent.outlet = outlet  # type: ignore[attr-defined]
    return sent


def test_accepted_at_once(receiver: Any, send: Any) -> None:
    delivery = send()
    assert (delivery.outcome, delivery.http_status, delivery.attempts, delivery.error) == ("accepted", 200, 1, None)
    path, body = receiver.requests[0]
    assert receiver.webhook.endswith(path)
    assert json.loads(body) == PAYLOAD


def test_connection_is_kept_for_the_next_message(receiver: Any, send: Any) -> None:
    send()
    send()
    assert (len(receiver.requests), receiver.connections) == (2, 1)


def test_retry_after_is_waited_for(receiver: Any, answer: Any, send: Any) -> None:
    receiver.answers = [answer(429, b"", {"Retry-After": "1"}), answer()]
    delivery = send()
    assert (delivery.outcome, delivery.attempts) == ("accepted", 2)
    assert delivery.duration_ms >= 1000


def test_retry_after_beyond_the_time_left_is_not_waited_for(receiver: Any, answer: Any, send: Any) -> None:
    receiver.answers = [answer(429, b"", {"Retry-After": "3600"})]
    delivery = send()
    assert (delivery.outcome, delivery.http_status, delivery.attempts, delivery.cause) == ("retry", 429, 1, "limit")


def test_retry_after_is_kept_for_the_next_message(receiver: Any, answer: Any, send: Any) -> None:
    receiver.answers = [answer(429, b"", {"Retry-After": "60"}), answer()]
    assert [send().cause for _ in range(3)] == ["limit"] * 3
    assert send().error == "the target is over its limit"
    assert len(receiver.requests) == 1


def test_who_waits_does_not_post_before_the_target_is_open(receiver: Any, answer: Any, send: Any) -> None:
    receiver.answers = [answer(429, b"", {"Retry-After": "1"}), answer()]
    assert send(wait=False).cause == "limit"
    assert (send().outcome, send.outlet.closed_for) == ("accepted", 0.0)


def test_limit_ends_the_try_of_who_does_not_wait(receiver: Any, answer: Any, send: Any) -> None:
    receiver.answers = [answer(429, b"", {"Retry-After": "1"}), answer()]
    assert send(wait=False).cause == "limit"
    assert len(receiver.requests) == 1
    assert 0.0 < send.outlet.closed_for <= 1.0
    assert send.outlet.in_storm


@pytest.mark.parametrize("passing", [{"status": 500, "body": b"rollup_error"}, {"close": True}, {"body": b"<html>a proxy</html>"}])
def test_passing_failure_is_retried(receiver: Any, answer: Any, send: Any, passing: dict[str, Any]) -> None:
    receiver.answers = [answer(**passing), answer()]
    delivery = send(wait=False)
    assert (delivery.outcome, delivery.http_status, delivery.attempts) == ("accepted", 200, 2)


def test_lasting_failure_uses_the_time_and_is_left_to_a_later_try(receiver: Any, answer: Any, send: Any) -> None:
    receiver.answers = [answer(503, b"down")]
    send.outlet._secret.value()
    delivery = send(seconds=5.0)
    assert (delivery.outcome, delivery.http_status, delivery.error) == ("retry", 503, "down")
    assert delivery.attempts >= 2


def test_hanging_server(receiver: Any, answer: Any, send: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "_READ_SECONDS", 0.5)
    receiver.answers = [answer(hang=True), answer()]
    delivery = send()
    assert delivery.outcome == "accepted"
    assert delivery.attempts >= 2


def test_hanging_server_never_outlasts_the_time_left(receiver: Any, answer: Any, send: Any) -> None:
    receiver.answers = [answer(hang=True)]
    send.outlet._secret.value()
    delivery = send(seconds=0.6)
    assert (delivery.outcome, delivery.http_status, delivery.attempts) == ("retry", None, 1)
    assert delivery.error == "no answer in time (ReadTimeoutError)"


def test_nobody_listens(put_secret: Callable[..., None], send: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    put_secret(f"http://127.0.0.1:{port}/services/T00000000/B00000000/{TOKEN}")
    delivery = send(seconds=0.6)
    assert (delivery.outcome, delivery.http_status) == ("retry", None)
    assert TOKEN not in str(delivery)


def test_no_time_left_makes_no_request(receiver: Any, send: Any) -> None:
    delivery = send(seconds=0.0)
    assert (delivery.outcome, delivery.attempts, delivery.error) == ("retry", 0, "no time left in this invocation")
    assert receiver.requests == []


@pytest.mark.parametrize(("status", "body"), [(400, b"no_text"), (403, b"invalid_token"), (404, b"no_service"), (413, b"too big")])
def test_lasting_refusal_is_not_retried(receiver: Any, answer: Any, send: Any, status: int, body: bytes) -> None:
    receiver.answers = [answer(status, body)]
    delivery = send()
    assert (delivery.outcome, delivery.http_status, delivery.attempts, delivery.error) == ("rejected", status, 1, body.decode())


def test_refused_form_is_sent_plain(receiver: Any, answer: Any, send: Any) -> None:
    receiver.answers = [answer(400, b"invalid_payload"), answer()]
    assert send(plain={"text": "plain"}).attempts == 2
    assert json.loads(receiver.requests[1][1]) == {"text": "plain"}


def test_redirect_is_not_followed(receiver: Any, answer: Any, send: Any) -> None:
    receiver.answers = [answer(302, b"", {"Location": receiver.url + "/elsewhere"})]
    delivery = send()
    assert (delivery.outcome, delivery.http_status, delivery.error) == ("rejected", 302, "redirect not followed")
    assert len(receiver.requests) == 1


def test_error_is_cut_and_never_holds_the_webhook(receiver: Any, answer: Any, send: Any) -> None:
    echo = f"404: {receiver.webhook} is gone, also /services/T00000000/B00000000/{TOKEN} and {TOKEN}. ".encode()
    receiver.answers = [answer(404, echo + b"x" * 100_000)]
    error = send().error
    assert error.startswith("404: [secret] is gone, also [secret] and [secret]. xxx")
    assert len(error) == 200


@pytest.mark.parametrize(("status", "seconds", "before"), [(404, 20.0, "x" * 190), (200, 1.0, '{"url": "' + "x" * 160)])
def test_half_a_webhook_at_the_cut_is_not_told(receiver: Any, answer: Any, send: Any, status: int, seconds: float, before: str) -> None:
    send.outlet._secret.value()
    receiver.answers = [answer(status, before.encode() + receiver.webhook.encode())]
    error = send(seconds).error
    assert "xxx[secret" in error
    assert "http" not in error


def test_rotated_secret_is_used_at_once(receiver: Any, answer: Any, put_secret: Callable[..., None], send: Any) -> None:
    send()
    put_secret(receiver.url + "/services/T00000000/B00000000/RotatedWebhook01")
    receiver.answers = [answer(404, b"no_service"), answer()]
    assert (send().outcome, send().attempts) == ("accepted", 1)
    assert [path.rpartition("/")[2] for path, _ in receiver.requests] == [TOKEN, TOKEN, "RotatedWebhook01", "RotatedWebhook01"]


def test_what_was_delivered_is_remembered_and_texts_not_for_ever(send: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("backup/1/FAILED", "text/1"):
        send.outlet.remember(key)
        assert send.outlet.remembers(key)
    monkeypatch.setattr("backup_notifier.outlet._SECONDS_TEXT_REMEMBERED", 0.0)
    assert [send.outlet.remembers(key) for key in ("backup/1/FAILED", "text/1", "backup/2/FAILED")] == [True, False, False]


def test_what_another_invocation_found_out_is_believed_within_reason(send: Any) -> None:
    send.outlet.close_until(round((time.time() + 86400) * 1000))
    assert 0.0 < send.outlet.closed_for <= post.LONGEST_WAIT
