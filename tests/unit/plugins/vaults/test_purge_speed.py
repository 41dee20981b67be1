"""The module backup_vault_purge: that it begins at once, keeps within quotas, survives what a service does, and stays small."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils import recovery_points
from ansible_collections.proven.aws_backup.plugins.module_utils.paced_client import client_config
from ansible_collections.proven.aws_backup.plugins.modules import backup_vault_purge

from tests.conftest import ROOT

POINTS = "/backup-vaults/nightly/recovery-points/"

Load = Callable[..., list[str]]
Listed = Callable[..., set[str]]

MEASURED = """
import json, resource, sys
from ansible.module_utils.testing import patch_module_args
from ansible_collections.proven.aws_backup.plugins.modules import backup_vault_purge
with patch_module_args(json.loads(sys.argv[1])):
    try:
        backup_vault_purge.main()
    finally:
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


def test_deletion_begins_before_the_last_page_is_listed(
    run_module: Any, purge_args: dict[str, Any], sandbox: Any, load_points: Load, proxy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery_points, "LARGEST_PAGE", 10)
    sandbox.control("PUT", "/backup/service", {"latency_ms": {"ListRecoveryPointsByBackupVault": 200}})
    load_points(count=60)
    assert run_module(backup_vault_purge, {**purge_args, "max_recovery_points": 0})["vault_deleted"]
    kinds = [call.split(" ")[0] for call in proxy.calls(POINTS)]
    assert kinds.index("DELETE") < 6
    assert kinds.count("DELETE") == 60


@pytest.mark.parametrize("most", [0, 1000])
def test_quotas_that_are_smaller_than_told_are_met_without_an_error(
    run_module: Any, purge_args: dict[str, Any], sandbox: Any, load_points: Load, list_points: Listed, proxy: Any, most: int
) -> None:
    made = set(load_points(count=100))
    sandbox.control("PUT", "/backup/service", {"limits": {"DeleteRecoveryPoint": 25, "ListRecoveryPointsByBackupVault": 2, "*": 40}})
    result = run_module(backup_vault_purge, {**purge_args, "max_recovery_points": most, "delete_vault": False})
    assert {point["recovery_point_arn"] for point in result["deleted_recovery_points"]} == made
    assert result["recovery_points"] == {"deleted": {"count": 100, "backup_size_in_bytes": 100 << 30}}
    assert len(proxy.calls(f"^DELETE {POINTS}")) > 100, "the service did throttle"
    sandbox.control("DELETE", "/backup/service")
    assert list_points() == set()


def test_quotas_that_are_told_are_kept(run_module: Any, purge_args: dict[str, Any], sandbox: Any, load_points: Load, proxy: Any) -> None:
    load_points(count=100)
    sandbox.control("PUT", "/backup/service", {"limits": {"DeleteRecoveryPoint": 50}})
    rates = {"delete_recovery_point": 50, "list": 20, "other": 20, "total": 100}
    result = run_module(backup_vault_purge, {**purge_args, "rate_limits": rates})
    assert result["vault_deleted"]
    assert len(proxy.calls(f"^DELETE {POINTS}")) == 100, "none was one too many"


@pytest.mark.parametrize(("kind", "rate"), [("500", 0.2), ("reset", 0.2), ("hang", 0.1)])
@pytest.mark.parametrize("applied", [False, True])
def test_a_service_that_fails_now_and_then_loses_no_point(
    run_module: Any,
    purge_args: dict[str, Any],
    sandbox: Any,
    load_points: Load,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    rate: float,
    applied: bool,
) -> None:
    load_points(count=60)
    # Longer than the client waits for an answer, so that it is the client that gives up.
    fault = {"operation": "*", "kind": kind, "rate": rate, "seconds": 5, "applied": applied}
    monkeypatch.setattr(backup_vault_purge, "client_config", lambda workers: {**client_config(workers), "read_timeout": 1})
    sandbox.control("PUT", "/backup/service", {"faults": [fault]})
    # The proxy of the other tests would turn a lost connection into an error of its own.
    result = run_module(backup_vault_purge, {**purge_args, "endpoint_url": sandbox.endpoint_url})
    assert result["vault_deleted"]
    assert result["recovery_points"] == {"deleted": {"count": 60, "backup_size_in_bytes": 60 << 30}}


def test_memory_does_not_grow_with_the_vault(sandbox: Any, vault: str, load_points: Load) -> None:
    options = {
        **sandbox.connection(),
        "backup_vault_name": vault,
        "require_tags": False,
        "max_recovery_points": 0,
        "rate_limits": {"list": 1000, "total": 1000},
        "_ansible_check_mode": True,
    }
    peaks = []
    for more in (100, 99_900):
        load_points(count=more, resources=50)
        command = [sys.executable, "-c", MEASURED, json.dumps(options)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / ".ansible" / "collections")}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=True)
        result = json.loads(done.stdout)
        peaks.append(int(done.stderr.splitlines()[-1]))
    assert result["recovery_points"]["deleted"]["count"] == 100_000
    assert result["unlisted"]["deleted_recovery_points"] == 99_000
    assert peaks[1] - peaks[0] < 16 * 1024, f"from {peaks[0]} to {peaks[1]} kB"


def test_progress_is_written(run_module: Any, purge_args: dict[str, Any], sandbox: Any, load_points: Load, tmp_path: Path) -> None:
    load_points(count=70)
    rates = {"delete_recovery_point": 10}
    sandbox.settings(delete_seconds=3000)
    result = run_module(backup_vault_purge, {**purge_args, "rate_limits": rates, "progress_file": str(tmp_path / "progress")})
    assert result["vault_deleted"]
    lines = (tmp_path / "progress").read_text().splitlines()
    assert lines[0].startswith("vault nightly: ")
    assert " of 70 recovery points deleted, " in lines[0]
    assert lines[0].split("; ")[0].endswith(" left")
