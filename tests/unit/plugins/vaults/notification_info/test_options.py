"""Options that are wrong, and access that is denied."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.modules import backup_notification_info

from tests.unit.plugins.vaults.notification_info.records import GROUP, JOB, Log, record


def test_the_old_names_of_the_option_are_known(run_module: Any, connection: dict[str, Any], log: Log) -> None:
    log(record())
    for name in ("backup_job_id", "copy_job_id", "restore_job_id"):
        assert run_module(backup_notification_info, {**connection, "function_name": "notifier", name: JOB})["accepted"]


@pytest.mark.parametrize("start_time", ["yesterday", "2026-13-01", "1764000000"])
def test_start_time_that_is_none(run_module: Any, args: dict[str, Any], start_time: str, proxy: Any) -> None:
    result = run_module(backup_notification_info, {**args, "start_time": start_time})
    assert result["msg"] == f"start_time: '{start_time}' is not an ISO 8601 time such as 2026-01-31T12:00:00Z"
    assert proxy.requests == []


@pytest.mark.parametrize("wait", [True, False])
def test_a_timeout_that_is_none(run_module: Any, args: dict[str, Any], proxy: Any, wait: bool) -> None:
    result = run_module(backup_notification_info, {**args, "wait": wait, "wait_timeout": -5})
    assert result["failed"]
    assert result["msg"] == "wait_timeout: -5 is less than 1 second"
    assert proxy.requests == []


def test_one_way_to_name_the_log_is_needed(run_module: Any, args: dict[str, Any], connection: dict[str, Any]) -> None:
    assert "mutually exclusive" in run_module(backup_notification_info, {**args, "log_group_name": GROUP})["msg"]
    assert "one of the following is required" in run_module(backup_notification_info, {**connection, "job_id": JOB})["msg"]


def test_unknown_state(run_module: Any, args: dict[str, Any]) -> None:
    result = run_module(backup_notification_info, {**args, "states": ["SUCCESSFUL"]})
    assert result["failed"]
    assert "SUCCESSFUL" in result["msg"]


def test_denied_access_is_an_error(run_module: Any, args: dict[str, Any], proxy: Any) -> None:
    proxy.refuse("POST", "^/$", "AccessDeniedException", "User is not authorized to perform: logs:FilterLogEvents")
    result = run_module(backup_notification_info, {**args, "wait": True})
    assert result["failed"]
    assert result["msg"].startswith(f"Failed to read the log group {GROUP}")
    assert "logs:FilterLogEvents" in result["msg"]
