"""Failures on demand: PUT and DELETE /_sandbox/slack/faults, for Slack and for the other receivers."""

from __future__ import annotations

import json
import socket
import threading
import time
from dataclasses import asdict, dataclass
from typing import Any

from werkzeug.wrappers import Request, Response

from .. import control
from . import errors

WEB_API = ("chat.postMessage", "chat.update", "conversations.history", "conversations.replies")
ENDPOINTS = ("webhook", *WEB_API, "teams", "https")
FIELDS = ("endpoint", "status", "body", "retry_after", "times", "hang_seconds", "close")


@dataclass(frozen=True)
class Fault:
    """How a request fails.

    Attributes:
        status: HTTP status to answer with; None: the request is treated as usual after hang_seconds. Below 400 only with a body.
        body: text of the answer; None: what the endpoint says with that status.
        retry_after: seconds for the Retry-After header; None: 1 with status 429, else no header.
        hang_seconds: real seconds to wait before anything else.
        close: whether to close the connection without an answer.
    """

    status: int | None = None
    body: str | None = None
    retry_after: int | None = None
    hang_seconds: float = 0.0
    close: bool = False

    def response(self, endpoint: str) -> Response:
        """The answer of a fault that has a status."""
        status = self.status or 500
        retry_after = 1 if self.retry_after is None and status == 429 else self.retry_after
        body = _default_body(endpoint, status, retry_after) if self.body is None else self.body
        answer = errors.plain(status, body, None if retry_after is None else {"Retry-After": str(retry_after)})
        if _is_json(body):
            answer.content_type = "application/json; charset=utf-8"
        return answer


def _default_body(endpoint: str, status: int, retry_after: int | None) -> str:
    if endpoint == "webhook":
        return errors.default_body(status, retry_after)
    if endpoint in WEB_API:
        return json.dumps({"ok": False, "error": "ratelimited" if status == 429 else "internal_error"})
    return ""


def _is_json(body: str) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


class Faults:
    """The faults in force, by the endpoint they are for, and how often each still strikes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: dict[str | None, tuple[Fault, int]] = {}

    def set(self, endpoint: str | None, fault: Fault, times: int) -> None:
        """Make the next requests to an endpoint (None: any) fail; replaces what was set for it before."""
        with self._lock:
            self._faults[endpoint] = (fault, times)

    def take(self, endpoint: str) -> Fault | None:
        """The fault for the request at hand, if any, counting it; one for this endpoint goes before one for any."""
        with self._lock:
            for name in (endpoint, None):
                fault, times = self._faults.get(name, (Fault(), 0))
                if times > 0:
                    self._faults[name] = (fault, times - 1)
                    return fault
        return None

    def clear(self) -> None:
        """Let every request pass again."""
        with self._lock:
            self._faults.clear()

    def strike(self, endpoint: str, request: Request) -> Response | None:
        """Let the fault for a request strike; None when the request goes on as usual.

        Raises:
            ConnectionAbortedError: the fault closed the connection.
        """
        fault = self.take(endpoint)
        if fault is None:
            return None
        time.sleep(fault.hang_seconds)
        if fault.close:
            request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError("closed by a fault")
        return None if fault.status is None else fault.response(endpoint)


def parse(body: dict[str, Any]) -> tuple[str | None, Fault, int]:
    """Read an endpoint (None: any), its fault and how many requests it is for (1 unless told).

    Raises:
        ValueError: a field is unknown, missing or has a wrong value.
    """
    unknown = sorted(set(body) - set(FIELDS))
    if unknown:
        raise ValueError(f"unknown fields: {', '.join(unknown)}; known: {', '.join(FIELDS)}")
    given = {name: value for name, value in body.items() if value is not None}
    endpoint = given.get("endpoint")
    if endpoint is not None and endpoint not in ENDPOINTS:
        raise ValueError(f"endpoint must be one of {', '.join(ENDPOINTS)}, not {endpoint!r}")
    fault = Fault(
        status=_whole(given, "status", 200, 599),
        body=_text(given, "body"),
        retry_after=_whole(given, "retry_after", 0, 86400),
        hang_seconds=_seconds(given, "hang_seconds"),
        close=_flag(given, "close"),
    )
    if fault.status is None and not fault.close and not fault.hang_seconds:
        raise ValueError("give a status, hang_seconds or close")
    if fault.status is not None and fault.status < 400 and fault.body is None:
        raise ValueError("a status below 400 is a fault only with a body")
    times = _whole(given, "times", 1, 1_000_000)
    return endpoint, fault, 1 if times is None else times


def _whole(given: dict[str, Any], name: str, lowest: int, highest: int) -> int | None:
    value = given.get(name)
    if value is None:
        return None
    if type(value) is not int or not lowest <= value <= highest:
        raise ValueError(f"{name} must be a whole number from {lowest} to {highest}, not {value!r}")
    return value


def _seconds(given: dict[str, Any], name: str) -> float:
    value = given.get(name, 0)
    if type(value) not in (int, float) or not 0 <= value <= 3600:
        raise ValueError(f"{name} must be a number from 0 to 3600, not {value!r}")
    return float(value)


def _flag(given: dict[str, Any], name: str) -> bool:
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false, not {value!r}")
    return value


def _text(given: dict[str, Any], name: str) -> str | None:
    value = given.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{name} must be a string, not {value!r}")
    return value


current = Faults()
control.on_reset(current.clear)


@control.route("PUT", "/slack/faults")
def put_fault(request: Request) -> dict[str, Any]:
    """Make the next requests fail; see Fault for the fields, besides endpoint (default: any) and times (requests, default 1)."""
    endpoint, fault, times = parse(control.json_body(request))
    current.set(endpoint, fault, times)
    return {"endpoint": endpoint, **asdict(fault), "times": times}


@control.route("DELETE", "/slack/faults")
def delete_faults(_request: Request) -> dict[str, Any]:
    """Let every request pass again."""
    current.clear()
    return {"times": 0}
