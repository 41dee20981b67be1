"""The first thing a function's process runs: python -I -S entry.py <loop> <folder on sys.path>...

It imports nothing of the sandbox: only the standard library and the folders it is given.
"""

from __future__ import annotations

import os
import signal
import sys
import threading


def end_with_the_sandbox(lifeline: int) -> None:
    """Wait for the other end of the pipe to close, then end this process and every process it started."""
    os.read(lifeline, 1)
    os.killpg(0, signal.SIGKILL)


def main(loop: str, folders: list[str]) -> None:
    """Serve invocations until the Runtime API goes away."""
    lifeline = os.dup(0)
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 (pathlib would cost every cold start its import)
        os.dup2(nothing.fileno(), 0)
    threading.Thread(target=end_with_the_sandbox, args=(lifeline,), name="lifeline", daemon=True).start()
    sys.path[:0] = folders
    sys.argv = [sys.argv[0]]
    if loop == "awslambdaric":
        from awslambdaric.__main__ import main as serve
    else:
        from python_loop import main as serve
    serve(["", os.environ["_HANDLER"]])


main(sys.argv[1], sys.argv[2:])
