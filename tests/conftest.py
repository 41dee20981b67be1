"""A real sandbox for the tests: one server process per test session and worker, emptied between tests."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

ROOT = Path(__file__).resolve().parent.parent
ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
ACCOUNT = "123456789012"
REGION = "us-west-2"


class Sandbox:
    """A running sandbox and what tests do with it."""

    def __init__(self, endpoint_url: str) -> None:
        self.endpoint_url = endpoint_url

    def client(self, service: str, region: str = REGION) -> Any:
        """A boto3 client of this sandbox that never retries."""
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint_url,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
            config=Config(retries={"total_max_attempts": 1}),
        )

    def connection(self, region: str = REGION) -> dict[str, str]:
        """The connection parameters of an amazon.aws style module."""
        return {"endpoint_url": self.endpoint_url, "access_key": ACCESS_KEY, "secret_key": SECRET_KEY, "region": region}

    def request(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, str]:
        """Send one HTTP request (body: bytes as they are, anything else as JSON); returns status and text."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(
            self.endpoint_url + path, data=data, method=method, headers={"Content-Type": "application/json", **(headers or {})}
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Call the control endpoint; fails the test on any error."""
        status, text = self.request(method, f"/_sandbox{path}", body)
        assert status == 200, f"{method} {path}: {status} {text}"
        return json.loads(text)

    def settings(self, **changes: Any) -> None:
        """Change settings of the sandbox, until the next test."""
        self.control("POST", "/settings", changes)

    def know_webhook(self, path: str) -> str:
        """Have Slack take messages at a webhook; returns its URL."""
        self.control("PUT", "/slack/webhooks", {"path": path})
        return self.endpoint_url + path

    def let_back_up(self, role_name: str) -> None:
        """Give a role what AWS Backup needs to back up any type of resource."""
        self._attach(role_name, "service-role/AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForS3Backup")

    def let_restore(self, role_name: str) -> None:
        """Give a role what AWS Backup needs to restore any type of resource."""
        self._attach(role_name, "service-role/AWSBackupServiceRolePolicyForRestores", "AWSBackupServiceRolePolicyForS3Restore")

    def _attach(self, role_name: str, *policies: str) -> None:
        for name in policies:
            self.client("iam").attach_role_policy(RoleName=role_name, PolicyArn=f"arn:aws:iam::aws:policy/{name}")


FAST = {"time_scale": 600.0, "job_seconds": 180.0, "delete_seconds": 60.0, "slack_messages_per_second": 1000.0, "slack_burst": 1000}


@pytest.fixture(scope="session")
def sandbox_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox process on a free port for this test session."""
    log_file = tmp_path_factory.mktemp("sandbox") / "sandbox.log"
    with log_file.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", "serve", "--port", "0"],
            env={**os.environ, "PYTHONPATH": str(ROOT / "files")},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout is not None
    ready = re.search(r"AWS at (http://\S+)", process.stdout.readline())
    assert ready, f"the sandbox did not start: {log_file.read_text()}"
    yield Sandbox(ready.group(1))
    process.terminate()
    assert process.wait(timeout=20) == 0


@pytest.fixture
def sandbox(sandbox_server: Sandbox) -> Sandbox:
    """An empty sandbox with a fast clock."""
    sandbox_server.control("POST", "/reset")
    sandbox_server.settings(**FAST)
    return sandbox_server
