# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starting a restore job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils import validation
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, error_code, error_text
from ansible_collections.proven.aws_backup.plugins.module_utils.job_start import (
    Change,
    check_role_propagation_timeout,
    existing_job,
    start_job,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_jobs import (
    RESTORE_JOB,
    get_restore_metadata,
    list_restore_jobs,
    start_restore_job,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_metadata import restore_metadata

if TYPE_CHECKING:
    from botocore.client import BaseClient

START_OPTIONS = ("backup_vault_name", "recovery_point_arn", "iam_role_arn")
NEW_JOB_OPTIONS = frozenset(
    {*START_OPTIONS, "metadata", "resource_type", "copy_source_tags", "idempotency_token", "role_propagation_timeout"}
)
"""The options that mean something only for a job that is yet to be started."""

REJECTED = ("InvalidParameterValueException", "MissingParameterValueException", "InvalidRequestException")
SPENT = "AWS may have used up the idempotency_token: when this is mended, give another one"


def check_options(options: dict[str, Any]) -> None:
    """Raise AnsibleBackupError when the module's options are wrong in a way that can be told without asking AWS."""
    validation.check_timeout("wait_timeout", options["wait_timeout"])
    if options["restore_job_id"]:
        return
    check_role_propagation_timeout(options)
    missing = [name for name in START_OPTIONS if not options[name]]
    validation.require(not missing, f"{', '.join(missing)}: missing, a restore can't be started without")
    validation.check_existing_vault_name(options["backup_vault_name"])
    validation.check_arn("recovery_point_arn", options["recovery_point_arn"])
    validation.check_role_arn(options["iam_role_arn"])


def change_job(client: BaseClient, options: dict[str, Any], check_mode: bool) -> tuple[Change, dict[str, Any]]:
    """Start or find the job that the module's options tell of; returns it with the module's further result keys.

    Raises:
        AnsibleBackupError: there is no such job or recovery point, the metadata lacks something, or AWS refused.
    """
    if options["restore_job_id"]:
        return Change(existing_job(RESTORE_JOB, client, options["restore_job_id"]), changed=False), {}
    validation.check_region("recovery_point_arn", options["recovery_point_arn"], client.meta.region_name)
    resource_type, metadata = _metadata(client, options)
    planned = {"RecoveryPointArn": options["recovery_point_arn"], "IamRoleArn": options["iam_role_arn"], "Status": "PENDING"}
    if resource_type:
        planned["ResourceType"] = resource_type
    change = Change(planned, changed=True) if check_mode else _start(client, options, resource_type, metadata, planned)
    return change, {"restore_metadata": metadata}


def _metadata(client: BaseClient, options: dict[str, Any]) -> tuple[str | None, dict[str, str]]:
    """The type of the recovery point's resource, None if AWS does not tell, and the metadata of the restore."""
    known = get_restore_metadata(client, options["backup_vault_name"], options["recovery_point_arn"])
    if known is None:
        raise AnsibleBackupError(
            message=f"There is no recovery point {options['recovery_point_arn']} in the vault {options['backup_vault_name']}:"
            " check recovery_point_arn, backup_vault_name and region"
        )
    resource_type = options["resource_type"] or known.get("ResourceType")
    overrides = options["metadata"] or {}
    return resource_type, restore_metadata(resource_type or "", known.get("RestoreMetadata", {}), overrides, options["idempotency_token"])


def _start(
    client: BaseClient, options: dict[str, Any], resource_type: str | None, metadata: dict[str, str], planned: dict[str, Any]
) -> Change:
    point_arn = options["recovery_point_arn"]
    parameters: dict[str, Any] = {"Metadata": metadata}
    if resource_type:
        parameters["ResourceType"] = resource_type
    if options["copy_source_tags"]:
        parameters["CopySourceTagsToRestoredResource"] = True

    def start(token: str) -> dict[str, Any]:
        return start_restore_job(client, point_arn, options["iam_role_arn"], IdempotencyToken=token, **parameters)

    def jobs() -> list[dict[str, Any]]:
        return [job for job in list_restore_jobs(client, resource_type=resource_type) if job.get("RecoveryPointArn") == point_arn]

    try:
        return start_job(RESTORE_JOB, client, start, options, planned, jobs)
    except AnsibleBackupError as error:
        if options["idempotency_token"] is None or error_code(error) not in REJECTED or "cannot be assumed" in error_text(error):
            raise
        raise AnsibleBackupError(message=f"{error.message} ({SPENT})", exception=error.exception) from error
