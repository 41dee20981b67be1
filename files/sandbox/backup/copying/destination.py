"""The vault that a copy goes into."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...fixes.unknown_regions import known_regions
from ..arns import CLUSTERS
from ..backend import BackupBackend
from ..errors import InvalidParameterValueException
from ..models import backup_backends
from ..records import CopyJob, RecoveryPoint, Vault

VAULT_ARN = re.compile(r"arn:(aws[a-z-]*):backup:([a-z0-9-]+):(\d{12}):backup-vault:(\S+)")


@dataclass(frozen=True)
class Place:
    """A vault's Region and name; whether the vault exists is another matter."""

    backend: BackupBackend
    vault_name: str

    @property
    def vault(self) -> Vault | None:
        """The vault, if it exists."""
        return self.backend.backup_vaults.get(self.vault_name)


def check_arn(arn: str) -> None:
    """Check an ARN of a vault, which may be one of another account. AWS's text is not public.

    Raises:
        InvalidParameterValueException: it is none, or names no Region.
    """
    parts = VAULT_ARN.fullmatch(arn)
    if parts is None or parts.group(2) not in known_regions():
        raise InvalidParameterValueException(f"Invalid destination backup vault ARN: {arn}")


def account_of(arn: str) -> str:
    """The account of a vault's ARN."""
    return arn.split(":")[4]


def place_of(arn: str) -> Place:
    """Where the vault of an ARN is, or would be."""
    _, _, _, region, account, _, name = arn.split(":", 6)
    return Place(backup_backends[account][region], name)


def encryption(job: CopyJob, source: RecoveryPoint, vault: Vault) -> tuple[bool, str | None]:
    """Whether a copy is encrypted, and by which key.

    What AWS Backup manages in full takes the vault's key, and so does what leaves its Region, but for an unencrypted cluster.
    """
    managed = ":recovery-point:" in source.arn
    leaves = job.source_vault_arn.split(":")[3] != vault.arn.split(":")[3]
    if managed or (leaves and (source.encrypted or source.resource.type not in CLUSTERS)):
        return True, vault.encryption_key_arn
    return source.encrypted, source.key_arn
