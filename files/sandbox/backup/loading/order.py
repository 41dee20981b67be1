"""What the control endpoint is asked for: recovery points that somebody is said to have made."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

from moto.core.utils import get_service_model

from ...fixes.unknown_regions import known_regions
from ..records import Deletion
from .subjects import COMPOSITE, CONTINUOUS, FORMS

MOST_POINTS = 1_000_000
ENDINGS = ("gone", "expired", "refused", "stays")
TEXTS = ("backup_vault_name", "resource_arn", "status_message", "backup_plan_id", "iam_role_arn", "on_delete_code", "on_delete_message")


@dataclass(frozen=True)
class PointOrder:
    """One request.

    Attributes:
        count: how many points; nested ones are not counted.
        resources: how many resources they are of, in turn.
        age_days: of the youngest and of the oldest point; the others' ages are spread evenly in between.
        size_bytes: of each.
        storage_class: WARM or COLD.
        composite: whether they are composite, each with nested points of nested_resource_type.
        on_delete: what becomes of them, and of those nested in them, when they are deleted; see Deletion.
    """

    backup_vault_name: str
    region: str = "us-west-2"
    count: int = 1
    resource_type: str = "EBS"
    resource_arn: str | None = None
    resources: int = 1
    status: str = "COMPLETED"
    status_message: str | None = None
    age_days: tuple[float, float] = (0.0, 0.0)
    size_bytes: int = 1 << 30
    backup_plan_id: str | None = None
    iam_role_arn: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    continuous: bool = False
    storage_class: str = "WARM"
    composite: bool = False
    nested: int = 0
    nested_resource_type: str = "EBS"
    on_delete: str = "gone"
    on_delete_code: str | None = None
    on_delete_message: str | None = None

    @classmethod
    def read(cls, body: dict[str, Any]) -> PointOrder:
        """Check a request's body.

        Raises:
            ValueError: something in it is missing, unknown or of the wrong kind.
        """
        given = {name: value for name, value in body.items() if value is not None}
        known = [member.name for member in fields(cls)]
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise ValueError(f"unknown members: {', '.join(unknown)}; known: {', '.join(known)}")
        if given.get("composite"):
            given = {"resource_type": COMPOSITE, **given}
        if given.get("continuous"):
            given = {"status": "AVAILABLE", **given}
        _check_types(given)
        _check_choices(given)
        return cls(**{**given, "age_days": _ages(given.get("age_days", 0.0))})

    @cached_property
    def deletion(self) -> Deletion:
        """What becomes of the points when they are deleted."""
        return Deletion(self.on_delete, self.on_delete_message, self.on_delete_code or Deletion.code)


def _check_types(given: dict[str, Any]) -> None:
    if not given.get("backup_vault_name"):
        raise ValueError("backup_vault_name is required")
    for name in TEXTS:
        if not isinstance(given.get(name, ""), str):
            raise ValueError(f"{name} must be a text, not {given[name]!r}")
    for name, least in (("count", 1), ("resources", 1), ("nested", 0), ("size_bytes", 0)):
        if type(given.get(name, 1)) is not int or given.get(name, 1) < least:
            raise ValueError(f"{name} must be a whole number from {least} on, not {given[name]!r}")
    for name in ("continuous", "composite"):
        if not isinstance(given.get(name, False), bool):
            raise ValueError(f"{name} must be true or false, not {given[name]!r}")
    tags = given.get("tags", {})
    if not isinstance(tags, dict) or not all(isinstance(value, str) for value in tags.values()):
        raise ValueError(f"tags must be an object of texts, not {tags!r}")
    if given.get("count", 1) * (1 + given.get("nested", 0)) > MOST_POINTS:
        raise ValueError(f"at most {MOST_POINTS} recovery points at once, nested ones counted")


def _check_choices(given: dict[str, Any]) -> None:
    statuses = get_service_model("backup").shape_for("RecoveryPointStatus").enum
    choices: dict[str, Any] = {
        "status": statuses,
        "storage_class": ("COLD", "WARM"),
        "resource_type": FORMS,
        "nested_resource_type": FORMS,
        "on_delete": ENDINGS,
        "region": known_regions(),
    }
    for name, known in choices.items():
        if name in given and given[name] not in known:
            raise ValueError(f"{name} must be one of {', '.join(sorted(known))}, not {given[name]!r}")
    if given.get("nested") and not given.get("composite"):
        raise ValueError("nested goes with composite: true")
    if given.get("continuous") and given.get("composite"):
        raise ValueError("a recovery point is continuous or composite, not both")
    if given.get("continuous") and given.get("resource_type", "EBS") not in CONTINUOUS:
        raise ValueError(f"continuous goes with a resource_type of {', '.join(CONTINUOUS)}")


def _ages(value: Any) -> tuple[float, float]:
    """One age, or the youngest and the oldest."""
    ages = value if isinstance(value, list) else [value, value]
    if len(ages) != 2 or not all(type(age) in (int, float) and 0 <= age < math.inf for age in ages):
        raise ValueError(f"age_days must be a number from 0 on or two of them, not {value!r}")
    return float(min(ages)), float(max(ages))
