"""One message to one webhook: sent again while that can help and time is left, and judged."""

from __future__ import annotations

import functools
import json
import random
import time
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlsplit

import urllib3

Outcome = Literal["accepted", "rejected", "retry"]

FIRST_BACKOFF = 0.25
LONGEST_BACKOFF = 8.0
# An attempt with less time than this cannot succeed.
SHORTEST_ATTEMPT = 0.25
_BODY_BYTES = 1000
_ERROR_CHARACTERS = 200
_TRY_AGAIN = {408, 425, 429}


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long one attempt may take, in seconds."""

    connect: float = 3.0
    read: float = 5.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a message.

    Attributes:
        outcome: accepted (Slack took it), rejected (it never will) or retry (a later try may succeed).
        http_status: of the last attempt; None when there was no answer.
        duration_ms: of all attempts and the waits between them.
        attempts: how many requests were made.
        error: why it was not accepted, at most 200 characters, never with the webhook in it.
    """

    outcome: Outcome
    http_status: int | None = None
    duration_ms: int = 0
    attempts: int = 0
    error: str | None = None

    def after(self, earlier: Delivery) -> Delivery:
        """This delivery as the end of one that began with an earlier one."""
        return replace(self, attempts=self.attempts + earlier.attempts, duration_ms=self.duration_ms + earlier.duration_ms)


@dataclass(frozen=True, slots=True)
class _Answer:
    outcome: Outcome
    status: int | None
    error: str | None
    retry_after: float = 0.0


def deliver(payload: dict[str, Any], url: str, deadline: float, timeouts: Timeouts | None = None) -> Delivery:
    """Post a message until Slack accepts or rejects it, or no time is left.

    Args:
        payload: the message, as JSON.
        url: the webhook.
        deadline: when to give up, on time.monotonic()'s clock.
        timeouts: of one attempt.
    """
    started = time.monotonic()
    body = json.dumps(payload).encode()
    answer = _Answer("retry", None, "no time left in this invocation")
    attempts = 0
    wait = 0.0
    while time.monotonic() + wait + SHORTEST_ATTEMPT < deadline:
        time.sleep(wait)
        attempts += 1
        answer = _post(body, url, deadline - time.monotonic(), timeouts or Timeouts())
        if answer.outcome != "retry":
            break
        backoff = min(FIRST_BACKOFF * 2 ** (attempts - 1), LONGEST_BACKOFF) * random.uniform(1.0, 1.25)
        wait = max(answer.retry_after, backoff)
    duration_ms = round((time.monotonic() - started) * 1000)
    return Delivery(answer.outcome, answer.status, duration_ms, attempts, answer.error)


@functools.cache
def _pool() -> urllib3.PoolManager:
    """Connections kept between invocations."""
    return urllib3.PoolManager(cert_reqs="CERT_REQUIRED")


def _post(body: bytes, url: str, time_left: float, timeouts: Timeouts) -> _Answer:
    # Slack never redirects, and a redirect would hand the message to somebody else: retries=False returns it as it is.
    timeout = urllib3.Timeout(connect=min(timeouts.connect, time_left), read=min(timeouts.read, time_left), total=time_left)
    try:
        response = _pool().request(
            "POST",
            url,
            body=body,
            headers={"Content-Type": "application/json"},
            timeout=timeout,
            retries=False,
            preload_content=False,
        )
        try:
            text = response.read(_BODY_BYTES).decode("utf-8", "replace").strip()
        finally:
            response.close()
    except (urllib3.exceptions.HTTPError, OSError) as error:
        # The exception's own text names host and path: only its kind may be told.
        return _Answer("retry", None, _without_text(error))
    return _judge(response.status, text, response.headers.get("Retry-After", ""), url)


def _judge(status: int, text: str, retry_after: str, url: str) -> _Answer:
    """Judge an answer by its status first, then by its body."""
    if status == 200 and text == "ok":
        return _Answer("accepted", status, None)
    error = _scrub(text, url)[:_ERROR_CHARACTERS] or "(empty answer)"
    if status < 300:
        return _Answer("retry", status, f"unexpected answer: {error}"[:_ERROR_CHARACTERS])
    if status < 400:
        return _Answer("rejected", status, "redirect not followed")
    if status >= 500 or status in _TRY_AGAIN:
        return _Answer("retry", status, error, _seconds(retry_after))
    return _Answer("rejected", status, error)


def _seconds(retry_after: str) -> float:
    """The wait that a Retry-After header asks for; 0 when it has none in digits."""
    return float(retry_after) if retry_after.isdecimal() else 0.0


def _scrub(text: str, url: str) -> str:
    """Text without the webhook, whole or in part."""
    path = urlsplit(url).path
    for secret in (url, path, path.rpartition("/")[2]):
        text = text.replace(secret, "[webhook]") if secret else text
    return text


def _without_text(error: Exception) -> str:
    kinds = {
        urllib3.exceptions.ConnectTimeoutError: "no connection",
        urllib3.exceptions.ReadTimeoutError: "no answer in time",
        urllib3.exceptions.SSLError: "TLS failed",
        urllib3.exceptions.ProtocolError: "connection closed before the answer",
    }
    known = next((words for kind, words in kinds.items() if isinstance(error, kind)), "request failed")
    return f"{known} ({type(error).__name__})"
