# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Buckets, as S3 describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call

if TYPE_CHECKING:
    from botocore.client import BaseClient


@aws_call("read the versioning of the bucket {bucket}", missing=None, missing_codes=("NoSuchBucket",))
def get_bucket_versioning(client: BaseClient, bucket: str) -> str | None:
    """Enabled, Suspended, or empty when it was never enabled; None when there is no such bucket."""
    return client.get_bucket_versioning(Bucket=bucket).get("Status", "")
