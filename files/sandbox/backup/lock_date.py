"""Control: the date from which a vault's compliance lock is for ever, which no test could wait for."""

from __future__ import annotations

from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from werkzeug.wrappers import Request

from .. import control
from ..fixes.unknown_regions import known_regions
from .backend import BackupBackend
from .models import backup_backends
from .moments import now
from .parameters import DAY


@control.route("PUT", "/backup/lock-date")
def set_lock_date(request: Request) -> dict[str, Any]:
    """Set a locked vault's date to some days from now; below 0: ago."""
    body = {"region": "us-west-2", **control.json_body(request)}
    if body["region"] not in known_regions():
        raise ValueError(f"there is no Region {body['region']}")
    if type(body.get("days")) not in (int, float):
        raise ValueError(f"days must be a number, not {body.get('days')!r}")
    backend: BackupBackend = backup_backends[DEFAULT_ACCOUNT_ID][body["region"]]
    with backend.lock:
        vault = backend.backup_vaults.get(str(body.get("backup_vault_name")))
        if vault is None or vault.lock_date is None:
            raise ValueError(f"{body.get('backup_vault_name')} is no backup vault with a compliance lock in {body['region']}")
        vault.lock_date = now() + body["days"] * DAY
        return {"backup_vault_name": vault.name, "lock_date": vault.lock_date}
