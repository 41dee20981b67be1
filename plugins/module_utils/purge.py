# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Emptying and deleting one vault: what may be purged, and the passes that do it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible_collections.amazon.aws.plugins.module_utils.transformation import boto3_resource_to_ansible_dict
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, error_code, error_text
from ansible_collections.proven.aws_backup.plugins.module_utils.jobs import can_be_stopped
from ansible_collections.proven.aws_backup.plugins.module_utils.polling import wait_until
from ansible_collections.proven.aws_backup.plugins.module_utils.vault_jobs import JobStopper, list_active_jobs
from ansible_collections.proven.aws_backup.plugins.module_utils.vault_points import PointDeleter
from ansible_collections.proven.aws_backup.plugins.module_utils.vaults import delete_backup_vault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from botocore.client import BaseClient

JOB_KEYS = ("BackupJobId", "ResourceArn", "ResourceType")
POINT_KEYS = ("RecoveryPointArn", "ResourceArn", "ResourceType", "CreationDate", "BackupSizeInBytes")
LISTED_IN_MESSAGES = 10


@dataclass(frozen=True)
class Steps:
    """What a purge does.

    Attributes:
        stop_jobs: whether it stops jobs, and waits for their end.
        delete_recovery_points: whether it deletes recovery points.
        delete_vault: whether it deletes the vault.
        resource_arns: the resources whose jobs and points are meant; None: all that the vault has.
    """

    stop_jobs: bool
    delete_recovery_points: bool
    delete_vault: bool
    resource_arns: frozenset[str] | None = None


def check_name(backup_vault_name: str) -> None:
    """Refuse the vaults that AWS owns.

    Raises:
        AnsibleBackupError: it is one of them.
    """
    if backup_vault_name == "Default" or backup_vault_name.startswith("aws/"):
        raise AnsibleBackupError(
            message=f"The vault {backup_vault_name} is never purged: AWS made it, and backups that nobody here planned may be in it"
        )


def check_lock(vault: Mapping[str, Any]) -> None:
    """Refuse a vault (as AWS describes it) under a lock in compliance mode.

    Raises:
        AnsibleBackupError: it is, whether or not its grace time is over.
    """
    if not vault.get("Locked") or "LockDate" not in vault:
        return
    raise AnsibleBackupError(
        message=f"The vault {vault['BackupVaultName']} is locked in compliance mode: before their retention ends, nobody can delete its "
        f"recovery points, AWS included. Until {vault['LockDate'].isoformat()}, the lock itself can be removed "
        "(aws backup delete-backup-vault-lock-configuration); after that, the points have to expire first"
    )


def check_tags(backup_vault_name: str, tags: Mapping[str, str], expected: Mapping[str, Any]) -> None:
    """Refuse a vault that does not carry all expected tags.

    Raises:
        AnsibleBackupError: a tag is missing or has another value.
    """
    wrong = [f"{key} is {tags.get(key)!r}, not {str(value)!r}" for key, value in expected.items() if tags.get(key) != str(value)]
    if wrong:
        raise AnsibleBackupError(
            message=f"The vault {backup_vault_name} is not purged, because its tags differ from expected_tags: {'; '.join(wrong)}. "
            "If it is yours all the same, correct expected_tags or tag the vault"
        )


