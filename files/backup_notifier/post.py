"""One HTTP POST and what came back."""

from __future__ import annotations

import functools
import time
from dataclasses import dataclass, field

import urllib3

MOST_BYTES = 262_144
# Who asks for more is asked again sooner, so that a mistake in a Retry-After does not silence a target for long.
LONGEST_WAIT = 300.0
_CONNECT_SECONDS = 3.0
_READ_SECONDS = 5.0
_CHUNK_BYTES = 8192


@dataclass(frozen=True, slots=True)
class Request:
    """What is posted. URL and headers hold secrets, so no repr shows them."""

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Attributes:
        status: of HTTP; None when nothing came back.
        text: the body, as far as it came in time.
        retry_after: the seconds that a Retry-After header asks for.
        failure: why nothing came back, without the URL.
    """

    status: int | None
    text: str = ""
    retry_after: float = 0.0
    failure: str = ""


@functools.cache
def pool() -> urllib3.PoolManager:
    """Connections kept between invocations."""
    return urllib3.PoolManager(maxsize=4, cert_reqs="CERT_REQUIRED")


def post(request: Request, time_left: float) -> Reply:
    """Post once. No receiver has reason to redirect, and a redirect would hand the message to somebody else: none is followed."""
    until = time.monotonic() + time_left
    timeout = urllib3.Timeout(connect=min(_CONNECT_SECONDS, time_left), read=min(_READ_SECONDS, time_left), total=time_left)
    headers = {"Content-Type": "application/json; charset=utf-8", **request.headers}
    try:
        response = pool().request(
            "POST", request.url, body=request.body, headers=headers, timeout=timeout, retries=False, preload_content=False
        )
        try:
            text = _text(response, min(_READ_SECONDS, until - time.monotonic()))
        finally:
            response.close()
    except (urllib3.exceptions.HTTPError, OSError) as error:
        return Reply(None, failure=_without_text(error))
    return Reply(response.status, text, _seconds(response.headers.get("Retry-After", "")))


def _text(response: urllib3.BaseHTTPResponse, seconds: float) -> str:
    """The body as far as it has come after some seconds: a receiver that sends it byte by byte is not waited for."""
    until = time.monotonic() + seconds
    # Returns what is there; the read of urllib3 1, which has no such thing, waits for the whole chunk.
    read = getattr(response, "read1", response.read)
    body = b""
    while len(body) < MOST_BYTES and (chunk := read(_CHUNK_BYTES)):
        body += chunk
        if time.monotonic() > until:
            break
    return body.decode("utf-8", "replace").strip()


def _seconds(retry_after: str) -> float:
    """The wait that a Retry-After header asks for, in seconds or as a date; at most LONGEST_WAIT, 0 when it makes no sense."""
    try:
        seconds = float(retry_after or 0)
    except ValueError:
        seconds = _seconds_until(retry_after)
    # With the arguments in this order, max answers 0 to what is no number.
    return min(max(0.0, seconds), LONGEST_WAIT)


def _seconds_until(date: str) -> float:
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(date).timestamp() - time.time()
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _without_text(error: Exception) -> str:
    """The kind of an error: its own text names host and path."""
    kinds = {
        urllib3.exceptions.ConnectTimeoutError: "no connection",
        urllib3.exceptions.ReadTimeoutError: "no answer in time",
        urllib3.exceptions.SSLError: "TLS failed",
        urllib3.exceptions.ProtocolError: "connection closed before the answer",
    }
    known = next((words for kind, words in kinds.items() if isinstance(error, kind)), "request failed")
    return f"{known} ({type(error).__name__})"
