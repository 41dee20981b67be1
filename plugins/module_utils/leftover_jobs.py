# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The copies into a stage's vault, and the restores out of it, that have not ended."""

from __future__ import annotations

from typing import Any

from ansible_collections.proven.aws_backup.plugins.module_utils import copy_jobs, restore_jobs
from ansible_collections.proven.aws_backup.plugins.module_utils.leftover_backups import find_recovery_points
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory, Leftover, Stage
from ansible_collections.proven.aws_backup.plugins.module_utils.vaults import find_backup_vault


def find_copy_jobs(client: ClientFactory, stage: Stage) -> list[Leftover]:
    """The jobs that copy a recovery point into the vault."""
    vault_arn = _vault_arn(client, stage)
    if vault_arn is None:
        return []
    jobs = [job for state in copy_jobs.ACTIVE_STATES for job in _copies(client, vault_arn, state)]
    return [_leftover(vault_arn, "copy-job", job["CopyJobId"], f"copies {_source(job)} into the vault, {job['State']}") for job in jobs]


def find_restore_jobs(client: ClientFactory, stage: Stage) -> list[Leftover]:
    """The jobs that restore a recovery point of the vault."""
    vault_arn = _vault_arn(client, stage)
    if vault_arn is None:
        return []
    jobs = [job for status in restore_jobs.ACTIVE_STATES for job in restore_jobs.list_restore_jobs(client("backup"), status=status)]
    # AWS has told the vault of a restore for a short time only, and an older botocore leaves it out.
    vaultless = any("BackupVaultArn" not in job for job in jobs)
    points = {point.resource_arn for point in find_recovery_points(client, stage)} if vaultless else set()
    ours = [job for job in jobs if (job["BackupVaultArn"] == vault_arn if "BackupVaultArn" in job else job["RecoveryPointArn"] in points)]
    return [
        _leftover(vault_arn, "restore-job", job["RestoreJobId"], f"restores {job['RecoveryPointArn']}, {job['Status']}") for job in ours
    ]


def _vault_arn(client: ClientFactory, stage: Stage) -> str | None:
    """The ARN of the vault, also when it is gone, if the stage names it; else None when there is no such vault."""
    name = str(stage.backup_vault_name)
    named = next((arn for arn in stage.resource_arns if arn.endswith(f":backup-vault:{name}")), None)
    vault = None if named else find_backup_vault(client("backup"), name)
    return vault["BackupVaultArn"] if vault else named


def _copies(client: ClientFactory, vault_arn: str, state: str) -> list[dict[str, Any]]:
    return copy_jobs.list_copy_jobs(client("backup"), destination_backup_vault_arn=vault_arn, copy_job_state=state)


def _source(job: dict[str, Any]) -> str:
    return job.get("SourceRecoveryPointArn") or job.get("ResourceArn") or "a recovery point"


def _leftover(vault_arn: str, kind: str, job_id: str, reason: str) -> Leftover:
    return Leftover(f"{vault_arn.split(':backup-vault:')[0]}:{kind}:{job_id}", reason)
