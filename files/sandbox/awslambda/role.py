"""What Lambda checks of a function's role."""

from __future__ import annotations

import json

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.utilities.arns import parse_arn

from .. import role_policies
from ..resource_policy import allows

CANNOT_ASSUME = "The role defined for the function cannot be assumed by Lambda."
SENDING = {"sqs": ("sqs:SendMessage", "SendMessage on SQS"), "sns": ("sns:Publish", "PublishTopic on SNS")}


def require_assumable(role_arn: str) -> None:
    """Check an existing role's trust policy.

    Raises:
        InvalidParameterValueException: Lambda may not assume the role.
    """
    trust = json.loads(role_policies.role_of(role_arn).assume_role_policy_document)
    if not allows(trust, "lambda.amazonaws.com", "sts:AssumeRole", None, {}):
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
    if not role_policies.may(role_arn, action, target_arn):
        raise InvalidParameterValueException(f"The provided execution role does not have permissions to call {call}")
