"""A report as JUnit."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_files import write_report

from tests import report_samples as samples


def suite(dest: Path, report: dict[str, Any]) -> ElementTree.Element:
    write_report(report, dest, check_mode=False)
    found = ElementTree.parse(dest / report["run"] / "report.xml").getroot().find("testsuite")
    assert found is not None
    return found


def cases(found: ElementTree.Element) -> dict[str, str]:
    """Each case's result: empty, or failure or skipped with the message."""
    return {case.attrib["name"]: " ".join(f"{child.tag}: {child.attrib['message']}" for child in case) for case in found.iter("testcase")}


def test_every_link_check_and_limit_is_a_case(dest: Path) -> None:
    late = {**samples.late("s3"), "rpo_seconds": 60, "rto_seconds": 3600}
    found = suite(dest, samples.report("test_restore", [samples.lost("dynamodb"), late]))
    assert cases(found) == {
        "dynamodb: The recovery point is usable": "",
        "dynamodb: It was restored": "",
        "dynamodb: AWS Backup keeps the verdict": "skipped: not for this type",
        "dynamodb: It is what was backed up": "skipped: counted as: The marker is there, byte for byte",
        "dynamodb: It is running": "",
        "dynamodb: The marker is there, byte for byte": (
            "failure: The marker is missing in what was restored: the item proven-canary is not in the table."
        ),
        "dynamodb: RPO is within its limit": "",
        "dynamodb: RTO is within its limit": "",
        "s3: The recovery point is usable": "",
        "s3: It was restored": "",
        "s3: AWS Backup keeps the verdict": "skipped: not for this type",
        "s3: It came back soon enough": "skipped: counted as: RTO is within its limit",
        "s3: It is running": "",
        "s3: The marker is there, byte for byte": "",
        "s3: RPO is within its limit": "",
        "s3: RTO is within its limit": "failure: RTO 1 h is over the limit of 15 min",
    }
    assert {name: found.attrib[name] for name in ("name", "hostname", "timestamp", "tests", "failures", "errors", "skipped", "time")} == {
        "name": "test_restore",
        "hostname": "sandbox-us-west-2",
        "timestamp": "2026-11-27T19:21:09",
        "tests": "16",
        "failures": "2",
        "errors": "0",
        "skipped": "4",
        "time": "420.000",
    }
    properties = {item.attrib["name"]: item.attrib["value"] for item in found.iter("property")}
    assert properties["region"] == "us-west-2"
    assert properties["started"] == "2026-11-27T19:21:09Z"
    assert properties["s3.grade"] == "read_back"
    assert properties["s3.backup_job_id"] == "AB1E18FF-9EED-48E3-874B-A115E3C6D0D2"


def test_failure_is_told_even_where_no_link_failed(dest: Path) -> None:
    target = {"target": "ec2", "verdict": "failed", "reason": "It never ended.", "links": [{"proof": "It began", "result": "passed"}]}
    assert cases(suite(dest, samples.report("test_restore", [target])))["ec2: ec2 is proven"] == "failure: It never ended."
    bare = {"run": "bare", "kind": "test_restore", "verdict": "failed", "reason": "Nothing is deployed."}
    assert cases(suite(dest, bare)) == {"run: The run passed": "failure: Nothing is deployed."}


@pytest.mark.parametrize("detailed_by", ["", "checks", "limits", "anything"])
def test_failure_that_nothing_else_tells_stays_with_its_link(dest: Path, detailed_by: str) -> None:
    link = {"proof": "It was checked", "result": "failed", "reason": "It has no tags.", "detailed_by": detailed_by}
    target = {**samples.restored("ec2"), "verdict": "failed", "reason": "It has no tags.", "links": [link]}
    found = suite(dest, samples.report("test_restore", [target]))
    assert cases(found)["ec2: It was checked"] == "failure: It has no tags."
    assert found.attrib["failures"] == "1"


def test_scenarios_are_cases(dest: Path) -> None:
    scenarios = [{"scenario": "failed", "verdict": "passed"}, {"scenario": "expired", "verdict": "failed", "reason": "no alert"}]
    found = suite(dest, samples.report("test_backup", [], scenarios=scenarios, left_out=["partial"], leftovers=["A volume is left."]))
    assert cases(found) == {
        "failed: failed is proven": "",
        "expired: expired is proven": "failure: no alert",
        "partial: partial is proven": "skipped: no honest means brings it about here",
        "run: Nothing is left behind": "failure: A volume is left.",
    }


def test_characters_that_not_every_file_can_hold_are_marked(dest: Path) -> None:
    target = {**samples.restored("ec2"), "verdict": "failed", "reason": "bell \x07 & <tag> \ud800 end", "links": [], "checks": []}
    target["phases"][0]["phase"] = "nul \x00"
    told = cases(suite(dest, samples.report("test_restore", [target], **{"\ud800": 1})))
    assert told["ec2: ec2 is proven"] == "failure: bell \ufffd & <tag> \ufffd end"
