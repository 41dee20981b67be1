"""The execution environments of one function: warm ones are reused, a few run side by side, idle ones end."""

from __future__ import annotations

import threading
import time

from .. import clock, settings
from .code import CodeFolder
from .environment import Environment
from .spec import EndedError, FunctionSpec, Request, Result, ThrottledError


class Pool:
    """All environments of one spec; invocations beyond settings.lambda_concurrency wait for a free one."""

    def __init__(self, spec: FunctionSpec) -> None:
        self.spec = spec
        self._code = CodeFolder(spec)
        self._changed = threading.Condition()
        self._idle: list[tuple[float, Environment]] = []
        self._busy: set[Environment] = set()
        self._retired = False
        self._killed = False

    def invoke(self, request: Request, reserved: int | None) -> Result:
        """Run the function once in a free environment.

        Raises:
            ThrottledError: `reserved` environments are busy already.
            EndedError: the function was deleted meanwhile.
        """
        environment = self._take(reserved)
        try:
            return environment.invoke(request)
        finally:
            self._give_back(environment)

    def retire(self) -> None:
        """End idle environments now and busy ones after their invocation: there is newer code or configuration."""
        with self._changed:
            self._retired = True
            idle, self._idle = self._idle, []
            self._tidy()
        for _, environment in idle:
            environment.end()

    def kill(self) -> None:
        """End every environment now."""
        with self._changed:
            self._killed = True
            busy = list(self._busy)
            self._changed.notify_all()
        self.retire()
        for environment in busy:
            environment.end()

    def _take(self, reserved: int | None) -> Environment:
        with self._changed:
            while not self._killed:
                if reserved is not None and len(self._busy) >= reserved:
                    raise ThrottledError(self.spec.arn)
                if self._idle:
                    _, environment = self._idle.pop()
                    break
                if len(self._busy) < settings.current.now.lambda_concurrency:
                    environment = Environment(self.spec, *self._code.unpack())
                    break
                self._changed.wait()
            else:
                raise EndedError(self.spec.arn)
            self._busy.add(environment)
            return environment

    def _give_back(self, environment: Environment) -> None:
        with self._changed:
            self._busy.discard(environment)
            keep = environment.usable and not self._retired
            if keep:
                self._idle.append((time.monotonic(), environment))
            self._changed.notify()
        if keep:
            clock.scheduler.call_later(settings.current.now.lambda_idle_seconds, self._end_idle)
        else:
            environment.end()
            with self._changed:
                self._tidy()

    def _end_idle(self) -> None:
        longest = clock.real_seconds(settings.current.now.lambda_idle_seconds)
        with self._changed:
            now = time.monotonic()
            old = [environment for since, environment in self._idle if now - since >= longest]
            self._idle = [(since, environment) for since, environment in self._idle if now - since < longest]
        for environment in old:
            environment.end()

    def _tidy(self) -> None:
        if self._retired and not self._busy:
            self._code.remove()
