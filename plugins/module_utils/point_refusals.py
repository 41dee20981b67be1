# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWS's refusal to delete a recovery point means, for this point and for the others."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils import vault_policy
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, error_code, error_text
from ansible_collections.proven.aws_backup.plugins.module_utils.paced_client import THROTTLING_CODES
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_outcomes import FATAL_CODES, refused_outcome
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_table import BUSY, READY, STUCK, PurgeTable

if TYPE_CHECKING:
    from botocore.client import BaseClient

with contextlib.suppress(ImportError):  # AnsibleAWSModule reports the missing library.
    from botocore.exceptions import ClientError, NoCredentialsError, PartialCredentialsError

ACCESS_DENIED = ("AccessDeniedException", "AccessDenied")
FIRST_SERVER_ERROR = 500

NESTED_COUNT_FOR = 60.0
"""Seconds for which AWS may refuse to delete what held nested points although they are gone: it is eventually consistent."""


@dataclass(frozen=True)
class Verdict:
    """What a refusal means.

    Attributes:
        outcome: of the point, one of those that purge_outcomes.REMEDIES knows.
        reason: why, with AWS's own words.
        for_all: whether the other points of the vault would be refused alike.
    """

    outcome: str
    reason: str
    for_all: bool = False


def judge(error: Exception, vault_is_locked: bool, find_denials: Callable[[], list[dict[str, Any]]], what: str = "delete") -> Verdict:
    """What it means that AWS refuses to do something to a point, once it is neither busy nor out of reach.

    Args:
        find_denials: returns the statements of the vault's policy that deny it; called only when access is denied.
        what: AWS refused to do to it.
    """
    text = f"AWS refused to {what} it: {error_text(error)}"
    if error_code(error) not in ACCESS_DENIED:
        outcome = refused_outcome(error_text(error), vault_is_locked)
        return Verdict(outcome, text, for_all=outcome == "vault_locked")
    # A denial may come from the vault's policy, which beats whatever the caller is allowed.
    denials = find_denials()
    if not denials:
        return Verdict("access_denied", text)
    statements = ", ".join(vault_policy.describe(statement) for statement in denials)
    everything = any(vault_policy.denies_everything(statement) for statement in denials)
    return Verdict("policy_denied", f"{text} The vault's access policy denies it: {statements}", for_all=everything)


class Refusals:
    """Takes note of refusals in the table of a purge."""

    def __init__(self, client: BaseClient, backup_vault_name: str, vault_is_locked: bool, table: PurgeTable) -> None:
        """Judge refusals of this vault's points."""
        self._client = client
        self._backup_vault_name = backup_vault_name
        self._vault_is_locked = vault_is_locked
        self._table = table
        self._denials: list[dict[str, Any]] | None = None
        self._parents_refused_at: dict[str, float] = {}

    def note(self, arn: str, error: Exception) -> None:
        """Take note that the request for a point failed.

        Raises:
            AnsibleBackupError: so would all requests.
        """
        code = error_code(error)
        if code in FATAL_CODES or isinstance(error, (NoCredentialsError, PartialCredentialsError)):
            raise AnsibleBackupError(message=f"Failed to delete the recovery point {arn}", exception=error) from error
        if code == "ResourceNotFoundException":
            self._table.set_accepted(arn, time.monotonic())
        elif code == "InvalidResourceStateException":
            self._table.set_step(arn, BUSY, "busy", f"AWS is busy with it: {error_text(error)}")
        elif code in THROTTLING_CODES:
            self._table.set_step(arn, READY)
        elif not isinstance(error, ClientError) or error.response["ResponseMetadata"]["HTTPStatusCode"] >= FIRST_SERVER_ERROR:
            self._table.set_step(arn, BUSY, "failed", f"the request failed: {error_text(error) or error}")
        else:
            self._note_refused(arn, error)

    def _note_refused(self, arn: str, error: Exception) -> None:
        verdict = judge(error, self._vault_is_locked, self._find_denials)
        if verdict.outcome == "refused" and self._may_still_count_nested(arn):
            self._table.set_step(arn, BUSY, "busy", f"AWS does not delete it yet: {error_text(error)}")
            return
        self._table.set_step(arn, STUCK, verdict.outcome, verdict.reason)
        if verdict.for_all:
            self._table.give_up(verdict.outcome, verdict.reason)

    def _may_still_count_nested(self, arn: str) -> bool:
        now = time.monotonic()
        return self._table.is_parent(arn) and now - self._parents_refused_at.setdefault(arn, now) < NESTED_COUNT_FOR

    def _find_denials(self) -> list[dict[str, Any]]:
        if self._denials is None:
            self._denials = vault_policy.find_denials(self._client, self._backup_vault_name)
        return self._denials
