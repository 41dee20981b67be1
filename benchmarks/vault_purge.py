"""How long it takes to empty a vault, beside the floor and two peers, in the sandbox, one after the other in the same run.

The service takes 40 ms for each call, and allows as many deletions as one likes, 100 a second, or 10 a second. The floor is the number of
recovery points divided by that rate, or times the latency divided by the workers; no client can beat it for long, but a first second's
burst can. The module is measured twice: with max_recovery_points 0, and with its default way, which counts the points first. The peers
are a loop of `aws backup delete-recovery-point` and a loop with boto3, each from the start of its process to its end. The AWS CLI is
measured at the smallest number only; for the others its time is that number's, a call at a time, and marked as such.

The goal at the largest number of recovery points, with max_recovery_points 0: at most 1.05 times the floor where the service throttles,
1.15 times where it does not. The exit code is 1 when that is missed, or when the module fails or leaves anything, whatever the number.

With --write, the table and the plot in the documentation are written anew. The AWS CLI and matplotlib are installed into a virtual
environment of their own, below the user's cache, when they are needed first.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import boto3

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "benchmarks" / "vault_purge"
TOOLS = Path.home() / ".cache" / "proven-aws-backup" / "benchmark-tools"
PLOT = ROOT / "docs" / "images" / "vault-purge.svg"
PAGE = ROOT / "docs" / "vault_purge.md"
TABLE = re.compile(r"(?<=<!-- table -->\n).*?(?=<!-- end of the table -->)", re.DOTALL)
VAULT = "benchmark"
KEYS = {"access_key": "AKIAIOSFODNN7EXAMPLE", "secret_key": "x" * 40}
LATENCY_MS = 40
WORKERS = 6
SCENARIOS = {"unthrottled": (None, (50, 500, 5000)), "100 a second": (100, (50, 500, 5000)), "10 a second": (10, (50, 500))}
MODULE, COUNTED, BOTO3, CLI, FLOOR = "backup_vault_purge", "counted first", "boto3 loop", "aws CLI loop", "floor"
THROTTLED_GOAL, UNTHROTTLED_GOAL = 1.05, 1.15
"""How many times the floor the module may take at the largest number of recovery points."""


@dataclass(frozen=True)
class Row:
    """One measurement.

    Attributes:
        seconds: from the start of the process to its end.
        left: how many recovery points there were then; None when that was not measured.
        failed: whether the process said that it failed.
        memory_mb: the largest memory of the process.
        extrapolated: whether it was not measured but follows from a smaller number.
    """

    scenario: str
    count: int
    name: str
    seconds: float
    left: int | None = None
    failed: bool = False
    memory_mb: float = 0.0
    extrapolated: bool = False


def main() -> int:
    """Measure, print the table, and write it if that is wanted; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the table and the plot in docs anew")
    parser.add_argument("--most", type=int, default=5000, help="leave out larger numbers of recovery points")
    options = parser.parse_args()
    install_tools()
    load = os.getloadavg()[0]
    rows: list[Row] = []
    with sandbox() as endpoint_url:
        for scenario, (rate, counts) in SCENARIOS.items():
            for count in counts:
                if count <= options.most:
                    rows += measure_all(endpoint_url, scenario, rate, count, rows)
    table = f"{markdown(rows)}\nMeasured on {os.cpu_count()} processors, on which other work already made a load of {load:.1f}.\n"
    print(table)
    if options.write:
        PAGE.write_text(TABLE.sub(lambda _old: table, PAGE.read_text()))
        numbers = json.dumps([asdict(row) for row in rows])
        subprocess.run([TOOLS / "bin" / "python", PEERS / "plot.py", PLOT], input=numbers, text=True, check=True)
    found = problems(rows)
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


def install_tools() -> None:
    """Make the virtual environment of the AWS CLI and matplotlib, unless it is there."""
    if not (TOOLS / "bin" / "aws").exists():
        venv.create(TOOLS, with_pip=True)
        subprocess.run([TOOLS / "bin" / "pip", "install", "--quiet", "awscli", "matplotlib"], check=True)


@contextmanager
def sandbox() -> Iterator[str]:
    """A sandbox on a free port; gives its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "serve", "--port", "0"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "files")},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        ready = re.search(r"AWS at (\S+)", process.stdout.readline())
        assert ready, "the sandbox did not start"
        yield ready.group(1)
    finally:
        process.terminate()
        process.wait()


def measure_all(endpoint_url: str, scenario: str, rate: float | None, count: int, before: list[Row]) -> list[Row]:
    """The floor, the module and its peers, at one number of recovery points."""
    floor = count / rate if rate else count * LATENCY_MS / 1000 / WORKERS
    rows = [Row(scenario, count, FLOOR, floor)]
    for name, most in ((MODULE, 0), (COUNTED, count)):
        rows.append(measure(endpoint_url, Row(scenario, count, name, 0), rate, module_command(endpoint_url, rate, most)))
    rows.append(measure(endpoint_url, Row(scenario, count, BOTO3, 0), rate, [sys.executable, str(PEERS / "with_boto3.py"), VAULT]))
    smallest = next((row for row in before if row.name == CLI and row.scenario == scenario), None)
    if smallest is None:
        rows.append(measure(endpoint_url, Row(scenario, count, CLI, 0), rate, ["/bin/sh", str(PEERS / "with_cli.sh"), VAULT]))
    else:
        rows.append(Row(scenario, count, CLI, smallest.seconds / smallest.count * count, extrapolated=True))
    return rows


def module_command(endpoint_url: str, rate: float | None, most: int) -> list[str]:
    """A process that runs the module, told of the service's quota, and of no other; most: max_recovery_points."""
    unlimited = 100_000
    options = {
        **KEYS,
        "endpoint_url": endpoint_url,
        "region": "us-west-2",
        "backup_vault_name": VAULT,
        "require_tags": False,
        "max_recovery_points": most,
        "delete_vault": False,
        "workers": WORKERS,
        "rate_limits": {"delete_recovery_point": rate or unlimited, "list": unlimited, "other": unlimited, "total": unlimited},
    }
    return [sys.executable, str(PEERS / "with_module.py"), json.dumps(options)]


