"""A run of a plan: the test restores that it begins."""

from __future__ import annotations

from ..backend import BackupBackend
from ..errors import BackupError
from ..moments import now
from ..records import RestoreJob
from ..restore_testing_records import RestoreTestingPlan
from ..restoring import RestoreOrder, begin_restore, refuse_restore
from . import aftermath
from .choosing import Choice, choices
from .inferred import order_metadata
from .removing import TAG


def run(backend: BackupBackend, plan: RestoreTestingPlan) -> list[str]:
    """Begin the test restores of a plan; returns the IDs of their jobs."""
    plan.execution_date = now()
    return [_begin(backend, plan, choice).id for choice in choices(backend, plan)]


def _begin(backend: BackupBackend, plan: RestoreTestingPlan, choice: Choice) -> RestoreJob:
    document = choice.selection.document
    order = RestoreOrder(
        point=choice.point,
        metadata=order_metadata(backend, choice.point, document["RestoreMetadataOverrides"]),
        iam_role_arn=document["IamRoleArn"],
        tags={TAG: plan.name},
        restore_testing_plan_arn=plan.arn,
    )
    try:
        job = begin_restore(backend, order)
    except BackupError as refusal:
        # Nobody is there to be told of a bad override but who reads the job.
        return refuse_restore(backend, order, refusal.message)
    aftermath.follow(backend, job, document["ValidationWindowHours"])
    return job
