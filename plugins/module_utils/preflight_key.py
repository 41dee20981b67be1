# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Preflight: the state of KMS keys, and whether their policies let them be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.kms_keys import describe_key, get_key_policy
from ansible_collections.proven.aws_backup.plugins.module_utils.policy_documents import decide
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight import Check, ClientFactory, Finding, Place, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable


CHECK = "KMS key"
USES = ("kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant")
"""What AWS Backup does with a vault's key, as the role and as the caller."""

REMEDIES = {
    "Disabled": "aws kms enable-key --key-id {key}",
    "PendingDeletion": "aws kms cancel-key-deletion --key-id {key}, then aws kms enable-key --key-id {key}",
    "PendingImport": "import its key material",
}


def remedy_of(key: dict[str, Any]) -> str:
    """How to make a key usable that is not enabled."""
    return REMEDIES.get(key["KeyState"], "see the key's state in the console of KMS").format(key=key["KeyId"])


def checks(client: ClientFactory, wanted: Wanted, place: Place) -> list[Check]:
    """Each key that is named, and the one that the vault has if it exists."""
    found = [Check(CHECK, key, _named(client, key, wanted, place)) for key in wanted.kms_key_ids]
    if wanted.backup_vault_name:
        found.append(Check(CHECK, f"of the vault {wanted.backup_vault_name}", _of_vault(client, wanted.backup_vault_name, wanted, place)))
    return found


def _named(client: ClientFactory, key_id: str, wanted: Wanted, place: Place) -> Callable[[], Finding]:
    return lambda: _judge(client, key_id, key_id, wanted, place)


def _of_vault(client: ClientFactory, backup_vault_name: str, wanted: Wanted, place: Place) -> Callable[[], Finding]:
    def look() -> Finding:
        subject = f"of the vault {backup_vault_name}"
        vault = place.vault()
        if vault is None:
            return Finding(CHECK, subject, "passed", "the vault does not exist yet; deploy.yml creates it")
        if not vault.get("EncryptionKeyArn"):
            return Finding(CHECK, subject, "passed", "AWS owns it")
        return _judge(client, subject, vault["EncryptionKeyArn"], wanted, place)

    return look


def _judge(client: ClientFactory, subject: str, key_id: str, wanted: Wanted, place: Place) -> Finding:
    key = describe_key(client("kms"), key_id)
    if key is None:
        if key_id.startswith("alias/"):
            return Finding(CHECK, subject, "passed", "it does not exist yet; deploy.yml creates it")
        return Finding(CHECK, subject, "failed", "there is no such key", "check its ARN, the account and the Region")
    if key["KeyState"] != "Enabled":
        return Finding(CHECK, subject, "failed", f"it is {key['KeyState']}", remedy_of(key))
    if key.get("KeyManager") == "AWS":
        return Finding(CHECK, subject, "passed", "it is enabled, and AWS manages it")
    return _judge_policy(subject, get_key_policy(client("kms"), key["KeyId"]), wanted, place)


def _judge_policy(subject: str, policy: str, wanted: Wanted, place: Place) -> Finding:
    """Where the policy trusts the account, IAM's policies decide; elsewhere it must name the role itself."""
    account = {place.account_id, f"arn:{place.partition}:iam::{place.account_id}:root"}
    users = account | ({wanted.iam_role_arn} if wanted.iam_role_arn else set())
    context = {"aws:PrincipalAccount": place.account_id, "kms:CallerAccount": place.account_id}
    decisions = {use: decide(policy, users, use, context) for use in USES}
    lacking = [use for use, decision in decisions.items() if decision in ("denied", "not allowed")]
    if lacking:
        remedy = f"allow {', '.join(lacking)} in the key's policy to {wanted.iam_role_arn or 'the role'}, or to the account's root"
        return Finding(CHECK, subject, "failed", "it is enabled, but its policy lets neither the account nor the role use it", remedy)
    if "conditional" in decisions.values():
        return Finding(CHECK, subject, "unknown", "it is enabled; its policy has conditions that are not understood here", "read them")
    return Finding(CHECK, subject, "passed", "it is enabled, and its policy lets it be used")
