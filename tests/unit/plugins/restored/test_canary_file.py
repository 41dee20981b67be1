"""The file on an instance's disk: seen before the backup, and read from the console of what was restored from it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.proven.aws_backup.plugins.module_utils import canary_file
from ansible_collections.proven.aws_backup.plugins.module_utils.canary import digest, marker_of
from ansible_collections.proven.aws_backup.plugins.modules import backup_canary, backup_job, backup_restore_job, restore_check_info
from jinja2 import Template

from tests.conftest import ACCOUNT, REGION, ROOT

MARKER = marker_of("0f1e2d3c4b5a6978")
NAME = "The canary's file came back"
USER_DATA = Template((ROOT / "roles/target/templates/instance_user_data.yml.j2").read_text()).render(__target_file_marker=MARKER)


@pytest.fixture
def launch(sandbox: Any) -> Any:
    """Launches an instance; returns its ARN."""

    def run(user_data: str = USER_DATA, instance_type: str = "t3.micro") -> str:
        given = {"UserData": user_data} if user_data else {}
        order = {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1, "InstanceType": instance_type, **given}
        instance = sandbox.client("ec2").run_instances(**order)["Instances"][0]
        return f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/{instance['InstanceId']}"

    return run


@pytest.fixture
def write(sandbox: Any, run_module: Any) -> Any:
    """Runs backup_canary for an instance, waiting some seconds at most."""

    def run(arn: str, check: bool = False, **options: Any) -> dict[str, Any]:
        return run_module(backup_canary, {**sandbox.connection(), "resource_arn": arn, "wait_timeout": 5, **options}, check=check)

    return run


def tags(sandbox: Any, arn: str) -> dict[str, str]:
    found = sandbox.client("ec2").describe_tags(Filters=[{"Name": "resource-id", "Values": [arn.rpartition("/")[2]]}])["Tags"]
    return {each["Key"]: each["Value"] for each in found}


def test_the_user_data_writes_the_file_that_is_looked_for() -> None:
    (file,) = yaml.safe_load(USER_DATA)["write_files"]
    assert file["path"] == canary_file.PATH
    assert yaml.safe_load(file["content"]) == {"final_message": f"proven-aws-backup-canary: {MARKER}"}


@pytest.mark.parametrize("instance_type", ["t3.micro", "t2.micro"])
def test_an_instance_that_says_it_is_tagged_once(sandbox: Any, launch: Any, write: Any, instance_type: str) -> None:
    arn = launch(instance_type=instance_type)
    assert (write(arn, check=True)["file_sha256"], tags(sandbox, arn)) == (digest(MARKER), {})
    first = write(arn)
    assert first["file_sha256"] == tags(sandbox, arn)[canary_file.TAG] == digest(MARKER)
    again = write(arn, marker=first["marker"])
    assert (again["changed"], again["file_sha256"]) == (False, digest(MARKER))


@pytest.mark.parametrize("options", [{"user_data": ""}, {"user_data": "#!/bin/sh\n"}])
def test_an_instance_without_it_has_only_the_tag(sandbox: Any, launch: Any, write: Any, options: dict[str, str]) -> None:
    arn = launch(**options)
    assert write(arn)["file_sha256"] == ""
    assert list(tags(sandbox, arn)) == ["proven-aws-backup-canary"]


def test_an_instance_that_does_not_say_it_is_told(sandbox: Any, launch: Any, write: Any) -> None:
    arn = launch(USER_DATA.replace("#cloud-config", "#not-a-cloud-config"), "m5.large")
    told = write(arn, wait_timeout=1)
    assert told["failed"]
    assert "says no marker on its console. Reboot it" in told["msg"]
    assert tags(sandbox, arn) == {}
    assert write(arn, file=False)["changed"]


@pytest.fixture
def restore(sandbox: Any, run_module: Any, start_args: dict[str, Any], launch: Any, write: Any) -> Any:
    """Backs an instance up that has the file, and restores it as it is told; returns the ARN of what came back."""

    sandbox.let_restore("backup")

    def run(**outcome: Any) -> str:
        source = launch()
        write(source)
        done = run_module(backup_job, {**start_args, "resource_arn": source, "wait": True, "wait_timeout": 60})
        point = {"backup_vault_name": "nightly", "recovery_point_arn": done["backup_job"]["recovery_point_arn"]}
        if outcome:
            sandbox.control("PUT", "/backup/outcomes", {"kind": "restore_job", "resource_arn": "*", **outcome})
        order = {**sandbox.connection(), **point, "iam_role_arn": start_args["iam_role_arn"], "copy_source_tags": True, "wait": True}
        return str(run_module(backup_restore_job, {**order, "wait_timeout": 60})["created_resource_arn"])

    return run


@pytest.fixture
def check(sandbox: Any, run_module: Any) -> Any:
    """The result and the reason of the file's check; None when it was not made."""

    def run(arn: str) -> tuple[str, str] | None:
        done = run_module(restore_check_info, {**sandbox.connection(), "resource_arn": arn, "wait_timeout": 3})
        return next(((each["result"], each["reason"]) for each in done["checks"] if each["name"] == NAME), None)

    return run


def test_it_comes_back_from_the_disk(sandbox: Any, restore: Any, check: Any) -> None:
    arn = restore()
    told = sandbox.client("ec2").describe_instance_attribute(InstanceId=arn.rpartition("/")[2], Attribute="userData")
    assert not told.get("UserData", {}).get("Value")
    assert check(arn) == ("passed", "")


def test_one_that_was_altered_or_lost_is_told(sandbox: Any, restore: Any, check: Any) -> None:
    lost = restore(content="lost")
    assert check(lost) is None
    tag(sandbox, lost, digest(MARKER))
    instance_id = lost.rpartition("/")[2]
    assert check(lost) == ("failed", f"the canary's file is lost: {instance_id} booted without {canary_file.PATH}")
    altered = restore(content="altered")
    tag(sandbox, altered, digest(MARKER))
    result, reason = check(altered)
    assert result == "failed"
    assert "the canary's file is altered: its hash is" in reason


def test_another_one_is_told(sandbox: Any, restore: Any, check: Any) -> None:
    arn = restore()
    tag(sandbox, arn, digest("another"))
    result, reason = check(arn)
    assert result == "failed"
    assert "the canary's file is another one" in reason


def test_an_instance_that_does_not_boot_is_told(sandbox: Any, launch: Any, check: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    arn = launch()
    tag(sandbox, arn, digest(MARKER))
    monkeypatch.setattr(canary_file, "_get_latest_output", lambda *_: "Kernel panic - not syncing")
    assert check(arn) == ("failed", f"{arn.rpartition('/')[2]} has not said on its console that it booted, after 3 s")


def tag(sandbox: Any, arn: str, sha256: str) -> None:
    """Have the instance told to hold the file with this hash, as it would be told by a tag that came back."""
    sandbox.client("ec2").create_tags(Resources=[arn.rpartition("/")[2]], Tags=[{"Key": canary_file.TAG, "Value": sha256}])
