# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What restores that proved the stage's backups have left: what they made, and jobs that may still make something."""

from __future__ import annotations

from typing import Any

from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory, Leftover, Stage
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_search import (
    RestoreJob,
    existing,
    restore_jobs_of,
    running_jobs,
)


def find_restores(client: ClientFactory, stage: Stage) -> list[Leftover]:
    """What the restore jobs of the stage's role created, what has a name that only restored resources have, and the jobs that run."""
    jobs = restore_jobs_of(client, stage.restore_iam_role_arn)
    restored = existing(client, jobs, stage.restored_name_prefix)
    made = [Leftover(each.resource_arn, f"was restored to prove a backup, as {each.found_by} tells") for each in restored]
    return made + [_running(client("backup").meta, job) for job in running_jobs(jobs)]


def _running(meta: Any, job: RestoreJob) -> Leftover:
    arn = f"arn:{meta.partition}:backup:{meta.region_name}:{job['AccountId']}:restore-job:{job['RestoreJobId']}"
    source = job.get("SourceResourceArn") or job["RecoveryPointArn"]
    return Leftover(arn, f"restores {source}, {job.get('Status')}, and AWS has no call that stops it")
