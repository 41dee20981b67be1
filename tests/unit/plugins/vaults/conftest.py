"""A proxy before the sandbox that answers chosen requests itself, as AWS does when something is wrong."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

VAULT = "nightly"
TAGS = {"Project": "proven", "Stage": "dev"}


@dataclass
class Fault:
    """An answer to the next requests of a kind (times: how many; None for all), after the first few (skip) have passed."""

    method: str
    path: re.Pattern[str]
    status: int
    body: dict[str, Any]
    code: str | None
    times: int | None
    skip: int = 0


class Proxy:
    """Passes requests on to a sandbox, except those it has been given an answer for."""

    def __init__(self, target: str) -> None:
        self.target = urlsplit(target).netloc
        self.faults: list[Fault] = []
        self.requests: list[str] = []
        self.bodies: list[bytes] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, method: str, path: str, body: dict[str, Any], times: int | None = None) -> None:
        """Answer requests whose decoded path and query match a pattern with this body."""
        self.faults.append(Fault(method, re.compile(path), 200, body, None, times))

    def refuse(self, method: str, path: str, code: str, message: str = "", times: int | None = None, skip: int = 0) -> None:
        """Answer requests whose decoded path and query match a pattern with an error."""
        self.faults.append(Fault(method, re.compile(path), 400, {"__type": code, "message": message}, code, times, skip))

    def calls(self, pattern: str) -> list[str]:
        """The requests so far, as "METHOD /path?query", that match a pattern."""
        return [request for request in self.requests if re.search(pattern, request)]

    def take(self, method: str, path: str) -> Fault | None:
        """The answer to a request, if it has one."""
        self.requests.append(f"{method} {path}")
        for fault in self.faults:
            if fault.method == method and fault.times != 0 and fault.path.search(path):
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.times = fault.times and fault.times - 1
                return fault
        return None

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            proxy.bodies.append(body)
            fault = proxy.take(self.command, unquote(self.path))
            if fault is not None:
                headers = {"x-amzn-errortype": fault.code} if fault.code else {}
                self.reply(fault.status, headers, json.dumps(fault.body).encode())
                return
            connection = http.client.HTTPConnection(proxy.target, timeout=30)
            connection.request(self.command, self.path, body, dict(self.headers))
            response = connection.getresponse()
            kept = {name: value for name, value in response.getheaders() if name.lower() in ("content-type", "x-amzn-errortype")}
            self.reply(response.status, kept, response.read())
            connection.close()

        do_GET = do_PUT = do_POST = do_DELETE = handle_any

        def reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture
def proxy(sandbox: Any) -> Iterator[Proxy]:
    """A proxy before the sandbox, with no answers of its own yet."""
    proxy = Proxy(sandbox.endpoint_url)
    yield proxy
    proxy.close()


@pytest.fixture
def connection(sandbox: Any, proxy: Proxy) -> dict[str, Any]:
    """The connection options of a module that goes through the proxy; only the collection retries, not botocore."""
    return {**sandbox.connection(), "endpoint_url": proxy.url, "aws_config": {"retries": {"total_max_attempts": 1}}}


@pytest.fixture
def backup(sandbox: Any) -> Any:
    """A client that sees the sandbox as it is."""
    return sandbox.client("backup")


@pytest.fixture
def vault(backup: Any) -> str:
    """A vault of ours; its name."""
    backup.create_backup_vault(BackupVaultName=VAULT, BackupVaultTags=TAGS)
    return VAULT


@pytest.fixture
def start_job(sandbox: Any, backup: Any, role_arn: str) -> Callable[..., str]:
    """Start a job of a new volume (or of resource_arn) into a vault; returns the job's ID."""

    def start(vault: str = VAULT, resource_arn: str | None = None) -> str:
        if resource_arn is None:
            volume = sandbox.client("ec2").create_volume(AvailabilityZone="us-west-2a", Size=1)
            resource_arn = f"arn:aws:ec2:us-west-2:123456789012:volume/{volume['VolumeId']}"
        return backup.start_backup_job(BackupVaultName=vault, ResourceArn=resource_arn, IamRoleArn=role_arn)["BackupJobId"]

    return start


@pytest.fixture
def make_points(backup: Any, start_job: Callable[..., str]) -> Callable[..., list[str]]:
    """Fill a vault with a number of recovery points; returns their ARNs."""

    def make(count: int, vault: str = VAULT) -> list[str]:
        ids = [start_job(vault) for _ in range(count)]
        while True:
            jobs = [backup.describe_backup_job(BackupJobId=job_id) for job_id in ids]
            if all(job["State"] == "COMPLETED" for job in jobs):
                return [job["RecoveryPointArn"] for job in jobs]
            time.sleep(0.05)

    return make


@pytest.fixture
def purge_args(connection: dict[str, Any], vault: str) -> dict[str, Any]:
    """Options of a purge of our vault that is as fast as the sandbox allows."""
    fast = {"delete_recovery_point": 1000, "list": 1000, "other": 1000, "total": 1000}
    return {**connection, "backup_vault_name": vault, "expected_tags": TAGS, "rate_limits": fast, "wait_timeout": 60}


@pytest.fixture
def load_points(sandbox: Any, vault: str) -> Callable[..., list[str]]:
    """Load recovery points of any kind into our vault (see docs/sandbox.md); returns the ARNs, of nested ones, too."""

    def load(**order: Any) -> list[str]:
        return sandbox.control("POST", "/backup/recovery-points", {"backup_vault_name": vault, **order})["recovery_point_arns"]

    return load


@pytest.fixture
def list_points(backup: Any) -> Callable[..., set[str]]:
    """The ARNs of the recovery points of a vault."""

    def listed(vault: str = VAULT) -> set[str]:
        pages = backup.get_paginator("list_recovery_points_by_backup_vault").paginate(BackupVaultName=vault)
        return {point["RecoveryPointArn"] for page in pages for point in page["RecoveryPoints"]}

    return listed
