# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be said about options before AWS is asked; each problem is one line that says how to mend it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError

VAULT_NAME = re.compile(r"[a-zA-Z0-9_-]{2,50}")
AWS_VAULT_NAME = re.compile(r"aws/[a-zA-Z0-9/_-]{1,46}")
ARN = re.compile(r"arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:([0-9]{12})?:\S+")
VAULT_ARN = re.compile(r"arn:aws[a-z0-9-]*:backup:[a-z0-9-]+:[0-9]{12}:backup-vault:\S+")
ROLE_ARN = re.compile(r"arn:aws[a-z0-9-]*:iam::[0-9]{12}:role/\S+")
ACCOUNT_ID = re.compile(r"[0-9]{12}|\*")

DEFAULT_START_WINDOW = 480
SHORTEST_START_WINDOW = 60
LONGEST_WINDOW = 52_560_000
LONGEST_RETENTION = 36_500
FOR_EVER = -1
SHORTEST_COLD_STORAGE = 90
MOST_TAGS = 50


def require(condition: object, problem: str) -> None:
    """Raise AnsibleBackupError(problem) unless condition holds."""
    if not condition:
        raise AnsibleBackupError(message=problem)


def check_vault_name(name: str) -> None:
    """Raise AnsibleBackupError unless AWS allows the name for a backup vault."""
    require(
        VAULT_NAME.fullmatch(name), f"backup_vault_name: {name!r} is not 2 to 50 letters, digits, hyphens or underscores, as AWS demands"
    )


def check_existing_vault_name(name: str) -> None:
    """Raise AnsibleBackupError unless there can be a vault of that name, which AWS itself may have made."""
    if not AWS_VAULT_NAME.fullmatch(name):
        check_vault_name(name)


def check_timeout(option: str, seconds: int) -> None:
    """Raise AnsibleBackupError unless seconds are a time to wait; option is named in the error."""
    require(seconds >= 1, f"{option}: {seconds} is less than 1 second")


def check_account(account_id: str) -> None:
    """Raise AnsibleBackupError unless account_id has the form of an account's ID, or stands for all accounts."""
    require(ACCOUNT_ID.fullmatch(account_id), f"account_id: {account_id!r} is neither 12 digits nor *")


def check_arn(option: str, arn: str) -> None:
    """Raise AnsibleBackupError unless arn has the form of one; option is named in the error."""
    require(ARN.fullmatch(arn), f"{option}: {arn!r} is not an ARN; expected arn:aws:<service>:<region>:<account>:<resource>")


def check_vault_arn(option: str, arn: str) -> None:
    """Raise AnsibleBackupError unless arn has the form of a backup vault's; option is named in the error."""
    require(
        VAULT_ARN.fullmatch(arn),
        f"{option}: {arn!r} is not the ARN of a backup vault; expected arn:aws:backup:<region>:<account>:backup-vault:<name>",
    )


def check_region(option: str, arn: str, region: str) -> None:
    """Raise AnsibleBackupError unless arn (of a valid form) is in the region or, like that of a bucket, in none."""
    there = arn.split(":")[3]
    require(there in ("", region), f"{option}: {arn} is in {there}, but the Region is {region}; AWS Backup works inside one Region")


def check_role_arn(arn: str) -> None:
    """Raise AnsibleBackupError unless arn has the form of an IAM role's."""
    require(ROLE_ARN.fullmatch(arn), f"iam_role_arn: {arn!r} is not the ARN of a role; expected arn:aws:iam::<account>:role/<name>")


def check_windows(start_minutes: int | None, completion_minutes: int | None) -> None:
    """Raise AnsibleBackupError unless AWS allows the two windows (minutes; None: AWS's default)."""
    start = DEFAULT_START_WINDOW if start_minutes is None else start_minutes
    require(
        SHORTEST_START_WINDOW <= start <= LONGEST_WINDOW,
        f"start_window_minutes: {start} is not between {SHORTEST_START_WINDOW} and {LONGEST_WINDOW}",
    )
    if completion_minutes is None:
        return
    default = f" (the default: set start_window_minutes, at least {SHORTEST_START_WINDOW}, to lower it)" if start_minutes is None else ""
    require(
        start < completion_minutes <= LONGEST_WINDOW,
        f"completion_window_minutes: {completion_minutes} must be more than the start window of {start} minutes{default},"
        f" and at most {LONGEST_WINDOW}",
    )


def check_lifecycle(lifecycle: dict[str, Any]) -> None:
    """Raise AnsibleBackupError unless the days of a lifecycle (None: not set) go together."""
    cold, delete = lifecycle.get("move_to_cold_storage_after_days"), lifecycle.get("delete_after_days")
    require(
        delete is None or delete == FOR_EVER or 1 <= delete <= LONGEST_RETENTION,
        f"lifecycle.delete_after_days: {delete} is neither between 1 and {LONGEST_RETENTION} nor {FOR_EVER} (for ever)",
    )
    if cold is None or cold == FOR_EVER:
        return
    require(cold >= 1, f"lifecycle.move_to_cold_storage_after_days: {cold} is less than 1")
    require(
        delete is None or delete == FOR_EVER or delete >= cold + SHORTEST_COLD_STORAGE,
        f"lifecycle.delete_after_days: {delete} must be at least {SHORTEST_COLD_STORAGE} days"
        f" after move_to_cold_storage_after_days, {cold}",
    )


def check_tags(tags: dict[str, str], option: str = "recovery_point_tags") -> None:
    """Raise AnsibleBackupError unless AWS allows that many tags on a recovery point, with those keys; option is named in the error."""
    require(len(tags) <= MOST_TAGS, f"{option}: {len(tags)} tags, AWS allows {MOST_TAGS}")
    reserved = sorted(key for key in tags if key.lower().startswith("aws:"))
    require(not reserved, f"{option}: {', '.join(reserved)}: keys that start with aws: are reserved by AWS")


def parse_time(option: str, text: str | None) -> datetime | None:
    """An ISO 8601 time (UTC unless it says otherwise) as a datetime; None for None.

    Raises:
        AnsibleBackupError: it is not ISO 8601; option is named.
    """
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise AnsibleBackupError(message=f"{option}: {text!r} is not an ISO 8601 time such as 2026-01-31T12:00:00Z") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
