"""The control endpoint's part: it puts recovery points into a vault, and tells nobody."""

from __future__ import annotations

from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from werkzeug.wrappers import Request

from ... import control
from ..backend import BackupBackend
from ..models import backup_backends
from ..records import Vault
from .making import points
from .order import PointOrder

NAMED = 1000
CHANGEABLE = {"backup_vault_name", "region", "on_delete", "on_delete_code", "on_delete_message"}


@control.route("POST", "/backup/recovery-points")
def load_recovery_points(request: Request) -> dict[str, Any]:
    """Load recovery points; says how many, and the ARNs of the first 1,000."""
    order = PointOrder.read(control.json_body(request))
    backend = _backend(order)
    with backend.lock:
        made = list(points(backend, _vault(backend, order), order))
        backend.recovery_points.extend(made)
        for point in made if order.tags else []:
            backend.tag_resource(point.arn, order.tags)
    return {"recovery_point_arns_count": len(made), "recovery_point_arns": [point.arn for point in made[:NAMED]]}


@control.route("PUT", "/backup/recovery-points")
def change_deletion(request: Request) -> dict[str, Any]:
    """Decide anew what becomes of a vault's recovery points when they are deleted: of those that are named, or of all."""
    body = control.json_body(request)
    arns = body.pop("recovery_point_arns", None)
    unknown = sorted(set(body) - CHANGEABLE)
    if unknown or not isinstance(arns, list | None):
        raise ValueError(f"unknown members: {', '.join(unknown)}; known: recovery_point_arns (a list), {', '.join(sorted(CHANGEABLE))}")
    named = None if arns is None else frozenset(arns)
    order = PointOrder.read(body)
    backend = _backend(order)
    with backend.lock:
        kept = backend.recovery_points.of_vault(_vault(backend, order).name).newest_first()
        changed = [point for point in kept if named is None or point.arn in named]
        for point in changed:
            point.deletion = order.deletion
    return {"recovery_point_arns_count": len(changed)}


def _backend(order: PointOrder) -> BackupBackend:
    backend: BackupBackend = backup_backends[DEFAULT_ACCOUNT_ID][order.region]
    return backend


def _vault(backend: BackupBackend, order: PointOrder) -> Vault:
    vault = backend.backup_vaults.get(order.backup_vault_name)
    if vault is None:
        raise ValueError(f"there is no backup vault {order.backup_vault_name} in {order.region}")
    return vault
