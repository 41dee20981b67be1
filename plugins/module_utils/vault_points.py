# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The recovery points of one vault, and deleting them until the vault lists them no more."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, error_code, error_text
from ansible_collections.proven.aws_backup.plugins.module_utils.recovery_points import (
    delete_recovery_point,
    list_recovery_points_by_backup_vault,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from botocore.client import BaseClient

Item = TypeVar("Item")

DELETIONS_PER_SECOND = 8.0
"""Below the 10 DeleteRecoveryPoint calls that AWS allows each second, so that others in the account can delete too."""

EXPIRED_IS_FINAL_AFTER = 10.0
"""Seconds after which a point that was EXPIRED before its deletion was asked for, and still is, counts as refused."""

WAITING = ("CREATING", "DELETING")
BUSY = "InvalidResourceStateException"
REFUSED = ("AccessDeniedException", "InvalidParameterValueException", "InvalidRequestException")


def paced(items: Iterable[Item], per_second: float, deadline: float) -> Iterator[Item]:
    """Yield items, no more than per_second of them in a second, and none once time.monotonic() has reached the deadline."""
    ready = time.monotonic()
    for item in items:
        time.sleep(max(0.0, min(ready, deadline) - time.monotonic()))
        if time.monotonic() >= deadline:
            return
        ready = time.monotonic() + 1 / per_second
        yield item


@dataclass
class Request:
    """A deletion that AWS accepted.

    Attributes:
        at: time.monotonic() of the request.
        was_expired: whether the point was EXPIRED at the request, and has not been seen in another status since.
    """

    at: float
    was_expired: bool


class PointDeleter:
    """Deletes the recovery points of one vault, pass by pass.

    That AWS accepts a deletion does not mean that it happens: a point is deleted when the vault lists it no more.

    Attributes:
        remaining: the points that the vault listed at the last pass, as AWS describes them, by their ARN.
    """

    def __init__(self, client: BaseClient, backup_vault_name: str, resource_arns: Collection[str] | None = None) -> None:
        """Delete the points of these resources only, or all of the vault's."""
        self._client = client
        self._backup_vault_name = backup_vault_name
        self._resource_arns = resource_arns
        self._seen: dict[str, dict[str, Any]] = {}
        self._requests: dict[str, Request] = {}
        self._refused: dict[str, str] = {}
        self.remaining: dict[str, dict[str, Any]] = {}

    def look(self) -> None:
        """List the vault's points.

        Raises:
            AnsibleBackupError: the points cannot be listed.
        """
        points = list_recovery_points_by_backup_vault(self._client, self._backup_vault_name)
        self.remaining = {
            point["RecoveryPointArn"]: point
            for point in points
            if self._resource_arns is None or point["ResourceArn"] in self._resource_arns
        }

    def step(self, deadline: float) -> None:
        """List the vault's points and ask for the deletion of those that it has not been asked for yet.

        Args:
            deadline: time.monotonic() at which to stop asking.

        Raises:
            AnsibleBackupError: the points cannot be listed, or AWS takes no deletions at all.
        """
        self.look()
        self._seen.update(self.remaining)
        self._note_expired()
        # AWS refuses to delete a composite point that still has nested ones.
        parents = {point.get("ParentRecoveryPointArn") for point in self.remaining.values()}
        ready = [point for arn, point in self.remaining.items() if arn not in parents and self._needs_request(point)]
        for point in paced(ready, DELETIONS_PER_SECOND, deadline):
            self._request(point)

    @property
    def has_requested(self) -> bool:
        """Whether AWS has accepted any deletion."""
        return bool(self._requests)

    @property
    def is_settled(self) -> bool:
        """Whether each point is gone, or was refused for good, or holds nested points that were."""
        return self.remaining.keys() <= self._stuck()

    @property
    def deleted(self) -> list[dict[str, Any]]:
        """The points that were there and are not any more, as AWS described them."""
        return [point for arn, point in self._seen.items() if arn not in self.remaining]

    @property
    def skipped(self) -> list[dict[str, str]]:
        """The points that are left, each with its status and the reason."""
        stuck = self._stuck()
        return [
            {"recovery_point_arn": arn, "status": point["Status"], "reason": self._reason(arn, stuck)}
            for arn, point in self.remaining.items()
        ]

    def _needs_request(self, point: dict[str, Any]) -> bool:
        arn = point["RecoveryPointArn"]
        return arn not in self._requests and arn not in self._refused and point["Status"] not in WAITING

    def _request(self, point: dict[str, Any]) -> None:
        arn = point["RecoveryPointArn"]
        try:
            delete_recovery_point(self._client, self._backup_vault_name, arn)
        except AnsibleBackupError as error:
            if error_code(error) in REFUSED:
                self._refused[arn] = f"AWS refused to delete it: {error_text(error)}"
            elif error_code(error) != BUSY:
                raise
        else:
            self._requests[arn] = Request(time.monotonic(), point["Status"] == "EXPIRED")

    def _note_expired(self) -> None:
        """Find the points whose deletion AWS accepted and then could not carry out."""
        for arn, request in self._requests.items():
            point = self.remaining.get(arn)
            if point is None:
                continue
            if point["Status"] != "EXPIRED":
                request.was_expired = False
            elif not request.was_expired or time.monotonic() - request.at >= EXPIRED_IS_FINAL_AFTER:
                cause = point.get("StatusMessage") or "it gives no cause; often the role of the job or a permission is gone"
                self._refused[arn] = f"AWS accepted the deletion but could not carry it out: {cause}"

    def _stuck(self) -> set[str]:
        """The points that were refused and are still there, and the composite points they are nested in."""
        stuck: set[str] = set()
        for arn in self._refused:
            while arn in self.remaining and arn not in stuck:
                stuck.add(arn)
                arn = self.remaining[arn].get("ParentRecoveryPointArn", "")
        return stuck

    def _reason(self, arn: str, stuck: set[str]) -> str:
        if arn in self._refused:
            return self._refused[arn]
        if arn in stuck:
            return "it holds nested recovery points that are left"
        if arn in self._requests or self.remaining[arn]["Status"] in WAITING:
            return "AWS was still at it when the time was up"
        return "its deletion was not asked for" if arn not in self._seen else "the time was up before AWS accepted its deletion"
