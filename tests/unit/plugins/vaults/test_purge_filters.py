"""The module backup_vault_purge: which recovery points and jobs go, and what guards the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.modules import backup_vault_purge

Load = Callable[..., list[str]]
Listed = Callable[..., set[str]]

VOLUME = "arn:aws:ec2:us-west-2:123456789012:volume/vol-0123456789abcdef0"


@pytest.fixture
def args(purge_args: dict[str, Any]) -> dict[str, Any]:
    return {**purge_args, "delete_vault": False}


@pytest.mark.parametrize(
    ("options", "goes", "stays"),
    [
        ({"older_than_days": 30}, {"age_days": 31}, {"age_days": 29}),
        ({"resource_arns": [VOLUME]}, {"resource_arn": VOLUME}, {}),
        ({"resource_types": ["EFS", "RDS"]}, {"resource_type": "EFS"}, {"resource_type": "EBS"}),
        ({"backup_plan_ids": ["nightly"]}, {"backup_plan_id": "nightly"}, {"backup_plan_id": "weekly"}),
        ({"statuses": ["EXPIRED", "PARTIAL"]}, {"status": "EXPIRED"}, {"status": "COMPLETED"}),
        ({"recovery_point_tags": {"Team": "a", "Tier": 1}}, {"tags": {"Team": "a", "Tier": "1", "More": ""}}, {"tags": {"Team": "a"}}),
        (
            {"older_than_days": 30, "resource_types": ["EFS"], "recovery_point_tags": {"Team": "a"}},
            {"age_days": 40, "resource_type": "EFS", "tags": {"Team": "a"}},
            {"age_days": 40, "resource_type": "EBS", "tags": {"Team": "a"}},
        ),
    ],
)
def test_only_what_meets_the_filters_goes(
    run_module: Any,
    args: dict[str, Any],
    load_points: Load,
    list_points: Listed,
    proxy: Any,
    options: dict[str, Any],
    goes: dict[str, Any],
    stays: dict[str, Any],
) -> None:
    gone, kept = load_points(count=12, **goes), load_points(count=7, **stays)
    expected = {
        "deleted": {"count": 12, "backup_size_in_bytes": 12 << 30},
        "kept": {"count": 7, "backup_size_in_bytes": 7 << 30},
    }
    for check in (True, False):
        result = run_module(backup_vault_purge, {**args, **options}, check=check)
        assert result["changed"]
        assert result["recovery_points"] == expected
        assert {point["recovery_point_arn"] for point in result["deleted_recovery_points"]} == set(gone)
        assert check == (list_points() == {*gone, *kept})
    assert list_points() == set(kept)
    asked_for_tags = len({call for call in proxy.calls("^GET /tags/") if "backup-vault:" not in call})
    assert asked_for_tags == (0 if "recovery_point_tags" not in options else len(gone) if "older_than_days" in options else 19)
    assert not run_module(backup_vault_purge, {**args, **options})["changed"]


def test_the_newest_of_each_resource_are_kept(run_module: Any, args: dict[str, Any], load_points: Load, backup: Any) -> None:
    load_points(count=30, resources=3, age_days=[1, 90])
    load_points(count=2, resource_arn=VOLUME, age_days=100)
    load_points(count=3, resource_arn=VOLUME, age_days=5, status="EXPIRED")
    result = run_module(backup_vault_purge, {**args, "keep_newest": 4, "older_than_days": 2})
    assert result["recovery_points"]["kept"]["count"] == 3 * 4 + 2, "what is EXPIRED is no backup to keep"
    points = backup.list_recovery_points_by_backup_vault(BackupVaultName="nightly")["RecoveryPoints"]
    newest_gone = max(point["creation_date"] for point in result["deleted_recovery_points"] if point["resource_arn"] != VOLUME)
    assert min(point["CreationDate"] for point in points if point["ResourceArn"] != VOLUME).isoformat() > newest_gone
    assert not run_module(backup_vault_purge, {**args, "keep_newest": 4, "older_than_days": 2})["changed"]


def test_the_age_spares_what_the_number_would_not(run_module: Any, args: dict[str, Any], load_points: Load) -> None:
    load_points(count=10, resource_arn=VOLUME, age_days=[1, 10])
    result = run_module(backup_vault_purge, {**args, "keep_newest": 2, "older_than_days": 5.5})
    assert (result["recovery_points"]["deleted"]["count"], result["recovery_points"]["kept"]["count"]) == (5, 5)


def test_nested_points_go_or_stay_with_their_composite_one(
    run_module: Any, args: dict[str, Any], load_points: Load, list_points: Listed
) -> None:
    gone = load_points(composite=True, nested=3, age_days=40)
    kept = load_points(composite=True, nested=3, age_days=10)
    result = run_module(backup_vault_purge, {**args, "resource_types": ["EBS"]})
    assert not result["changed"], "the nested ones are of EBS, what they are nested in is not"
    result = run_module(backup_vault_purge, {**args, "older_than_days": 30})
    assert {point["recovery_point_arn"] for point in result["deleted_recovery_points"]} == set(gone)
    assert list_points() == set(kept)


def test_points_whose_tags_are_not_told_stay(
    run_module: Any, args: dict[str, Any], load_points: Load, list_points: Listed, proxy: Any
) -> None:
    (untold,) = load_points(tags={"Team": "a"})
    load_points(count=2, tags={"Team": "a"})
    proxy.refuse("GET", f"/tags/{untold}", "InvalidParameterValueException", "Invalid ARN")
    result = run_module(backup_vault_purge, {**args, "recovery_point_tags": {"Team": "a"}})
    assert {name: total["count"] for name, total in result["recovery_points"].items()} == {"deleted": 2, "tags_unknown": 1}
    assert "refuses to list the tags of 1 recovery points" in str(result["warnings"])
    assert list_points() == {untold}


@pytest.mark.parametrize(
    "options", [{"older_than_days": 1}, {"statuses": ["COMPLETED"]}, {"recovery_point_tags": {"Team": "a"}}, {"keep_newest": 1}]
)
def test_jobs_go_on_when_what_they_make_would_stay(
    run_module: Any, args: dict[str, Any], sandbox: Any, start_job: Any, proxy: Any, options: dict[str, Any]
) -> None:
    sandbox.control("PUT", "/backup/outcomes", {"resource_arn": "*", "hold": True})
    start_job()
    result = run_module(backup_vault_purge, {**args, **options})
    assert result["stopped_jobs"] == result["awaited_jobs"] == []
    assert proxy.calls("^POST /backup-jobs") == []


def test_jobs_of_other_types_go_on(run_module: Any, args: dict[str, Any], sandbox: Any, start_job: Any) -> None:
    sandbox.control("PUT", "/backup/outcomes", {"resource_arn": "*", "hold": True})
    job = start_job()
    assert run_module(backup_vault_purge, {**args, "resource_types": ["EFS"]})["stopped_jobs"] == []
    assert run_module(backup_vault_purge, {**args, "backup_plan_ids": ["nightly"]})["stopped_jobs"] == []
    stopped = run_module(backup_vault_purge, {**args, "resource_types": ["EBS"]})["stopped_jobs"]
    assert [one["backup_job_id"] for one in stopped] == [job]


def test_more_points_than_allowed_are_left_alone(
    run_module: Any, purge_args: dict[str, Any], sandbox: Any, load_points: Load, start_job: Any, proxy: Any
) -> None:
    load_points(count=20)
    sandbox.control("PUT", "/backup/outcomes", {"resource_arn": "*", "hold": True})
    start_job()  # Its point is the one too many.
    for check in (True, False):
        result = run_module(backup_vault_purge, {**purge_args, "max_recovery_points": 20}, check=check)
        assert result["failed"]
        assert result["msg"] == (
            "21 recovery points (21.0 GiB) would go, more than max_recovery_points, 20: nothing was deleted. Raise it to 21 or more if "
            "that is meant"
        )
        assert not result["changed"]
        totals = {name: total["count"] for name, total in result["recovery_points"].items()}
        assert totals == ({"deleted": 21} if check else {"guarded": 20, "in_progress": 1})
    assert proxy.calls("^(DELETE|POST|PUT) ") == []
    kept = {**purge_args, "delete_vault": False, "max_recovery_points": 20, "older_than_days": 1}
    assert not run_module(backup_vault_purge, kept)["changed"], "what stays does not count"
    assert run_module(backup_vault_purge, {**purge_args, "max_recovery_points": 21})["vault_deleted"]


def test_lists_are_cut_and_say_so(run_module: Any, purge_args: dict[str, Any], load_points: Load) -> None:
    load_points(count=8)
    load_points(count=5, on_delete="refused")
    result = run_module(backup_vault_purge, {**purge_args, "max_listed": 3})
    assert len(result["deleted_recovery_points"]) == len(result["skipped_recovery_points"]) == 3
    assert result["unlisted"] == {"deleted_recovery_points": 5, "skipped_recovery_points": 2}
    assert {name: total["count"] for name, total in result["recovery_points"].items()} == {"deleted": 8, "refused": 5}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"expected_account_id": "210987654321"}, "the account is 123456789012, not 210987654321"),
        ({"expected_region": "us-east-1"}, "the Region is us-west-2, not us-east-1"),
    ],
)
def test_a_vault_elsewhere_is_refused(
    run_module: Any, purge_args: dict[str, Any], load_points: Load, proxy: Any, options: dict[str, Any], message: str
) -> None:
    load_points()
    result = run_module(backup_vault_purge, {**purge_args, **options})
    assert result["failed"]
    assert result["msg"] == f"The vault nightly is not purged, because {message}"
    assert proxy.calls("^(DELETE|POST|PUT) ") == []
    here = {"expected_account_id": "123456789012", "expected_region": "us-west-2"}
    assert run_module(backup_vault_purge, {**purge_args, **here})["vault_deleted"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_recovery_points": -1}, "max_recovery_points: -1 is less than 0"),
        ({"keep_newest": -1, "delete_vault": False}, "keep_newest: -1 is less than 0"),
        ({"workers": 0}, "workers: 0 is less than 1"),
        ({"rate_limits": {"list": 0}}, "rate_limits.list: 0.0 is not more than 0 calls a second"),
        (
            {"older_than_days": 3, "statuses": ["EXPIRED"]},
            "older_than_days, statuses: this spares other backups, so that the vault cannot go: set delete_vault: false",
        ),
        ({"statuses": ["GONE"]}, "value of statuses must be one or more of: "),
    ],
)
def test_bad_options(run_module: Any, purge_args: dict[str, Any], proxy: Any, options: dict[str, Any], message: str) -> None:
    result = run_module(backup_vault_purge, {**purge_args, **options})
    assert result["failed"]
    assert result["msg"].startswith(message)
    assert proxy.requests == []
