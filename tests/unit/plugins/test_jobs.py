"""What a job's fields mean, and what is said about its end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils import job_kind, job_wait
from ansible_collections.proven.aws_backup.plugins.module_utils.jobs import BACKUP_JOB, STATES

JOB: dict[str, Any] = {
    "BackupJobId": "1b2345b2",
    "BackupVaultName": "nightly",
    "ResourceArn": "arn:aws:ec2:us-east-1:123456789012:volume/vol-1",
    "State": "RUNNING",
    "PercentDone": "45.4",
}


@pytest.mark.parametrize(
    ("text", "percent"), [("45", 45), ("99.9", 99.9), ("", 0), (None, 0), ("unknown", 0), ("-1", 0), ("101", 100), ("100.0", 100)]
)
def test_percent_done_in_every_known_form(text: str | None, percent: float) -> None:
    assert job_kind.percent_of(text) == percent


@pytest.mark.parametrize("state", STATES)
def test_ended_states(state: str) -> None:
    assert BACKUP_JOB.is_ended({"State": state}) == (state not in {"CREATED", "PENDING", "RUNNING", "ABORTING"})


def test_result_keeps_the_keys_of_maps() -> None:
    job = {
        **JOB,
        "BackupOptions": {"WindowsVSS": "enabled"},
        "ChildJobsInState": {"COMPLETED": 1},
        "CreationDate": datetime(2026, 1, 31, tzinfo=UTC),
    }
    result = job_kind.to_result(job)
    assert result["backup_options"] == {"WindowsVSS": "enabled"}
    assert result["child_jobs_in_state"] == {"COMPLETED": 1}
    assert result["creation_date"] == "2026-01-31T00:00:00+00:00"
    assert "tags" not in result


def test_failure_message() -> None:
    failed = {**JOB, "State": "FAILED", "StatusMessage": "Table not found."}
    assert (
        job_wait.failure_message(BACKUP_JOB, failed, ["COMPLETED"])
        == f"The backup job 1b2345b2 of {JOB['ResourceArn']} ended FAILED: Table not found."
    )
    assert (
        job_wait.failure_message(BACKUP_JOB, {**JOB, "State": "EXPIRED"}, ["COMPLETED"])
        == f"The backup job 1b2345b2 of {JOB['ResourceArn']} ended EXPIRED: AWS gave no reason"
    )
    assert "ended COMPLETED, not FAILED or PARTIAL: AWS" in job_wait.failure_message(
        BACKUP_JOB, {**JOB, "State": "COMPLETED"}, ["FAILED", "PARTIAL"]
    )


def test_completion_warning() -> None:
    remark = {**JOB, "State": "COMPLETED", "MessageCategory": "VSS_ERROR", "StatusMessage": "Windows VSS Backup attempt failed"}
    assert (
        job_wait.completion_warning(BACKUP_JOB, remark)
        == "The backup job 1b2345b2 is COMPLETED with VSS_ERROR: Windows VSS Backup attempt failed"
    )
    assert job_wait.completion_warning(BACKUP_JOB, {**remark, "MessageCategory": "SUCCESS"}) is None
    assert job_wait.completion_warning(BACKUP_JOB, {**remark, "MessageCategory": ""}) is None
    assert job_wait.completion_warning(BACKUP_JOB, {**remark, "State": "FAILED"}) is None


def test_timeline_holds_changes_only() -> None:
    progress = job_wait.JobWait(BACKUP_JOB, JOB)
    for state, percent in [
        ("CREATED", ""),
        ("CREATED", "0"),
        ("RUNNING", "0"),
        ("RUNNING", "50"),
        ("RUNNING", "50.0"),
        ("COMPLETED", "100"),
    ]:
        progress.see({**JOB, "State": state, "PercentDone": percent})
    seen = [(entry["state"], entry["percent_done"]) for entry in progress.timeline]
    assert seen == [("CREATED", 0), ("RUNNING", 0), ("RUNNING", 50), ("COMPLETED", 100)]
    assert all(datetime.fromisoformat(entry["time"]).tzinfo for entry in progress.timeline)


@pytest.mark.parametrize(("seconds", "shown"), [(0.9, "00:00"), (12, "00:12"), (3725.5, "62:05")])
def test_progress_line(seconds: float, shown: str) -> None:
    assert (
        job_wait.progress_line(BACKUP_JOB, job_kind.to_result(JOB), seconds)
        == f"backup job 1b2345b2 RUNNING 45% after {shown} (vault nightly)"
    )


COPY_JOB = job_kind.JobKind(
    name="copy",
    module="backup_copy_job",
    terminal_states=["COMPLETED", "FAILED"],
    describe=lambda _client, _job_id: None,
    subject=lambda job: job["SourceRecoveryPointArn"],
    place=lambda job: job["destination_backup_vault_arn"],
    has_percent=False,
    remedy=lambda job: "keep it for 7 days" if "retention" in job.get("StatusMessage", "") else None,
)
"""A kind of job whose share done is unknown, and whose failures have remedies."""


def test_jobs_without_percentage_are_told_of_without_it() -> None:
    job = {"CopyJobId": "2c34", "State": "RUNNING", "DestinationBackupVaultArn": "arn:vault", "SourceRecoveryPointArn": "arn:point"}
    progress = job_wait.JobWait(COPY_JOB, job, seconds=9.6, timed_out=True)
    for state in ("CREATED", "RUNNING", "RUNNING"):
        progress.see({**job, "State": state})
    assert [{**entry, "time": ""} for entry in progress.timeline] == [{"time": "", "state": "CREATED"}, {"time": "", "state": "RUNNING"}]
    assert progress.problem(["COMPLETED"]) == (
        "The copy job 2c34 is still RUNNING after 10 s, and goes on:"
        " look at it with backup_copy_job_info, or wait on with backup_copy_job, both with copy_job_id: 2c34"
    )
    assert job_wait.progress_line(COPY_JOB, job_kind.to_result(job), 5) == "copy job 2c34 RUNNING after 00:05 (arn:vault)"


def test_failure_message_ends_with_the_remedy() -> None:
    failed = {"CopyJobId": "2c34", "State": "FAILED", "SourceRecoveryPointArn": "arn:point", "StatusMessage": "The retention is too short."}
    message = job_wait.failure_message(COPY_JOB, failed, ["COMPLETED"])
    assert message == "The copy job 2c34 of arn:point ended FAILED: The retention is too short. (keep it for 7 days)"
