"""Restore testing plans: create, get, update, delete, list."""

from __future__ import annotations

import uuid
from typing import Any

from .. import pages
from ..backend import BackupBackend
from ..errors import AlreadyExistsException, InvalidRequestException, LimitExceededException, ResourceNotFoundException
from ..moments import now
from ..parameters import check_request_id
from ..registry import Params, operation
from ..restore_testing_records import RestoreTestingPlan
from ..tags import check_tags
from . import timetable
from .plan_document import completed_plan

MOST_PLANS = 100


def existing_plan(backend: BackupBackend, name: str) -> RestoreTestingPlan:
    """A plan by its name.

    Raises:
        ResourceNotFoundException: there is none.
    """
    plan = backend.restore_testing_plans.get(name)
    if plan is None:
        raise ResourceNotFoundException(f"Restore testing plan {name} does not exist.")
    return plan


@operation("CreateRestoreTestingPlan")
def create_restore_testing_plan(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Create a plan; a repeat with the same CreatorRequestId answers as the first time."""
    request_id = params.get("CreatorRequestId")
    check_request_id(request_id)
    tags = check_tags(params.get("Tags"))
    document = completed_plan(params["RestoreTestingPlan"])
    name = document["RestoreTestingPlanName"]
    plan = backend.restore_testing_plans.get(name)
    if plan is None:
        if len(backend.restore_testing_plans) >= MOST_PLANS:
            raise LimitExceededException(f"More than {MOST_PLANS} restore testing plans")
        plan = RestoreTestingPlan(name, backend.arn(f"restore-testing-plan:{name}-{uuid.uuid4()}"), document, now(), request_id)
        backend.restore_testing_plans[name] = plan
        backend.tag_resource(plan.arn, tags)
        timetable.start(backend, plan)
    elif request_id is None or request_id != plan.creator_request_id:
        raise AlreadyExistsException(f"Restore testing plan {name} already exists", CreatorRequestId=plan.creator_request_id, Arn=plan.arn)
    return _written(plan)


@operation("UpdateRestoreTestingPlan")
def update_restore_testing_plan(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Change what is given of a plan, the way recovery points are chosen as a whole; its name stays."""
    plan = existing_plan(backend, params["RestoreTestingPlanName"])
    plan.document = completed_plan({**plan.document, **params["RestoreTestingPlan"], "RestoreTestingPlanName": plan.name})
    plan.update_date = now()
    timetable.start(backend, plan)
    return {**_written(plan), "UpdateTime": plan.update_date}


@operation("GetRestoreTestingPlan")
def get_restore_testing_plan(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """A plan and its document."""
    return {"RestoreTestingPlan": _members(existing_plan(backend, params["RestoreTestingPlanName"]))}


@operation("DeleteRestoreTestingPlan")
def delete_restore_testing_plan(backend: BackupBackend, params: Params) -> None:
    """Delete a plan that has no selections; the model knows no other error than this for one that does not exist."""
    name = params["RestoreTestingPlanName"]
    plan = backend.restore_testing_plans.get(name)
    if plan is None:
        raise InvalidRequestException(f"Restore testing plan {name} does not exist.")
    if plan.selections:
        raise InvalidRequestException("Related restore testing selections must be deleted prior to restore testing plan deletion")
    del backend.restore_testing_plans[name]
    backend.remove_tags(plan.arn)


@operation("ListRestoreTestingPlans")
def list_restore_testing_plans(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List plans by name."""
    plans, token = pages.page(backend.restore_testing_plans.values(), params, key=lambda plan: plan.name)
    return {"RestoreTestingPlans": [_members(plan) for plan in plans], "NextToken": token}


def _written(plan: RestoreTestingPlan) -> dict[str, Any]:
    return {"CreationTime": plan.creation_date, "RestoreTestingPlanArn": plan.arn, "RestoreTestingPlanName": plan.name}


def _members(plan: RestoreTestingPlan) -> dict[str, Any]:
    return {
        **plan.document,
        **_written(plan),
        "CreatorRequestId": plan.creator_request_id,
        "LastExecutionTime": plan.execution_date,
        "LastUpdateTime": plan.update_date,
    }
