"""Two deployment targets in one inventory: each host is an account and a Region of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.integration.conftest import Playbooks
from tests.integration.test_closed_loop import deployed_things

pytestmark = pytest.mark.playbook

REGIONS = {"west": "us-west-2", "frankfurt": "eu-central-1"}


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sandbox's inventory with two hosts."""
    folder = tmp_path_factory.mktemp("inventory")
    hosts = {"deployment_targets": {"hosts": {name: {"region": region} for name, region in REGIONS.items()}}}
    (folder / "hosts.yml").write_text(json.dumps(hosts))
    (folder / "aws.cfg").symlink_to(ROOT / "inventories/sandbox/aws.cfg")
    (folder / "group_vars").symlink_to(ROOT / "inventories/sandbox/group_vars")
    return folder


def test_both_are_deployed_proven_and_removed(playbooks: Playbooks, inventory: Path) -> None:
    playbooks.run("deploy", "-i", str(inventory)).succeeded()
    playbooks.run("test_backup", "-i", str(inventory)).succeeded()
    reports = playbooks.reports()
    assert sorted(str(report["region"]) for report in reports) == sorted(REGIONS.values())
    assert {report["verdict"] for report in reports} == {"passed"}
    playbooks.run("cleanup", "-i", str(inventory), cleanup_keep_sandbox=True).succeeded()
    assert deployed_things(playbooks) == []
    assert playbooks.sandbox.client("backup", "eu-central-1").list_backup_vaults()["BackupVaultList"] == []
