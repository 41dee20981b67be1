"""IAM's simulator: SimulatePrincipalPolicy, which moto does not know.

Who has no policies here, as the account's owner, may do everything. Permissions boundaries and policies of organizations and
resources are not looked at.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse

from ..resource_policy import simulated
from ..role_policies import documents_of, role_of


def install() -> None:
    """Teach moto's IAM the operation."""
    # moto has no such operation, so that the class has no such attribute to assign to.
    IamResponse.simulate_principal_policy = _simulate  # type: ignore[attr-defined]


def _simulate(response: IamResponse) -> ActionResult:
    parameters = response._get_params()
    policies = _policies(response.backend, parameters["PolicySourceArn"])
    context = {entry["ContextKeyName"]: entry["ContextKeyValues"][0] for entry in parameters.get("ContextEntries", [])}
    results = [
        _result(policies, action, resource, context)
        for action in parameters["ActionNames"]
        for resource in parameters.get("ResourceArns") or ["*"]
    ]
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def _result(policies: list[dict[str, Any]] | None, action: str, resource: str, context: dict[str, str]) -> dict[str, Any]:
    decision = "allowed" if policies is None else simulated(policies, action, resource, context)
    return {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": decision,
        "MatchedStatements": [],
        "MissingContextValues": [],
    }


def _policies(backend: IAMBackend, arn: str) -> list[dict[str, Any]] | None:
    """The documents of a role's or user's policies; None of an identity that nothing was attached to since there is none.

    Raises:
        NotFoundException: there is no such role.
    """
    if ":role/" in arn:
        return documents_of(role_of(arn))
    user = next((user for user in backend.users.values() if user.arn == arn), None)
    return documents_of(user) if user else None
