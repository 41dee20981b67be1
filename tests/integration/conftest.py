"""Real ansible-playbook processes against a sandbox of their own."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Sandbox
from tests.integration.warm_python import warm_python

TIME_SCALE = 600


@dataclass
class Run:
    """A finished ansible-playbook process."""

    exit_code: int
    output: str

    @property
    def changed(self) -> int:
        """How many tasks changed something, over all hosts."""
        return sum(int(count) for count in re.findall(r"changed=(\d+)", self.output))

    @property
    def changes(self) -> list[str]:
        """The names of the tasks that changed something, without their roles."""
        tasks = re.findall(r"^TASK \[(?:\S+ : )?(.*?)\] \**$(.*?)(?=^TASK|^PLAY)", self.output, flags=re.DOTALL | re.MULTILINE)
        return [name for name, result in tasks if re.search(r"^changed: ", result, flags=re.MULTILINE)]

    @property
    def error(self) -> str:
        """The messages of what failed, unfolded to one line."""
        messages = re.findall(r"^\[ERROR\]: (.*?)^Origin:", self.output, flags=re.DOTALL | re.MULTILINE)
        return " ".join(" ".join(messages).split())

    def succeeded(self) -> Run:
        """This run, after a check that it ended well."""
        assert self.exit_code == 0, self.output
        return self

    def failed(self) -> Run:
        """This run, after a check that it failed in an orderly way."""
        assert self.exit_code == 2, self.output
        assert "Traceback" not in self.output
        return self


class Playbooks:
    """Runs the project's playbooks against one sandbox port."""

    def __init__(self, port: int, folder: Path, interpreter: Path | None = None) -> None:
        """Run playbooks against a port; interpreter: the Python for their modules, else the one that their inventory names."""
        self.port = port
        self.folder = folder
        self.interpreter = {"ansible_python_interpreter": str(interpreter)} if interpreter else {}
        self.sandbox = Sandbox(f"http://127.0.0.1:{port}")

    @property
    def state_dir(self) -> Path:
        """The state folder of the sandbox that these playbooks start."""
        return self.folder / "sandbox"

    @property
    def report_dir(self) -> Path:
        """The folder that takes the reports."""
        return self.folder / "reports"

    def command(self, playbook: str, *arguments: str, **extra: object) -> list[str]:
        """The command line that runs a playbook."""
        variables = {
            "sandbox_port": self.port,
            "sandbox_state_dir": str(self.state_dir),
            "sandbox_time_scale": TIME_SCALE,
            "drill_report_dir": str(self.report_dir),
            **self.interpreter,
            **extra,
        }
        executable = str(Path(sys.executable).parent / "ansible-playbook")
        return [executable, f"playbooks/{playbook}.yml", "-e", json.dumps(variables), *arguments]

    def run(self, playbook: str, *arguments: str, env: dict[str, str] | None = None, **extra: object) -> Run:
        """Run a playbook to its end."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SLACK_"))}
        process = subprocess.run(
            self.command(playbook, *arguments, **extra),
            cwd=ROOT,
            env={**environment, "ANSIBLE_FORCE_COLOR": "0", "ANSIBLE_NOCOLOR": "1", **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
            check=False,
        )
        return Run(process.returncode, process.stdout)

    def reports(self) -> list[dict[str, object]]:
        """The JSON reports so far, oldest first."""
        paths = sorted(self.report_dir.glob("*/report.json"), key=lambda path: path.stat().st_mtime)
        return [json.loads(path.read_text()) for path in paths]

    def proofs(self) -> dict[str, dict[str, Any]]:
        """What the newest report says of each target, by its name."""
        targets: Any = self.reports()[-1]["targets"]
        return {proof["target"]: proof for proof in targets}

    def sandbox_runs(self) -> bool:
        """Whether something listens on the sandbox's port."""
        with socket.socket() as connection:
            return connection.connect_ex(("127.0.0.1", self.port)) == 0


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def another_program(port: int) -> Iterator[None]:
    """A web server that is no sandbox, on a port."""
    server = ThreadingHTTPServer(("127.0.0.1", port), BaseHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def interpreter() -> Iterator[Path]:
    """A Python for the playbooks' modules that need not start anew for each."""
    with warm_python() as path:
        yield path


@pytest.fixture(scope="module")
def playbooks(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Playbooks]:
    """Playbooks on a port of their own; whatever they leave running is stopped. Marked as as_users_do, their modules start as ever."""
    python = None if request.node.get_closest_marker("as_users_do") else request.getfixturevalue("interpreter")
    playbooks = Playbooks(free_port(), tmp_path_factory.mktemp("playbooks"), python)
    yield playbooks
    if playbooks.sandbox_runs():
        playbooks.run("sandbox", sandbox_state="stopped")
