"""What is refused before AWS is asked, and with which words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils import validation
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError


@pytest.mark.parametrize("name", ["ab", "a" * 50, "Nightly_backups-1"])
def test_vault_names_of_aws(name: str) -> None:
    validation.check_vault_name(name)


@pytest.mark.parametrize("name", ["", "a", "a" * 51, "a b", "a.b", "aws/efs/automatic-backup-vault", "ab\n", "süd"])
def test_other_vault_names(name: str) -> None:
    with pytest.raises(AnsibleBackupError, match=r"^backup_vault_name: .* is not 2 to 50 letters, digits, hyphens or underscores"):
        validation.check_vault_name(name)


@pytest.mark.parametrize("name", ["ab", "Default", "aws/efs/automatic-backup-vault"])
def test_names_of_vaults_that_may_exist(name: str) -> None:
    validation.check_existing_vault_name(name)


@pytest.mark.parametrize("name", ["", "bad name!!", "a/b", "aws/", "aws/a b"])
def test_names_of_vaults_that_cannot_exist(name: str) -> None:
    with pytest.raises(AnsibleBackupError, match=r"^backup_vault_name: .* is not 2 to 50 letters, digits, hyphens or underscores"):
        validation.check_existing_vault_name(name)


def test_timeouts() -> None:
    validation.check_timeout("wait_timeout", 1)


@pytest.mark.parametrize("seconds", [0, -5])
def test_other_timeouts(seconds: int) -> None:
    with pytest.raises(AnsibleBackupError, match=f"^wait_timeout: {seconds} is less than 1 second$"):
        validation.check_timeout("wait_timeout", seconds)


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:ec2:us-east-1:123456789012:instance/i-0abcd1234efgh5678",
        "arn:aws-us-gov:rds:us-gov-west-1:123456789012:db:orders",
        "arn:aws-cn:s3:::bucket.with.dots",
    ],
)
def test_arns(arn: str) -> None:
    validation.check_arn("resource_arn", arn)


@pytest.mark.parametrize("arn", ["", "i-0abcd1234efgh5678", "arn:aws:ec2", "arn:aws:ec2:us-east-1:1234:instance/i-1", "arn:aws:s3:::a b"])
def test_other_arns(arn: str) -> None:
    with pytest.raises(AnsibleBackupError, match=r"^resource_arn: .* is not an ARN; expected arn:aws:"):
        validation.check_arn("resource_arn", arn)


@pytest.mark.parametrize("arn", ["arn:aws:s3:::shop", "arn:aws:ec2:us-west-2:123456789012:volume/vol-1"])
def test_region(arn: str) -> None:
    validation.check_region("resource_arn", arn, "us-west-2")


def test_role_arn() -> None:
    validation.check_role_arn("arn:aws:iam::123456789012:role/service-role/AWSBackupDefaultServiceRole")


@pytest.mark.parametrize("arn", ["backup", "arn:aws:iam::123456789012:user/backup", "arn:aws:iam:us-east-1:123456789012:role/backup"])
def test_other_role_arns(arn: str) -> None:
    with pytest.raises(AnsibleBackupError, match=r"^iam_role_arn: .* is not the ARN of a role"):
        validation.check_role_arn(arn)


@pytest.mark.parametrize(("start", "completion"), [(None, None), (60, None), (60, 61), (None, 481), (52_560_000, None)])
def test_windows(start: int | None, completion: int | None) -> None:
    validation.check_windows(start, completion)


@pytest.mark.parametrize(
    ("start", "completion", "problem"),
    [
        (59, None, "start_window_minutes: 59 is not between 60 and 52560000"),
        (52_560_001, None, "start_window_minutes: 52560001 is not between"),
        (60, 60, "completion_window_minutes: 60 must be more than the start window of 60 minutes, and"),
        (
            None,
            120,
            "completion_window_minutes: 120 must be more than the start window of 480 minutes .the default: set start_window_minutes",
        ),
        (60, 52_560_001, "completion_window_minutes: 52560001 must be .* at most 52560000"),
    ],
)
def test_other_windows(start: int | None, completion: int | None, problem: str) -> None:
    with pytest.raises(AnsibleBackupError, match=f"^{problem}"):
        validation.check_windows(start, completion)


@pytest.mark.parametrize(
    "lifecycle",
    [
        {},
        {"delete_after_days": 1},
        {"delete_after_days": 36500},
        {"delete_after_days": -1, "move_to_cold_storage_after_days": 30},
        {"delete_after_days": 120, "move_to_cold_storage_after_days": 30},
        {"delete_after_days": 1, "move_to_cold_storage_after_days": -1},
        {"delete_after_days": None, "move_to_cold_storage_after_days": 30},
    ],
)
def test_lifecycles(lifecycle: dict[str, Any]) -> None:
    validation.check_lifecycle(lifecycle)


@pytest.mark.parametrize(
    ("lifecycle", "problem"),
    [
        ({"delete_after_days": 0}, "lifecycle.delete_after_days: 0 is neither between 1 and 36500 nor -1"),
        ({"delete_after_days": 36501}, "lifecycle.delete_after_days: 36501 is neither"),
        ({"move_to_cold_storage_after_days": 0}, "lifecycle.move_to_cold_storage_after_days: 0 is less than 1"),
        (
            {"delete_after_days": 119, "move_to_cold_storage_after_days": 30},
            "lifecycle.delete_after_days: 119 must be at least 90 days after move_to_cold_storage_after_days, 30",
        ),
    ],
)
def test_other_lifecycles(lifecycle: dict[str, Any], problem: str) -> None:
    with pytest.raises(AnsibleBackupError, match=f"^{problem}"):
        validation.check_lifecycle(lifecycle)


def test_tags() -> None:
    validation.check_tags({f"key{number}": "" for number in range(50)})


@pytest.mark.parametrize(
    ("tags", "problem"),
    [
        ({f"key{number}": "" for number in range(51)}, "recovery_point_tags: 51 tags, AWS allows 50"),
        ({"aws:cloud": "", "fine": ""}, "recovery_point_tags: aws:cloud: keys that start with aws: are reserved"),
    ],
)
def test_other_tags(tags: dict[str, str], problem: str) -> None:
    with pytest.raises(AnsibleBackupError, match=f"^{problem}"):
        validation.check_tags(tags)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        (None, None),
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T12:00:00", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("2026-01-31T12:00:00Z", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("2026-01-31T12:00:00+02:00", datetime(2026, 1, 31, 12, tzinfo=timezone(timedelta(hours=2)))),
    ],
)
def test_times(text: str | None, time: datetime | None) -> None:
    assert validation.parse_time("created_after", text) == time


def test_other_times() -> None:
    with pytest.raises(AnsibleBackupError, match=r"^created_after: 'yesterday' is not an ISO 8601 time such as 2026-01-31T12:00:00Z"):
        validation.parse_time("created_after", "yesterday")
