"""Completed with issues: no event says so, so AWS Backup is asked. The whole handler against the sandbox."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from backup_notifier import handler, hints, lookup, parse, states
from backup_notifier.notification import Notification
from backup_notifier.states import Severity

EVENTS = Path(__file__).parent / "events"
# The completed jobs of both routes: a recorded event, its job's type, and the Region.
COMPLETED = [
    ("eb_backup_completed", "backup", "us-west-2"),
    ("eb_copy_completed", "copy", "us-west-2"),
    ("s5_completed_observed_upper_case_id", "backup", "ap-southeast-1"),
    ("sns_copy_completed", "copy", "us-west-1"),
]


def recorded(name: str) -> Any:
    return json.loads((EVENTS / f"{name}.json").read_text())


def notification(name: str) -> Notification:
    (found,) = parse.notifications(recorded(name))
    return found


@pytest.fixture
def tell(receiver: Any, put_secret: Callable[..., None], deploy: Callable[..., None], context: Any) -> Callable[..., list[str]]:
    """Hands a recorded event to a function with these settings; the texts of the messages."""
    put_secret(receiver.webhook)

    def told(name: str, **settings: Any) -> list[str]:
        deploy(**{"lookups": True, **settings})
        handler.handler(recorded(name), context(60))
        return [json.loads(body)["text"] for _, body in receiver.requests]

    return told


@pytest.fixture
def job(account: Any) -> Callable[..., None]:
    """Lets AWS Backup know the job of a recorded event."""

    def known(name: str, job_type: str, region: str, **more: Any) -> None:
        order = {"kind": f"{job_type}_job", "state": "COMPLETED", "region": region, "job_id": notification(name).job_id}
        account.control("POST", "/backup/events", {**order, **more})

    return known


@pytest.mark.parametrize(("name", "job_type", "region"), COMPLETED)
def test_a_job_with_issues_is_yellow_on_both_routes(name: str, job_type: str, region: str, job: Any, tell: Any) -> None:
    job(name, job_type, region, message_category="AccessDenied", status_message="Some objects were left out")
    (text,) = tell(name)
    assert text.startswith(f"⚠️ *{job_type.capitalize()} completed with issues*")


@pytest.mark.parametrize(("name", "job_type", "region"), COMPLETED)
def test_a_job_without_issues_is_green_on_both_routes(name: str, job_type: str, region: str, job: Any, tell: Any) -> None:
    job(name, job_type, region)
    (text,) = tell(name)
    assert text.startswith(f"✅ *{job_type.capitalize()} completed*")


@pytest.mark.parametrize(("name", "job_type"), [known[:2] for known in COMPLETED])
def test_what_cannot_be_looked_up_is_not_claimed(name: str, job_type: str, tell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    (text,) = tell(name, rules=[{"match": {"severity": "success"}, "post": "never"}])
    assert text.startswith(f"❓ *{job_type.capitalize()} completed, perhaps with issues*")
    deliveries = [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if line["record"] == "notification_delivery"]
    assert [(line["severity"], line["outcome"]) for line in deliveries] == [("unknown", "accepted")]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, "✅ *Restore completed*"),
        ({"status_message": "Some objects were not restored."}, "⚠️ *Restore completed with issues*"),
        (None, "❓ *Restore completed, perhaps with issues*"),
    ],
)
def test_a_restore_has_issues_when_it_has_a_status_message(known: dict[str, str] | None, expected: str, job: Any, tell: Any) -> None:
    if known is not None:
        job("sns_restore_completed", "restore", "us-west-1", **known)
    # Its rule hides what is a success for certain only.
    rules = [] if expected.startswith("✅") else [{"match": {"severity": "success"}, "post": "never"}]
    (text,) = tell("sns_restore_completed", rules=rules)
    assert text.startswith(expected)


def test_without_look_ups_a_completed_job_is_green(tell: Any) -> None:
    (text,) = tell("eb_backup_completed", lookups=False)
    assert text.startswith("✅ *Backup completed*")


def test_a_job_that_aws_backup_still_calls_running_is_left_open(job: Any, tell: Any) -> None:
    job("eb_copy_completed", "copy", "us-west-2", state="RUNNING")
    (text,) = tell("eb_copy_completed")
    assert text.startswith("❓ *Copy completed, perhaps with issues*")


@pytest.mark.parametrize("name", ["eb_restore_completed", "eb_backup_failed_access_denied", "eb_vault_deleted", "eb_scan_clean"])
def test_what_has_no_category_needs_no_look_up(name: str) -> None:
    assert not lookup.is_wanted(notification(name))


def test_a_category_in_the_event_needs_no_look_up() -> None:
    event = replace(notification("eb_backup_completed"), message_category="SUCCESS")
    assert not lookup.is_wanted(event)


def test_a_status_message_alone_is_taken_for_issues_until_the_look_up_says_otherwise(job: Any, tell: Any) -> None:
    event = notification("eb_backup_completed_with_issues")
    assert states.severity(event) is Severity.WARNING
    job("eb_backup_completed_with_issues", "backup", "us-west-2", message_category="SUCCESS")
    (text,) = tell("eb_backup_completed_with_issues")
    assert text.startswith("✅ *Backup completed*")


def test_who_is_left_in_the_dark_is_told_how_to_see() -> None:
    event = replace(notification("eb_backup_completed"), details=((states.LOOK_UP, "failed: AWS Backup throttled the call"),))
    step = hints.next_step(event)
    assert "MessageCategory" in step.advice
    assert step.command.startswith("aws backup describe-backup-job --backup-job-id")
    restore = hints.next_step(replace(notification("sns_restore_completed"), details=event.details))
    assert "if the job has a StatusMessage" in restore.advice
