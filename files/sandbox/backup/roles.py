"""Whether AWS Backup can assume a role."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.models import iam_backends

from .. import resource_policy
from .backend import BackupBackend
from .errors import InvalidParameterValueException

SERVICE = "backup.amazonaws.com"


def check_assumable(backend: BackupBackend, role_arn: str) -> None:
    """Check that a role exists and trusts AWS Backup.

    Raises:
        InvalidParameterValueException: AWS Backup cannot assume it.
    """
    roles = iam_backends[backend.account_id][backend.partition].roles.values()
    trust: dict[str, Any] = next((json.loads(role.assume_role_policy_document) for role in roles if role.arn == role_arn), {})
    context = {"aws:SourceAccount": backend.account_id}
    if not resource_policy.allows(trust, SERVICE, "sts:AssumeRole", None, context):
        raise InvalidParameterValueException(f"IAM Role {role_arn} cannot be assumed by AWS Backup")
