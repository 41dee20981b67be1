"""The control endpoint's part: it puts recovery points into a vault, and tells nobody."""

from __future__ import annotations

from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from werkzeug.wrappers import Request

from ... import control
from ..backend import BackupBackend
from ..models import backup_backends
from .making import points
from .order import PointOrder

NAMED = 1000


@control.route("POST", "/backup/recovery-points")
def load_recovery_points(request: Request) -> dict[str, Any]:
    """Load recovery points; says how many, and the ARNs of the first 1,000."""
    order = PointOrder.read(control.json_body(request))
    backend: BackupBackend = backup_backends[DEFAULT_ACCOUNT_ID][order.region]
    with backend.lock:
        vault = backend.backup_vaults.get(order.backup_vault_name)
        if vault is None:
            raise ValueError(f"there is no backup vault {order.backup_vault_name} in {order.region}")
        made = list(points(backend, vault, order))
        backend.recovery_points.extend(made)
        for point in made if order.tags else []:
            backend.tag_resource(point.arn, order.tags)
    return {"recovery_point_arns_count": len(made), "recovery_point_arns": [point.arn for point in made[:NAMED]]}
