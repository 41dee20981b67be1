"""Failures on demand: PUT and DELETE /_sandbox/slack/faults."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass
from typing import Any

from werkzeug.wrappers import Request, Response

from .. import control
from . import errors

FIELDS = ("status", "body", "retry_after", "times", "hang_seconds", "close")


@dataclass(frozen=True)
class Fault:
    """How a post fails.

    Attributes:
        status: HTTP status to answer with; None: the post is treated as usual after hang_seconds.
        body: text of the answer; None: what Slack says with that status.
        retry_after: seconds for the Retry-After header; None: 1 with status 429, else no header.
        hang_seconds: real seconds to wait before anything else.
        close: whether to close the connection without an answer.
    """

    status: int | None = None
    body: str | None = None
    retry_after: int | None = None
    hang_seconds: float = 0.0
    close: bool = False

    def response(self) -> Response:
        """The answer of a fault that has a status."""
        status = self.status or 500
        retry_after = 1 if self.retry_after is None and status == 429 else self.retry_after
        body = errors.default_body(status, retry_after) if self.body is None else self.body
        return errors.plain(status, body, None if retry_after is None else {"Retry-After": str(retry_after)})


class Faults:
    """The fault in force and how often it still strikes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._fault = Fault()
        self._times = 0

    def set(self, fault: Fault, times: int) -> None:
        """Make the next posts fail; replaces what was set before."""
        with self._lock:
            self._fault = fault
            self._times = times

    def take(self) -> Fault | None:
        """The fault for the post at hand, if any, counting it."""
        with self._lock:
            if self._times == 0:
                return None
            self._times -= 1
            return self._fault

    def clear(self) -> None:
        """Let every post pass again."""
        self.set(Fault(), 0)


def parse(body: dict[str, Any]) -> tuple[Fault, int]:
    """Read a fault and how many posts it is for (1 unless told).

    Raises:
        ValueError: a field is unknown, missing or has a wrong value.
    """
    unknown = sorted(set(body) - set(FIELDS))
    if unknown:
        raise ValueError(f"unknown fields: {', '.join(unknown)}; known: {', '.join(FIELDS)}")
    given = {name: value for name, value in body.items() if value is not None}
    fault = Fault(
        status=_whole(given, "status", 400, 599),
        body=_text(given, "body"),
        retry_after=_whole(given, "retry_after", 0, 86400),
        hang_seconds=_seconds(given, "hang_seconds"),
        close=_flag(given, "close"),
    )
    if fault.status is None and not fault.close and not fault.hang_seconds:
        raise ValueError("give a status, hang_seconds or close")
    times = _whole(given, "times", 1, 1_000_000)
    return fault, 1 if times is None else times


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
    """Make the next posts to any webhook fail; see Fault for the fields, besides times (posts, default 1)."""
    fault, times = parse(control.json_body(request))
    current.set(fault, times)
    return {**asdict(fault), "times": times}


@control.route("DELETE", "/slack/faults")
def delete_faults(_request: Request) -> dict[str, Any]:
    """Let every post pass again."""
    current.clear()
    return {"times": 0}
