"""What Lambda checks of a function's role."""

from __future__ import annotations

import json
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.iam.models import iam_backends
from moto.utilities.arns import parse_arn

from ..resource_policy import allows, role_allows

CANNOT_ASSUME = "The role defined for the function cannot be assumed by Lambda."
SENDING = {"sqs": ("sqs:SendMessage", "SendMessage on SQS"), "sns": ("sns:Publish", "PublishTopic on SNS")}


def require_assumable(role_arn: str) -> None:
    """Check an existing role's trust policy.

    Raises:
        InvalidParameterValueException: Lambda may not assume the role.
    """
    if not allows(json.loads(_role(role_arn).assume_role_policy_document), "lambda.amazonaws.com", "sts:AssumeRole", None, {}):
        raise InvalidParameterValueException(CANNOT_ASSUME)


def require_sending_to(role_arn: str, target_arn: str) -> None:
    """Check that a role may send to a function's dead-letter queue or topic.

    Raises:
        InvalidParameterValueException: it may not, or the target is neither.
    """
    service = parse_arn(target_arn).service
    if service not in SENDING:
        raise InvalidParameterValueException(f"The provided target ARN {target_arn} is neither an SQS queue nor an SNS topic")
    action, call = SENDING[service]
    if not role_allows(_policies(_role(role_arn)), action, target_arn):
        raise InvalidParameterValueException(f"The provided execution role does not have permissions to call {call}")


def _role(role_arn: str) -> Any:
    arn = parse_arn(role_arn)
    return iam_backends[arn.account][role_arn.split(":")[1]].get_role_by_arn(role_arn)


def _policies(role: Any) -> list[dict[str, Any]]:
    inline = [document if isinstance(document, dict) else json.loads(document) for document in role.policies.values()]
    attached = [version.document for policy in role.managed_policies.values() for version in policy.versions if version.is_default]
    return inline + [json.loads(document) for document in attached]
