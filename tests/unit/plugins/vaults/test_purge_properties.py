"""Whatever is in a vault, and however its service behaves: what can be deleted is, the rest is told, and nothing else is touched.

PURGE_EXAMPLES says how many vaults are tried (20): `PURGE_EXAMPLES=500 pytest tests/unit/plugins/vaults/test_purge_properties.py`.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils import vault_points
from ansible_collections.proven.aws_backup.plugins.modules import backup_vault_purge
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

VAULT, OTHER = "nightly", "other"
GONE = ("deleted", "disassociated")
COMPLETE = ("COMPLETED", "AVAILABLE")

Point = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of points: how they are loaded, for the sandbox's control endpoint, and what keeps them (None: nothing)."""

    order: dict[str, Any]
    outcome: str | None = None


KINDS = (
    Kind({}),
    Kind({"resource_type": "EFS", "status": "PARTIAL", "age_days": [1, 90], "resources": 3}),
    Kind({"resource_type": "S3", "continuous": True}),
    Kind({"resource_type": "RDS", "continuous": True}),
    Kind({"status": "EXPIRED", "status_message": "past its retention"}),
    Kind({"composite": True, "nested": 2}),
    Kind({"composite": True, "nested": 2, "on_delete": "refused"}, "refused"),
    Kind({"on_delete": "refused", "on_delete_message": "The point has a legal hold."}, "legal_hold"),
    Kind({"on_delete": "refused", "on_delete_code": "AccessDeniedException"}, "access_denied"),
    Kind({"on_delete": "refused", "on_delete_code": "InvalidParameterValueException"}, "refused"),
    Kind({"on_delete": "expired", "on_delete_message": "currently in use by ami-1"}, "in_use"),
    Kind({"on_delete": "expired", "on_delete_message": "IAM Role r cannot be assumed by AWS Backup"}, "role_gone"),
)


@dataclass(frozen=True)
class Keeper:
    """What keeps points of a vault, besides their kind.

    Attributes:
        lock: as in PutBackupVaultLockConfiguration.
        denied: the ARNs for which the access policy denies what deletes a point.
        held: the resource types of a legal hold; an empty list: all; None: there is no hold.
    """

    lock: dict[str, int] = field(default_factory=dict)
    denied: str | None = None
    held: list[str] | None = None

    def is_denied(self, arn: str) -> bool:
        return self.denied is not None and arn.startswith(self.denied.rstrip("*"))

    def is_held(self, resource_type: str) -> bool:
        return self.held is not None and (not self.held or resource_type in self.held)


GOVERNANCE, COMPLIANCE = {"MinRetentionDays": 1}, {"MinRetentionDays": 1, "ChangeableForDays": 3}
KEEPERS = st.one_of(
    st.just(Keeper()),
    st.builds(
        Keeper,
        lock=st.sampled_from([{}, {}, GOVERNANCE, COMPLIANCE]),
        denied=st.sampled_from([None, None, "*", "arn:aws:ec2:*"]),
        held=st.sampled_from([None, None, [], ["EFS"], ["EBS", "RDS"]]),
    ),
)
FILTERS = st.sampled_from(
    [{}, {}, {}, {"resource_types": ["EFS", "CloudFormation"]}, {"older_than_days": 30}, {"statuses": ["COMPLETED"]}, {"keep_newest": 2}]
)
FAULTS = st.lists(
    st.fixed_dictionaries(
        {
            "operation": st.sampled_from(["*", "DeleteRecoveryPoint", "ListRecoveryPointsByBackupVault", "DeleteBackupVault"]),
            "kind": st.sampled_from(["500", "reset", "throttle", "hang"]),
            "rate": st.floats(0.0, 0.1),
            "applied": st.booleans(),
            "seconds": st.just(3.0),
        }
    ),
    max_size=2,
)
LIMITS = st.dictionaries(st.sampled_from(["DeleteRecoveryPoint", "ListRecoveryPointsByBackupVault", "*"]), st.integers(20, 60))


