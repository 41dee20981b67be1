# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lifecycle and the tags of one recovery point."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ansible_collections.amazon.aws.plugins.module_utils.tagging import compare_aws_tags
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError
from ansible_collections.proven.aws_backup.plugins.module_utils.lifecycle import lifecycle_option, lifecycle_parameter
from ansible_collections.proven.aws_backup.plugins.module_utils.point_errors import Point, refusal_error
from ansible_collections.proven.aws_backup.plugins.module_utils.recovery_points import (
    list_recovery_point_tags,
    tag_recovery_point,
    untag_recovery_point,
    update_recovery_point_lifecycle,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import FOR_EVER, check_lifecycle

if TYPE_CHECKING:
    from botocore.client import BaseClient

Tags = dict[str, str]
DAYS = ("delete_after_days", "move_to_cold_storage_after_days")
SECONDS_OF_A_DAY = 86_400


@dataclass(frozen=True)
class Settings:
    """What can be set on a recovery point.

    Attributes:
        lifecycle: as the modules name its members; without those that are not set.
        tags: None: of no concern.
    """

    lifecycle: dict[str, Any]
    tags: Tags | None

    def shown(self) -> dict[str, Any]:
        """These settings in a diff."""
        return {"lifecycle": self.lifecycle, **({} if self.tags is None else {"tags": self.tags})}


def read_settings(client: BaseClient, point: Point, with_tags: bool) -> Settings:
    """The settings of a recovery point, as AWS describes it.

    Raises:
        AnsibleBackupError: its tags cannot be read.
    """
    lifecycle = _set_only(lifecycle_option(point.get("Lifecycle")))
    if not with_tags:
        return Settings(lifecycle, None)
    arn = point["RecoveryPointArn"]
    tags = list_recovery_point_tags(client, arn)
    if tags is None:
        service = arn.split(":")[2]
        raise AnsibleBackupError(
            message=f"tags: AWS Backup does not give the tags of {arn}, which belongs to {service}: tag it there, and leave tags out here"
        )
    return Settings(lifecycle, tags)


def wanted_settings(before: Settings, lifecycle: dict[str, Any] | None, tags: Tags | None, purge_tags: bool) -> Settings:
    """The settings that the module's options ask for; members of the lifecycle that are not given stay.

    Raises:
        AnsibleBackupError: the days of the lifecycle do not go together.
    """
    given = {name: value for name, value in (lifecycle or {}).items() if value is not None}
    after = _set_only({**before.lifecycle, **given})
    if given:
        check_lifecycle(after)
    if before.tags is None or tags is None:
        return Settings(after, before.tags)
    to_set, to_remove = compare_aws_tags(before.tags, tags, purge_tags)
    return Settings(after, {key: value for key, value in {**before.tags, **to_set}.items() if key not in to_remove})


def write_settings(client: BaseClient, point: Point, before: Settings, after: Settings) -> None:
    """Have AWS change what differs.

    Raises:
        AnsibleBackupError: it refused; outcome, reason and remedy say more.
    """
    name, arn = point["BackupVaultName"], point["RecoveryPointArn"]
    if after.lifecycle != before.lifecycle:
        cleared = {day: FOR_EVER for day in DAYS if day in before.lifecycle and day not in after.lifecycle}
        members = lifecycle_parameter({**after.lifecycle, **cleared}) or {}
        try:
            update_recovery_point_lifecycle(client, name, arn, members)
        except AnsibleBackupError as error:
            raise refusal_error(client, point, "change", "changed", "backup:UpdateRecoveryPointLifecycle", error) from error
    if before.tags is not None and after.tags is not None:
        to_set, to_remove = compare_aws_tags(before.tags, after.tags, True)
        if to_set:
            tag_recovery_point(client, arn, to_set)
        if to_remove:
            untag_recovery_point(client, arn, to_remove)


def deletion_warning(point: Point, before: Settings, after: Settings) -> str | None:
    """What to tell about a new lifecycle by which a recovery point is due to be deleted; None when it is not."""
    days, created = after.lifecycle.get("delete_after_days"), point.get("CreationDate")
    if days is None or created is None or days == before.lifecycle.get("delete_after_days"):
        return None
    age = (datetime.now(UTC) - created).total_seconds() / SECONDS_OF_A_DAY
    if age < days:
        return None
    return f"The recovery point {point['RecoveryPointArn']} is {age:.0f} days old, so that AWS deletes it within hours by its new lifecycle"


def _set_only(lifecycle: dict[str, Any]) -> dict[str, Any]:
    """A lifecycle without what says nothing: days that are for ever, and an archive that is not used."""
    return {name: value for name, value in lifecycle.items() if not (name in DAYS and value == FOR_EVER) and value not in (None, False)}
