"""The module backup_preflight_info against a sandbox, for one family of checks after the other."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.modules import backup_preflight_info

Finding = dict[str, str]
Look = Callable[..., Finding]
Ask = Callable[..., list[Finding]]

ACCOUNT = "123456789012"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@pytest.fixture
def ask(sandbox: Any, run_module: Any) -> Ask:
    """Run the module; returns its findings, but for that the credentials are good."""

    def run(**options: Any) -> list[Finding]:
        result = run_module(backup_preflight_info, {**sandbox.connection(), **options})
        assert result["changed"] is False, result
        (known, *_) = [each for each in result["findings"] if each["check"] == "credentials"]
        assert known["result"] == "passed"
        return [each for each in result["findings"] if each["check"] != "credentials"]

    return run


@pytest.fixture
def look(ask: Ask) -> Look:
    """Run the module; returns its only finding, checked to have a remedy unless it passed."""

    def run(**options: Any) -> Finding:
        (finding,) = ask(**options)
        assert bool(finding["remedy"]) == (finding["result"] != "passed"), finding
        return finding

    return run


@pytest.fixture
def session(sandbox: Any) -> Callable[..., dict[str, str]]:
    """A function that gives the connection options of a new caller, who may do some actions and nothing else."""

    def start(*statements: dict[str, Any]) -> dict[str, str]:
        iam = sandbox.client("iam")
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}]}
        role = iam.create_role(RoleName="caller", Path="/people/", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        if statements:
            iam.put_role_policy(
                RoleName="caller", PolicyName="may", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
            )
        started = sandbox.control("POST", "/sessions", {"role_arn": role})
        return {key: started[key] for key in ("access_key", "secret_key", "session_token")}

    return start


def allow(*actions: str, resource: str = "*", **condition: Any) -> dict[str, Any]:
    """A statement."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **({"Condition": condition} if condition else {})}
