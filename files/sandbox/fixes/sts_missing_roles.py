"""STS: AssumeRole of a role that does not exist.

AWS refuses it with AccessDenied, as it does where the role exists and does not trust the caller.
moto gives credentials for any text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

from moto.core.exceptions import AccessDeniedError
from moto.iam.models import iam_backends
from moto.sts.exceptions import STSValidationError
from moto.sts.responses import TokenResponse

from .methods import wrap

ROLE_ARN = re.compile(r"arn:(aws|aws-cn|aws-us-gov):iam::(\d{12}):role/.+")


def install() -> None:
    """Make moto look for the role first."""
    wrap(TokenResponse, "assume_role", _of_a_role)


def _of_a_role(operation: Callable[[TokenResponse], Any]) -> Callable[[TokenResponse], Any]:
    @functools.wraps(operation)
    def answer(response: TokenResponse) -> Any:
        role_arn = response._get_param("RoleArn")
        if not exists(role_arn):
            _, caller, _ = response.backend.get_caller_identity(response.get_access_key(), response.region)
            raise AccessDeniedError(caller, f"sts:AssumeRole on resource: {role_arn}")
        return operation(response)

    return answer


def exists(role_arn: str) -> bool:
    """Whether there is a role with this ARN, in whatever account.

    Raises:
        STSValidationError: it is not the ARN of a role.
    """
    match = ROLE_ARN.fullmatch(role_arn)
    if match is None:
        raise STSValidationError(f"{role_arn} is invalid")
    partition, account = match.groups()
    return any(role.arn == role_arn for role in iam_backends[account][partition].roles.values())
