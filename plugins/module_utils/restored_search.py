# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a stage has restored to prove its backups and not removed yet, and the proof that it is the stage's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory, type_of
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_jobs import describe_restore_job, list_restore_jobs
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_facts import name_in
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_ids import existing_arns
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_kinds import KINDS, read_facts
from ansible_collections.proven.aws_backup.plugins.module_utils.tagged_resources import get_resources
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import check_arn

ENDED = frozenset({"COMPLETED", "ABORTED", "FAILED"})
LISTED = timedelta(days=30)
"""How old the jobs are at most that are looked at, so that no run has to read all that an account ever restored."""

RestoreJob = dict[str, Any]


@dataclass(frozen=True)
class RestoreStage:
    """What tells the resources that a stage restored for a proof from all others.

    Attributes:
        iam_role_arn: the role that AWS Backup restores them with, and nothing else.
        tags: they get all of them.
        name_prefix: where they have names, these begin with it; is_name_of_restored says how they go on.
    """

    iam_role_arn: str
    tags: dict[str, str]
    name_prefix: str


@dataclass(frozen=True)
class Restored:
    """One restored resource that exists.

    Attributes:
        found_by: how it was recognised, in words.
        source_resource_arn, restore_job_id: where a job tells them.
    """

    resource_arn: str
    found_by: str
    source_resource_arn: str | None = None
    restore_job_id: str | None = None

    def to_result(self) -> dict[str, Any]:
        """It as a module returns it."""
        return {**asdict(self), "resource_type": type_of(self.resource_arn)}


def stage_of(params: dict[str, Any]) -> RestoreStage:
    """What a module's options iam_role_arn, tags and name_prefix say.

    Raises:
        AnsibleBackupError: one of them cannot be right.
    """
    check_arn("iam_role_arn", params["iam_role_arn"])
    for name in ("tags", "name_prefix"):
        if not params[name]:
            raise AnsibleBackupError(message=f"{name} is empty, and would take any resource for a restored one")
    return RestoreStage(params["iam_role_arn"], texts(params["tags"]), params["name_prefix"])


def texts(tags: dict[str, Any]) -> dict[str, str]:
    """Tags as AWS knows them: of a number in YAML, its digits."""
    return {str(key): str(value) for key, value in tags.items()}


def find_restored(client: ClientFactory, stage: RestoreStage, jobs: list[RestoreJob]) -> list[Restored]:
    """Everything that the stage restored and that still exists, each once, sorted by ARN.

    Args:
        jobs: the restore jobs of the stage's role.

    Raises:
        AnsibleBackupError: a search failed, so that nobody can say whether something is left.
    """
    return existing(client, jobs, stage.name_prefix, _by_tags(client, stage))


def existing(client: ClientFactory, jobs: list[RestoreJob], name_prefix: str | None, more: Iterable[Restored] = ()) -> list[Restored]:
    """What of this still exists, each once, sorted by ARN: what the jobs created, what has such a name, and more.

    Never what the jobs restored, whatever its name. Most of what the jobs created is gone: what a list leaves out is not described.
    """
    named = by_names(client, name_prefix)
    listed = existing_arns(client, (each.resource_arn for each in by_jobs(jobs) if not _is_gone(each.resource_arn, name_prefix, named)))
    found = [*(each for each in by_jobs(jobs) if each.resource_arn in listed), *more, *named]
    firsts: dict[str, Restored] = {}
    for each in found:
        firsts.setdefault(each.resource_arn, each)
    sources = {job.get("SourceResourceArn") for job in jobs}
    candidates = [each for arn, each in sorted(firsts.items()) if arn not in sources]
    return [each for each in candidates if read_facts(client, each.resource_arn) is not None]


def running_jobs(jobs: list[RestoreJob]) -> list[RestoreJob]:
    """Those of the jobs that have not ended; AWS has no call that stops them."""
    return [job for job in jobs if job.get("Status") not in ENDED]


def restore_jobs_of(client: ClientFactory, iam_role_arn: str | None) -> list[RestoreJob]:
    """The restore jobs of the last 30 days that were run with this role."""
    jobs = list_restore_jobs(client("backup"), created_after=datetime.now(UTC) - LISTED)
    return [job for job in jobs if job.get("IamRoleArn") == iam_role_arn]


