"""EC2: instances that are protected from being terminated.

AWS refuses to terminate an instance with termination protection, or with stop protection, however it was set.
moto forgets termination protection that RunInstances asks for, takes what Attribute and Value set for a text,
and terminates in spite of stop protection.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import OperationDisableApiStopNotPermitted
from moto.ec2.models import EC2Backend
from moto.ec2.responses.instances import InstanceResponse

from .methods import wrap

PROTECTIONS = ("disable_api_termination", "disable_api_stop")


def install() -> None:
    """Make moto keep both protections, and refuse for either of them."""
    wrap(InstanceResponse, "run_instances", _with_termination_protection)
    wrap(EC2Backend, "modify_instance_attribute", _with_truth)
    wrap(EC2Backend, "terminate_instances", _unless_stop_protected)


def _with_termination_protection(run: Callable[..., ActionResult]) -> Callable[..., ActionResult]:
    @functools.wraps(run)
    def run_instances(response: InstanceResponse) -> ActionResult:
        answer = run(response)
        reservation: Any = answer.result
        for instance in reservation.instances:
            instance.disable_api_termination = bool(response._get_param("DisableApiTermination"))
        return answer

    return run_instances


def _with_truth(modify: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(modify)
    def modify_attribute(backend: EC2Backend, instance_id: str, key: str, value: Any) -> Any:
        return modify(backend, instance_id, key, str(value).lower() == "true" if key in PROTECTIONS else value)

    return modify_attribute


def _unless_stop_protected(terminate: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(terminate)
    def terminate_instances(backend: EC2Backend, instance_ids: list[str]) -> Any:
        for instance in backend.get_multi_instances_by_id(instance_ids):
            if instance.disable_api_stop:
                raise OperationDisableApiStopNotPermitted(instance.id)
        return terminate(backend, instance_ids)

    return terminate_instances
