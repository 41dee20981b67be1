"""The module lambda_concurrency against a sandbox."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.modules import lambda_concurrency

FUNCTION = "notifier"

Reserve = Callable[..., dict[str, Any]]


@pytest.fixture
def reserve(sandbox: Any, run_module: Any) -> Reserve:
    """Run the module for a number of executions; None for none."""

    def run(number: int | None, check: bool = False) -> dict[str, Any]:
        wanted = {"state": "absent"} if number is None else {"reserved_concurrent_executions": number}
        args = {**sandbox.connection(), "function_name": FUNCTION, **wanted}
        return run_module(lambda_concurrency, args, check=check, diff=True)

    return run


@pytest.fixture
def function(sandbox: Any) -> None:
    """A function."""
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
    role = sandbox.client("iam").create_role(RoleName="function", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", "def handler(event, context): ...\n")
    settings = {"Handler": "app.handler", "Runtime": "python3.13", "Role": role, "Code": {"ZipFile": code.getvalue()}}
    sandbox.client("lambda").create_function(FunctionName=FUNCTION, **settings)


def reserved(sandbox: Any) -> int | None:
    return sandbox.client("lambda").get_function_concurrency(FunctionName=FUNCTION).get("ReservedConcurrentExecutions")


@pytest.mark.usefixtures("function")
def test_reserves_changes_and_removes(sandbox: Any, reserve: Reserve) -> None:
    for number in (10, 0, 5, None):
        assert reserve(number, check=True)["changed"]
        assert reserved(sandbox) != number
        result = reserve(number)
        assert (result["changed"], result["reserved_concurrent_executions"], reserved(sandbox)) == (True, number, number)
        assert not reserve(number)["changed"]


@pytest.mark.usefixtures("function")
def test_diff(reserve: Reserve) -> None:
    assert reserve(3)["diff"] == {"before": {"reserved_concurrent_executions": None}, "after": {"reserved_concurrent_executions": 3}}


def test_a_function_that_is_not_there(reserve: Reserve) -> None:
    assert reserve(3, check=True)["changed"]
    assert not reserve(None)["changed"]
    result = reserve(3)
    assert result["failed"]
    assert result["msg"].startswith("Failed to reserve 3 executions for the function notifier")


@pytest.mark.usefixtures("function")
def test_less_than_nothing(reserve: Reserve) -> None:
    assert reserve(-1)["msg"] == "reserved_concurrent_executions: -1 is less than 0"
