# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the modules that gather information about jobs have in common, whatever the kind of job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils import validation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ansible_collections.proven.aws_backup.plugins.module_utils.job_kind import JobKind
    from botocore.client import BaseClient

TIMES = ("created_before", "created_after", "completed_before", "completed_after")
CHECKS: dict[str, Callable[[str, str], None]] = {
    "account_id": lambda _option, account_id: validation.check_account(account_id),
    "backup_vault_name": lambda _option, name: validation.check_existing_vault_name(name),
    "destination_backup_vault_arn": validation.check_vault_arn,
    "recovery_point_arn": validation.check_arn,
    "resource_arn": validation.check_arn,
    "restore_testing_plan_arn": validation.check_arn,
    "source_recovery_point_arn": validation.check_arn,
}
"""What can be told of a filter without asking AWS, by its name."""


def arguments(kind: JobKind, filters: Iterable[str], state_filter: str, states: Sequence[str]) -> dict[str, Any]:
    """What AnsibleAWSModule is told of a module's options: the ID of one job, or filters, one of which is about states."""
    names = list(filters)
    return {
        "argument_spec": {kind.id_option: {}, **{name: {} for name in names}, state_filter: {"choices": states}},
        "mutually_exclusive": [(kind.id_option, name) for name in names],
    }


def checked_filters(options: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The filters among a module's options, with times as datetimes; None where one is not set.

    Raises:
        AnsibleBackupError: a filter is wrong in a way that can be told without asking AWS.
    """
    filters = {name: options[name] for name in names}
    filters.update({name: validation.parse_time(name, filters[name]) for name in TIMES})
    for name, check in CHECKS.items():
        if filters.get(name) is not None:
            check(name, filters[name])
    return filters


def find_jobs(kind: JobKind, client: BaseClient, job_id: str | None, list_jobs: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The job with an ID, if it exists; without an ID the jobs that are listed."""
    if job_id is None:
        return list_jobs()
    job = kind.describe(client, job_id)
    return [] if job is None else [job]
