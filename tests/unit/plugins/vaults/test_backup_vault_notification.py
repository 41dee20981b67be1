"""The module backup_vault_notification: its main() against the sandbox."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils.vault_notifications import DEPRECATED_EVENTS, EVENTS
from ansible_collections.proven.aws_backup.plugins.modules import backup_vault_notification

PATH = "/backup-vaults/nightly/notification-configuration"


@pytest.fixture
def topic(sandbox: Any) -> str:
    return sandbox.client("sns").create_topic(Name="backup-events")["TopicArn"]


@pytest.fixture
def args(connection: dict[str, Any], vault: str, topic: str) -> dict[str, Any]:
    return {
        **connection,
        "backup_vault_name": vault,
        "sns_topic_arn": topic,
        "backup_vault_events": ["BACKUP_JOB_STARTED", "BACKUP_JOB_COMPLETED"],
    }


@pytest.fixture
def absent(connection: dict[str, Any], vault: str) -> dict[str, Any]:
    return {**connection, "backup_vault_name": vault, "state": "absent"}


def stored(backup: Any) -> tuple[str, set[str]] | None:
    """The topic and events that AWS has for the vault."""
    try:
        answer = backup.get_backup_vault_notifications(BackupVaultName="nightly")
    except backup.exceptions.ResourceNotFoundException:
        return None
    return answer["SNSTopicArn"], set(answer["BackupVaultEvents"])


def test_sets_topic_and_events(run_module: Any, args: dict[str, Any], backup: Any, topic: str) -> None:
    result = run_module(backup_vault_notification, args, diff=True)
    wanted = {
        "backup_vault_name": "nightly",
        "sns_topic_arn": topic,
        "backup_vault_events": ["BACKUP_JOB_COMPLETED", "BACKUP_JOB_STARTED"],
    }
    assert result["changed"]
    assert result["backup_vault_notification"] == wanted
    assert result["diff"] == {"before": {}, "after": wanted}
    assert stored(backup) == (topic, {"BACKUP_JOB_STARTED", "BACKUP_JOB_COMPLETED"})


def test_order_and_repetition_of_events_are_no_change(run_module: Any, args: dict[str, Any], proxy: Any) -> None:
    run_module(backup_vault_notification, args)
    reordered = [*reversed(args["backup_vault_events"]), "BACKUP_JOB_STARTED"]
    for events in (args["backup_vault_events"], reordered):
        assert not run_module(backup_vault_notification, {**args, "backup_vault_events": events})["changed"]
    assert len(proxy.calls(f"PUT {PATH}")) == 1


def test_other_events_replace_the_old_ones(run_module: Any, args: dict[str, Any], backup: Any, topic: str) -> None:
    run_module(backup_vault_notification, args)
    result = run_module(backup_vault_notification, {**args, "backup_vault_events": ["COPY_JOB_FAILED"]}, diff=True)
    assert result["changed"]
    assert result["diff"]["before"]["backup_vault_events"] == ["BACKUP_JOB_COMPLETED", "BACKUP_JOB_STARTED"]
    assert result["diff"]["after"]["backup_vault_events"] == ["COPY_JOB_FAILED"]
    assert stored(backup) == (topic, {"COPY_JOB_FAILED"})


def test_check_mode_predicts_and_changes_nothing(run_module: Any, args: dict[str, Any], absent: dict[str, Any], backup: Any) -> None:
    predicted = run_module(backup_vault_notification, args, check=True, diff=True)
    assert stored(backup) is None
    done = run_module(backup_vault_notification, args, diff=True)
    for key in ("changed", "backup_vault_notification", "diff"):
        assert predicted[key] == done[key]
    assert not run_module(backup_vault_notification, args, check=True)["changed"]
    assert run_module(backup_vault_notification, absent, check=True)["changed"]
    assert stored(backup) is not None


def test_absent_removes_topic_and_events(run_module: Any, args: dict[str, Any], absent: dict[str, Any], backup: Any, topic: str) -> None:
    run_module(backup_vault_notification, args)
    result = run_module(backup_vault_notification, absent, diff=True)
    assert result["changed"]
    assert result["backup_vault_notification"] == result["diff"]["after"] == {}
    assert result["diff"]["before"]["sns_topic_arn"] == topic
    assert stored(backup) is None
    assert not run_module(backup_vault_notification, absent)["changed"]


def test_an_empty_answer_means_no_notifications(
    run_module: Any, args: dict[str, Any], absent: dict[str, Any], proxy: Any, vault: str
) -> None:
    proxy.answer("GET", PATH, {"BackupVaultName": vault})
    assert not run_module(backup_vault_notification, absent)["changed"]
    assert run_module(backup_vault_notification, args)["changed"]


def test_deprecated_events_are_set_with_a_warning_that_names_the_replacement(run_module: Any, args: dict[str, Any], backup: Any) -> None:
    result = run_module(backup_vault_notification, {**args, "backup_vault_events": sorted(DEPRECATED_EVENTS)})
    assert result["changed"]
    assert (stored(backup) or ("", set()))[1] == set(DEPRECATED_EVENTS)
    for event, replacement in DEPRECATED_EVENTS.items():
        assert f"deprecated the event {event} and sends nothing for it. Use {replacement}." in str(result["warnings"])


def test_every_event_of_botocore_is_listed_here(backup: Any) -> None:
    assert EVENTS | set(DEPRECATED_EVENTS) == set(backup.meta.service_model.shape_for("BackupVaultEvent").enum)


def test_an_unknown_event_is_refused_with_the_choices(run_module: Any, args: dict[str, Any], proxy: Any) -> None:
    result = run_module(backup_vault_notification, {**args, "backup_vault_events": ["COPY_JOB_COMPLETED", "BACKUP_JOB_STARTED"]})
    assert result["failed"]
    assert result["msg"].startswith("Unknown backup_vault_events: COPY_JOB_COMPLETED. Choose from ACCESS_POINT_AVAILABLE, ")
    assert "BACKUP_JOB_FAILED" not in result["msg"]
    assert proxy.requests == []


@pytest.mark.parametrize(
    ("topic", "message"),
    [
        ("backup-events", "sns_topic_arn must be the ARN of a topic"),
        ("arn:aws:sqs:us-west-2:123456789012:queue", "sns_topic_arn must be the ARN of a topic"),
        ("", "sns_topic_arn must be the ARN of a topic"),
        ("arn:aws:sns:us-west-2:123456789012:events.fifo", "does not publish to FIFO topics"),
        ("arn:aws:sns:us-east-1:123456789012:events", "events is in us-east-1, but the Region is us-west-2"),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_what_is_no_topic_is_refused(run_module: Any, args: dict[str, Any], proxy: Any, topic: str, message: str, check: bool) -> None:
    result = run_module(backup_vault_notification, {**args, "sns_topic_arn": topic}, check=check)
    assert result["failed"]
    assert message in result["msg"]
    assert proxy.requests == []


@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize("check", [True, False])
def test_what_is_no_vault_is_refused(run_module: Any, args: dict[str, Any], proxy: Any, state: str, check: bool) -> None:
    result = run_module(backup_vault_notification, {**args, "backup_vault_name": "bad name!!", "state": state}, check=check)
    assert result["failed"]
    assert result["msg"].startswith("backup_vault_name: 'bad name!!' is not 2 to 50 letters")
    assert proxy.requests == []


def test_no_events_are_refused(run_module: Any, args: dict[str, Any]) -> None:
    result = run_module(backup_vault_notification, {**args, "backup_vault_events": []})
    assert result["msg"] == "backup_vault_events is empty: name at least one event, or use state=absent"


@pytest.mark.parametrize("option", ["sns_topic_arn", "backup_vault_events"])
def test_present_needs_topic_and_events(run_module: Any, args: dict[str, Any], option: str) -> None:
    del args[option]
    result = run_module(backup_vault_notification, args)
    assert result["failed"]
    assert result["msg"] == f"state is present but all of the following are missing: {option}"


def test_a_topic_that_does_not_exist(run_module: Any, args: dict[str, Any]) -> None:
    gone = "arn:aws:sns:us-west-2:123456789012:gone"
    result = run_module(backup_vault_notification, {**args, "sns_topic_arn": gone})
    assert result["failed"]
    assert result["msg"].startswith(f"Failed to set the notifications of the vault nightly to the topic {gone}: ")


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException"])
def test_a_missing_vault(run_module: Any, args: dict[str, Any], absent: dict[str, Any], backup: Any, proxy: Any, code: str) -> None:
    backup.delete_backup_vault(BackupVaultName="nightly")
    proxy.refuse("GET", PATH, code)
    result = run_module(backup_vault_notification, args)
    message = "The vault nightly does not exist in us-west-2: create it first, or check its name and the Region"
    assert result["failed"]
    assert result["msg"] == message
    predicted = run_module(backup_vault_notification, args, check=True)
    assert predicted["changed"]
    assert "The vault nightly does not exist in us-west-2 yet: it has to be created first" in str(predicted["warnings"])
    assert not run_module(backup_vault_notification, absent)["changed"]


def test_denied_access_to_a_vault_that_exists_is_an_error(run_module: Any, absent: dict[str, Any], proxy: Any) -> None:
    proxy.refuse("GET", PATH, "AccessDeniedException", "Insufficient privileges to perform this action.")
    result = run_module(backup_vault_notification, absent)
    assert result["failed"]
    assert "Failed to read the notifications of the vault nightly" in result["msg"]
    assert "Insufficient privileges" in result["msg"]


def test_denied_change_is_an_error(run_module: Any, args: dict[str, Any], proxy: Any) -> None:
    proxy.refuse("PUT", PATH, "AccessDeniedException", "Insufficient privileges to perform this action.")
    assert "Failed to set the notifications of the vault nightly" in run_module(backup_vault_notification, args)["msg"]


def test_throttling_is_survived(run_module: Any, args: dict[str, Any], proxy: Any) -> None:
    proxy.refuse("GET", PATH, "ThrottlingException", times=1)
    proxy.refuse("PUT", PATH, "ThrottlingException", times=1)
    assert run_module(backup_vault_notification, args)["changed"]
