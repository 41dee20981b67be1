"""An AWS Backup that throttles or fails: nothing is called good or bad that could not be looked at."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils.policy_documents import decide

from .conftest import Ask

OPT_IN = {"checks": ["region"], "resource_types": ["EC2", "S3"]}
SERVICE = {"backup.amazonaws.com"}


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between retries take no time."""
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)


def strike(sandbox: Any, kind: str, operation: str, rate: float) -> None:
    """Have AWS Backup fail in some share of its calls."""
    sandbox.control("PUT", "/backup/service", {"faults": [{"operation": operation, "kind": kind, "rate": rate}]})


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize("kind", ["throttle", "500"])
def test_some_failing_calls_are_made_again(sandbox: Any, ask: Ask, kind: str) -> None:
    strike(sandbox, kind, "*", 0.4)
    assert [each["result"] for each in ask(**OPT_IN)] == ["passed", "passed"]


@pytest.mark.usefixtures("no_waiting")
def test_endless_throttling_is_unknown(sandbox: Any, ask: Ask) -> None:
    strike(sandbox, "throttle", "DescribeRegionSettings", 1.0)
    first, second = ask(**OPT_IN)
    assert (first["result"], second["result"]) == ("unknown", "unknown")
    assert first["reason"] == "Failed to read the settings of AWS Backup in this Region: Rate exceeded"
    assert first["remedy"] == "too many calls to AWS in this account and Region, try again later"


@pytest.mark.usefixtures("no_waiting")
def test_one_failing_look_up_hides_no_other(sandbox: Any, ask: Ask) -> None:
    strike(sandbox, "500", "DescribeBackupVault", 1.0)
    found = ask(checks=["region", "vault"], resource_types=["EC2"], backup_vault_name="nightly", delete_after_days=1)
    assert [(each["check"], each["result"]) for each in found] == [("vault lock", "unknown"), ("opt-in", "passed")]


@pytest.mark.parametrize(
    ("statements", "decision"),
    [
        ([], "not allowed"),
        ([{"Effect": "Allow", "Principal": "*", "Action": "*"}], "allowed"),
        ([{"Effect": "Allow", "Principal": {"Service": ["ec2.amazonaws.com", "backup.amazonaws.com"]}, "Action": "SNS:Pub*"}], "allowed"),
        ([{"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "NotAction": "sns:Publish"}], "not allowed"),
        ([{"Effect": "Allow", "NotPrincipal": {"Service": "backup.amazonaws.com"}, "Action": "*"}], "not allowed"),
        (
            [{"Effect": "Allow", "Principal": "*", "Action": "*"}, {"Effect": "Deny", "Principal": "*", "Action": "sns:Publish"}],
            "denied",
        ),
        ([{"Effect": "Allow", "Principal": "*", "Action": "*", "Condition": {"StringEquals": {"aws:Known": ["b", "a"]}}}], "allowed"),
        ([{"Effect": "Allow", "Principal": "*", "Action": "*", "Condition": {"StringEquals": {"aws:Known": "b"}}}], "not allowed"),
        ([{"Effect": "Allow", "Principal": "*", "Action": "*", "Condition": {"ArnLikeIfExists": {"aws:Never": "b"}}}], "allowed"),
        ([{"Effect": "Allow", "Principal": "*", "Action": "*", "Condition": {"StringLike": {"aws:Never": "*"}}}], "not allowed"),
        ([{"Effect": "Allow", "Principal": "*", "Action": "*", "Condition": {"StringLike": {"aws:Other": "*"}}}], "conditional"),
        ([{"Effect": "Allow", "Principal": "*", "Action": "*", "Condition": {"Bool": {"aws:Known": "true"}}}], "conditional"),
    ],
)
def test_what_a_policy_decides(statements: list[dict[str, Any]], decision: str) -> None:
    assert decide({"Statement": statements}, SERVICE, "sns:Publish", {"aws:known": "a", "aws:Never": None}) == decision
