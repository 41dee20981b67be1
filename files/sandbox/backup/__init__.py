"""AWS Backup on top of moto: jobs that run, recovery points, vaults that refuse, notifications."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import moto.backup
import moto.backup.models
import moto.backup.responses

OPERATIONS = (
    "account",
    "air_gapped",
    "copy_jobs",
    "copying",
    "deletion",
    "jobs",
    "legal_holds",
    "loading",
    "lock_date",
    "notifications",
    "on_demand",
    "outcomes",
    "plans",
    "protected",
    "recovery_points",
    "reports",
    "restore_jobs",
    "restore_testing",
    "selections",
    "service",
    "tags",
    "vault_lock",
    "vault_policy",
    "vaults",
)


def install() -> None:
    """Put this AWS Backup in the place of moto's; importing the modules registers their operations."""
    from .models import backup_backends

    for name in OPERATIONS:
        import_module(f"{__name__}.{name}")
    moto.backup.backup_backends = moto.backup.models.backup_backends = moto.backup.responses.backup_backends = backup_backends


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """The WSGI application of AWS Backup, for signed requests."""
    from .api import answer

    return answer(environ, start_response)
