"""The module efs_file_system against a sandbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.modules import efs_file_system

NAME = "files"

Ensure = Callable[..., dict[str, Any]]


@pytest.fixture
def ensure(sandbox: Any, run_module: Any) -> Ensure:
    """Run the module with some options."""

    def run(check: bool = False, **options: Any) -> dict[str, Any]:
        return run_module(efs_file_system, {**sandbox.connection(), "name": NAME, **options}, check=check, diff=True)

    return run


def systems(sandbox: Any) -> list[dict[str, Any]]:
    """What there is, as AWS describes it."""
    return sandbox.client("efs").describe_file_systems()["FileSystems"]


def test_creates_retags_and_removes(sandbox: Any, ensure: Ensure) -> None:
    predicted = ensure(check=True, tags={"Stage": "dev"})
    assert (predicted["changed"], predicted["file_system"], systems(sandbox)) == (True, {}, [])
    created = ensure(tags={"Stage": "dev"}, wait=True)
    assert created["diff"] == {"before": {"exists": False, "tags": {}}, "after": {"exists": True, "tags": {"Stage": "dev"}}}
    (system,) = systems(sandbox)
    assert (system["Encrypted"], system["Tags"]) == (True, [{"Key": "Stage", "Value": "dev"}])
    assert created["file_system"]["file_system_arn"] == system["FileSystemArn"]
    assert created["file_system"]["tags"] == {"Stage": "dev"}
    assert not ensure(tags={"Stage": "dev"})["changed"]
    assert not ensure()["changed"]
    assert ensure(check=True, tags={"Owner": "team"})["changed"]
    assert ensure(tags={"Owner": "team"})["file_system"]["tags"] == {"Owner": "team"}
    assert ensure(tags={"Stage": "dev"}, purge_tags=False)["file_system"]["tags"] == {"Owner": "team", "Stage": "dev"}
    assert ensure(check=True, state="absent")["changed"]
    assert len(systems(sandbox)) == 1
    assert ensure(state="absent", wait=True)["changed"]
    assert systems(sandbox) == []
    assert not ensure(state="absent", wait=True)["changed"]


def test_mount_targets_go_first(sandbox: Any, ensure: Ensure) -> None:
    created = ensure()
    efs, subnet = sandbox.client("efs"), sandbox.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    efs.create_mount_target(FileSystemId=created["file_system"]["file_system_id"], SubnetId=subnet)
    assert ensure(state="absent")["changed"]
    assert systems(sandbox) == []


def test_only_the_one_that_is_named_is_removed(sandbox: Any, ensure: Ensure) -> None:
    other = sandbox.client("efs").create_file_system(CreationToken="somebody else's")
    assert not ensure(state="absent")["changed"]
    assert [system["FileSystemId"] for system in systems(sandbox)] == [other["FileSystemId"]]


def test_a_wait_of_no_time_is_refused(ensure: Ensure) -> None:
    result = ensure(wait_timeout=0)
    assert result["failed"]
    assert "wait_timeout: 0 is less than 1 second" in result["msg"]
