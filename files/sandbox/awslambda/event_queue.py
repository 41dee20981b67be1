"""Asynchronous invocations: accepted at once, run in turn, retried twice, then sent where failed events go."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Protocol

from moto.utilities.arns import parse_arn

from .. import clock, metric_counts, settings
from . import dead_letter
from .spec import EndedError, Request, Result, ThrottledError

log = logging.getLogger(__name__)

RETRY_SECONDS = (60.0, 120.0)
MAX_EVENT_AGE_SECONDS = 21600
THROTTLED = 429
MAX_BACKOFF_SECONDS = 300.0


class Function(Protocol):
    """What the queue needs of a function (see backend.RunningFunction)."""

    function_arn: str
    role: str
    dead_letter_arn: str | None

    def event_config(self) -> dict[str, Any]:
        """The function's EventInvokeConfig, empty when it has none."""

    def run(self, request: Request) -> Result:
        """Invoke the function and wait for what comes of it."""


@dataclass
class Event:
    """One accepted event; attempts counts the invocations that failed, throttles those refused."""

    function: Function
    request: Request
    attempts: int = 0
    throttles: int = 0
    accepted: float = field(default_factory=time.monotonic)

    def age(self) -> float:
        """AWS seconds since the event was accepted."""
        return (time.monotonic() - self.accepted) * settings.current.now.time_scale


class EventQueue:
    """The waiting events of one function, worked off by at most settings.lambda_concurrency threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Event] = deque()
        self._workers = 0
        self._closed = False

    def put(self, event: Event) -> None:
        """Queue one event; nothing happens once the queue is closed."""
        with self._lock:
            if self._closed:
                return
            self._waiting.append(event)
            if self._workers >= settings.current.now.lambda_concurrency:
                return
            self._workers += 1
        threading.Thread(target=self._work, name="lambda-events", daemon=True).start()

    def close(self) -> None:
        """Drop every waiting event and take no more: the function is gone."""
        with self._lock:
            self._closed = True
            self._waiting.clear()

    def _work(self) -> None:
        while (event := self._next()) is not None:
            try:
                self._attempt(event)
            except Exception:
                log.exception("an event for %s was lost", event.function.function_arn)

    def _next(self) -> Event | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._workers -= 1
            return None

    def _attempt(self, event: Event) -> None:
        try:
            result = event.function.run(event.request)
        except EndedError:
            return
        except ThrottledError:
            self._try_later(event)
            return
        event.attempts += 1
        if result.error is not None and not self._closed:
            self._retry(event, result)

    def _retry(self, event: Event, result: Result) -> None:
        config = event.function.event_config()
        allowed = config.get("MaximumRetryAttempts", len(RETRY_SECONDS))
        if event.attempts > allowed:
            _give_up(event, result.error or "", result.payload, dead_letter.FUNCTION_ERROR)
            return
        delay = RETRY_SECONDS[event.attempts - 1]
        if event.age() + delay > config.get("MaximumEventAgeInSeconds", MAX_EVENT_AGE_SECONDS):
            _give_up(event, result.error or "", result.payload, dead_letter.FUNCTION_ERROR)
            return
        clock.scheduler.call_later(delay, lambda: self.put(event))

    def _try_later(self, event: Event) -> None:
        if event.age() > event.function.event_config().get("MaximumEventAgeInSeconds", MAX_EVENT_AGE_SECONDS):
            _give_up(event, "Rate Exceeded.", b"null", THROTTLED)
            return
        delay = min(2.0**event.throttles, MAX_BACKOFF_SECONDS)
        event.throttles += 1
        clock.scheduler.call_later(delay, lambda: self.put(event))


def _give_up(event: Event, message: str, payload: bytes, code: int) -> None:
    function, request = event.function, event.request
    body = request.payload.decode()
    log.info("an event for %s failed %s times: %s", function.function_arn, event.attempts, message)
    if function.dead_letter_arn:
        sent = dead_letter.send_to_queue(function.role, function.dead_letter_arn, request.request_id, body, message, code)
        if not sent:
            arn = parse_arn(function.function_arn)
            resource = metric_counts.Resource(arn.account, arn.region, arn.resource_id)
            metric_counts.add(("AWS/Lambda", "DeadLetterErrors"), resource)
    destination = function.event_config().get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    if destination:
        dead_letter.send_to_destination(
            function.role, destination, function.function_arn, request.request_id, body, event.attempts, payload
        )
