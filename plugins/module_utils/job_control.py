# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starting and stopping a backup job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible.module_utils.common.dict_transformations import snake_dict_to_camel_dict
from ansible_collections.amazon.aws.plugins.module_utils.transformation import scrub_none_parameters
from ansible_collections.proven.aws_backup.plugins.module_utils import validation
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, error_code
from ansible_collections.proven.aws_backup.plugins.module_utils.job_start import (
    Change,
    check_role_propagation_timeout,
    existing_job,
    start_job,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.jobs import (
    BACKUP_JOB,
    can_be_stopped,
    list_backup_jobs,
    start_backup_job,
    stop_backup_job,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.lifecycle import lifecycle_parameter

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


def check_options(options: dict[str, Any]) -> None:
    """Raise AnsibleBackupError when the module's options are wrong in a way that can be told without asking AWS."""
    validation.check_timeout("wait_timeout", options["wait_timeout"])
    if options["backup_job_id"]:
        return
    check_role_propagation_timeout(options)
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
        return Change(existing_job(BACKUP_JOB, client, options["backup_job_id"]), changed=False)
    validation.check_region("resource_arn", options["resource_arn"], client.meta.region_name)
    if check_mode:
        return Change(planned_job(options), changed=True)
    return start_backup(client, options)


def optional_parameters(options: dict[str, Any]) -> dict[str, Any]:
    """The optional members of StartBackupJob that the module's options ask for."""
    members = {
        "StartWindowMinutes": options["start_window_minutes"],
        "CompleteWindowMinutes": options["completion_window_minutes"],
        "Lifecycle": lifecycle_parameter(options["lifecycle"]),
        "RecoveryPointTags": options["recovery_point_tags"] or None,
        "BackupOptions": scrub_none_parameters(options["backup_options"] or {}) or None,
    }
    return {name: value for name, value in members.items() if value is not None}


def planned_job(options: dict[str, Any]) -> dict[str, Any]:
    """What is known of a job before it is started, for check mode."""
    target = snake_dict_to_camel_dict({name: options[name] for name in START_OPTIONS}, capitalize_first=True)
    return {**target, "State": "CREATED"}


def start_backup(client: BaseClient, options: dict[str, Any]) -> Change:
    """Start a backup job, or find the one that the same token has started before.

    Raises:
        AnsibleBackupError: AWS refused, or the role could not be assumed for role_propagation_timeout seconds.
    """
    target = {name: options[name] for name in START_OPTIONS}
    parameters = optional_parameters(options)
    return start_job(
        BACKUP_JOB,
        client,
        lambda token: start_backup_job(client, **target, IdempotencyToken=token, **parameters),
        options,
        planned_job(options),
        lambda: list_backup_jobs(client, backup_vault_name=target["backup_vault_name"], resource_arn=target["resource_arn"]),
    )


def stop_job(client: BaseClient, backup_job_id: str, check_mode: bool) -> Change:
    """Ask AWS to stop a job, unless it has ended or is being stopped already.

    Raises:
        AnsibleBackupError: there is no such job, or AWS can't stop jobs of its type.
    """
    job = existing_job(BACKUP_JOB, client, backup_job_id)
    if BACKUP_JOB.is_ended(job) or job["State"] == "ABORTING":
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
        job = existing_job(BACKUP_JOB, client, backup_job_id)
        if error_code(error) != "InvalidRequestException" or not BACKUP_JOB.is_ended(job):
            raise
        return Change(job, changed=False)
    return Change(existing_job(BACKUP_JOB, client, backup_job_id), changed=True)
