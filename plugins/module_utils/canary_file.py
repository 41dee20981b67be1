# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The marker in a file on an EC2 instance's disk.

No API of AWS reads a file. But user data can write one that belongs to cloud-init's own configuration, and makes it say the marker on the
console at each boot: on the instance's, and on that of one that is restored, which comes without user data and has only its disk to read.

Sources:
    cloud-init's final message, and the folder of its configuration:
    https://cloudinit.readthedocs.io/en/latest/reference/modules.html, https://cloudinit.readthedocs.io/en/latest/explanation/configuration.html
    User data is not backed up: https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-ec2.html
    Latest console output only on Nitro: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Any

from ansible_collections.proven.aws_backup.plugins.module_utils.canary import NAME, digest, problem_with
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory
from ansible_collections.proven.aws_backup.plugins.module_utils.polling import wait_until
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_ec2 import read_tags, tag
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_facts import name_in

PATH = f"/etc/cloud/cloud.cfg.d/99-{NAME}.cfg"
"""The file that user data is to write, with the one line `final_message: "proven-aws-backup-canary: MARKER"`."""

TAG = f"{NAME}-file-sha256"
"""Of an instance: the hash of its file's marker. It is set when the instance was seen to have the file, and AWS Backup carries it along."""

RESOURCE_TYPE = "ec2:instance"
SAID = re.compile(NAME + r""": *([^\s"'\x1b]+)""")
USUAL_MESSAGE = re.compile(r"Cloud-init v\. \S+ finished")


@dataclass(frozen=True)
class Console:
    """What an instance has said on its console.

    Attributes:
        marker: the last marker that ends with its own hash, else the last one; None when it has said none.
        is_told: whether nothing more is to be expected: the marker is whole, or cloud-init has said its usual last word instead.
    """

    marker: str | None
    is_told: bool


@dataclass(frozen=True)
class Confirmed:
    """What is known of an instance's file.

    Attributes:
        sha256: the hash of its marker; empty for an instance that was launched without it, or was not seen to have it.
        is_new: whether it is known, and the instance tagged, since now.
        problem: why it is not known, although the instance was launched with it; else empty.
    """

    sha256: str = ""
    is_new: bool = False
    problem: str = ""


def confirm(client: ClientFactory, resource_arn: str, timeout: float, check_mode: bool = False) -> Confirmed:
    """See that an instance which was launched with the file has it, and tag it with the hash; one that has the tag was seen before.

    Args:
        timeout: seconds for it to boot.
        check_mode: whether to trust the user data, and to change nothing.

    Raises:
        AnsibleBackupError: EC2 did not answer.
    """
    ec2, instance_id = client("ec2"), name_in(resource_arn)
    known = read_tags(client, resource_arn).get(TAG)
    if known:
        return Confirmed(known)
    marker = _marker_in(_read_user_data(ec2, instance_id))
    if marker is None:
        return Confirmed()
    if not check_mode:
        problem = _difference(_wait_for_boot(ec2, instance_id, timeout), marker, timeout)
        if problem:
            return Confirmed(problem=f"{instance_id} was launched with user data that writes {PATH}, and {problem}")
        tag(client, resource_arn, {TAG: digest(marker)})
    return Confirmed(digest(marker), is_new=True)


def problem_with_file(client: ClientFactory, resource_arn: str, sha256: str, timeout: float) -> str:
    """What is wrong with the file of a restored instance; empty when it is as it was written.

    Args:
        sha256: the hash of its marker.
        timeout: seconds for the instance to boot.

    Raises:
        AnsibleBackupError: EC2 did not answer.
    """
    instance_id = name_in(resource_arn)
    console = _wait_for_boot(client("ec2"), instance_id, timeout)
    if console.marker is not None:
        return problem_with(console.marker, sha256, "the canary's file") or ""
    if console.is_told:
        return f"the canary's file is lost: {instance_id} booted without {PATH}"
    return f"{instance_id} has not said on its console that it booted, after {timeout:.0f} s"


def _difference(console: Console, marker: str, timeout: float) -> str:
    """How what the instance says differs from what its user data wrote, and what to do; empty when it does not."""
    if console.marker == marker:
        return ""
    if console.marker is not None:
        return "says another marker on its console"
    if console.is_told:
        return "booted without it: see /var/log/cloud-init.log on it"
    return f"has not said so on its console after {timeout:.0f} s: start or reboot it. Without cloud-init in its AMI it never will"


def _wait_for_boot(ec2: Any, instance_id: str, timeout: float) -> Console:
    return wait_until(lambda: _read_console(ec2, instance_id), lambda console: console.is_told, timeout).value


def _read_console(ec2: Any, instance_id: str) -> Console:
    output = _get_latest_output(ec2, instance_id)
    if output is None:
        output = _get_output(ec2, instance_id)
    marker = _marker_in(output)
    is_whole = marker is not None and problem_with(marker, None) is None
    return Console(marker, is_whole or (marker is None and USUAL_MESSAGE.search(output) is not None))


def _marker_in(text: str) -> str | None:
    """The last whole marker, which is that of the last boot; else the last one, which may be half a line, or have the kernel's in it."""
    found: list[str] = SAID.findall(text)
    whole = [each for each in found if problem_with(each, None) is None]
    return next(iter((whole or found)[::-1]), None)


@aws_call("read the console of {instance_id}", missing=None, missing_codes=("UnsupportedOperation",))
def _get_latest_output(ec2: Any, instance_id: str) -> str | None:
    """None for a type of instance that only tells what it said at its last transition."""
    return ec2.get_console_output(InstanceId=instance_id, Latest=True).get("Output", "")


@aws_call("read the console of {instance_id}")
def _get_output(ec2: Any, instance_id: str) -> str:
    return ec2.get_console_output(InstanceId=instance_id).get("Output", "")


@aws_call("read the user data of {instance_id}")
def _read_user_data(ec2: Any, instance_id: str) -> str:
    value = ec2.describe_instance_attribute(InstanceId=instance_id, Attribute="userData").get("UserData", {}).get("Value", "")
    return base64.b64decode(value).decode(errors="replace")
