"""A failed validation of a test restore, as our validator tells it: one message, which says what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from backup_notifier import eventbridge, facts, handler, hints, states
from restore_validator.restored import Restored
from restore_validator.verdicts import failure_event

RESTORED = Restored(
    job_id="1B2345B2-0000-4000-8000-00000000000A",
    region="us-west-2",
    account_id="123456789012",
    created_arn="arn:aws:dynamodb:us-west-2:123456789012:table/awsbackup-restore-test-1",
    resource_type="DynamoDB",
    source_arn="arn:aws:dynamodb:us-west-2:123456789012:table/orders",
    point_arn="arn:aws:backup:us-west-2:123456789012:recovery-point:1",
    vault_arn="arn:aws:backup:us-west-2:123456789012:backup-vault:nightly",
    plan_arn="arn:aws:backup:us-west-2:123456789012:restore-testing-plan:proof-1",
    started_at="2026-01-31T03:00:00.000Z",
    ended_at="2026-01-31T03:05:00.000Z",
)
REASON = "The table awsbackup-restore-test-1 has no items."


def test_what_it_says() -> None:
    found = eventbridge.notification(failure_event(RESTORED, "FAILED", REASON))
    assert found.recognised
    assert facts.headline(found) == "Restore validation failed: DynamoDB table orders · us-west-2 · account 123456789012"
    assert states.severity(found) is states.Severity.FAILURE
    assert (found.reason, found.vault_name, found.created_resource_arn) == (REASON, "nightly", RESTORED.created_arn)
    assert (found.job_key, found.is_job_state) == (f"restore/{RESTORED.job_id.lower()}", False)
    assert found.key == f"event/restore-validation/{RESTORED.job_id.lower()}"
    assert ("Restore testing plan ARN", RESTORED.plan_arn) in found.details


@pytest.mark.parametrize(("status", "advice"), [("FAILED", "make a new backup"), ("TIMED_OUT", "the validator's log")])
def test_what_it_advises(status: str, advice: str) -> None:
    # The reason has words that AWS Backup uses of its own jobs.
    found = eventbridge.notification(failure_event(RESTORED, status, "The table does not exist."))
    step = hints.next_step(found)
    assert advice in step.advice
    assert step.command.startswith("aws backup describe-restore-job --restore-job-id 1B2345B2-")


def test_it_is_told_once_however_often_it_comes(receiver: Any, put_secret: Any, deploy: Any, table: str, context: Any) -> None:
    put_secret(receiver.webhook)
    deploy(store_table=table)
    event = failure_event(RESTORED, "FAILED", REASON)
    assert handler.handler(event, context(60)) == {"accepted": 1, "muted": 0, "repeated": 0}
    assert handler.handler(event, context(60)) == {"accepted": 0, "muted": 0, "repeated": 1}
    (request,) = receiver.requests
    assert "Restore validation failed" in json.loads(request[1])["text"]
    assert REASON in request[1].decode()
