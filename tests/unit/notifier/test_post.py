"""Receivers that answer byte by byte or ask to wait for ever: nobody waits longer for them than makes sense."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from backup_notifier import handler, post
from backup_notifier.handler import DeliveryError
from backup_notifier.post import Request

PREFIX = "ssm:/proven-backup/tests/notifier/"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n"
BODY = b"x" * 40


@contextmanager
def dripping(at_once: bytes, slowly: bytes) -> Iterator[str]:
    """The URL of a receiver that answers one request: some bytes at once, the others one by one."""
    end = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(at_once)
            for byte in slowly:
                end.wait(0.1)
                try:
                    connection.sendall(bytes([byte]))
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/drip"
        end.set()
        thread.join()


def test_a_body_that_comes_byte_by_byte_is_read_until_the_time_is_up() -> None:
    with dripping(HEAD, BODY) as url:
        reply = post.post(Request(url, b"{}"), 1.0)
    assert reply.status == 200
    assert 0 < len(reply.text) < len(BODY)


def test_a_body_that_comes_byte_by_byte_takes_no_more_time_than_an_answer_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "_READ_SECONDS", 1.0)
    with dripping(HEAD, BODY) as url:
        assert 0 < len(post.post(Request(url, b"{}"), 60.0).text) < len(BODY)


def test_a_long_answer_is_read_to_a_limit(receiver: Any, answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "MOST_BYTES", 20_000)
    receiver.answers = [answer(200, b"x" * 100_000)]
    assert len(post.post(Request(receiver.url, b"{}"), 10.0).text) < 40_000


def test_a_head_that_comes_byte_by_byte_outlasts_neither_the_invocation_nor_the_other_target(
    receiver: Any, put_secret: Callable[..., None], deploy: Callable[..., None], context: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    put_secret(receiver.webhook)
    deploy(
        targets=[
            {"name": "siem", "type": "https_webhook", "secret": PREFIX + "siem"},
            {"name": "slack", "type": "slack_webhook", "secret": PREFIX + "slack"},
        ]
    )
    with dripping(b"", HEAD + BODY) as url:
        put_secret(json.dumps({"url": url, "hmac_key": "SandboxSigningKey01"}), "siem")
        with pytest.raises(DeliveryError, match="1 of 2 messages not delivered; first reason: siem: not done by the end"):
            handler.handler({"hello": "world"}, context(3))
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(receiver.requests) == 1
    outcomes = {line["target"]: line["outcome"] for line in lines if "target" in line}
    assert outcomes == {"siem": "retry", "slack": "accepted"}


DATE = "Wed, 21 Oct {} 07:28:00 GMT"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("1.5", 1.5),
        (DATE.format(2015), 0.0),
        (DATE.format(9998), 300.0),
        ("86400", 300.0),
        ("9" * 400, 300.0),
        ("inf", 300.0),
        ("nan", 0.0),
        ("-5", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 -2300", 300.0),
        (DATE.format("9" * 30), 0.0),
        ("Mon, 32 Foo 2020", 0.0),
        ("soon", 0.0),
        ("", 0.0),
    ],
)
def test_a_wait_is_believed_within_reason(receiver: Any, answer: Any, header: str, seconds: float) -> None:
    receiver.answers = [answer(429, b"", {"Retry-After": header})]
    assert post.post(Request(receiver.url, b"{}"), 10.0).retry_after == seconds
