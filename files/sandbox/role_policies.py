"""What a role's policies say: those written into it, and the managed ones attached to it."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.utilities.arns import parse_arn

from .resource_policy import role_allows


def role_of(role_arn: str) -> Any:
    """moto's record of a role.

    Raises:
        NotFoundException: there is no such role.
    """
    return iam_backends[parse_arn(role_arn).account][role_arn.split(":")[1]].get_role_by_arn(role_arn)


def policies_of(role_arn: str) -> list[dict[str, Any]]:
    """The documents of a role's policies, of a managed one its default version; none of a role that is gone."""
    try:
        role = role_of(role_arn)
    except NotFoundException:
        return []
    return documents_of(role)


def documents_of(identity: Any) -> list[dict[str, Any]]:
    """The documents of the policies of moto's record of a role or user."""
    inline = list(identity.policies.values())
    attached = [
        version.document for policy in list(identity.managed_policies.values()) for version in policy.versions if version.is_default
    ]
    return [document if isinstance(document, dict) else json.loads(document) for document in inline + attached]


def may(role_arn: str, action: str, resource: str) -> bool:
    """Whether a role's policies let it do something."""
    return role_allows(policies_of(role_arn), action, resource)
