"""Waiting for a record, and what the module says when none came."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.proven.aws_backup.plugins.modules import backup_notification_info

from tests.unit.plugins.vaults.notification_info.records import GROUP, JOB, STREAM, Log, failure, receipt, record


def test_waits_until_a_message_is_accepted(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(outcome="retry", http_status=503, error="server error"))
    later = threading.Timer(1.5, log, [record()])
    later.start()
    result = run_module(backup_notification_info, {**args, "wait": True, "wait_timeout": 30})
    later.join()
    assert result["accepted"]
    assert [found["outcome"] for found in result["notifications"]] == ["retry", "accepted"]


def test_waits_for_a_log_group_that_is_still_to_come(run_module: Any, args: dict[str, Any], logs: Any) -> None:
    def begin() -> None:
        logs.create_log_group(logGroupName=GROUP)
        logs.create_log_stream(logGroupName=GROUP, logStreamName=STREAM)
        event = {"timestamp": int(time.time() * 1000), "message": json.dumps(record())}
        logs.put_log_events(logGroupName=GROUP, logStreamName=STREAM, logEvents=[event])

    later = threading.Timer(1, begin)
    later.start()
    result = run_module(backup_notification_info, {**args, "wait": True, "wait_timeout": 30})
    later.join()
    assert result["accepted"]


def test_without_waiting_nothing_found_is_no_failure(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(outcome="rejected", http_status=404, error="no_service"), seconds_ago=30)
    result = run_module(backup_notification_info, args)
    assert not result.get("failed")
    assert not result["accepted"]
    assert result["latency"] is None
    assert result["notifications"][0]["error"] == "no_service"


def test_a_notification_without_any_delivery_yet(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(receipt())
    assert (
        "the function got it (by sns) and has said nothing about its delivery. Look into the log group" in failure(run_module, args)["msg"]
    )


def test_timeout_with_nothing_seen(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(job_id="another"))
    result = failure(run_module, args)
    assert result["msg"].startswith(f"No accepted notification of the job {JOB} after ")
    assert f" seconds: the log group {GROUP} has nothing about this job. Check that the vault notifies" in result["msg"]
    assert "dead-letter queue" in result["msg"]
    assert result["notifications"] == []


def test_timeout_with_another_state_seen(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(state="RUNNING"))
    assert (
        f"the log group {GROUP} has RUNNING accepted (slack, success, HTTP 200). Check that the vault notifies"
        in failure(run_module, args)["msg"]
    )


def test_timeout_while_lambda_tries_again(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(outcome="retry", http_status=None, error="connect timeout"))
    result = failure(run_module, args)
    assert "did not get through so far: COMPLETED retry (slack, success, connect timeout). Lambda tries again" in result["msg"]
    assert result["notifications"][0]["outcome"] == "retry"


def test_a_refusal_ends_the_wait(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(outcome="rejected", http_status=404, error="no_service"))
    result = failure(run_module, args, wait_timeout=600)
    assert "the message was refused: COMPLETED rejected (slack, success, HTTP 404, no_service). Check the target" in result["msg"]


def test_timeout_without_a_log_group(run_module: Any, args: dict[str, Any]) -> None:
    assert f"the log group {GROUP} does not exist in us-west-2" in failure(run_module, args)["msg"]


def test_without_waiting_a_missing_log_group_is_an_error(run_module: Any, connection: dict[str, Any]) -> None:
    result = run_module(backup_notification_info, {**connection, "log_group_name": "/else/where", "job_id": JOB})
    assert result["failed"]
    assert (
        "the log group /else/where does not exist in us-west-2. Check the name of the function, the account and the Region" in result["msg"]
    )


def test_throttling_is_survived(run_module: Any, args: dict[str, Any], log: Log, proxy: Any) -> None:
    log(record())
    proxy.refuse("POST", "^/$", "ThrottlingException", times=1)
    assert run_module(backup_notification_info, args)["accepted"]


def test_each_look_asks_for_this_job_and_what_is_new_and_the_last_for_everything(
    run_module: Any, args: dict[str, Any], log: Log, proxy: Any
) -> None:
    log(record(job_id="00000000-f22c-4dab-5eb6-bbc7890ed123"))
    start = datetime.now(UTC) - timedelta(hours=2)
    failure(run_module, args, start_time=start.isoformat(), wait_timeout=2)
    looks = [json.loads(body) for body in proxy.bodies]
    assert {look["filterPattern"] for look in looks} == {f'?"{JOB}" ?"{JOB.upper()}"'}
    first, *between, last = [look["startTime"] for look in looks]
    assert first == last == int(start.timestamp() * 1000)
    assert len(between) >= 2
    assert min(between) > first + 3600 * 1000


def test_what_can_be_read_late_is_found_all_the_same(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log("START")
    start = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    for minutes_late in (4, 60):
        job = f"{minutes_late:08}-f22c-4dab-5eb6-bbc7890ed123"
        later = threading.Timer(1, log, [record(job_id=job)], {"seconds_ago": minutes_late * 60})
        later.start()
        found = run_module(backup_notification_info, {**args, "job_id": job, "start_time": start, "wait": True, "wait_timeout": 6})
        later.join()
        assert found["accepted"]
