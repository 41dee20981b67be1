"""A run of a plan: the test restores that it begins."""

from __future__ import annotations

from ..backend import BackupBackend
from ..moments import now
from ..restore_testing_records import RestoreTestingPlan
from .choosing import choices


def run(backend: BackupBackend, plan: RestoreTestingPlan) -> list[str]:
    """Begin the test restores of a plan; returns the IDs of their jobs."""
    plan.execution_date = now()
    return [choice.point.arn for choice in choices(backend, plan)]
