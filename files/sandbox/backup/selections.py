"""Selections: what a plan backs up."""

from __future__ import annotations

import uuid
from typing import Any

from . import pages
from .backend import BackupBackend
from .errors import AlreadyExistsException, InvalidParameterValueException, ResourceNotFoundException
from .moments import now
from .parameters import check_enum, check_request_id
from .plan_rules import NAME
from .plans import existing_plan
from .records import Plan, Selection
from .registry import Params, operation
from .roles import check_assumable

CONDITION_KINDS = ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike")


@operation("CreateBackupSelection")
def create_backup_selection(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Create a selection; a repeat with the same CreatorRequestId answers as the first time."""
    plan = _plan_for_new_selection(backend, params["BackupPlanId"])
    request_id = params.get("CreatorRequestId")
    check_request_id(request_id)
    document = _completed(params["BackupSelection"])
    check_assumable(backend, document["IamRoleArn"])
    twin = next((known for known in _of_plan(backend, plan.id) if known.document == document), None)
    if twin is None:
        twin = Selection(str(uuid.uuid4()), plan.id, document, now(), request_id)
        backend.backup_selections[twin.id] = twin
    elif request_id is None or twin.creator_request_id != request_id:
        raise AlreadyExistsException(
            "Backup selection with the same selection document already exists", CreatorRequestId=twin.creator_request_id
        )
    return _members(twin)


@operation("GetBackupSelection")
def get_backup_selection(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """A selection and its document."""
    selection = _existing(backend, params)
    return {**_members(selection), "BackupSelection": selection.document}


@operation("ListBackupSelections")
def list_backup_selections(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List a plan's selections, oldest first."""
    plan = existing_plan(backend, params["BackupPlanId"])
    found, token = pages.page(_of_plan(backend, plan.id), params, key=lambda known: pages.by_date(known.creation_date, known.id))
    return {"BackupSelectionsList": [_members(selection) for selection in found], "NextToken": token}


@operation("DeleteBackupSelection")
def delete_backup_selection(backend: BackupBackend, params: Params) -> None:
    """Delete a selection."""
    del backend.backup_selections[_existing(backend, params).id]


def _plan_for_new_selection(backend: BackupBackend, plan_id: str) -> Plan:
    try:
        return existing_plan(backend, plan_id)
    except ResourceNotFoundException as error:
        # CreateBackupSelection is modelled without ResourceNotFoundException.
        raise InvalidParameterValueException(f"Cannot find Backup plan with ID {plan_id}") from error


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    if not NAME.fullmatch(document["SelectionName"]):
        raise InvalidParameterValueException(f"Invalid selection name {document['SelectionName']}: it must be 1 to 50 of A-Z a-z 0-9 - _ .")
    conditions = {kind: (document.get("Conditions") or {}).get(kind, []) for kind in CONDITION_KINDS}
    lists = {name: document.get(name) or [] for name in ("Resources", "ListOfTags", "NotResources")}
    if not (lists["Resources"] or lists["ListOfTags"] or lists["NotResources"]):
        raise InvalidParameterValueException("Invalid backup selection. Either 'ListOfTags' or 'Resources' section must be non-empty.")
    for condition in lists["ListOfTags"]:
        check_enum("ConditionType", condition.get("ConditionType"))
    for resource in lists["Resources"] + lists["NotResources"]:
        if resource != "*" and not resource.startswith("arn:"):
            raise InvalidParameterValueException(f"Invalid resource ARN: {resource}")
    return {**document, **lists, "Conditions": conditions}


def _of_plan(backend: BackupBackend, plan_id: str) -> list[Selection]:
    return [selection for selection in backend.backup_selections.values() if selection.plan_id == plan_id]


def _existing(backend: BackupBackend, params: Params) -> Selection:
    plan = existing_plan(backend, params["BackupPlanId"])
    selection = backend.backup_selections.get(params["SelectionId"])
    if selection is None or selection.plan_id != plan.id:
        raise ResourceNotFoundException(f"Cannot find Backup selection {params['SelectionId']}")
    return selection


def _members(selection: Selection) -> dict[str, Any]:
    return {
        "SelectionId": selection.id,
        "SelectionName": selection.document["SelectionName"],
        "BackupPlanId": selection.plan_id,
        "CreationDate": selection.creation_date,
        "CreatorRequestId": selection.creator_request_id,
        "IamRoleArn": selection.document["IamRoleArn"],
    }
