"""Whatever is in a vault, and however its service behaves: what can be deleted is, the rest is told, and nothing else is touched."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils import vault_points
from ansible_collections.proven.aws_backup.plugins.modules import backup_vault_purge
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

VAULT, OTHER = "nightly", "other"


@dataclass(frozen=True)
class Kind:
    """A kind of points: how they are loaded, and what becomes of them, and of those that they hold.

    Attributes:
        order: for the sandbox's control endpoint.
        outcome: of each point; None: it is deleted.
        holder_outcome: of a composite one, if that differs.
    """

    order: dict[str, Any]
    outcome: str | None = None
    holder_outcome: str | None = None


KINDS = (
    Kind({}),
    Kind({"resource_type": "EFS", "status": "PARTIAL", "age_days": [1, 90], "resources": 3}),
    Kind({"resource_type": "S3", "continuous": True}),
    Kind({"status": "EXPIRED", "status_message": "past its retention"}),
    Kind({"composite": True, "nested": 2}),
    Kind({"composite": True, "nested": 2, "on_delete": "refused", "on_delete_message": "under legal hold"}, "legal_hold", "nested_left"),
    Kind({"on_delete": "refused", "on_delete_message": "The point has a legal hold."}, "legal_hold"),
    Kind({"on_delete": "refused", "on_delete_code": "AccessDeniedException"}, "access_denied"),
    Kind({"on_delete": "refused", "on_delete_code": "InvalidParameterValueException"}, "refused"),
    Kind({"on_delete": "expired", "on_delete_message": "currently in use by ami-1"}, "in_use"),
    Kind({"on_delete": "expired", "on_delete_message": "IAM Role r cannot be assumed by AWS Backup"}, "role_gone"),
)
FAULTS = st.lists(
    st.fixed_dictionaries(
        {
            "operation": st.sampled_from(["*", "DeleteRecoveryPoint", "ListRecoveryPointsByBackupVault", "DeleteBackupVault"]),
            "kind": st.sampled_from(["500", "reset", "throttle"]),
            "rate": st.floats(0.0, 0.15),
            "applied": st.booleans(),
        }
    ),
    max_size=2,
)
LIMITS = st.dictionaries(st.sampled_from(["DeleteRecoveryPoint", "ListRecoveryPointsByBackupVault", "*"]), st.integers(20, 60))


@given(
    groups=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 6)), max_size=5),
    locked=st.booleans(),
    faults=FAULTS,
    limits=LIMITS,
    deleting_seconds=st.sampled_from([0, 300]),
    most=st.sampled_from([0, 1000]),
    workers=st.integers(1, 8),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_everything_that_can_go_is_gone_and_all_the_rest_is_told(
    run_module: Any,
    sandbox: Any,
    monkeypatch: pytest.MonkeyPatch,
    groups: list[tuple[Kind, int]],
    locked: bool,
    faults: list[dict[str, Any]],
    limits: dict[str, int],
    deleting_seconds: float,
    most: int,
    workers: int,
) -> None:
    monkeypatch.setattr(vault_points, "EXPIRED_IS_FINAL_AFTER", 1.5)
    sandbox.control("POST", "/reset")
    backup = sandbox.client("backup")
    for name in (VAULT, OTHER):
        backup.create_backup_vault(BackupVaultName=name)
    stranger = set(load(sandbox, OTHER, {"count": 3}))
    expected: dict[str, str] = {}
    for kind, count in groups:
        expected |= load_kind(sandbox, kind, count)
    if locked:
        backup.put_backup_vault_lock_configuration(BackupVaultName=VAULT, MinRetentionDays=1)
        expected = {arn: outcome if "hold" in outcome else "vault_locked" for arn, outcome in expected.items()}
    sandbox.control("PUT", "/backup/service", {"faults": faults, "limits": limits, "deleting_seconds": deleting_seconds})
    rates = {"delete_recovery_point": 500, "list": 500, "other": 500, "total": 1000}
    options = {"backup_vault_name": VAULT, "require_tags": False, "max_recovery_points": most, "workers": workers, "rate_limits": rates}
    result = run_module(backup_vault_purge, {**sandbox.connection(), **options})
    sandbox.control("DELETE", "/backup/service")
    left = {arn: outcome for arn, outcome in expected.items() if outcome != "deleted"}
    check_result(result, expected, left)
    assert listed(backup, OTHER) == stranger
    if left:
        assert listed(backup, VAULT) == set(left)
    else:
        assert [vault["BackupVaultName"] for vault in backup.list_backup_vaults()["BackupVaultList"]] == [OTHER]


def check_result(result: dict[str, Any], expected: dict[str, str], left: dict[str, str]) -> None:
    """Each point is told once, with what became of it."""
    assert result.get("failed", False) == bool(left), result.get("msg")
    told = result["deleted_recovery_points"] + result["skipped_recovery_points"]
    assert Counter(point["recovery_point_arn"] for point in told) == Counter(expected.keys())
    for point in told:
        # In a locked vault a hold is told of only if AWS was asked before the lock was known.
        allowed = {expected[point["recovery_point_arn"]]} | ({"vault_locked"} if "vault_locked" in result["recovery_points"] else set())
        assert point["outcome"] in allowed
    assert {name: total["count"] for name, total in result["recovery_points"].items()} == Counter(point["outcome"] for point in told)
    assert result["vault_deleted"] == (not left)


def load_kind(sandbox: Any, kind: Kind, count: int) -> dict[str, str]:
    """Load points of a kind; returns the outcome that each is to have."""
    arns = load(sandbox, VAULT, {**kind.order, "count": count})
    held = {
        point["RecoveryPointArn"]: point["IsParent"]
        for point in sandbox.client("backup").list_recovery_points_by_backup_vault(BackupVaultName=VAULT)["RecoveryPoints"]
    }
    outcome = kind.outcome or "deleted"
    return {arn: (kind.holder_outcome or outcome) if held[arn] else outcome for arn in arns}


def load(sandbox: Any, vault: str, order: dict[str, Any]) -> list[str]:
    answer = sandbox.control("POST", "/backup/recovery-points", {"backup_vault_name": vault, **order})
    return answer["recovery_point_arns"]


def listed(backup: Any, vault: str) -> set[str]:
    return {point["RecoveryPointArn"] for point in backup.list_recovery_points_by_backup_vault(BackupVaultName=vault)["RecoveryPoints"]}
