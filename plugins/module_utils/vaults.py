# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backup vaults: one function per API call, and whether a vault exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, aws_call, error_code

if TYPE_CHECKING:
    from botocore.client import BaseClient


@aws_call("describe the vault {backup_vault_name}", missing=None)
def describe_backup_vault(client: BaseClient, backup_vault_name: str) -> dict[str, Any] | None:
    """The vault as AWS describes it; None when AWS says that it does not exist (it mostly denies access instead)."""
    vault = client.describe_backup_vault(BackupVaultName=backup_vault_name)
    vault.pop("ResponseMetadata", None)
    return vault


@aws_call("list the vaults of this Region")
def list_backup_vaults(client: BaseClient) -> list[dict[str, Any]]:
    """All vaults of the account in the client's Region."""
    return client.get_paginator("list_backup_vaults").paginate().build_full_result()["BackupVaultList"]


@aws_call("delete the vault {backup_vault_name}", missing=None)
def delete_backup_vault(client: BaseClient, backup_vault_name: str) -> None:
    """Delete an empty vault. That it does not exist (any more) is no error.

    Raises:
        AnsibleBackupError: with the code InvalidRequestException, AWS still finds recovery points in the vault.
    """
    client.delete_backup_vault(BackupVaultName=backup_vault_name)


def find_backup_vault(client: BaseClient, backup_vault_name: str) -> dict[str, Any] | None:
    """The vault as AWS describes it; None when it does not exist.

    AWS answers AccessDenied for a vault that is missing. So that a real lack of permission stays an error, a vault counts as missing
    only if the list of all vaults does not hold it either.

    Raises:
        AnsibleBackupError: the vault cannot be described, or the vaults cannot be listed.
    """
    try:
        return describe_backup_vault(client, backup_vault_name)
    except AnsibleBackupError as error:
        if error_code(error) != "AccessDeniedException":
            raise
        if any(vault["BackupVaultName"] == backup_vault_name for vault in list_backup_vaults(client)):
            raise
    return None
