"""A sandbox with a test restore in it, and the validator's function in this process."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from backup_notifier import clients
from restore_validator import settings

REGION, ACCOUNT = "us-west-2", "123456789012"
PLAN_ARN = f"arn:aws:backup:{REGION}:{ACCOUNT}:restore-testing-plan:proof-1"


class Context:
    """Lambda's context: some seconds are left."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        """The milliseconds left."""
        return max(0, round((self._end - time.monotonic()) * 1000))


@pytest.fixture
def context() -> type[Context]:
    """Makes a Lambda context."""
    return Context


@pytest.fixture
def deploy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Deploys settings."""

    def deployed(**document: Any) -> None:
        path = tmp_path / "settings.json"
        path.write_text(json.dumps({"poll_seconds": 0.05, **document}))
        monkeypatch.setattr(settings, "FILE", path)

    deployed()
    return deployed


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, sandbox: Any) -> Any:
    """An empty sandbox, which the code under test uses, too."""
    for name, value in (
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ("AWS_ENDPOINT_URL", sandbox.endpoint_url),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(clients, "_clients", {})
    monkeypatch.setattr(clients, "_session", None)
    return sandbox


@pytest.fixture
def restored(account: Any) -> Callable[..., dict[str, Any]]:
    """Says that a test restore made something; returns the event of its end."""

    def told(created_arn: str, resource_type: str, source_arn: str = "") -> dict[str, Any]:
        order = {"kind": "restore_job", "state": "COMPLETED", "region": REGION, "routes": ["sns"], "resource_type": resource_type}
        order |= {"created_resource_arn": created_arn, "restore_testing_plan_arn": PLAN_ARN}
        (job_id,) = account.control("POST", "/backup/events", order)["job_ids"]
        detail = {
            "restoreJobId": job_id,
            "status": "COMPLETED",
            "resourceType": resource_type,
            "createdResourceArn": created_arn,
            "sourceResourceArn": source_arn,
            "restoreTestingPlanArn": PLAN_ARN,
            "creationDate": "2026-01-31T03:00:00.000Z",
            "completionDate": "2026-01-31T03:05:00.000Z",
        }
        return {
            "version": "0",
            "id": "1",
            "source": "aws.backup",
            "detail-type": "Restore Job State Change",
            "account": ACCOUNT,
            "region": REGION,
            "time": "2026-01-31T03:05:00Z",
            "resources": ["arn:aws:backup:us-west-2:123456789012:recovery-point:1"],
            "detail": detail,
        }

    return told
