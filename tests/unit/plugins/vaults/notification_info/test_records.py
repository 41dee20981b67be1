"""Which records count, and what becomes of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.modules import backup_notification_info

from tests.unit.plugins.vaults.notification_info.records import JOB, STREAM, Log, receipt, record


def test_returns_the_record_of_the_job_whatever_else_is_logged(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(
        "START RequestId: 0f1e Version: $LATEST",
        record(job_id="00000000-f22c-4dab-5eb6-bbc7890ed123"),
        record(state="CREATED"),
        'not JSON, but it mentions "notification_delivery"',
        '["notification_delivery"]',
        '{"record": "other", "note": "notification_delivery"}',
        record() | {"job_id": JOB},
        "REPORT RequestId: 0f1e Duration: 12 ms",
    )
    start = datetime.now(UTC) - timedelta(seconds=5)
    result = run_module(backup_notification_info, {**args, "start_time": start.isoformat()})
    assert not result["changed"]
    assert result["accepted"]
    (found,) = result["notifications"]
    assert result["latency"] == round((datetime.fromisoformat(found.pop("timestamp")) - start).total_seconds(), 3)
    assert found.pop("log_stream_name") == STREAM
    assert found == record() | {"job_id": JOB}


def test_the_case_of_the_id_does_not_matter(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(job_id=JOB.upper()))
    assert run_module(backup_notification_info, args)["accepted"]
    assert run_module(backup_notification_info, {**args, "job_id": JOB.upper()})["accepted"]


@pytest.mark.parametrize("job_id", ["composite:a/B c", 'with "quotes" and a \\', "with * and ?", "grün"])
def test_any_id_is_found(run_module: Any, args: dict[str, Any], log: Log, job_id: str) -> None:
    log(record(), record(job_id=job_id.swapcase(), attempts=2))
    result = run_module(backup_notification_info, {**args, "job_id": job_id})
    assert [found["attempts"] for found in result["notifications"]] == [2]


def test_states_select_the_notifications(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(state="RUNNING"), record(state="FAILED"))
    started = run_module(backup_notification_info, {**args, "states": ["CREATED", "RUNNING"]}, check=True)
    assert [found["state"] for found in started["notifications"]] == ["RUNNING"]
    assert [found["state"] for found in run_module(backup_notification_info, args)["notifications"]] == ["FAILED"]
    assert run_module(backup_notification_info, {**args, "states": ["COMPLETED"]})["notifications"] == []


def test_only_records_since_start_time_count(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(), seconds_ago=5400)
    assert not run_module(backup_notification_info, args)["accepted"], "an hour by default"
    earlier = datetime.now(UTC) - timedelta(hours=2)
    for start in (earlier.isoformat(), earlier.strftime("%Y-%m-%dT%H:%M:%SZ"), earlier.replace(tzinfo=None).isoformat()):
        assert run_module(backup_notification_info, {**args, "start_time": start})["accepted"]
    later = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    assert not run_module(backup_notification_info, {**args, "start_time": later})["accepted"]


def test_every_page_is_read(run_module: Any, args: dict[str, Any], log: Log) -> None:
    for _ in range(10):
        log(*[record(state="RUNNING")] * 1000, seconds_ago=100)
    log(record(), record(state="COMPLETED", attempts=2))
    result = run_module(backup_notification_info, args)
    assert [found["attempts"] for found in result["notifications"]] == [1, 2]


@pytest.mark.parametrize(("job_type", "event_type"), [("copy", "COPY_JOB"), ("restore", "RESTORE_JOB")])
def test_copy_and_restore_jobs(run_module: Any, args: dict[str, Any], log: Log, job_type: str, event_type: str) -> None:
    log(record(job_type=job_type, event_type=event_type))
    result = run_module(backup_notification_info, {**args, "job_type": job_type})
    assert [found["event_type"] for found in result["notifications"]] == [event_type]
    assert not run_module(backup_notification_info, {**args, "job_type": "backup"})["accepted"]


def test_grades(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(receipt(state="RUNNING"), record(state="RUNNING"))
    nothing = run_module(backup_notification_info, args)
    assert (nothing["grade"], nothing["evidence"]) == (None, {"published": [], "delivered": [], "accepted": [], "topic": None})
    log(receipt(), receipt(route="eventbridge", message_id="another"))
    delivered = run_module(backup_notification_info, args)
    assert (delivered["grade"], delivered["accepted"], delivered["notifications"]) == ("delivered", False, [])
    assert [found["route"] for found in delivered["evidence"]["delivered"]] == ["sns", "eventbridge"]
    log(record(outcome="retry", http_status=503), record())
    accepted = run_module(backup_notification_info, args)
    assert (accepted["grade"], accepted["accepted"]) == ("accepted", True)
    assert [found["outcome"] for found in accepted["evidence"]["accepted"]] == ["accepted"]
    assert [found["outcome"] for found in accepted["notifications"]] == ["retry", "accepted"]


def test_a_delivery_proves_that_the_function_had_it(run_module: Any, args: dict[str, Any], log: Log) -> None:
    log(record(outcome="retry"))
    result = run_module(backup_notification_info, args)
    assert (result["grade"], [found["outcome"] for found in result["evidence"]["delivered"]]) == ("delivered", ["retry"])
