"""EC2: the network interfaces made for a new instance.

AWS deletes them with the instance unless the caller said otherwise.
moto keeps them unless the caller said otherwise, attached to the terminated instance.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from moto.ec2.models.instances import Instance

from .methods import wrap


def install() -> None:
    """Mark the interfaces that AWS would delete with their instance."""
    wrap(Instance, "prep_nics", _deleted_with_instance)


def _deleted_with_instance(prepare: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(prepare)
    def prepare_interfaces(instance: Instance, nic_spec: list[dict[str, Any]], *args: Any, **kwargs: Any) -> None:
        prepare(instance, nic_spec, *args, **kwargs)
        kept = {int(nic.get("DeviceIndex", 0)) for nic in nic_spec if "NetworkInterfaceId" in nic or "DeleteOnTermination" in nic}
        for index, interface in instance.nics.items():
            if index not in kept:
                interface.delete_on_termination = True

    return prepare_interfaces
