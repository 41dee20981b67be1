"""Backup plans and their versions."""

from __future__ import annotations

import base64
import uuid
from typing import Any

from . import pages
from .backend import BackupBackend
from .errors import AlreadyExistsException, InvalidRequestException, ResourceNotFoundException
from .events import plans as plan_events
from .events.sending import tell_bus
from .moments import now
from .parameters import check_request_id
from .plan_rules import completed_document
from .records import Plan, PlanVersion
from .registry import Params, operation
from .tags import check_tags


def existing_plan(backend: BackupBackend, plan_id: str) -> Plan:
    """A plan that has not been deleted.

    Raises:
        ResourceNotFoundException: there is none.
    """
    plan = backend.backup_plans.get(plan_id)
    if plan is None or plan.deletion_date is not None:
        raise ResourceNotFoundException("Failed reading Backup plan with provided version")
    return plan


@operation("CreateBackupPlan")
def create_backup_plan(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Create a plan; a repeat with the same CreatorRequestId answers as the first time."""
    request_id = params.get("CreatorRequestId")
    check_request_id(request_id)
    tags = check_tags(params.get("BackupPlanTags"))
    document = completed_document(backend, params["BackupPlan"])
    twin = next((plan for plan in backend.backup_plans.values() if plan.deletion_date is None and _same(plan, document)), None)
    if twin is None:
        plan_id = str(uuid.uuid4())
        twin = Plan(plan_id, backend.arn(f"backup-plan:{plan_id}"), request_id, [_new_version(document)])
        backend.backup_plans[plan_id] = twin
        backend.tag_resource(twin.arn, tags)
        _tell(backend, twin, "CREATED", twin.creation_date)
    elif request_id is None or twin.creator_request_id != request_id:
        raise AlreadyExistsException(
            "Backup plan with the same plan document already exists", CreatorRequestId=twin.creator_request_id, Arn=twin.arn
        )
    return _version_members(twin, twin.current)


@operation("UpdateBackupPlan")
def update_backup_plan(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Add a version; rules keep the ID they have under their name."""
    plan = existing_plan(backend, params["BackupPlanId"])
    rule_ids = {rule["RuleName"]: rule["RuleId"] for rule in plan.current.document["Rules"]}
    plan.versions.append(_new_version(completed_document(backend, params["BackupPlan"], rule_ids)))
    _tell(backend, plan, "MODIFIED", plan.current.creation_date)
    return _version_members(plan, plan.current)


@operation("GetBackupPlan")
def get_backup_plan(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """A plan's version: the one asked for, else the current one."""
    plan = existing_plan(backend, params["BackupPlanId"])
    wanted = params.get("VersionId", plan.current.id)
    version = next((version for version in plan.versions if version.id == wanted), None)
    if version is None:
        raise ResourceNotFoundException("Failed reading Backup plan with provided version")
    return {"BackupPlan": version.document, **_version_members(plan, version), "CreatorRequestId": plan.creator_request_id}


@operation("DeleteBackupPlan")
def delete_backup_plan(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Delete a plan that has no selections."""
    plan = existing_plan(backend, params["BackupPlanId"])
    if any(selection.plan_id == plan.id for selection in backend.backup_selections.values()):
        raise InvalidRequestException("Related backup plan selections must be deleted prior to backup plan deletion")
    plan.deletion_date = now()
    backend.remove_tags(plan.arn)
    _tell(backend, plan, "DELETED", plan.deletion_date)
    return _version_members(plan, plan.current)


@operation("ListBackupPlans")
def list_backup_plans(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List plans, oldest first; deleted ones on demand."""
    found = [plan for plan in backend.backup_plans.values() if plan.deletion_date is None or params.get("IncludeDeleted")]
    plans, token = pages.page(found, params, key=lambda plan: pages.by_date(plan.creation_date, plan.id))
    return {"BackupPlansList": [_listed(plan, plan.current) for plan in plans], "NextToken": token}


@operation("ListBackupPlanVersions")
def list_backup_plan_versions(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List a plan's versions, oldest first."""
    plan = existing_plan(backend, params["BackupPlanId"])
    versions, token = pages.page(plan.versions, params, key=lambda version: pages.by_date(version.creation_date, version.id))
    return {"BackupPlanVersionsList": [_listed(plan, version) for version in versions], "NextToken": token}


def _tell(backend: BackupBackend, plan: Plan, state: str, date: float) -> None:
    tell_bus(backend, plan_events.change(plan.id, plan.arn, plan.current.id, state, date))


def _same(plan: Plan, document: dict[str, Any]) -> bool:
    return _without_rule_ids(plan.current.document) == _without_rule_ids(document)


def _without_rule_ids(document: dict[str, Any]) -> dict[str, Any]:
    rules = [{key: value for key, value in rule.items() if key != "RuleId"} for rule in document["Rules"]]
    return {**document, "Rules": rules}


def _new_version(document: dict[str, Any]) -> PlanVersion:
    return PlanVersion(base64.b64encode(str(uuid.uuid4()).encode()).decode(), document, now())


def _version_members(plan: Plan, version: PlanVersion) -> dict[str, Any]:
    return {
        "BackupPlanId": plan.id,
        "BackupPlanArn": plan.arn,
        "CreationDate": version.creation_date,
        "DeletionDate": plan.deletion_date,
        "VersionId": version.id,
        "AdvancedBackupSettings": version.document.get("AdvancedBackupSettings") or None,
    }


def _listed(plan: Plan, version: PlanVersion) -> dict[str, Any]:
    return {
        **_version_members(plan, version),
        "BackupPlanName": version.document["BackupPlanName"],
        "CreatorRequestId": plan.creator_request_id,
    }