@given(
    groups=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 6)), max_size=5),
    keeper=KEEPERS,
    filters=FILTERS,
    disassociate=st.booleans(),
    faults=FAULTS,
    limits=LIMITS,
    deleting_seconds=st.sampled_from([0, 300]),
    most=st.sampled_from([0, 1000]),
    workers=st.integers(1, 8),
)
@settings(
    max_examples=int(os.environ.get("PURGE_EXAMPLES", "20")), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_everything_that_can_go_is_gone_and_all_the_rest_is_told(
    run_module: Any,
    sandbox: Any,
    monkeypatch: pytest.MonkeyPatch,
    groups: list[tuple[Kind, int]],
    keeper: Keeper,
    filters: dict[str, Any],
    disassociate: bool,
    faults: list[dict[str, Any]],
    limits: dict[str, int],
    deleting_seconds: float,
    most: int,
    workers: int,
) -> None:
    monkeypatch.setattr(vault_points, "EXPIRED_IS_FINAL_AFTER", 1.5)
    monkeypatch.setattr(backup_vault_purge, "client_config", impatient)
    sandbox.control("POST", "/reset")
    backup = sandbox.client("backup")
    for name in (VAULT, OTHER):
        backup.create_backup_vault(BackupVaultName=name)
    stranger = set(load(sandbox, OTHER, {"count": 3}))
    kinds = {arn: kind for kind, count in groups for arn in load(sandbox, VAULT, {**kind.order, "count": count})}
    points = listed(backup, VAULT)
    keep(backup, keeper)
    expected = expectations(points, kinds, keeper, filters, disassociate)
    sandbox.control("PUT", "/backup/service", {"faults": faults, "limits": limits, "deleting_seconds": deleting_seconds})
    options = {
        "backup_vault_name": VAULT,
        "require_tags": False,
        "max_recovery_points": most,
        "workers": workers,
        "rate_limits": {"delete_recovery_point": 500, "list": 500, "other": 500, "total": 1000},
        "continuous_recovery_points": "disassociate" if disassociate else "delete",
        "delete_vault": not filters,
        **filters,
    }
    result = run_module(backup_vault_purge, {**sandbox.connection(), **options})
    sandbox.control("DELETE", "/backup/service")
    check_result(result, expected, len(points) - len(expected), bool(filters))
    assert set(listed(backup, OTHER)) == stranger
    left = {arn for arn in points if arn not in expected or not may_go(expected[arn])}
    if left or filters:
        assert set(listed(backup, VAULT)) == left
    else:
        assert [vault["BackupVaultName"] for vault in backup.list_backup_vaults()["BackupVaultList"]] == [OTHER]


def impatient(connections: int) -> dict[str, Any]:
    """The module's own configuration of its client, with a read timeout that is shorter than the time that a fault takes."""
    return {**CLIENT_CONFIG(connections), "read_timeout": 1}


CLIENT_CONFIG = backup_vault_purge.client_config


def keep(backup: Any, keeper: Keeper) -> None:
    """Lock the vault, put a hold on its points, and have its policy deny their deletion."""
    if keeper.held is not None:
        selection = {"VaultNames": [VAULT], "ResourceIdentifiers": keeper.held}
        backup.create_legal_hold(Title="trial", Description="a trial", RecoveryPointSelection=selection)
    if keeper.lock:
        backup.put_backup_vault_lock_configuration(BackupVaultName=VAULT, **keeper.lock)
    if keeper.denied:
        actions = ["backup:DeleteRecoveryPoint", "backup:DisassociateRecoveryPoint"]
        statement = {"Effect": "Deny", "Principal": "*", "Action": actions, "Resource": keeper.denied}
        backup.put_backup_vault_access_policy(BackupVaultName=VAULT, Policy=json.dumps({"Statement": [statement]}))


def expectations(
    points: dict[str, Point], kinds: dict[str, Kind], keeper: Keeper, filters: dict[str, Any], disassociate: bool
) -> dict[str, set[str]]:
    """What may be told of each point that the filters take."""
    chosen = {arn: point for arn, point in points.items() if is_chosen(top_of(point, points), points.values(), filters)}
    if keeper.lock == COMPLIANCE:
        return {arn: {"guarded"} for arn in chosen}
    expected = {arn: outcomes(point, kinds[arn], keeper, disassociate) for arn, point in chosen.items()}
    for arn in chosen:
        nested = [expected[other] for other in chosen if chosen[other].get("ParentRecoveryPointArn") == arn]
        if not all(may_go(each) for each in nested):
            # Once AWS has refused one point for a reason that holds for all, it is not asked about the others.
            expected[arn] = {"nested_left"} | ({"policy_denied"} if keeper.denied == "*" else set()) | (expected[arn] & {"vault_locked"})
    return expected


def outcomes(point: Point, kind: Kind, keeper: Keeper, disassociate: bool) -> set[str]:
    """What may be told of a point that holds no other, in the order in which AWS looks what keeps it."""
    locked = {"vault_locked"} if keeper.lock else set()
    if keeper.is_denied(point["RecoveryPointArn"]):
        return {"policy_denied"} | locked
    if locked:
        return locked
    if keeper.is_held(point["ResourceType"]):
        return {"legal_hold"}
    if disassociate and "continuous" in kind.order:
        return {"stopped" if point["ResourceType"] == "S3" else "disassociated"}
    # A denial is put down to a policy that denies anything.
    return {"policy_denied" if kind.outcome == "access_denied" and keeper.denied else kind.outcome or "deleted"}


def may_go(allowed: set[str]) -> bool:
    return not allowed.isdisjoint(GONE)


def top_of(point: Point, points: dict[str, Point]) -> Point:
    """The point itself, or the one that it is nested in."""
    return points[point["ParentRecoveryPointArn"]] if "ParentRecoveryPointArn" in point else point


def is_chosen(point: Point, points: Iterable[Point], filters: dict[str, Any]) -> bool:
    """Whether the filters take a point that is not nested."""
    resource = [each for each in points if each["ResourceArn"] == point["ResourceArn"] and "ParentRecoveryPointArn" not in each]
    complete = [each for each in resource if each["Status"] in COMPLETE]
    newest = sorted(complete, key=lambda each: (-each["CreationDate"].timestamp(), each["RecoveryPointArn"]))[
        : filters.get("keep_newest", 0)
    ]
    return (
        point["ResourceType"] in filters.get("resource_types", [point["ResourceType"]])
        and point["Status"] in filters.get("statuses", [point["Status"]])
        and ("older_than_days" not in filters or point["CreationDate"] < datetime.now(UTC) - timedelta(days=filters["older_than_days"]))
        and point not in newest
    )


def check_result(result: dict[str, Any], expected: dict[str, set[str]], kept: int, is_filtered: bool) -> None:
    """Each point that was to go is told once, with what became of it; the others are counted."""
    left = [arn for arn, allowed in expected.items() if not may_go(allowed)]
    assert result.get("failed", False) == bool(left), result.get("msg")
    told = result["deleted_recovery_points"] + result["skipped_recovery_points"]
    assert Counter(point["recovery_point_arn"] for point in told) == Counter(expected.keys())
    for point in told:
        assert point["outcome"] in expected[point["recovery_point_arn"]], point
    counted = Counter({**Counter(point["outcome"] for point in told), **({"kept": kept} if kept else {})})
    assert {name: total["count"] for name, total in result["recovery_points"].items()} == counted
    assert result["vault_deleted"] == (not left and not is_filtered)


def load(sandbox: Any, vault: str, order: dict[str, Any]) -> list[str]:
    answer = sandbox.control("POST", "/backup/recovery-points", {"backup_vault_name": vault, **order})
    return answer["recovery_point_arns"]


def listed(backup: Any, vault: str) -> dict[str, Point]:
    points = backup.list_recovery_points_by_backup_vault(BackupVaultName=vault)["RecoveryPoints"]
    return {point["RecoveryPointArn"]: point for point in points}
