# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the test restores of a stage's restore testing plan made, and AWS Backup has not deleted yet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory, Leftover, Stage
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_jobs import list_restore_jobs
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_search import RestoreJob, existing

PLAN = ":restore-testing-plan:"
LONGEST = timedelta(days=14)
"""After the end of a restore: the longest window for its validation, and some days for a bucket, which AWS empties by a lifecycle rule."""


def find_test_restores(client: ClientFactory, stage: Stage) -> list[Leftover]:
    """What is still there of what the plan, which may itself be gone, had restored. AWS Backup deletes it after its validation."""
    jobs = [job for job in list_restore_jobs(client("backup"), status="COMPLETED") if _is_of(job, stage)]
    kept = {job["RestoreJobId"]: job for job in jobs if job.get("DeletionStatus") != "SUCCESSFUL"}
    return [_leftover(each.resource_arn, kept[str(each.restore_job_id)]) for each in existing(client, list(kept.values()), None)]


def _is_of(job: RestoreJob, stage: Stage) -> bool:
    """Whether the stage's plan made a job: plans' names have no dashes, and their ARNs go on after the name with one."""
    _start, found, plan = job.get("CreatedBy", {}).get("RestoreTestingPlanArn", "").partition(PLAN)
    return bool(found) and plan.partition("-")[0] == stage.restore_testing_plan_name


def _leftover(resource_arn: str, job: RestoreJob) -> Leftover:
    what = f"is what the test restore {job['RestoreJobId']} made"
    if job.get("DeletionStatus") == "FAILED":
        why = job.get("DeletionStatusMessage") or "for no known reason"
        return Leftover(resource_arn, f"{what}, and AWS Backup could not delete it: {why}")
    ended: datetime = job.get("CompletionDate") or job["CreationDate"]
    if datetime.now(UTC) - ended > LONGEST:
        return Leftover(resource_arn, f"{what} more than {LONGEST.days} days ago, and AWS Backup did not delete it")
    return Leftover(resource_arn, f"{what}, and AWS Backup deletes it after its validation", is_ending=True)
