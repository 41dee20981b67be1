"""Legal holds over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

CodeOf = Callable[..., str]


def hold(points: Any, **selection: Any) -> str:
    """Create a hold of some recovery points; returns its ID."""
    created = points.backup.create_legal_hold(Title="case", Description="of 2026", RecoveryPointSelection=selection)
    return str(created["LegalHoldId"])


def held(points: Any, hold_id: str) -> list[str]:
    """The ARNs of the recovery points under a hold."""
    listed = points.backup.list_recovery_points_by_legal_hold(LegalHoldId=hold_id)["RecoveryPoints"]
    return [point["RecoveryPointArn"] for point in listed]


def test_a_hold_keeps_points_until_it_is_cancelled(points: Any, code_of: CodeOf) -> None:
    parent, nested = points.load(composite=True, nested=1)
    (bucket,) = points.load(resource_type="S3", continuous=True)
    hold_id = hold(points, VaultNames=["vault"])
    assert sorted(held(points, hold_id)) == sorted([parent, nested, bucket])
    point = {"BackupVaultName": "vault", "RecoveryPointArn": nested}
    assert code_of(points.delete, arn=nested) == "InvalidRequestException"
    assert code_of(points.backup.disassociate_recovery_point_from_parent, **point) == "InvalidRequestException"
    assert code_of(points.backup.disassociate_recovery_point, **{**point, "RecoveryPointArn": bucket}) == "InvalidRequestException"
    points.backup.cancel_legal_hold(LegalHoldId=hold_id, CancelDescription="settled", RetainRecordInDays=2)
    assert held(points, hold_id) == []
    for arn in (nested, bucket):
        points.delete(arn)
    points.wait_for(points.listed, [])


def test_a_hold_is_described_and_listed(points: Any, code_of: CodeOf) -> None:
    since = datetime(2026, 1, 2, tzinfo=UTC)
    dates = {"FromDate": since, "ToDate": since + timedelta(days=1)}
    created = points.backup.create_legal_hold(
        Title="case", Description="d", IdempotencyToken="token", RecoveryPointSelection={"DateRange": dates}, Tags={"a": "b"}
    )
    again = points.backup.create_legal_hold(Title="case", Description="d", IdempotencyToken="token")
    assert again["LegalHoldId"] == created["LegalHoldId"]
    described = points.backup.get_legal_hold(LegalHoldId=created["LegalHoldId"])
    assert (described["Status"], described["Title"], described["RecoveryPointSelection"]) == ("ACTIVE", "case", {"DateRange": dates})
    assert points.backup.list_tags(ResourceArn=created["LegalHoldArn"])["Tags"] == {"a": "b"}
    points.backup.cancel_legal_hold(LegalHoldId=created["LegalHoldId"], CancelDescription="settled")
    (listed,) = points.backup.list_legal_holds()["LegalHolds"]
    assert (listed["Status"], listed["LegalHoldId"]) == ("CANCELED", created["LegalHoldId"])
    cancel = {"LegalHoldId": created["LegalHoldId"], "CancelDescription": "again"}
    assert code_of(points.backup.cancel_legal_hold, **cancel) == "InvalidResourceStateException"


@pytest.mark.parametrize(
    "selection",
    [
        {"VaultNames": ["other"]},
        {"ResourceIdentifiers": ["arn:aws:ec2:us-west-2:123456789012:volume/vol-1"]},
        {"ResourceIdentifiers": ["RDS"], "VaultNames": ["vault"]},
        {"DateRange": {"FromDate": datetime(2020, 1, 1, tzinfo=UTC), "ToDate": datetime(2020, 1, 2, tzinfo=UTC)}},
    ],
)
def test_a_hold_is_about_what_it_selects(points: Any, selection: dict[str, Any]) -> None:
    (arn,) = points.load()
    assert held(points, hold(points, **selection)) == []
    points.delete(arn)
    points.wait_for(points.listed, [])


def test_a_hold_selects_by_resource_and_by_date(points: Any) -> None:
    old, new = points.load(age_days=9), points.load(age_days=1)
    now = datetime.now(UTC)
    assert held(points, hold(points, ResourceIdentifiers=[points.point(old[0])["ResourceArn"]])) == old
    assert held(points, hold(points, ResourceIdentifiers=["EBS"])) == new + old
    days = {"FromDate": now - timedelta(days=2), "ToDate": now - timedelta(hours=1)}
    assert held(points, hold(points, DateRange=days)) == new


def test_what_cannot_be_held_is_refused(points: Any, code_of: CodeOf) -> None:
    later = datetime.now(UTC) + timedelta(days=1)
    selection = {"DateRange": {"FromDate": later - timedelta(days=2), "ToDate": later}}
    order = {"Title": "t", "Description": "d"}
    assert code_of(points.backup.create_legal_hold, **order, RecoveryPointSelection=selection) == "InvalidParameterValueException"
    assert code_of(points.backup.get_legal_hold, LegalHoldId="missing") == "ResourceNotFoundException"
    for _ in range(50):
        points.backup.create_legal_hold(**order)
    assert code_of(points.backup.create_legal_hold, **order) == "LimitExceededException"
