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


@pytest.mark.parametrize(
    ("user_data", "output", "problem"),
    [
        (USER_DATA.replace("#cloud-config", "#not-a-cloud-config"), None, "booted without it: see"),
        (USER_DATA.replace("/etc/cloud", "/tmp"), None, "booted without it: see"),
        (USER_DATA, "Linux version 6.1\n", "has not said so on its console after 1 s: start or reboot it."),
        (USER_DATA, f"proven-aws-backup-canary: {marker_of('another')}\n", "says another marker on its console"),
    ],
)
def test_an_instance_that_does_not_say_it_is_told_and_marked_all_the_same(
    monkeypatch: pytest.MonkeyPatch, sandbox: Any, launch: Any, write: Any, user_data: str, output: str | None, problem: str
) -> None:
    if output is not None:
        monkeypatch.setattr(canary_file, "_get_latest_output", lambda *_: output)
    arn = launch(user_data)
    told = write(arn, wait_timeout=1)
    assert problem in told["file_problem"]
    assert (told["file_sha256"], list(tags(sandbox, arn))) == ("", ["proven-aws-backup-canary"])
    assert write(arn, file=False)["file_problem"] == ""


@pytest.mark.parametrize(
    ("output", "result"),
    [
        (f"[ 18.2] cloud-init: proven-aws-backup-canary: {MARKER}", "passed"),
        (f"login: proven-aws-backup-canary: {MARKER}\x1b[0m\r\n", "passed"),
        (f"proven-aws-backup-canary: {MARKER[:9]}[ 18.3] x\r\nproven-aws-backup-canary: {MARKER}\r\n", "passed"),
        (f"proven-aws-backup-canary: {MARKER[:20]}", "failed"),
    ],
)
def test_the_last_whole_marker_counts(
    monkeypatch: pytest.MonkeyPatch, sandbox: Any, launch: Any, check: Any, output: str, result: str
) -> None:
    arn = launch()
    tag(sandbox, arn, digest(MARKER))
    monkeypatch.setattr(canary_file, "_get_latest_output", lambda *_: output)
    assert check(arn)[0] == result


def test_a_line_that_is_half_there_is_waited_for(monkeypatch: pytest.MonkeyPatch, sandbox: Any, launch: Any, check: Any) -> None:
    arn, line = launch(), f"proven-aws-backup-canary: {MARKER}"
    tag(sandbox, arn, digest(MARKER))
    outputs = iter([line[:40], line[:60]])
    monkeypatch.setattr(canary_file, "_get_latest_output", lambda *_: next(outputs, line))
    assert check(arn) == ("passed", "")


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

    def run(arn: str, **options: Any) -> tuple[str, str] | None:
        done = run_module(restore_check_info, {**sandbox.connection(), "resource_arn": arn, "wait_timeout": 3, **options})
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


def test_without_its_tag_it_is_left_out_and_told(sandbox: Any, restore: Any, check: Any) -> None:
    lost = restore(content="lost")
    reservations = sandbox.client("ec2").describe_instances(Filters=[{"Name": "tag-key", "Values": [canary_file.TAG]}])["Reservations"]
    source = lost.rpartition("/")[0] + "/" + reservations[0]["Instances"][0]["InstanceId"]
    result, reason = check(lost, source_resource_arn=source)
    assert (result, "did not come back" in reason) == ("left out", True)
    assert check(lost, source_resource_arn=source, file=False) is None


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
