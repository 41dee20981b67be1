"""Who must have accepted the message, and as what."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.proven.aws_backup.plugins.modules import backup_notification_info

from tests.unit.plugins.vaults.notification_info.records import Log, failure, receipt, record


def test_every_wanted_target_must_accept(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(receipt(), record(), seconds_ago=9)
    start = datetime.now(UTC) - timedelta(seconds=60)
    both = {**args, "targets": ["slack", "oncall"], "start_time": start.isoformat()}
    assert run_module(backup_notification_info, args)["accepted"]
    result = run_module(backup_notification_info, {**both, "wait": True, "wait_timeout": 1})
    assert (result["accepted"], result["grade"], result["latency"]) == (False, "delivered", None)
    assert "it was never sent to oncall. Check the notifier's targets and rules" in result["msg"]
    log(record(target="oncall", outcome="retry", error="ratelimited"))
    result = run_module(backup_notification_info, {**both, "wait": True, "wait_timeout": 1})
    assert "did not get through so far: COMPLETED retry (oncall, success, HTTP 200, ratelimited)" in result["msg"]
    assert not run_module(backup_notification_info, args)["accepted"], "by default, all that it was sent to"
    assert run_module(backup_notification_info, {**args, "targets": ["slack"]})["accepted"]
    log(record(target="oncall"))
    result = run_module(backup_notification_info, both)
    assert result["accepted"]
    assert [found["target"] for found in result["evidence"]["accepted"]] == ["slack", "oncall"]
    last = datetime.fromisoformat(result["evidence"]["accepted"][1]["timestamp"])
    assert result["latency"] == round((last - start).total_seconds(), 3), "until the last of them"


def test_a_broken_target_ends_the_wait_even_when_others_accept(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(), record(target="siem", outcome="rejected", http_status=410, error="gone"))
    assert "refused: COMPLETED rejected (siem, success, HTTP 410, gone)" in failure(run_module, args, wait_timeout=600)["msg"]


def test_a_muted_message_is_no_message(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(state="FAILED", severity="failure", outcome="muted", http_status=None))
    result = failure(run_module, args, states=["FAILED"], wait_timeout=600)
    assert result["grade"] == "delivered"
    assert "a rule of the notifier mutes it: FAILED muted (slack, failure). Check notifier_rules" in result["msg"]
    log(record(state="FAILED", severity="failure", target="oncall"))
    assert run_module(backup_notification_info, {**args, "states": ["FAILED"]})["accepted"], "a rule may choose among the targets"
    failure(run_module, args, states=["FAILED"], targets=["slack", "oncall"])


def test_the_record_of_another_target_may_be_a_moment_behind(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(outcome="muted"))
    later = threading.Timer(1, log, [record(target="oncall")])
    later.start()
    result = run_module(backup_notification_info, {**args, "wait": True, "wait_timeout": 60})
    later.join()
    assert result["accepted"]


def test_a_message_with_another_severity_is_the_wrong_alert(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(receipt(), record())
    result = failure(run_module, args, severity="warning", wait_timeout=600)
    assert "the wrong alert arrived: COMPLETED accepted (slack, success, HTTP 200), where warning was expected" in result["msg"]
    assert (result["grade"], result["evidence"]["accepted"]) == ("delivered", [])
    log(record(severity="warning"))
    assert run_module(backup_notification_info, {**args, "severity": "warning"})["accepted"]