def check_is_restored(
    client: ClientFactory, stage: RestoreStage, resource_arn: str, source_resource_arn: str, restore_job_id: str | None = None
) -> Restored:
    """The proof that a resource may be changed and deleted, because the stage restored it.

    Args:
        restore_job_id: the job that is said to have created it; without one, or when it has not, the jobs are listed.

    Raises:
        AnsibleBackupError: it is the source itself, or a source of any restore, or nothing says that it is restored.
    """
    named = describe_restore_job(client("backup"), restore_job_id) if restore_job_id else None
    if named and named.get("IamRoleArn") == stage.iam_role_arn and named.get("CreatedResourceArn") == resource_arn != source_resource_arn:
        return Restored(resource_arn, f"the restore job {named['RestoreJobId']}")
    jobs = restore_jobs_of(client, stage.iam_role_arn)
    if resource_arn == source_resource_arn or resource_arn in {job.get("SourceResourceArn") for job in jobs}:
        raise AnsibleBackupError(message=f"{resource_arn} is left alone: it is what was backed up, not what was restored")
    for found in by_jobs(jobs):
        if found.resource_arn == resource_arn:
            return found
    facts = read_facts(client, resource_arn)
    if facts is not None and stage.tags.items() <= facts["tags"].items():
        return Restored(resource_arn, "its tags")
    if _has_name(resource_arn, stage):
        return Restored(resource_arn, "its name")
    if facts is None:
        return Restored(resource_arn, "nothing, for it does not exist")
    raise AnsibleBackupError(
        message=f"{resource_arn} is left alone: no restore job of {stage.iam_role_arn} made it, "
        f"it does not carry the tags of what is restored, and its name is not one of {stage.name_prefix}<target>-<7 hexadecimal digits>"
    )


def by_jobs(jobs: list[RestoreJob]) -> list[Restored]:
    """What these jobs created, as far as its type is known here."""
    return [
        Restored(job["CreatedResourceArn"], f"the restore job {job['RestoreJobId']}", job.get("SourceResourceArn"), job["RestoreJobId"])
        for job in jobs
        if job.get("CreatedResourceArn") and type_of(job["CreatedResourceArn"]) in KINDS
    ]


def _by_tags(client: ClientFactory, stage: RestoreStage) -> list[Restored]:
    tagged = get_resources(client("resourcegroupstaggingapi"), stage.tags)
    arns = [resource["resource_arn"] for resource in tagged]
    return [Restored(arn, "its tags") for arn in arns if type_of(arn) in KINDS]


def by_names(client: ClientFactory, name_prefix: str | None) -> list[Restored]:
    """What has a name of ours that begins so, whether it still exists or not."""
    if not name_prefix:
        return []
    named = (arn for kind in KINDS.values() for arn in kind.list_named(client, name_prefix))
    return [Restored(arn, "its name") for arn in named if is_name_of_restored(name_in(arn), name_prefix)]


def is_name_of_restored(name: str, name_prefix: str) -> bool:
    """Whether a proof of the stage gives such names: the prefix, a target, and seven hexadecimal digits that differ between runs.

    The prefix alone would take what belongs to a stage called dev-restored, or what somebody restored by hand, for the stage dev's.
    """
    return bool(NAME_AFTER_PREFIX.fullmatch(name.removeprefix(name_prefix))) and name.startswith(name_prefix)


def _is_gone(resource_arn: str, name_prefix: str | None, named: list[Restored]) -> bool:
    """Whether its name begins so, and the list of such names does not have it."""
    listed = name_prefix and type_of(resource_arn) in NAMED and is_name_of_restored(name_in(resource_arn), name_prefix)
    return bool(listed) and resource_arn not in {each.resource_arn for each in named}


def _has_name(resource_arn: str, stage: RestoreStage) -> bool:
    return type_of(resource_arn) in NAMED and is_name_of_restored(name_in(resource_arn), stage.name_prefix)


NAMED = frozenset({"rds:db", "rds:cluster", "dynamodb:table", "s3:bucket"})
"""The types whose names we choose; the others get an ID from AWS."""

NAME_AFTER_PREFIX = re.compile(r"[a-z0-9]+-[0-9a-f]{7}")
