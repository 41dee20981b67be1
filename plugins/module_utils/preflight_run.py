# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All checks of a preflight, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from ansible_collections.proven.aws_backup.plugins.module_utils import (
    preflight_caller,
    preflight_jobs,
    preflight_key,
    preflight_quotas,
    preflight_region,
    preflight_role,
    preflight_secrets,
    preflight_topic,
    preflight_vault,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, aws_call, error_text, hint
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight import (
    ORDER,
    Check,
    ClientFactory,
    Finding,
    Place,
    Wanted,
    once,
    run,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.vaults import find_backup_vault

if TYPE_CHECKING:
    from botocore.client import BaseClient

CREDENTIALS = "credentials"
AT_A_TIME = 8

USUAL = ("region", "role", "pass_role", "start_job", "key", "topic", "secrets", "vault", "jobs", "quotas")
"""The families that are about backups."""

FAMILIES: dict[str, Callable[[ClientFactory, Wanted, Place], list[Check]]] = {
    "region": preflight_region.checks,
    "role": preflight_role.checks,
    "pass_role": preflight_caller.checks_of_passing,
    "start_job": preflight_caller.checks_of_starting,
    "start_restore": preflight_caller.checks_of_restoring,
    "start_copy": lambda *given: preflight_caller.checks_of_copying(*given) + preflight_role.checks_of_copies(*given),
    "permissions": preflight_caller.checks_of_permissions,
    "key": preflight_key.checks,
    "topic": preflight_topic.checks,
    "secrets": preflight_secrets.checks,
    "vault": preflight_vault.checks,
    "copy_vault": preflight_vault.checks_of_destination,
    "jobs": preflight_jobs.checks,
    "restore_jobs": preflight_jobs.checks_of_restores,
    "quotas": preflight_quotas.checks,
    "place_quotas": preflight_quotas.checks_of_places,
}


@aws_call("ask AWS who we are")
def get_caller_identity(client: BaseClient) -> dict[str, str]:
    """The caller's Account and Arn."""
    return client.get_caller_identity()


def find_problems(client: ClientFactory, wanted: Wanted, families: Iterable[str]) -> list[Finding]:
    """What the checks of some families find, those first that one has to look at first.

    Args:
        client: gives the boto3 client of a service, to any thread.
        families: names in FAMILIES.
    """
    try:
        caller = get_caller_identity(client("sts"))
    except AnsibleBackupError as error:
        # Nothing else can be asked then.
        remedy = hint(error.exception) or "check the credentials (environment, AWS_PROFILE or aws_profile, aws_role_arn) and the network"
        return [Finding(CREDENTIALS, "of the caller", "failed", error_text(error) or str(error.exception), remedy)]
    vault = once(lambda: find_backup_vault(client("backup"), wanted.backup_vault_name) if wanted.backup_vault_name else None)
    place = Place(caller["Account"], caller["Arn"], client("sts").meta.region_name, vault)
    checks = [check for family in families for check in FAMILIES[family](client, wanted, place)]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        findings = list(pool.map(run, checks))
    known = Finding(CREDENTIALS, caller["Arn"], "passed", f"account {place.account_id}, {place.region}")
    return sorted([known, *findings], key=lambda finding: ORDER.index(finding.result))
