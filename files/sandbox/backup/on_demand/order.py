"""What the control endpoint is asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any

ROUTES = ("sns", "eventbridge")
MOST_EVENTS = 10_000
KINDS = {
    "backup_job": ("CREATED", "PENDING", "RUNNING", "ABORTING", "ABORTED", "COMPLETED", "FAILED", "EXPIRED", "PARTIAL"),
    "copy_job": ("CREATED", "RUNNING", "COMPLETED", "FAILED", "PARTIAL"),
    "restore_job": ("CREATED", "PENDING", "RUNNING", "COMPLETED", "ABORTED", "FAILED"),
    "recovery_point": ("CREATING", "COMPLETED", "AVAILABLE", "PARTIAL", "STOPPED", "EXPIRED", "DELETING", "DELETED", "MODIFIED"),
    "recovery_point_index": ("ACTIVE", "DELETED", "FAILED"),
    "vault": ("CREATED", "MODIFIED", "DELETED"),
    "plan": ("CREATED", "MODIFIED", "DELETED"),
    "region_setting": ("MODIFIED",),
    "scan_job": ("CREATED", "RUNNING", "COMPLETED", "COMPLETED_WITH_ISSUES", "FAILED", "CANCELED"),
    "s3_object": ("BACKUP_OBJECT_FAILED", "RESTORE_OBJECT_FAILED"),
    "eks_object": (
        "BACKUP_OBJECT_FAILED",
        "RESTORE_OBJECT_FAILED",
        "RESTORE_OBJECT_SKIPPED",
        "RESTORE_MODIFICATION_SUCCESS",
        "RESTORE_MODIFICATION_FAILED",
    ),
    "access_point": ("AVAILABLE", "CREATION_FAILED", "DELETED", "DELETION_FAILED", "EXPIRED", "DISASSOCIATED"),
    "continuous": ("INTERRUPTED",),
}


@dataclass(frozen=True)
class Order:
    """One request.

    Attributes:
        kind: of KINDS.
        state: one of the kind's.
        region: where it happens.
        routes: by which routes it is told.
        vault: the name of the vault it is about; it need not exist.
        count: how many events, each about a job of its own.
        repeat: how often each is sent again, unchanged.
        job_id: of the job; a known one is brought into the state. Only with a count of 1.
        seconds: how long ago the job was created.
    """

    kind: str
    state: str
    region: str = "us-east-1"
    routes: tuple[str, ...] = ROUTES
    vault: str = "Default"
    count: int = 1
    repeat: int = 0
    job_id: str | None = None
    parent_job_id: str | None = None
    resource_arn: str | None = None
    resource_type: str | None = None
    resource_name: str | None = None
    size_bytes: int | None = None
    status_message: str | None = None
    message_category: str | None = None
    recovery_point_arn: str | None = None
    created_resource_arn: str | None = None
    destination_vault_arn: str | None = None
    restore_testing_plan_arn: str | None = None
    iam_role_arn: str | None = None
    seconds: float = 120.0

    @classmethod
    def read(cls, body: dict[str, Any]) -> Order:
        """Check a request's body.

        Raises:
            ValueError: something in it is missing, unknown or of the wrong kind.
        """
        body = {name: value for name, value in body.items() if value is not None}
        known = [field.name for field in fields(cls)]
        unknown = sorted(set(body) - set(known))
        if unknown:
            raise ValueError(f"unknown members: {', '.join(unknown)}; known: {', '.join(known)}")
        _check_kind(body.get("kind"), body.get("state"))
        _check_types(body)
        routes = tuple(body.get("routes", ROUTES))
        if not routes or not set(routes) <= set(ROUTES):
            raise ValueError(f"routes must be some of {', '.join(ROUTES)}, not {body.get('routes')}")
        if body.get("job_id") and body.get("count", 1) != 1:
            raise ValueError("job_id goes with a count of 1: it names one job")
        return cls(**{**body, "routes": routes})


def _check_kind(kind: Any, state: Any) -> None:
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {kind}")
    if state not in KINDS[kind]:
        raise ValueError(f"state of kind {kind} must be one of {', '.join(KINDS[kind])}, not {state}")


def _check_types(body: dict[str, Any]) -> None:
    for name, least, most in (("count", 1, MOST_EVENTS), ("repeat", 0, 100), ("size_bytes", 0, None)):
        value = body.get(name)
        if name in body and (type(value) is not int or value < least or (most is not None and value > most)):
            raise ValueError(f"{name} must be a whole number from {least}{f' to {most}' if most is not None else ' on'}, not {value!r}")
    seconds = body.get("seconds", 0)
    if type(seconds) not in (int, float) or not 0 <= seconds < math.inf:
        raise ValueError(f"seconds must be a number from 0 on, not {seconds!r}")
    routes = body.get("routes", [])
    if not isinstance(routes, list) or not all(isinstance(route, str) for route in routes):
        raise ValueError(f"routes must be a list of texts, not {routes!r}")
    numbers = {"count", "repeat", "size_bytes", "seconds", "routes"}
    for name in sorted(set(body) - numbers):
        if not isinstance(body[name], str):
            raise ValueError(f"{name} must be a text, not {body[name]!r}")
