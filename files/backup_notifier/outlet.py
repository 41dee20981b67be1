"""One target while the function lives: its secret, its rate limit, and posting to it until it accepts or refuses."""

from __future__ import annotations

import random
import time
from collections import OrderedDict
from dataclasses import replace
from typing import Any

from . import post, targets
from .delivery import Delivery
from .notification import Notification
from .secrets import Secret, SecretError
from .settings import Target

FIRST_BACKOFF = 0.25
LONGEST_BACKOFF = 8.0
# An attempt with less time than this cannot succeed.
SHORTEST_ATTEMPT = 0.25
# After a 429 without Retry-After.
SECONDS_WHEN_LIMITED = 1.0
# How long a target that was over its limit is taken to be in a storm: its messages are collected first.
SECONDS_OF_STORM = 5.0
# The fields of a bot's message that say where it goes.
_PLACE = {"channel", "thread_ts", "ts", "reply_broadcast"}
_MOST_REMEMBERED = 5000
_LONGEST_ERROR = 200
_SECONDS_TEXT_REMEMBERED = 3600.0
_NO_TIME = Delivery("retry", error="no time left in this invocation")


class Outlet:
    """A target of the settings. It is safe for the threads of one invocation."""

    def __init__(self, target: Target, console_links: bool) -> None:
        self.target = target
        self.kind = targets.make(target, console_links)
        self._secret = Secret(target)
        # Each method of a bot's API has a limit of its own; the empty one posts.
        self._open_at: dict[str, float] = {}
        self._storm_until = 0.0
        self._done: OrderedDict[str, float] = OrderedDict()

    @property
    def in_storm(self) -> bool:
        """Whether the target was over its limit a moment ago."""
        return time.monotonic() < self._storm_until

    @property
    def closed_for(self) -> float:
        """Seconds until the target takes messages again."""
        return self._closed_for("")

    def pause(self, seconds: float, method: str = "") -> None:
        """Give the target some seconds before the next message, or the next call of another method."""
        self._open_at[method] = max(self._open_at.get(method, 0.0), time.monotonic() + seconds)

    def close(self, seconds: float) -> None:
        """Note that the target is over its limit and takes nothing for some seconds."""
        self.pause(seconds)
        self._storm_until = max(self._storm_until, self._open_at[""] + SECONDS_OF_STORM)

    def expect_storm(self) -> None:
        """Note that others wait for the target, too: for a while, messages are collected before one is posted."""
        self._storm_until = max(self._storm_until, time.monotonic() + SECONDS_OF_STORM)

    def close_until(self, moment_ms: int) -> None:
        """Note that the target takes nothing before a moment in Unix milliseconds, which another invocation has found out."""
        seconds = moment_ms / 1000 - time.time()
        if seconds > 0:
            self.close(min(seconds, post.LONGEST_WAIT))

    def remember(self, key: str) -> None:
        """Note that a notification was delivered: what this environment needs no table for."""
        self._done[key] = time.monotonic()
        while len(self._done) > _MOST_REMEMBERED:
            self._done.popitem(last=False)

    def remembers(self, key: str) -> bool:
        """Whether this environment delivered it. A text without any ID counts for a while only: it may come again and mean it."""
        done = self._done.get(key)
        return done is not None and (not key.startswith("text/") or time.monotonic() - done < _SECONDS_TEXT_REMEMBERED)

    def post_message(self, notification: Notification, mention: str, deadline: float, *, wait: bool) -> Delivery:
        """Post the message of one notification; see post."""
        payload, plain = self.kind.message(notification, mention), self.kind.plain(notification, mention)
        return self.post(payload, deadline, plain=plain, wait=wait)

    def post(
        self, payload: dict[str, Any], deadline: float, *, plain: dict[str, Any] | None = None, method: str = "", wait: bool = True
    ) -> Delivery:
        """Post a payload: with the current secret when the old one is refused, and plain when its form is.

        Args:
            payload: what is posted.
            deadline: when to give up, on time.monotonic()'s clock.
            plain: what is posted to a target that refuses the payload.
            method: of a bot's API; one that was over its limit a moment ago is not called before its time.
            wait: whether to wait for a target that is over its limit, or was a moment ago; without, that ends the try.
        """
        try:
            secret = self._secret.value()
            delivery = self._try(payload, secret, method, deadline, wait)
            if delivery.cause == "secret":
                current = self._secret.renewed()
                if current != secret:
                    secret = current
                    delivery = self._try(payload, secret, method, deadline, wait).after(delivery)
            if delivery.cause == "message" and plain is not None:
                kept = {name: value for name, value in payload.items() if name in _PLACE}
                delivery = self._try({**kept, **plain}, secret, method, deadline, wait).after(delivery)
        except SecretError as error:
            return Delivery("retry", error=str(error))
        return delivery

    def _try(self, payload: dict[str, Any], secret: str, method: str, deadline: float, wait: bool) -> Delivery:
        """Post until the target accepts or refuses, or no time is left."""
        started = time.monotonic()
        # The outbox, which waits for nothing here, knows itself when the target is open.
        delivery, attempts, pause = _NO_TIME, 0, self._closed_for(method) if method or wait else 0.0
        if pause and (not wait or time.monotonic() + pause + SHORTEST_ATTEMPT > deadline):
            return Delivery("retry", error=f"{method or 'the target'} is over its limit", cause="limit", retry_after=pause)
        while time.monotonic() + pause + SHORTEST_ATTEMPT < deadline:
            time.sleep(pause)
            attempts += 1
            delivery = self._once(payload, secret, method, deadline)
            if delivery.outcome != "retry" or (delivery.cause == "limit" and not wait):
                break
            backoff = min(FIRST_BACKOFF * 2 ** (attempts - 1), LONGEST_BACKOFF) * random.uniform(1.0, 1.25)
            pause = max(delivery.retry_after, backoff)
        return replace(delivery, attempts=attempts, duration_ms=round((time.monotonic() - started) * 1000))

    def _once(self, payload: dict[str, Any], secret: str, method: str, deadline: float) -> Delivery:
        reply = post.post(self.kind.request(payload, secret, method), deadline - time.monotonic())
        if reply.status is None:
            return Delivery("retry", error=reply.failure)
        delivery = self.kind.judge(reply)
        if delivery.cause == "limit":
            seconds = delivery.retry_after or SECONDS_WHEN_LIMITED
            if method:
                self.pause(seconds, method)
            else:
                self.close(seconds)
        if delivery.error:
            # All of it is scrubbed before anything is cut off, so that no half of a secret is left.
            delivery = replace(delivery, error=self._secret.scrubbed(delivery.error)[:_LONGEST_ERROR])
        return delivery

    def _closed_for(self, method: str) -> float:
        return max(0.0, self._open_at.get(method, 0.0) - time.monotonic())
