"""Which recovery points a plan restores."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ..backend import BackupBackend
from ..moments import now
from ..parameters import DAY
from ..records import RecoveryPoint
from ..restore_testing_records import RestoreTestingPlan, RestoreTestingSelection
from .selection_document import CONDITION_KEY, EVERY_RESOURCE

RESTORABLE = frozenset({"COMPLETED", "AVAILABLE"})
LATEST = "LATEST_WITHIN_WINDOW"


@dataclass(frozen=True)
class Choice:
    """A recovery point, and the selection that asks for its resource."""

    selection: RestoreTestingSelection
    point: RecoveryPoint


def choices(backend: BackupBackend, plan: RestoreTestingPlan) -> list[Choice]:
    """One recovery point of each resource that a selection asks for, as far as there is one; each resource once."""
    chosen: dict[str, Choice] = {}
    for selection in plan.selections.values():
        for arn, points in _by_resource(backend, plan, selection):
            latest = plan.document["RecoveryPointSelection"]["Algorithm"] == LATEST
            chosen.setdefault(arn, Choice(selection, points[0] if latest else random.choice(points)))
    return list(chosen.values())


def _by_resource(
    backend: BackupBackend, plan: RestoreTestingPlan, selection: RestoreTestingSelection
) -> Iterator[tuple[str, list[RecoveryPoint]]]:
    for group in backend.recovery_points.by_resource():
        points = [point for point in group.newest_first() if _is_eligible(plan, selection, point)]
        if points and _is_selected(backend, selection, points[0]):
            yield points[0].resource.arn, points


def _is_eligible(plan: RestoreTestingPlan, selection: RestoreTestingSelection, point: RecoveryPoint) -> bool:
    rules = plan.document["RecoveryPointSelection"]
    return (
        point.status in RESTORABLE
        and point.resource.type == selection.document["ProtectedResourceType"]
        and point.creation_date >= now() - rules["SelectionWindowDays"] * DAY
        and ("CONTINUOUS" if point.continuous else "SNAPSHOT") in rules["RecoveryPointTypes"]
        and _matches(point.vault_arn, rules["IncludeVaults"])
        and not _matches(point.vault_arn, rules["ExcludeVaults"])
    )


def _is_selected(backend: BackupBackend, selection: RestoreTestingSelection, point: RecoveryPoint) -> bool:
    """Whether the selection means the resource; its tags are those that its recovery point has, which outlive it."""
    arns, conditions = selection.document["ProtectedResourceArns"], selection.document["ProtectedResourceConditions"]
    tags = {**point.resource.tags, **backend.list_tags(point.arn)}
    return (
        (not arns or EVERY_RESOURCE in arns or point.resource.arn in arns)
        and all(_has(tags, each) for each in conditions["StringEquals"])
        and not any(_has(tags, each) for each in conditions["StringNotEquals"])
    )


def _has(tags: dict[str, str], condition: dict[str, Any]) -> bool:
    return tags.get(condition["Key"].removeprefix(CONDITION_KEY)) == condition["Value"]


def _matches(vault_arn: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(vault_arn, pattern) for pattern in patterns)