class Purge:
    """Empties and deletes one vault, pass by pass, until nothing is left to do or to hope for."""

    def __init__(self, client: BaseClient, backup_vault_name: str, steps: Steps) -> None:
        self._client = client
        self._backup_vault_name = backup_vault_name
        self._steps = steps
        self._jobs = JobStopper(client, backup_vault_name, steps.resource_arns)
        self._points = PointDeleter(client, backup_vault_name, steps.resource_arns)
        self._vault_refusal = ""
        self._deadline = 0.0
        self._vault_deleted = False

    def run(self, timeout: float) -> dict[str, Any]:
        """Do passes until the purge is over; returns what report() and waited_seconds say.

        Args:
            timeout: seconds, from now.

        Raises:
            AnsibleBackupError: something is left, or AWS refused what stands in the way of all the rest; its kwargs say what was done.
        """
        self._deadline = time.monotonic() + timeout
        try:
            waited = wait_until(self._step, bool, timeout)
        except AnsibleBackupError as error:
            error.kwargs.update(self.report())
            raise
        result = {**self.report(), "waited_seconds": round(waited.seconds, 1)}
        left = self._left()
        if left:
            when = "" if waited.done else f" after {waited.seconds:.0f} seconds (wait_timeout)"
            raise AnsibleBackupError(message=f"The vault {self._backup_vault_name} is not purged{when}. Left: {summary(left)}", **result)
        return result

    def _step(self) -> bool:
        """Do one pass.

        Returns: whether it was the last one that makes sense.

        Raises:
            AnsibleBackupError: AWS refused something that stands in the way of all the rest.
        """
        if self._steps.stop_jobs:
            self._jobs.step()
        if self._steps.delete_recovery_points:
            self._points.step(self._deadline)
        elif self._steps.delete_vault:
            self._points.look()
        if self._jobs.active or not self._is_settled:
            return False
        if self._steps.delete_vault and not self._points.remaining:
            self._delete_vault()
            return self._vault_deleted
        return True

    def _left(self) -> list[str]:
        """What should be gone and is not, each with the reason; empty once the purge has succeeded."""
        left = [f"job {job['BackupJobId']} ({job['State']})" for job in self._jobs.active]
        left += [f"{point['recovery_point_arn']} ({point['status']}: {point['reason']})" for point in self._skipped]
        if self._steps.delete_vault and not self._vault_deleted:
            left.append(f"the vault ({self._vault_refusal or 'kept because of the rest'})")
        return left

    @property
    def _skipped(self) -> list[dict[str, str]]:
        """The recovery points that should be gone and are not, each with its status and the reason."""
        return self._points.skipped if self._steps.delete_recovery_points or self._steps.delete_vault else []

    def report(self) -> dict[str, Any]:
        """What has been done so far, as the module returns it."""
        stopped, deleted = jobs_to_result(self._jobs.stopped.values()), points_to_result(self._points.deleted)
        return {
            "changed": bool(stopped or self._points.has_requested or self._vault_deleted),
            "stopped_jobs": stopped,
            "awaited_jobs": jobs_to_result(self._jobs.awaited.values()),
            "deleted_recovery_points": deleted,
            "skipped_recovery_points": self._skipped,
            "vault_deleted": self._vault_deleted,
        }

    def preview(self) -> dict[str, Any]:
        """What a purge would do, as the module returns it; changes nothing.

        Raises:
            AnsibleBackupError: the jobs or the recovery points cannot be listed.
        """
        jobs = list_active_jobs(self._client, self._backup_vault_name, self._steps.resource_arns) if self._steps.stop_jobs else []
        self._points.look()
        going = list(self._points.remaining.values()) if self._steps.delete_recovery_points else []
        vault_deleted = self._steps.delete_vault and len(going) == len(self._points.remaining)
        return {
            "changed": bool(jobs or going or vault_deleted),
            "stopped_jobs": jobs_to_result(job for job in jobs if can_be_stopped(job)),
            "awaited_jobs": jobs_to_result(job for job in jobs if not can_be_stopped(job)),
            "deleted_recovery_points": points_to_result(going),
            "skipped_recovery_points": [] if self._steps.delete_recovery_points else self._skipped,
            "vault_deleted": vault_deleted,
        }

    @property
    def _is_settled(self) -> bool:
        return self._points.is_settled or not self._steps.delete_recovery_points

    def _delete_vault(self) -> None:
        """Delete the vault, unless AWS still finds points in it, as it does for a while after the last one is gone."""
        try:
            delete_backup_vault(self._client, self._backup_vault_name)
        except AnsibleBackupError as error:
            if error_code(error) != "InvalidRequestException":
                raise
            self._vault_refusal = error_text(error)
        else:
            self._vault_deleted = True


def summary(left: list[str]) -> str:
    """The beginning of a list of what is left, for a message."""
    more = len(left) - LISTED_IN_MESSAGES
    return "; ".join(left[:LISTED_IN_MESSAGES]) + (f"; and {more} more" if more > 0 else "")


def jobs_to_result(jobs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Jobs as the purge returns them."""
    return [_select(job, JOB_KEYS) for job in jobs]


def points_to_result(points: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Recovery points as the purge returns them."""
    return [_select(point, POINT_KEYS) for point in points]


def _select(resource: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    selected = {key: resource[key] for key in keys if key in resource}
    return boto3_resource_to_ansible_dict(selected, transform_tags=False, force_tags=False)
