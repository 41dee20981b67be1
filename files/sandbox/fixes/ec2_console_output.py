"""EC2: what an instance has written to its console.

AWS returns the instance's own output, which ends with cloud-init's final message once it has booted.
It refuses `Latest` for types that do not run on Nitro.
moto returns a sample of 2006 for all of them.
"""

from __future__ import annotations

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.models.instances import Instance
from moto.ec2.responses.general import General
from moto.ec2.utils import Base64EncodedString

from ..clock import real_seconds
from ..cloud_init import final_message
from .methods import replace

BOOT_SECONDS = 20
"""On AWS, until cloud-init has done its part."""

KERNEL = "[    0.000000] Linux version 6.1.0-amzn2023 (mockbuild@amazon)"


class NotOnNitro(EC2ClientError):
    """The latest output is asked for, of an instance that cannot tell it."""

    def __init__(self) -> None:
        super().__init__(
            "UnsupportedOperation",
            "This instance type does not support retrieving the latest console logs: it does not use the Nitro hypervisor.",
        )


def install() -> None:
    """Answer GetConsoleOutput here instead of in moto."""
    replace(General, "get_console_output", get_console_output)


def get_console_output(response: General) -> ActionResult:
    """Answer with what the instance has written since it booted."""
    instance = response.ec2_backend.get_instance(response._get_param("InstanceId"))
    if response._get_param("Latest") and INSTANCE_TYPES.get(instance.instance_type, {}).get("Hypervisor") != "nitro":
        raise NotOnNitro
    output = Base64EncodedString.from_raw_string(console_of(instance))
    return ActionResult({"InstanceId": instance.id, "Timestamp": utcnow(), "Output": output})


def console_of(instance: Instance) -> str:
    """The lines on an instance's console."""
    up = (utcnow() - instance.launch_time).total_seconds()
    booted = [f"[   18.204117] cloud-init[1643]: {final_message(instance)}"] if up >= real_seconds(BOOT_SECONDS) else []
    return "\r\n".join([KERNEL, *booted, ""])
