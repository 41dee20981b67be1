"""Whether a function's own policy lets a service invoke it."""

from __future__ import annotations

import logging

from moto.awslambda.exceptions import UnknownFunctionException

from ..resource_policy import allows
from . import backend

log = logging.getLogger(__name__)


def may_invoke(service: str, function_arn: str, source_arn: str, source_account: str) -> bool:
    """Decide, and log what is missing when the answer is no."""
    try:
        function = backend.find(function_arn)
    except UnknownFunctionException:
        log.warning("%s cannot invoke %s: there is no such function", source_arn, function_arn)
        return False
    context = {"aws:SourceArn": source_arn, "aws:SourceAccount": source_account}
    if allows({"Statement": function.policy.statements}, service, "lambda:InvokeFunction", function_arn, context):
        return True
    log.warning("%s cannot invoke %s: the function's policy does not let %s do it", source_arn, function_arn, service)
    return False
