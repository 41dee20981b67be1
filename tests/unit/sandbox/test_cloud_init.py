"""What an instance of the sandbox says on its console, over HTTP."""

from __future__ import annotations

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

CONFIG = "/etc/cloud/cloud.cfg.d/"
WRITES = """#cloud-config
write_files:
  - path: {folder}{name}
    content: '{content}'
"""
USUAL = "Cloud-init v. 22.2.2 finished"


@pytest.fixture
def ec2(sandbox: Any) -> Any:
    return sandbox.client("ec2")


def launch(ec2: Any, user_data: str = "", instance_type: str = "t3.micro") -> str:
    given = {"UserData": user_data} if user_data else {}
    reservation = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, InstanceType=instance_type, **given)
    return str(reservation["Instances"][0]["InstanceId"])


def said(ec2: Any, instance_id: str) -> str:
    """What the instance has said, once it has booted."""
    end = time.monotonic() + 30
    while "cloud-init" not in (output := ec2.get_console_output(InstanceId=instance_id, Latest=True)["Output"]) and time.monotonic() < end:
        time.sleep(0.05)
    return str(output)


@pytest.mark.parametrize(
    ("user_data", "message"),
    [
        ("", USUAL),
        ("#!/bin/sh\nfinal_message: x\n", USUAL),
        ("#cloud-config\nfinal_message: here I am\n", "here I am"),
        ("#cloud-config\nfinal_message: [\n", USUAL),
        ("#cloud-config\n- final_message\n", USUAL),
        (WRITES.format(folder=CONFIG, name="99-a.cfg", content="final_message: from the disk"), "from the disk"),
        (WRITES.format(folder=CONFIG, name="99-a.cfg", content='final_message: "from'), USUAL),
        (WRITES.format(folder="/etc/", name="99-a.cfg", content="final_message: from elsewhere"), USUAL),
        (
            WRITES.format(folder=CONFIG, name="99-a.cfg", content="final_message: from the disk") + "final_message: by user data\n",
            "by user data",
        ),
    ],
)
def test_the_final_message(ec2: Any, user_data: str, message: str) -> None:
    last = said(ec2, launch(ec2, user_data)).splitlines()[-1]
    assert message in last
    assert (USUAL in last) == (message == USUAL)


def test_the_latest_output_is_told_on_nitro_alone(ec2: Any) -> None:
    instance = launch(ec2, instance_type="t2.micro")
    with pytest.raises(ClientError, match="does not support retrieving the latest console logs") as caught:
        ec2.get_console_output(InstanceId=instance, Latest=True)
    assert caught.value.response["Error"]["Code"] == "UnsupportedOperation"
    assert "Linux version" in ec2.get_console_output(InstanceId=instance)["Output"]
