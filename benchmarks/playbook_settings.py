"""What makes these playbooks fast: settings of Ansible, each against the one in use, in turn on one sandbox.

Prints, for each variant, the median seconds of a play that creates four resources and the median of its ratios to the play
as it is set here (no facts, pipelining, one resource after the other), pair by pair.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5
IN_USE = {"facts": False, "limit": 0, "pipelining": "1"}
VARIANTS = {
    "gathering facts": {**IN_USE, "facts": True},
    "without pipelining": {**IN_USE, "pipelining": "0"},
    "side by side, by async": {**IN_USE, "limit": 60},
}


def main() -> None:
    """Run every variant and print the table."""
    sandbox = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "serve", "--port", "0"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "files")},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert sandbox.stdout is not None
        ready = re.search(r"AWS at (\S+)", sandbox.stdout.readline())
        assert ready, "the sandbox did not start"
        seconds_of_run(IN_USE, ready.group(1))
        print(f"{'variant':<24}{'seconds':>10}{'as it is':>10}{'ratio':>8}")
        for name, variant in VARIANTS.items():
            pairs = [(seconds_of_run(variant, ready.group(1)), seconds_of_run(IN_USE, ready.group(1))) for _ in range(RUNS)]
            ratio = statistics.median(here / there for here, there in pairs)
            here, there = (statistics.median(column) for column in zip(*pairs, strict=True))
            print(f"{name:<24}{here:>10.2f}{there:>10.2f}{ratio:>8.2f}", flush=True)
    finally:
        sandbox.terminate()
        sandbox.wait()


def seconds_of_run(variant: dict[str, object], endpoint_url: str) -> float:
    """Run the play once; returns its wall-clock seconds.

    Raises:
        subprocess.CalledProcessError: the play failed.
    """
    connection = {"endpoint_url": endpoint_url, "access_key": "AKIAIOSFODNN7EXAMPLE", "secret_key": "x" * 40, "region": "us-west-2"}
    variables = {
        "connection_options": connection,
        "name_of_run": f"run-{uuid.uuid4()}",
        "ansible_python_interpreter": sys.executable,
        "facts": variant["facts"],
        "limit": variant["limit"],
    }
    started = time.monotonic()
    subprocess.run(
        [Path(sys.executable).parent / "ansible-playbook", "-i", "localhost,", "-e", json.dumps(variables), "playbook_settings/play.yml"],
        cwd=ROOT / "benchmarks",
        env={**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_PIPELINING": str(variant["pipelining"])},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.monotonic() - started


if __name__ == "__main__":
    main()
