# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""The options of a purge: what they may be, what can be said of them before AWS is asked, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.proven.aws_backup.plugins.module_utils.pacing import RateLimiter, rates_by_operation
from ansible_collections.proven.aws_backup.plugins.module_utils.purge import Order
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_filters import Filters
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_guards import check_name
from ansible_collections.proven.aws_backup.plugins.module_utils.recovery_points import STATUSES
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import (
    check_arn,
    check_timeout,
    check_vault_name,
    require,
)

LISTED = 1000
"""How many points a list of the result has at most when nothing limits how many go."""

ARGUMENTS: dict[str, dict[str, Any]] = {
    "backup_vault_name": {"required": True},
    "expected_tags": {"type": "dict"},
    "require_tags": {"type": "bool", "default": True},
    "expected_account_id": {},
    "expected_region": {},
    "max_recovery_points": {"type": "int", "default": 1000},
    "older_than_days": {"type": "float"},
    "resource_arns": {"type": "list", "elements": "str"},
    "resource_types": {"type": "list", "elements": "str"},
    "backup_plan_ids": {"type": "list", "elements": "str"},
    "statuses": {"type": "list", "elements": "str", "choices": STATUSES},
    "recovery_point_tags": {"type": "dict"},
    "keep_newest": {"type": "int"},
    "continuous_recovery_points": {"default": "delete", "choices": ["delete", "disassociate"]},
    "stop_jobs": {"type": "bool", "default": True},
    "delete_recovery_points": {"type": "bool", "default": True},
    "delete_vault": {"type": "bool", "default": True},
    "rate_limits": {
        "type": "dict",
        "apply_defaults": True,
        "options": {
            "delete_recovery_point": {"type": "float", "default": 10.0},
            "list": {"type": "float", "default": 20.0},
            "other": {"type": "float", "default": 5.0},
            "total": {"type": "float", "default": 50.0},
        },
    },
    "workers": {"type": "int", "default": 6},
    "max_listed": {"type": "int"},
    "progress_file": {"type": "path"},
    "wait_timeout": {"type": "int", "default": 3600},
}


def check_options(options: Mapping[str, Any]) -> None:
    """Raise AnsibleBackupError when an option is wrong in a way that can be told without asking AWS."""
    check_name(options["backup_vault_name"])
    check_vault_name(options["backup_vault_name"])
    check_timeout("wait_timeout", options["wait_timeout"])
    for arn in options["resource_arns"] or []:
        check_arn("resource_arns", arn)
    for name, least in (("max_recovery_points", 0), ("older_than_days", 0), ("keep_newest", 0), ("workers", 1), ("max_listed", 0)):
        require(options[name] is None or options[name] >= least, f"{name}: {options[name]} is less than {least}")
    for name, rate in options["rate_limits"].items():
        require(rate > 0, f"rate_limits.{name}: {rate} is not more than 0 calls a second")
    require(
        options["expected_tags"] or not options["require_tags"],
        "Give expected_tags, so that only a vault of yours is purged, or require_tags: false",
    )
    filters = [name for name, value in vars(filters_of(options)).items() if value is not None]
    require(
        not (filters and options["delete_vault"]),
        f"{', '.join(filters)}: this spares other backups, so that the vault cannot go: set delete_vault: false",
    )


def filters_of(options: Mapping[str, Any]) -> Filters:
    """The filters among the options."""
    names = ("older_than_days", "resource_arns", "resource_types", "backup_plan_ids", "statuses", "recovery_point_tags", "keep_newest")
    return Filters(**{name: options[name] for name in names})


def order_of(options: Mapping[str, Any]) -> Order:
    """What the options ask for."""
    return Order(
        stop_jobs=options["stop_jobs"],
        delete_recovery_points=options["delete_recovery_points"],
        delete_vault=options["delete_vault"],
        filters=filters_of(options),
        disassociate=options["continuous_recovery_points"] == "disassociate",
        most_points=options["max_recovery_points"],
        workers=options["workers"],
        most_listed=options["max_recovery_points"] or LISTED if options["max_listed"] is None else options["max_listed"],
        progress_file=options["progress_file"],
    )


def limiter_of(options: Mapping[str, Any]) -> RateLimiter:
    """The rate limiter that the options ask for; without the option, AWS's quotas are the limits."""
    rates = options["rate_limits"]
    return RateLimiter(rates_by_operation(rates["delete_recovery_point"], rates["list"], rates["other"]), rates["total"])
