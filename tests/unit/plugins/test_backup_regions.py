"""The lookup backup_regions: its function here, its options in a real ansible process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from ansible.errors import AnsibleError
from ansible_collections.proven.aws_backup.plugins.lookup import backup_regions

ROOT = Path(__file__).resolve().parents[3]


def template(expression: str) -> str:
    """What `ansible localhost` prints for a template, errors included."""
    process = subprocess.run(
        [str(Path(sys.executable).parent / "ansible"), "localhost", "-i", "localhost,", "-m", "debug", "-a", f"msg={{{{ {expression} }}}}"],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".ansible/collections"), "ANSIBLE_NOCOLOR": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return process.stdout + process.stderr


def test_lists_one_partition_sorted() -> None:
    assert backup_regions.backup_regions(["aws-us-gov"]) == ["us-gov-east-1", "us-gov-west-1"]


def test_lists_partitions_in_the_given_order_and_no_region_twice() -> None:
    regions = backup_regions.backup_regions(["aws-cn", "aws"])
    assert regions[:2] == ["cn-north-1", "cn-northwest-1"]
    assert {"us-east-1", "eu-central-1"} <= set(regions)
    assert len(regions) == len(set(regions))


def test_without_options_every_partition_is_listed() -> None:
    needed = ["us-east-1", "cn-north-1", "us-gov-west-1"]
    output = template(f"{needed} | difference(query('proven.aws_backup.backup_regions')) | length == 0")
    assert "msg: true" in output, output


def test_an_unknown_partition_is_refused() -> None:
    output = template("query('proven.aws_backup.backup_regions', partitions=['aws-moon'])")
    assert "aws-moon" in output
    assert "aws-us-gov" in output, "the choices are named"


def test_terms_are_refused() -> None:
    with pytest.raises(AnsibleError, match="takes no terms"):
        backup_regions.LookupModule().run(["us-east-1"])


def test_without_botocore_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup_regions, "botocore_session", None)
    with pytest.raises(AnsibleError, match="pip install botocore"):
        backup_regions.backup_regions(["aws"])
