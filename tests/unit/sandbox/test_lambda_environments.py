"""Execution environments: reused, side by side, replaced, ended."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

FILES = Path(__file__).resolve().parents[3] / "files"
PID = "import os\ndef handler(event, context):\n    return os.getpid()\n"
# Tells that it runs, and runs until it may end.
MEETING = """
import os, pathlib, time
def handler(event, context):
    folder = pathlib.Path(event)
    (folder / str(os.getpid())).touch()
    while not (folder / "go").exists():
        time.sleep(0.01)
    return os.getpid()
"""
FOREVER = "import os, subprocess, time\ndef handler(event, context):\n    open(event, 'w').write(str(os.getpid()))\n    time.sleep(600)\n"


def alive(pid: int) -> bool:
    """Whether a process exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_warm_until_code_or_configuration_change(functions: Any) -> None:
    functions.deploy(PID)
    first = functions.invoke()
    assert functions.invoke() == first
    functions.api.update_function_configuration(FunctionName="fn", Environment={"Variables": {"A": "1"}})
    functions.wait_for(lambda: not alive(first))
    second = functions.invoke()
    assert second != first
    functions.api.update_function_code(FunctionName="fn", ZipFile=functions.archive(PID + "# changed\n"))
    functions.wait_for(lambda: not alive(second))
    third = functions.invoke()
    functions.api.delete_function(FunctionName="fn")
    functions.wait_for(lambda: not alive(third))


def test_a_few_side_by_side(functions: Any, tmp_path: Path) -> None:
    functions.deploy(MEETING, Timeout=60)
    functions.sandbox.settings(lambda_concurrency=3)
    with ThreadPoolExecutor(5) as threads:
        running = [threads.submit(functions.invoke, str(tmp_path)) for _ in range(5)]
        functions.wait_for(lambda: len(list(tmp_path.iterdir())) == 3)
        (tmp_path / "go").touch()
        pids = {future.result() for future in running}
    functions.sandbox.settings(lambda_concurrency=4)
    assert len(pids) == 3


def test_reserved_concurrency_throttles_the_next(functions: Any, tmp_path: Path) -> None:
    functions.deploy(MEETING, Timeout=60)
    functions.api.put_function_concurrency(FunctionName="fn", ReservedConcurrentExecutions=1)
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(functions.invoke, str(tmp_path))
        functions.wait_for(lambda: list(tmp_path.iterdir()))
        status, _ = functions.sandbox.request("POST", "/2015-03-31/functions/fn/invocations", {}, {"Authorization": _signature("lambda")})
        (tmp_path / "go").touch()
        running.result()
    assert status == 429


def test_idle_environments_end(functions: Any) -> None:
    functions.deploy(PID)
    functions.sandbox.settings(lambda_idle_seconds=1)
    pid = functions.invoke()
    functions.wait_for(lambda: not alive(pid))
    functions.sandbox.settings(lambda_idle_seconds=900)
    assert functions.invoke() != pid


def test_reset_ends_what_runs(functions: Any, tmp_path: Path) -> None:
    functions.deploy(FOREVER, Timeout=600)
    marker = tmp_path / "pid"
    functions.api.invoke(FunctionName="fn", InvocationType="Event", Payload=json.dumps(str(marker)))
    pid = int(functions.wait_for(lambda: marker.exists() and marker.read_text()))
    functions.sandbox.control("POST", "/reset")
    functions.wait_for(lambda: not alive(pid))


def test_nothing_outlives_a_killed_sandbox(functions: Any, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "sandbox", "serve", "--port", "0"],
        env={**os.environ, "PYTHONPATH": str(FILES)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        ready = re.search(r"AWS at (http://\S+)", process.stdout.readline())
        assert ready
        own = type(functions)(type(functions.sandbox)(ready.group(1)))
        own.deploy(FOREVER, Timeout=600)
        marker = tmp_path / "pid"
        own.api.invoke(FunctionName="fn", InvocationType="Event", Payload=json.dumps(str(marker)))
        pid = int(functions.wait_for(lambda: marker.exists() and marker.read_text()))
        process.send_signal(signal.SIGKILL)
    functions.wait_for(lambda: not alive(pid))


def _signature(service: str) -> str:
    credential = f"AKIAIOSFODNN7EXAMPLE/20261123/us-west-2/{service}/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0"
