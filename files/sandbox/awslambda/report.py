"""What Lambda itself writes: log lines around an invocation, and the errors of functions that cannot answer."""

from __future__ import annotations

import json
import math
import signal
from dataclasses import dataclass
from datetime import UTC, datetime

from .spec import FunctionSpec

MAX_RESPONSE_BYTES = 6291556


@dataclass(frozen=True)
class Failure:
    """An invocation Lambda ended or answered itself: the error object, its log line (empty: none), and REPORT's words."""

    payload: dict[str, object]
    log_line: str
    status: str


def init_start(spec: FunctionSpec) -> str:
    """The line an environment begins with."""
    language = spec.runtime.replace("python", "python:")
    return f"INIT_START Runtime Version: {language}.sandbox\tRuntime Version ARN: arn:aws:lambda:{spec.region}::runtime:sandbox\n"


def init_report(milliseconds: float, phase: str, status: str) -> str:
    """The line of an initialization that failed."""
    return f"INIT_REPORT Init Duration: {milliseconds:.2f} ms\tPhase: {phase}\t{status}\n"


def start(request_id: str, version: str) -> str:
    """The first line of an invocation."""
    return f"START RequestId: {request_id} Version: {version}\n"


def end(request_id: str) -> str:
    """The line after an invocation."""
    return f"END RequestId: {request_id}\n"


def report(request_id: str, spec: FunctionSpec, milliseconds: float, init_ms: float | None, peak_mb: int, status: str) -> str:
    """The last line of an invocation; init_ms is None unless this invocation initialized its environment."""
    parts = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {milliseconds:.2f} ms",
        f"Billed Duration: {math.ceil(milliseconds + (init_ms or 0))} ms",
        f"Memory Size: {spec.memory_size} MB",
        f"Max Memory Used: {peak_mb} MB",
    ]
    if init_ms is not None:
        parts.append(f"Init Duration: {init_ms:.2f} ms")
    if status:
        parts.append(status)
    return "\t".join(parts) + "\t\n"


def timed_out(request_id: str, timeout: int) -> Failure:
    """The function outlived its timeout (seconds)."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    message = f"Task timed out after {timeout:.2f} seconds"
    return Failure(
        {"errorType": "Sandbox.Timedout", "errorMessage": f"RequestId: {request_id} Error: {message}"},
        f"{stamp} {request_id} {message}\n\n",
        "Status: timeout",
    )


def exited(request_id: str, code: int) -> Failure:
    """The function's process ended by itself: with a status, or by a signal (negative code)."""
    if code == 0:
        reason = "Runtime exited without providing a reason"
    elif code > 0:
        reason = f"Runtime exited with error: exit status {code}"
    else:
        reason = f"Runtime exited with error: signal: {_signal_words(-code)}"
    message = f"RequestId: {request_id} Error: {reason}"
    return Failure(
        {"errorType": "Runtime.ExitError", "errorMessage": message},
        f"{message}\nRuntime.ExitError\n",
        "Status: error\tError Type: Runtime.ExitError",
    )


def too_large() -> Failure:
    """The function's answer is larger than Lambda passes on."""
    message = f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE_BYTES} bytes)."
    return Failure({"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message}, "", "")


def init_failed(body: bytes) -> Failure:
    """The function's module could not be loaded; body is what the runtime reported."""
    payload = json.loads(body)
    return Failure(payload, "", f"Status: error\tError Type: {payload.get('errorType', 'Unknown')}")


def _signal_words(number: int) -> str:
    return (signal.strsignal(number) or str(number)).lower()
