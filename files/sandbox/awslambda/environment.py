"""One execution environment: a process that serves a function's invocations, one at a time."""

from __future__ import annotations

import json
import queue
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import logs, packages, report
from .output import LogLine, now_ms
from .process import RuntimeProcess
from .report import Failure
from .runtime_api import Happening, RuntimeApi
from .spec import EndedError, FunctionSpec, Request, Result
from .variables import process_variables

INIT_SECONDS = 10.0


@dataclass(frozen=True)
class Init:
    """How an initialization went: its length, and what ended it when it failed."""

    milliseconds: float
    failed: Happening | None


class Environment:
    """Starts its process at the first invocation; `usable` turns false once the process cannot serve another."""

    def __init__(self, spec: FunctionSpec, task_root: Path, layer_folders: list[Path]) -> None:
        self.usable = True
        self._spec = spec
        self._task_root = task_root
        self._layer_folders = layer_folders
        self._stream = logs.stream_name(spec.version)
        self._lines: list[LogLine] = []
        self._api: RuntimeApi | None = None
        self._process: RuntimeProcess | None = None
        self._ended = False

    def invoke(self, request: Request) -> Result:
        """Run the function once.

        Raises:
            EndedError: the environment was ended by `end` meanwhile.
        """
        init = self._first_init() if self._process is None else None
        self._log(report.start(request.request_id, self._spec.version))
        began = time.monotonic()
        deadline = began + self._spec.timeout
        happening = self._retry_init(deadline) if init and init.failed else None
        if happening is None:
            happening = self._hand_over(request, deadline)
        milliseconds = (time.monotonic() - began) * 1000
        if self._ended:
            raise EndedError(self._spec.arn)
        return self._conclude(request, happening, milliseconds, None if init is None or init.failed else init.milliseconds)

    def end(self) -> None:
        """End the process, whatever it does; safe to call from any thread and twice."""
        self._ended = True
        self.usable = False
        self._stop()

    def _first_init(self) -> Init:
        self._log(report.init_start(self._spec))
        init = self._initialize(time.monotonic() + INIT_SECONDS)
        if init.failed:
            status = "Status: timeout" if init.failed.kind == "timeout" else _failure_of_init(init.failed, "").status
            self._log(report.init_report(init.milliseconds, "init", status))
        return init

    def _retry_init(self, deadline: float) -> Happening | None:
        """Lambda's second try of a failed initialization, inside the invocation: None when it went well."""
        return self._initialize(deadline).failed

    def _initialize(self, deadline: float) -> Init:
        began = time.monotonic()
        self._stop()
        self._api = api = RuntimeApi()
        task_root = str(self._task_root)
        variables = process_variables(self._spec, task_root, api.address, self._stream)
        folders = [task_root, *map(str, self._layer_folders), str(packages.runtime_folder())]
        loop = "awslambdaric" if packages.has_client() else "python"
        command = [sys.executable, "-I", "-S", "-B", "-u", "-X", "utf8", str(packages.CHILD / "entry.py"), loop, *folders]
        self._process = RuntimeProcess(command, variables, self._task_root, _on_exit(api))
        if self._ended:
            self._stop()
            raise EndedError(self._spec.arn)
        happening = _wait(api, ("ready", "init_error", "exited"), deadline)
        self._collect_output()
        return Init((time.monotonic() - began) * 1000, None if happening.kind == "ready" else happening)

    def _hand_over(self, request: Request, deadline: float) -> Happening:
        api = self._api
        if api is None:
            raise EndedError(self._spec.arn)
        headers = {
            "Lambda-Runtime-Deadline-Ms": str(now_ms() + self._spec.timeout * 1000),
            "Lambda-Runtime-Invoked-Function-Arn": request.invoked_arn,
            "Lambda-Runtime-Trace-Id": f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]};Sampled=0",
        }
        if request.client_context:
            headers["Lambda-Runtime-Client-Context"] = request.client_context
        api.submit(request.request_id, headers, request.payload)
        return _wait(api, ("response", "error", "exited"), deadline)

    def _conclude(self, request: Request, happening: Happening, milliseconds: float, init_ms: float | None) -> Result:
        self._collect_output()
        failure = self._failure(request, happening)
        if failure is not None:
            if failure.log_line:
                self._log(failure.log_line)
            # A function whose answer is only too large lives on.
            if happening.kind != "response":
                self.usable = False
                self._stop()
        self._log(report.end(request.request_id))
        status = failure.status if failure else ""
        peak_mb = self._process.peak_memory_mb() if self._process else 0
        self._log(report.report(request.request_id, self._spec, milliseconds, init_ms, peak_mb, status))
        log = self._flush()
        payload = json.dumps(failure.payload).encode() if failure else happening.body
        error = _error_message(payload) if failure or happening.kind == "error" else None
        return Result(payload, error, log)

    def _failure(self, request: Request, happening: Happening) -> Failure | None:
        if happening.kind == "timeout":
            return report.timed_out(request.request_id, self._spec.timeout)
        if happening.kind == "response" and len(happening.body) > report.MAX_RESPONSE_BYTES:
            return report.too_large()
        if happening.kind in ("exited", "init_error"):
            return _failure_of_init(happening, request.request_id)
        return None

    def _collect_output(self) -> None:
        assert self._process is not None
        self._lines += self._process.take_output()
        self._process.peak_memory_mb()

    def _log(self, line: str) -> None:
        self._lines.append((now_ms(), line))

    def _flush(self) -> str:
        lines, self._lines = self._lines, []
        if not self._ended:
            logs.write(self._spec, self._stream, lines)
        return "".join(message for _, message in lines)

    def _stop(self) -> None:
        if self._process is not None:
            self._process.end()
        api, self._api = self._api, None
        if api is not None:
            api.close()


def _wait(api: RuntimeApi, kinds: tuple[str, ...], deadline: float) -> Happening:
    while True:
        try:
            happening = api.happenings.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return Happening("timeout")
        if happening.kind in kinds:
            return happening


def _on_exit(api: RuntimeApi) -> Callable[[int], None]:
    return lambda code: api.happenings.put(Happening("exited", exit_code=code))


def _failure_of_init(happening: Happening, request_id: str) -> Failure:
    if happening.kind == "init_error":
        return report.init_failed(happening.body)
    return report.exited(request_id, happening.exit_code)


def _error_message(payload: bytes) -> str:
    error = json.loads(payload)
    return str(error.get("errorMessage", "")) if isinstance(error, dict) else ""
