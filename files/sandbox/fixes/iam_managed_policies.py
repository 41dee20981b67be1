"""IAM: the policies that AWS manages, some 1,600.

moto reads all of them again for each account and, to find out whose access key has signed a request, for each of six partitions:
most of a second for the first request after a reset.
"""

from __future__ import annotations

import copy

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam import models
from moto.iam.models import AWSManagedPolicy, IAMBackend

from .methods import Method, wrap

_policies_of: dict[tuple[str, str], list[AWSManagedPolicy]] = {}


def install() -> None:
    """Read the policies once, and look for access keys only where there can be some."""
    wrap(IAMBackend, "_init_aws_policies", _read_once)
    models.get_account_id_from = account_of


def _read_once(read: Method) -> Method:
    def policies(backend: IAMBackend) -> list[AWSManagedPolicy]:
        whose = (backend.account_id, backend.region_name)
        if whose not in _policies_of:
            _policies_of[whose] = read(backend)
        return [_unused(policy) for policy in _policies_of[whose]]

    return policies


def _unused(policy: AWSManagedPolicy) -> AWSManagedPolicy:
    """A policy of its own: what is attached to it or becomes of its versions stays with it."""
    own = copy.copy(policy)
    own.tags = dict(policy.tags)
    own.versions = [copy.copy(version) for version in policy.versions]
    return own


def account_of(access_key: str) -> str:
    """The account whose access key it is, the default account for one that nobody made."""
    for account_id, partitions in list(models.iam_backends.items()):
        if any(access_key in backend.access_keys for backend in list(partitions.values())):
            return account_id
    return DEFAULT_ACCOUNT_ID
