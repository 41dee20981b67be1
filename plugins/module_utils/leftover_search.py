# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All searches for what a stage has left behind, side by side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from ansible_collections.proven.aws_backup.plugins.module_utils import (
    leftover_backups,
    leftover_jobs,
    leftover_links,
    leftover_names,
    leftover_restores,
    leftover_tests,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory, Leftover, Search, Stage, first_of_each

SEARCHES_AT_A_TIME = 8


def find_leftovers(client: ClientFactory, stage: Stage) -> list[Leftover]:
    """Everything of a stage that is still there, each resource once, sorted by ARN.

    Args:
        client: gives the boto3 client of a service, to any thread.

    Raises:
        AnsibleBackupError: a search failed, so that nobody can say whether something is left.
    """
    with ThreadPoolExecutor(SEARCHES_AT_A_TIME) as pool:
        found = list(pool.map(lambda search: search(client), searches_for(stage)))
    return first_of_each([leftover for part in found for leftover in part])


def searches_for(stage: Stage) -> list[Search]:
    """The searches, those first that say most about what they find."""
    backups = [leftover_backups.find_recovery_points, leftover_backups.find_jobs_and_their_backups]
    jobs = [leftover_jobs.find_copy_jobs, leftover_jobs.find_restore_jobs]
    vault = [*backups, *jobs] if stage.backup_vault_name else []
    plans = [leftover_backups.find_plans] if stage.backup_plan_name else []
    tests = [leftover_backups.find_restore_testing_plan, leftover_tests.find_test_restores] if stage.restore_testing_plan_name else []
    restores = [leftover_restores.find_restores] if stage.restore_iam_role_arn else []
    roles = [leftover_names.find_roles] if stage.iam_path_prefix else []
    subscriptions = [leftover_links.find_subscriptions] if stage.resource_arns else []
    permissions = [leftover_links.find_permissions] if stage.resource_arns else []
    tagged = [leftover_backups.find_tagged_backups, leftover_names.find_tagged]
    return [
        *(partial(search, stage=stage) for search in [*vault, *restores, *plans, *tests, *roles, *subscriptions]),
        *(partial(leftover_names.find_named, stage=stage, resource_arn=arn) for arn in stage.resource_arns),
        *(partial(leftover_links.find_rules_for, target_arn=arn) for arn in leftover_links.targets_of(stage)),
        *(partial(search, stage=stage) for search in [*tagged, *permissions]),
    ]
