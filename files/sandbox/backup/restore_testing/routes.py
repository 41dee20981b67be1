"""The control endpoint's part: it runs a plan at once, whatever its schedule."""

from __future__ import annotations

from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from werkzeug.wrappers import Request

from ... import control
from ...fixes.unknown_regions import known_regions
from ..backend import BackupBackend
from ..models import backup_backends
from . import runs


@control.route("POST", "/backup/restore-testing")
def run_plan(request: Request) -> dict[str, Any]:
    """Run a plan now; says which restore jobs it began."""
    body = {"region": "us-west-2", **control.json_body(request)}
    unknown = sorted(set(body) - {"region", "restore_testing_plan_name"})
    if unknown:
        raise ValueError(f"unknown members: {', '.join(unknown)}; known: region, restore_testing_plan_name")
    if body["region"] not in known_regions():
        raise ValueError(f"there is no Region {body['region']}")
    backend: BackupBackend = backup_backends[DEFAULT_ACCOUNT_ID][body["region"]]
    with backend.lock:
        plan = backend.restore_testing_plans.get(str(body.get("restore_testing_plan_name")))
        if plan is None:
            raise ValueError(f"{body.get('restore_testing_plan_name')} is no restore testing plan in {body['region']}")
        return {"restore_job_ids": runs.run(backend, plan)}
