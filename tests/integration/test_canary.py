"""A canary that cannot be written into one target: it fails that target's proof, and the others keep theirs."""

from __future__ import annotations

import pytest

from tests.integration.conftest import Playbooks

pytestmark = pytest.mark.playbook

REGION = "us-west-2"
TARGETS = ["ebs", "s3"]
CANARY_TAG = "proven-aws-backup-canary-sha256"
LINK = "A canary was written for a restore to find"
MOST_TAGS = 50


def fill_with_tags(playbooks: Playbooks) -> None:
    """Leave no room for another tag on the volume."""
    ec2 = playbooks.sandbox.client("ec2", REGION)
    (volume,) = ec2.describe_volumes(Filters=[{"Name": "tag:Project", "Values": ["proven-backup"]}])["Volumes"]
    more = [{"Key": f"more-{number}", "Value": "x"} for number in range(MOST_TAGS - len(volume["Tags"]))]
    ec2.create_tags(Resources=[volume["VolumeId"]], Tags=more)


def test_one_that_could_not_be_written_fails_its_own_target_alone(playbooks: Playbooks) -> None:
    playbooks.run("deploy", region=REGION, drill_targets=TARGETS).succeeded()
    fill_with_tags(playbooks)
    run = playbooks.run("test_backup", drill_targets=TARGETS).failed()
    assert "ebs: No canary was written: " in run.error
    proofs = playbooks.proofs()
    assert {name: proof["verdict"] for name, proof in proofs.items()} == {"ebs": "failed", "s3": "passed"}
    links = {link["proof"]: link for link in proofs["ebs"]["links"]}
    assert {proof: link["result"] for proof, link in links.items() if link["result"] != "passed"} == {LINK: "failed"}
    assert "TagLimitExceeded" in links[LINK]["reason"]
    assert links["The backup job completed"]["result"] == "passed"
    point = proofs["s3"]["recovery_point"]["recovery_point_arn"]
    assert CANARY_TAG in playbooks.sandbox.client("backup", REGION).list_tags(ResourceArn=point)["Tags"]
    playbooks.run("test_restore", drill_targets=["s3"]).succeeded()
    (check,) = [each for each in playbooks.proofs()["s3"]["checks"] if each["name"] == "The canary came back"]
    assert check["result"] == "passed"
