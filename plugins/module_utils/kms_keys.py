# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""KMS keys, as KMS describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call

if TYPE_CHECKING:
    from botocore.client import BaseClient


@aws_call("describe the KMS key {key_id}", missing=None, missing_codes=("NotFoundException",))
def describe_key(client: BaseClient, key_id: str) -> dict[str, Any] | None:
    """The key's metadata; None when there is no such key or alias."""
    return client.describe_key(KeyId=key_id)["KeyMetadata"]


@aws_call("read the policy of the KMS key {key_id}")
def get_key_policy(client: BaseClient, key_id: str) -> str:
    """The key's policy as JSON."""
    return client.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"]
