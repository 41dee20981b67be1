"""EC2: deleting what something else still needs.

AWS refuses with DependencyViolation to delete a subnet or a security group that a network interface uses,
and a VPC that has an internet gateway or a security group besides its default one.
moto deletes them, so a cleanup in the wrong order would pass here and fail there.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models import EC2Backend

from .methods import wrap


def install() -> None:
    """Make moto refuse what AWS refuses."""
    for name, is_needed, reason in REFUSALS:
        wrap(EC2Backend, name, functools.partial(_refused_if, is_needed, reason))


def _refused_if(is_needed: Callable[[EC2Backend, str], bool], reason: str, operation: Callable[..., Any]) -> Callable[..., Any]:
    """The operation, after a look at what still needs the resource that its one argument names."""

    @functools.wraps(operation)
    def operate(backend: EC2Backend, *args: str, **kwargs: str) -> Any:
        for resource_id in (*args, *kwargs.values()):
            if is_needed(backend, resource_id):
                raise DependencyViolationError(reason.format(resource_id))
        return operation(backend, *args, **kwargs)

    return operate


def _subnet_is_needed(backend: EC2Backend, subnet_id: str) -> bool:
    return any(interface.subnet.id == subnet_id for interface in backend.enis.values())


def _group_is_needed(backend: EC2Backend, group_id: str) -> bool:
    return any(group.id == group_id for interface in backend.enis.values() for group in interface.group_set)


def _vpc_is_needed(backend: EC2Backend, vpc_id: str) -> bool:
    gateways = backend.internet_gateways.values()
    if any(gateway.vpc is not None and gateway.vpc.id == vpc_id for gateway in gateways):
        return True
    return any(group.name != "default" for group in backend.groups.get(vpc_id, {}).values())


REFUSALS = (
    ("delete_subnet", _subnet_is_needed, "The subnet '{}' has dependencies and cannot be deleted."),
    ("delete_security_group", _group_is_needed, "resource {} has a dependent object"),
    ("delete_vpc", _vpc_is_needed, "The vpc '{}' has dependencies and cannot be deleted."),
)
