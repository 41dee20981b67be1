# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starting a copy job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils import validation
from ansible_collections.proven.aws_backup.plugins.module_utils.copy_jobs import COPY_JOB, list_copy_jobs, start_copy_job
from ansible_collections.proven.aws_backup.plugins.module_utils.job_start import (
    Change,
    check_role_propagation_timeout,
    existing_job,
    start_job,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.lifecycle import lifecycle_parameter

if TYPE_CHECKING:
    from botocore.client import BaseClient

START_OPTIONS = ("recovery_point_arn", "source_backup_vault_name", "destination_backup_vault_arn", "iam_role_arn")
NEW_JOB_OPTIONS = frozenset({*START_OPTIONS, "role_propagation_timeout", "idempotency_token", "lifecycle"})
"""The options that mean something only for a job that is yet to be started."""


def check_options(options: dict[str, Any]) -> None:
    """Raise AnsibleBackupError when the module's options are wrong in a way that can be told without asking AWS."""
    validation.check_timeout("wait_timeout", options["wait_timeout"])
    if options["copy_job_id"]:
        return
    check_role_propagation_timeout(options)
    missing = [name for name in START_OPTIONS if not options[name]]
    validation.require(not missing, f"{', '.join(missing)}: missing, a job can't be started without")
    validation.check_arn("recovery_point_arn", options["recovery_point_arn"])
    validation.check_existing_vault_name(options["source_backup_vault_name"])
    validation.check_vault_arn("destination_backup_vault_arn", options["destination_backup_vault_arn"])
    validation.check_role_arn(options["iam_role_arn"])
    validation.check_lifecycle(options["lifecycle"] or {})


def change_job(client: BaseClient, options: dict[str, Any], check_mode: bool) -> Change:
    """Start or find the job that the module's options tell of.

    Raises:
        AnsibleBackupError: AWS refused, the role could not be assumed, or there is no such job.
    """
    if options["copy_job_id"]:
        return Change(existing_job(COPY_JOB, client, options["copy_job_id"]), changed=False)
    validation.check_region("recovery_point_arn", options["recovery_point_arn"], client.meta.region_name)
    planned = planned_job(options)
    if check_mode:
        return Change(planned, changed=True)
    target = {name: options[name] for name in START_OPTIONS}
    lifecycle = lifecycle_parameter(options["lifecycle"])
    parameters = {"Lifecycle": lifecycle} if lifecycle else {}
    return start_job(
        COPY_JOB,
        client,
        lambda token: start_copy_job(client, **target, IdempotencyToken=token, **parameters),
        options,
        planned,
        lambda: list_copy_jobs(
            client,
            source_recovery_point_arn=target["recovery_point_arn"],
            destination_backup_vault_arn=target["destination_backup_vault_arn"],
        ),
    )


def planned_job(options: dict[str, Any]) -> dict[str, Any]:
    """What is known of a job before it is started."""
    return {
        "SourceRecoveryPointArn": options["recovery_point_arn"],
        "DestinationBackupVaultArn": options["destination_backup_vault_arn"],
        "IamRoleArn": options["iam_role_arn"],
        "State": "CREATED",
    }
