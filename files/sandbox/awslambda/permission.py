"""Whether a function's own policy lets a service invoke it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from moto.awslambda.exceptions import UnknownFunctionException

from ..resource_policy import allows
from . import backend

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Refusal:
    """Why a service cannot invoke a function; code: NO_RESOURCE or NO_PERMISSIONS, as EventBridge calls it."""

    code: str
    text: str


def may_invoke(service: str, function_arn: str, source_arn: str, source_account: str) -> bool:
    """Decide, and log what is missing when the answer is no."""
    return refusal(service, function_arn, source_arn, source_account) is None


def refusal(service: str, function_arn: str, source_arn: str, source_account: str) -> Refusal | None:
    """What is missing, which is logged, too; None when the service may invoke the function."""
    found = _refusal(service, function_arn, source_arn, source_account)
    if found:
        log.warning("%s cannot invoke %s: %s", source_arn, function_arn, found.text)
    return found


def _refusal(service: str, function_arn: str, source_arn: str, source_account: str) -> Refusal | None:
    try:
        function = backend.find(function_arn)
    except UnknownFunctionException:
        return Refusal("NO_RESOURCE", "there is no such function")
    context = {"aws:SourceArn": source_arn, "aws:SourceAccount": source_account}
    if allows({"Statement": function.policy.statements}, service, "lambda:InvokeFunction", function_arn, context):
        return None
    return Refusal("NO_PERMISSIONS", f"the function's policy does not let {service} do it")
