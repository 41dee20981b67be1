"""Tiny Lambda functions for the tests of this folder."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
SEND = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["sqs:SendMessage", "sns:Publish"], "Resource": "*"}]}
LOG = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
PATIENCE_SECONDS = 30


class Functions:
    """Deploys functions to a sandbox and looks at what they do."""

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.api = sandbox.client("lambda")
        iam = sandbox.client("iam")
        self.role = iam.create_role(RoleName="function", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        iam.put_role_policy(RoleName="function", PolicyName="send", PolicyDocument=json.dumps(SEND))
        iam.attach_role_policy(RoleName="function", PolicyArn=LOG)

    @staticmethod
    def archive(source: str, name: str = "app.py") -> bytes:
        """A zip with one file."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as opened:
            opened.writestr(name, source)
        return buffer.getvalue()

    def deploy(self, source: str, name: str = "fn", **options: Any) -> str:
        """Create a function from the source of app.py; returns its ARN."""
        settings = {"Handler": "app.handler", "Runtime": "python3.12", "Role": self.role, "Code": {"ZipFile": self.archive(source)}}
        return str(self.api.create_function(FunctionName=name, **(settings | options))["FunctionArn"])

    def invoke(self, event: Any = None, name: str = "fn", **options: Any) -> Any:
        """Invoke synchronously; returns what the function answered."""
        answer = self.api.invoke(FunctionName=name, Payload=json.dumps(event), **options)
        return json.loads(answer["Payload"].read())

    def log(self, pattern: str = "", name: str = "fn") -> list[str]:
        """The function's log messages that match a filter pattern."""
        api = self.sandbox.client("logs")
        try:
            pages = api.get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{name}", filterPattern=pattern)
            return [event["message"] for page in pages for event in page["events"]]
        except api.exceptions.ResourceNotFoundException:
            return []

    @staticmethod
    def wait_for(probe: Callable[[], Any]) -> Any:
        """Return the first true value of probe."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up:
            value = probe()
            if value:
                return value
            time.sleep(0.02)
        pytest.fail("what was waited for never came")


@pytest.fixture
def functions(sandbox: Any) -> Functions:
    """Functions of an empty sandbox."""
    return Functions(sandbox)
