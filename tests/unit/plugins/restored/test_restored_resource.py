"""The module restored_resource against a sandbox: it deletes what is proven to be restored, of every type, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_kinds import KINDS, read_facts
from ansible_collections.proven.aws_backup.plugins.modules import backup_canary, restored_resource, restored_resource_info

from tests.conftest import ACCOUNT, REGION
from tests.unit.plugins.restored.conftest import ROLE, STAGE, TAGS, make

SOURCE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/original"


@pytest.fixture
def run(sandbox: Any, run_module: Any) -> Any:
    """Run the module for a resource with STAGE, or with other options."""

    def run(arn: str, check: bool = False, **options: Any) -> dict[str, Any]:
        args = {**sandbox.connection(), **STAGE, "resource_arn": arn, "source_resource_arn": SOURCE, **options}
        return run_module(restored_resource, args, check=check, diff=True)

    return run


@pytest.fixture
def tag(sandbox: Any) -> Any:
    """Set tags on a resource as a user would."""
    return lambda arn, tags: kind(arn).tag(sandbox.client, arn, tags)


def kind(arn: str) -> Any:
    from ansible_collections.proven.aws_backup.plugins.module_utils.restored_kinds import kind_of

    return kind_of(arn)


def test_deletes_what_carries_the_tags_with_all_that_keeps_it(sandbox: Any, run: Any, tag: Any, restored_arn: str) -> None:
    tag(restored_arn, TAGS)
    volumes = {volume["VolumeId"] for volume in sandbox.client("ec2").describe_volumes()["Volumes"]}
    assert run(restored_arn, check=True, state="absent")["changed"]
    assert read_facts(sandbox.client, restored_arn) is not None
    result = run(restored_arn, state="absent", name_prefix="nothing-of-this-name")
    assert result["changed"], result
    assert result["restored_resource"]["found_by"] == "its tags"
    assert result["diff"]["before"]["exists"]
    assert read_facts(sandbox.client, restored_arn) is None
    if ":instance/" in restored_arn:
        assert not volumes & {volume["VolumeId"] for volume in sandbox.client("ec2").describe_volumes()["Volumes"]}
    assert not run(restored_arn, state="absent")["changed"]


def test_leaves_alone_what_nothing_says_to_be_restored(sandbox: Any, run: Any, tag: Any, restored_arn: str) -> None:
    tag(restored_arn, {"Project": "backup"})
    for state in ("absent", "present"):
        result = run(restored_arn, state=state, name_prefix="other-")
        assert result["failed"]
        assert f"{restored_arn} is left alone: no restore job of {ROLE} made it" in result["msg"]
    assert "Restored" not in read_facts(sandbox.client, restored_arn)["tags"]


def test_never_deletes_the_source(sandbox: Any, run: Any, tag: Any, restored_arn: str) -> None:
    tag(restored_arn, TAGS)
    result = run(restored_arn, state="absent", source_resource_arn=restored_arn)
    assert f"{restored_arn} is left alone: it is what was backed up, not what was restored" in result["msg"]
    assert read_facts(sandbox.client, restored_arn) is not None


def test_tags_it_once_and_leaves_other_tags_alone(sandbox: Any, run: Any, tag: Any, restored_arn: str) -> None:
    tag(restored_arn, {**TAGS, "Project": "other", "Owner": "me", "Restored": "backup-dev"})
    options = {"name_prefix": "backup-dev-restored-", "more_tags": {"Name": "backup-dev-restored-ec2"}}
    if run(restored_arn, check=True, **options).get("failed"):  # Instances, volumes and file systems have no name that would prove it.
        tag(restored_arn, TAGS)
    assert run(restored_arn, **options)["changed"]
    expected = {**TAGS, "Owner": "me", "Name": "backup-dev-restored-ec2"}
    assert read_facts(sandbox.client, restored_arn)["tags"] == expected
    assert not run(restored_arn, **options)["changed"]


def test_a_name_is_proof_enough(sandbox: Any, run: Any) -> None:
    for what in ("database", "cluster", "table", "bucket"):
        arn = make(sandbox, what, "backup-dev-restored-it-0000002")
        assert run(arn, state="absent")["restored_resource"]["found_by"] == "its name"
        assert read_facts(sandbox.client, arn) is None


@pytest.mark.parametrize("name", ["backup-dev-restored-rds", "backup-dev-restored-orders", "backup-dev-restored-s3-2026110"])
def test_a_name_that_only_begins_so_is_somebody_elses(sandbox: Any, run: Any, run_module: Any, name: str) -> None:
    for what in ("database", "cluster", "table", "bucket"):
        arn = make(sandbox, what, f"{name}-x")
        assert f"{arn} is left alone" in run(arn, state="absent")["msg"]
        assert read_facts(sandbox.client, arn) is not None
    assert run_module(restored_resource_info, {**sandbox.connection(), **STAGE})["restored_resources"] == []


@pytest.mark.parametrize("option", ["tags", "name_prefix"])
def test_an_empty_option_that_would_match_everything_is_refused(run: Any, option: str) -> None:
    result = run("arn:aws:s3:::orders", state="absent", **{option: {} if option == "tags" else ""})
    assert f"{option} is empty, and would take any resource for a restored one" in result["msg"]


def test_a_type_that_is_not_known_is_refused(run: Any) -> None:
    result = run(f"arn:aws:sqs:{REGION}:{ACCOUNT}:backup-dev-restored-queue", state="absent")
    assert "is of no type that is known here; known are dynamodb:table, ec2:instance" in result["msg"]


def test_the_info_module_lists_them_by_tag_and_by_name(sandbox: Any, run_module: Any, tag: Any) -> None:
    by_name = [make(sandbox, what, "backup-dev-restored-it-0000003") for what in ("database", "cluster", "table", "bucket")]
    volume, strange = make(sandbox, "volume", ""), make(sandbox, "volume", "")
    tag(volume, TAGS)
    tag(strange, {"Project": "backup"})
    make(sandbox, "bucket", "backup-dev-orders")
    result = run_module(restored_resource_info, {**sandbox.connection(), **STAGE})
    assert {each["resource_arn"]: each["found_by"] for each in result["restored_resources"]} == {
        volume: "its tags",
        **dict.fromkeys(by_name, "its name"),
    }
    assert result["running_restore_job_ids"] == []


def test_the_canary_is_written_once_and_found_again(sandbox: Any, run_module: Any, restored_arn: str) -> None:
    args = {**sandbox.connection(), "resource_arn": restored_arn}
    assert run_module(backup_canary, args, check=True)["changed"]
    assert kind(restored_arn).read_canary(sandbox.client, restored_arn) is None
    first = run_module(backup_canary, args)
    assert kind(restored_arn).read_canary(sandbox.client, restored_arn) == first["marker"]
    assert not run_module(backup_canary, {**args, "marker": first["marker"]})["changed"]
    second = run_module(backup_canary, args)
    assert second["changed"]
    assert second["marker"] != first["marker"]
    assert first["is_data"] == (restored_arn.split(":")[2] in ("s3", "dynamodb"))
    assert "does not end with its own hash" in run_module(backup_canary, {**args, "marker": "canary"})["msg"]


def test_a_canary_that_is_there_may_stay_unless_it_was_altered(sandbox: Any, run_module: Any, restored_arn: str) -> None:
    args = {**sandbox.connection(), "resource_arn": restored_arn, "replace": False}
    first = run_module(backup_canary, args)
    kept = run_module(backup_canary, args)
    assert (first["changed"], kept["changed"], kept["marker"]) == (True, False, first["marker"])
    kind(restored_arn).write_canary(sandbox.client, restored_arn, "altered")
    mended = run_module(backup_canary, args)
    assert mended["changed"]
    assert kind(restored_arn).read_canary(sandbox.client, restored_arn) == mended["marker"] != "altered"


def test_every_type_is_made_here() -> None:
    assert len(KINDS) == 7
