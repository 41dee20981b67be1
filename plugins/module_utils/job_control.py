# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starting and stopping a backup job."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible.module_utils.common.dict_transformations import snake_dict_to_camel_dict
from ansible_collections.amazon.aws.plugins.module_utils.transformation import scrub_none_parameters
from ansible_collections.proven.aws_backup.plugins.module_utils import validation
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, error_code, error_text
from ansible_collections.proven.aws_backup.plugins.module_utils.jobs import (
    can_be_stopped,
    describe_backup_job,
    is_ended,
    list_backup_jobs,
    start_backup_job,
    stop_backup_job,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.polling import wait_until

if TYPE_CHECKING:
    from botocore.client import BaseClient


START_OPTIONS = ("backup_vault_name", "resource_arn", "iam_role_arn")
NEW_JOB_OPTIONS = frozenset(
    {
        *START_OPTIONS,
        "role_propagation_timeout",
        "idempotency_token",
        "start_window_minutes",
        "completion_window_minutes",
        "lifecycle",
        "recovery_point_tags",
        "backup_options",
    }
)
"""The options that mean something only for a job that is yet to be started."""

DEFAULT_ROLE_PROPAGATION_TIMEOUT = 120


@dataclass(frozen=True)
class Change:
    """A job as AWS describes it, and whether this run started or stopped it (or would have, in check mode)."""

    job: dict[str, Any]
    changed: bool


def check_options(options: dict[str, Any]) -> None:
    """Raise AnsibleBackupError when the module's options are wrong in a way that can be told without asking AWS."""
    validation.check_timeout("wait_timeout", options["wait_timeout"])
    if options["backup_job_id"]:
        return
    patience = role_propagation_timeout(options)
    validation.require(patience >= 0, f"role_propagation_timeout: {patience} is less than 0")
    missing = [name for name in START_OPTIONS if not options[name]]
    validation.require(not missing, f"{', '.join(missing)}: missing, a job can't be started without")
    validation.check_vault_name(options["backup_vault_name"])
    validation.check_arn("resource_arn", options["resource_arn"])
    validation.check_role_arn(options["iam_role_arn"])
    validation.check_windows(options["start_window_minutes"], options["completion_window_minutes"])
    validation.check_lifecycle(options["lifecycle"] or {})
    validation.check_tags(options["recovery_point_tags"] or {})


def change_job(client: BaseClient, options: dict[str, Any], check_mode: bool) -> Change:
    """Start, find or stop the job that the module's options tell of."""
    if options["state"] == "stopped":
        return stop_job(client, options["backup_job_id"], check_mode)
    if options["backup_job_id"]:
        return Change(existing_job(client, options["backup_job_id"]), changed=False)
    validation.check_region("resource_arn", options["resource_arn"], client.meta.region_name)
    if check_mode:
        return Change(planned_job(options), changed=True)
    return start_job(client, options)


def role_propagation_timeout(options: dict[str, Any]) -> int:
    """Seconds to try again for when AWS Backup can't assume the role."""
    given = options["role_propagation_timeout"]
    return DEFAULT_ROLE_PROPAGATION_TIMEOUT if given is None else given


def optional_parameters(options: dict[str, Any]) -> dict[str, Any]:
    """The optional members of StartBackupJob that the module's options ask for."""
    lifecycle = scrub_none_parameters(options["lifecycle"] or {})
    members = {
        "IdempotencyToken": options["idempotency_token"],
        "StartWindowMinutes": options["start_window_minutes"],
        "CompleteWindowMinutes": options["completion_window_minutes"],
        "Lifecycle": snake_dict_to_camel_dict(lifecycle, capitalize_first=True) or None,
        "RecoveryPointTags": options["recovery_point_tags"] or None,
        "BackupOptions": scrub_none_parameters(options["backup_options"] or {}) or None,
    }
    return {name: value for name, value in members.items() if value is not None}


def planned_job(options: dict[str, Any]) -> dict[str, Any]:
    """What is known of a job before it is started, for check mode."""
    target = snake_dict_to_camel_dict({name: options[name] for name in START_OPTIONS}, capitalize_first=True)
    return {**target, "State": "CREATED"}


def start_job(client: BaseClient, options: dict[str, Any]) -> Change:
    """Start a job, or find the one that the same token has started before.

    AWS does not say whether a token is new, so that with a token the jobs of the resource are listed first:
    an ID that was there already is no change.

    Raises:
        AnsibleBackupError: AWS refused, or the role could not be assumed for role_propagation_timeout seconds.
    """
    target = {name: options[name] for name in ("backup_vault_name", "resource_arn")}
    jobs = list_backup_jobs(client, **target) if options["idempotency_token"] else []
    parameters = {"IdempotencyToken": str(uuid.uuid4()), **optional_parameters(options)}
    started = _start_once_role_is_usable(client, {**target, "iam_role_arn": options["iam_role_arn"], **parameters}, options)
    job = describe_backup_job(client, started["BackupJobId"]) or {**planned_job(options), **started}
    return Change(job, changed=started["BackupJobId"] not in {known["BackupJobId"] for known in jobs})


def _start_once_role_is_usable(client: BaseClient, request: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    def attempt() -> dict[str, Any] | AnsibleBackupError:
        try:
            return start_backup_job(client, **request)
        except AnsibleBackupError as error:
            if "cannot be assumed" not in error_text(error):
                raise
            return error

    waited = wait_until(attempt, lambda outcome: isinstance(outcome, dict), role_propagation_timeout(options))
    if isinstance(waited.value, AnsibleBackupError):
        raise waited.value
    return waited.value


def existing_job(client: BaseClient, backup_job_id: str) -> dict[str, Any]:
    """The job as AWS describes it.

    Raises:
        AnsibleBackupError: there is no such job.
    """
    job = describe_backup_job(client, backup_job_id)
    if job is None:
        raise AnsibleBackupError(
            message=f"There is no backup job {backup_job_id} in this account and Region: check backup_job_id and region"
        )
    return job


def stop_job(client: BaseClient, backup_job_id: str, check_mode: bool) -> Change:
    """Ask AWS to stop a job, unless it has ended or is being stopped already.

    Raises:
        AnsibleBackupError: there is no such job, or AWS can't stop jobs of its type.
    """
    job = existing_job(client, backup_job_id)
    if is_ended(job) or job["State"] == "ABORTING":
        return Change(job, changed=False)
    if not can_be_stopped(job):
        raise AnsibleBackupError(
            message=f"AWS Backup can't stop jobs of {job['ResourceType']}, so that {backup_job_id} goes on: wait for its end instead"
        )
    if check_mode:
        return Change(job, changed=True)
    try:
        stop_backup_job(client, backup_job_id)
    except AnsibleBackupError as error:
        job = existing_job(client, backup_job_id)
        if error_code(error) != "InvalidRequestException" or not is_ended(job):
            raise
        return Change(job, changed=False)
    return Change(existing_job(client, backup_job_id), changed=True)
