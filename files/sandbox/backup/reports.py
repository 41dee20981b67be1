"""Report plans, kept by moto's own backend."""

from __future__ import annotations

from typing import Any

from . import pages
from .backend import BackupBackend
from .errors import AlreadyExistsException, ResourceNotFoundException
from .filters import seconds
from .registry import Params, operation
from .tags import check_tags


@operation("CreateReportPlan")
def create_report_plan(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Create a report plan."""
    name = params["ReportPlanName"]
    tags = check_tags(params.get("ReportPlanTags"))
    if name in backend.report_plans:
        raise AlreadyExistsException(f"Report plan {name} already exists", Arn=backend.report_plans[name].report_plan_arn)
    plan = backend.create_report_plan(name, params.get("ReportPlanDescription"), params["ReportDeliveryChannel"], params["ReportSetting"])
    backend.tag_resource(plan.report_plan_arn, tags)
    return _members(plan)


@operation("DescribeReportPlan")
def describe_report_plan(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Describe a report plan."""
    return {"ReportPlan": _members(_existing(backend, params))}


@operation("ListReportPlans")
def list_report_plans(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List report plans by name."""
    plans, token = pages.page(backend.report_plans.values(), params, key=lambda plan: plan.report_plan_name)
    return {"ReportPlans": [_members(plan) for plan in plans], "NextToken": token}


@operation("DeleteReportPlan")
def delete_report_plan(backend: BackupBackend, params: Params) -> None:
    """Delete a report plan."""
    plan = _existing(backend, params)
    backend.delete_report_plan(plan.report_plan_name)
    backend.remove_tags(plan.report_plan_arn)


def _existing(backend: BackupBackend, params: Params) -> Any:
    plan = backend.report_plans.get(params["ReportPlanName"])
    if plan is None:
        raise ResourceNotFoundException(f"Report plan {params['ReportPlanName']} does not exist.")
    return plan


def _members(plan: Any) -> dict[str, Any]:
    return {
        "ReportPlanArn": plan.report_plan_arn,
        "ReportPlanName": plan.report_plan_name,
        "ReportPlanDescription": plan.report_plan_description,
        "ReportSetting": plan.report_setting,
        "ReportDeliveryChannel": plan.report_delivery_channel,
        "DeploymentStatus": plan.deployment_status,
        "CreationTime": seconds(plan.creation_time),
    }
