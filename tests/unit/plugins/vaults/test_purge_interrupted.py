"""The module backup_vault_purge, interrupted: whatever happens to the first run, the second one finishes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.modules import backup_vault_purge

from tests.conftest import ROOT

Load = Callable[..., list[str]]
Listed = Callable[..., set[str]]

RUN = """
import json, sys
from ansible.module_utils.testing import patch_module_args
from ansible_collections.proven.aws_backup.plugins.modules import backup_vault_purge
with patch_module_args(json.loads(sys.argv[1])):
    backup_vault_purge.main()
"""


@pytest.fixture
def process_args(sandbox: Any, purge_args: dict[str, Any]) -> dict[str, Any]:
    """Options for a run in a process of its own, which talks to the sandbox itself, as fast as it takes deletions."""
    sandbox.control("PUT", "/backup/service", {"limits": {"DeleteRecoveryPoint": 20}})
    return {**purge_args, "endpoint_url": sandbox.endpoint_url, "aws_config": {}}


def start(args: dict[str, Any]) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / ".ansible" / "collections")}
    return subprocess.Popen([sys.executable, "-c", RUN, json.dumps(args)], env=environment, stdout=subprocess.PIPE, text=True)


def wait_for_deletions(list_points: Listed, fewer_than: int) -> None:
    end = time.monotonic() + 60
    while len(list_points()) >= fewer_than:
        assert time.monotonic() < end, "nothing is deleted"
        time.sleep(0.05)


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("at", [79, 40])
def test_a_second_run_finishes_what_a_killed_one_began(
    run_module: Any, process_args: dict[str, Any], load_points: Load, list_points: Listed, sent: signal.Signals, at: int
) -> None:
    load_points(count=40)
    load_points(count=10, composite=True, nested=3)
    process = start(process_args)
    wait_for_deletions(list_points, at)
    process.send_signal(sent)
    assert process.wait(timeout=20) == -sent
    rest = list_points()
    assert 0 < len(rest) < 80
    result = run_module(backup_vault_purge, process_args)
    assert result["vault_deleted"]
    assert result["recovery_points"]["deleted"]["count"] <= len(rest)
    assert result["skipped_recovery_points"] == []


def test_a_network_that_is_cut_for_a_moment_is_survived(
    sandbox: Any, process_args: dict[str, Any], load_points: Load, list_points: Listed
) -> None:
    load_points(count=60)
    process = start(process_args)
    wait_for_deletions(list_points, 50)
    sandbox.control("PUT", "/backup/service", {"faults": [{"kind": "reset"}]})
    heal = threading.Timer(2.0, sandbox.control, ("DELETE", "/backup/service"))
    heal.start()
    printed, _nothing = process.communicate(timeout=60)
    heal.join()
    assert json.loads(printed)["vault_deleted"]


def test_a_network_that_stays_cut_is_reported_and_a_second_run_finishes(
    run_module: Any, sandbox: Any, process_args: dict[str, Any], load_points: Load, list_points: Listed
) -> None:
    made = load_points(count=60)
    process = start({**process_args, "wait_timeout": 600})
    wait_for_deletions(list_points, 50)
    sandbox.control("PUT", "/backup/service", {"faults": [{"kind": "reset"}]})
    printed, _nothing = process.communicate(timeout=120)
    result = json.loads(printed)
    assert result["failed"]
    assert "Failed to list the " in result["msg"]
    assert result["changed"]
    assert sum(total["count"] for total in result["recovery_points"].values()) == len(made)
    sandbox.control("DELETE", "/backup/service")
    assert run_module(backup_vault_purge, process_args)["vault_deleted"]
