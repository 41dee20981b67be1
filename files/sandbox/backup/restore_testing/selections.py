"""Restore testing selections: create, get, update, delete, list."""

from __future__ import annotations

from typing import Any

from .. import pages
from ..backend import BackupBackend
from ..errors import AlreadyExistsException, LimitExceededException, ResourceNotFoundException
from ..moments import now
from ..parameters import check_request_id
from ..registry import Params, operation
from ..restore_testing_records import RestoreTestingPlan, RestoreTestingSelection
from .plans import existing_plan
from .selection_document import completed_selection

MOST_SELECTIONS = 30


@operation("CreateRestoreTestingSelection")
def create_restore_testing_selection(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Create a selection; a repeat with the same CreatorRequestId answers as the first time."""
    plan = existing_plan(backend, params["RestoreTestingPlanName"])
    request_id = params.get("CreatorRequestId")
    check_request_id(request_id)
    document = completed_selection(backend, params["RestoreTestingSelection"])
    name = document["RestoreTestingSelectionName"]
    selection = plan.selections.get(name)
    if selection is None:
        if len(plan.selections) >= MOST_SELECTIONS:
            raise LimitExceededException(f"More than {MOST_SELECTIONS} restore testing selections in the plan {plan.name}")
        selection = plan.selections[name] = RestoreTestingSelection(name, document, now(), request_id)
    elif request_id is None or request_id != selection.creator_request_id:
        raise AlreadyExistsException(
            f"Restore testing selection {name} already exists", CreatorRequestId=selection.creator_request_id, Arn=plan.arn
        )
    return _written(plan, selection)


@operation("UpdateRestoreTestingSelection")
def update_restore_testing_selection(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Change what is given of a selection; its name and its type stay."""
    plan, selection = _existing(backend, params)
    kept = {name: selection.document[name] for name in ("RestoreTestingSelectionName", "ProtectedResourceType")}
    selection.document = completed_selection(backend, {**selection.document, **params["RestoreTestingSelection"], **kept})
    return {**_written(plan, selection), "UpdateTime": now()}


@operation("GetRestoreTestingSelection")
def get_restore_testing_selection(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """A selection and its document."""
    plan, selection = _existing(backend, params)
    return {"RestoreTestingSelection": _members(plan, selection)}


@operation("DeleteRestoreTestingSelection")
def delete_restore_testing_selection(backend: BackupBackend, params: Params) -> None:
    """Delete a selection."""
    plan, selection = _existing(backend, params)
    del plan.selections[selection.name]


@operation("ListRestoreTestingSelections")
def list_restore_testing_selections(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List a plan's selections by name."""
    plan = existing_plan(backend, params["RestoreTestingPlanName"])
    found, token = pages.page(plan.selections.values(), params, key=lambda selection: selection.name)
    return {"RestoreTestingSelections": [_members(plan, selection) for selection in found], "NextToken": token}


def _existing(backend: BackupBackend, params: Params) -> tuple[RestoreTestingPlan, RestoreTestingSelection]:
    plan = existing_plan(backend, params["RestoreTestingPlanName"])
    selection = plan.selections.get(params["RestoreTestingSelectionName"])
    if selection is None:
        raise ResourceNotFoundException(f"Restore testing selection {params['RestoreTestingSelectionName']} does not exist.")
    return plan, selection


def _written(plan: RestoreTestingPlan, selection: RestoreTestingSelection) -> dict[str, Any]:
    return {
        "CreationTime": selection.creation_date,
        "RestoreTestingPlanArn": plan.arn,
        "RestoreTestingPlanName": plan.name,
        "RestoreTestingSelectionName": selection.name,
    }


def _members(plan: RestoreTestingPlan, selection: RestoreTestingSelection) -> dict[str, Any]:
    return {**selection.document, **_written(plan, selection), "CreatorRequestId": selection.creator_request_id}