def measure(endpoint_url: str, row: Row, rate: float | None, command: list[str]) -> Row:
    """Fill a vault, run a process that is to empty it, and look what is left."""
    control(endpoint_url, "POST", "/reset")
    client = boto3.client(
        "backup",
        region_name="us-west-2",
        endpoint_url=endpoint_url,
        aws_access_key_id=KEYS["access_key"],
        aws_secret_access_key=KEYS["secret_key"],
    )
    client.create_backup_vault(BackupVaultName=VAULT)
    control(endpoint_url, "POST", "/backup/recovery-points", {"backup_vault_name": VAULT, "count": row.count, "resources": 50})
    limits = {"DeleteRecoveryPoint": rate} if rate else {}
    control(endpoint_url, "PUT", "/backup/service", {"latency_ms": LATENCY_MS, "deleting_seconds": 0, "limits": limits})
    print(f"{row.scenario}, {row.count} recovery points: {row.name} ...", file=sys.stderr)
    start = time.monotonic()
    process = subprocess.Popen(command, env=environment(endpoint_url), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    control(endpoint_url, "DELETE", "/backup/service")
    pages = client.get_paginator("list_recovery_points_by_backup_vault").paginate(BackupVaultName=VAULT)
    left = sum(len(page["RecoveryPoints"]) for page in pages)
    return Row(row.scenario, row.count, row.name, seconds, left, status != 0, usage.ru_maxrss / 1024)


def environment(endpoint_url: str) -> dict[str, str]:
    """The environment of a process that talks to the sandbox."""
    return {
        "HOME": os.environ["HOME"],
        "PATH": f"{TOOLS / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / ".ansible" / "collections"),
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_REGION": "us-west-2",
        "AWS_DEFAULT_REGION": "us-west-2",
        "AWS_ACCESS_KEY_ID": KEYS["access_key"],
        "AWS_SECRET_ACCESS_KEY": KEYS["secret_key"],
    }


def control(endpoint_url: str, method: str, path: str, body: Any = None) -> None:
    """Call the sandbox's control endpoint."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{endpoint_url}/_sandbox{path}", data=data, method=method, headers={"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request, timeout=60).close()


def problems(rows: list[Row]) -> list[str]:
    """What the module did not do, each with the row's name: it failed, left recovery points, or missed the goal."""
    floors = {(row.scenario, row.count): row.seconds for row in rows if row.name == FLOOR}
    found = []
    for row in rows:
        if row.name not in (MODULE, COUNTED):
            continue
        where = f"{row.scenario}, {row.count} recovery points, {row.name}"
        if row.failed or row.left:
            found.append(f"{where}: {'it failed, ' if row.failed else ''}{row.left} left")
        rate, counts = SCENARIOS[row.scenario]
        goal = THROTTLED_GOAL if rate else UNTHROTTLED_GOAL
        times = row.seconds / floors[row.scenario, row.count]
        if row.name == MODULE and row.count == max(counts) and times > goal:
            found.append(f"{where}: {row.seconds:.1f} s is {times:.3f} times the floor, more than {goal}")
    return found


def markdown(rows: list[Row]) -> str:
    """The measurements as a table: seconds, and how many times the floor that is."""
    lines = [
        f"| deletions | points | {FLOOR} | {MODULE} | its memory | {COUNTED} | {BOTO3} | {CLI} |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for floor in (row for row in rows if row.name == FLOOR):
        same = {row.name: row for row in rows if (row.scenario, row.count) == (floor.scenario, floor.count)}
        first, *others = (cell(same[name], floor.seconds) for name in (MODULE, COUNTED, BOTO3, CLI))
        memory = f"{same[MODULE].memory_mb:.0f} MB"
        cells = [floor.scenario, str(floor.count), f"{floor.seconds:.2f} s", first, memory, *others]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def cell(row: Row, floor: float) -> str:
    """One time, what it is of the floor, and what is wrong about it."""
    time_taken = f"{'≈ ' if row.extrapolated else ''}{row.seconds:.{1 if row.seconds >= 10 else 2}f} s ({row.seconds / floor:.2f} x)"
    return time_taken + (f", **{row.left} left**" if row.left else ", **failed**" if row.failed else "")


if __name__ == "__main__":
    sys.exit(main())
