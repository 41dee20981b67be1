"""A restore testing plan that is deployed, run and removed: what came back is validated, and a failure is told once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.integration.conftest import Playbooks
from tests.integration.deployed_notifier import wait_for

pytestmark = pytest.mark.playbook

REGION = "us-west-2"
NAME, PLAN, TABLE = "proven-backup-dev", "proven_backup_dev", "proven-backup-dev-dynamodb"
CANARY = {"id": {"S": "canary"}, "marker": {"S": "here I am"}}
SETTINGS: dict[str, Any] = {"region": REGION, "drill_targets": ["dynamodb"], "restore_testing_enabled": True}
# Long enough on the sandbox's clock for a redrive.
SETTINGS["restore_testing_validation_window_hours"] = 168


class Proofs:
    """The deployed plan, and what the test does with it."""

    def __init__(self, playbooks: Playbooks) -> None:
        self.sandbox = playbooks.sandbox
        self.backup = self.sandbox.client("backup", REGION)
        self.table_arn = f"arn:aws:dynamodb:{REGION}:123456789012:table/{TABLE}"

    def back_up(self, arn: str = "") -> None:
        """Back the table up, with its present items, or what else has an ARN."""
        roles = self.sandbox.client("iam").list_roles(PathPrefix="/proven-backup/")["Roles"]
        role = next(each["Arn"] for each in roles if each["RoleName"].startswith("AWSBackup-"))
        job = self.backup.start_backup_job(BackupVaultName=NAME, ResourceArn=arn or self.table_arn, IamRoleArn=role)["BackupJobId"]
        wait_for(lambda: self.backup.describe_backup_job(BackupJobId=job)["State"] == "COMPLETED")

    def start(self) -> str:
        """Run the plan now; returns the ID of its only restore job."""
        order = {"restore_testing_plan_name": PLAN, "region": REGION}
        (job_id,) = self.sandbox.control("POST", "/backup/restore-testing", order)["restore_job_ids"]
        return str(job_id)

    def run(self) -> dict[str, Any]:
        """Run the plan now; returns the restore job as soon as it is validated and what it made is deleted."""
        return self.end_of(self.start())

    def end_of(self, job_id: str) -> dict[str, Any]:
        """A restore job as soon as it is validated and what it made is deleted."""

        def look() -> dict[str, Any]:
            job: dict[str, Any] = self.backup.describe_restore_job(RestoreJobId=job_id)
            return job if job.get("DeletionStatus") == "SUCCESSFUL" else {}

        return wait_for(look, 120)

    def waiting(self) -> int:
        """How many events the validator's dead-letter queue has to give."""
        sqs, names = self.sandbox.client("sqs", REGION), ["ApproximateNumberOfMessages"]
        url = sqs.get_queue_url(QueueName=f"{NAME}-unvalidated")["QueueUrl"]
        return int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"][names[0]])

    def alerts(self) -> list[str]:
        """The messages that tell of a validation."""
        messages = json.loads(self.sandbox.request("GET", "/slack/api/messages")[1])["messages"]
        return [json.dumps(message["payload"]) for message in messages if "Restore validation" in json.dumps(message["payload"])]


def test_a_good_restore_is_said_to_be_good_and_an_empty_one_is_told_once(playbooks: Playbooks) -> None:
    expected = {f"arn:aws:dynamodb:{REGION}:123456789012:table/{TABLE}": {"items": [{"id": "canary", "marker": "here I am"}]}}
    playbooks.run("deploy", **SETTINGS, restore_testing_expectations=expected).succeeded()
    again = playbooks.run("deploy", **SETTINGS, restore_testing_expectations=expected).succeeded()
    assert "changed=0 " in again.output
    proofs = Proofs(playbooks)
    dynamodb = proofs.sandbox.client("dynamodb", REGION)
    dynamodb.put_item(TableName=TABLE, Item=CANARY)
    proofs.back_up()
    job = proofs.run()
    assert (job["Status"], job["ValidationStatus"]) == ("COMPLETED", "SUCCESSFUL"), job
    assert proofs.alerts() == []
    lost = {"kind": "restore_job", "resource_arn": "*", "content": "lost"}
    proofs.sandbox.control("PUT", "/backup/outcomes", lost)
    job = proofs.run()
    assert job["ValidationStatus"] == "FAILED"
    assert job["ValidationStatusMessage"].endswith("lacks the item id=canary.")
    (alert,) = wait_for(proofs.alerts)
    assert "Restore validation failed" in alert
    assert job["ValidationStatusMessage"] in alert
    assert [name for name in dynamodb.list_tables()["TableNames"] if name.startswith("awsbackup-")] == []


def test_a_new_table_is_not_empty_and_what_is_in_it_comes_back(playbooks: Playbooks) -> None:
    proofs = Proofs(playbooks)
    dynamodb = proofs.sandbox.client("dynamodb", REGION)
    dynamodb.delete_item(TableName=TABLE, Key={"id": CANARY["id"]})
    assert dynamodb.scan(TableName=TABLE)["Count"] == 1
    playbooks.run("deploy", **SETTINGS).succeeded()
    proofs.sandbox.control("DELETE", "/backup/outcomes")
    proofs.back_up()
    job = proofs.run()
    assert job["ValidationStatus"] == "SUCCESSFUL", job
    proofs.sandbox.control("PUT", "/backup/outcomes", {"kind": "restore_job", "resource_arn": "*", "content": "altered"})
    job = proofs.run()
    proofs.sandbox.control("DELETE", "/backup/outcomes")
    assert job["ValidationStatusMessage"].endswith(" has an altered canary.")


def test_what_a_customers_key_encrypts_is_read_with_the_key_alone(playbooks: Playbooks) -> None:
    proofs = Proofs(playbooks)
    s3, key = proofs.sandbox.client("s3", REGION), proofs.sandbox.client("kms", REGION).create_key()["KeyMetadata"]["Arn"]
    s3.create_bucket(Bucket="orders", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket="orders", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="orders", Key="1.txt", Body=b"paid", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    arn = "arn:aws:s3:::orders"
    mine = {
        "drill_targets": ["s3"],
        "drill_resource_arns": {"s3": arn},
        "restore_testing_expectations": {arn: {"objects": {"1.txt": "paid"}}},
    }
    playbooks.run("deploy", **{**SETTINGS, **mine}).succeeded()
    proofs.back_up(arn)
    job = proofs.run()
    assert job["ValidationStatus"] == "FAILED"
    assert f"is not authorized to perform: kms:Decrypt on resource: {key}" in job["ValidationStatusMessage"]
    playbooks.run("deploy", **{**SETTINGS, **mine}, restore_testing_key_arns=[key]).succeeded()
    job = proofs.run()
    assert job["ValidationStatus"] == "SUCCESSFUL", job


def test_an_instance_is_to_boot_with_its_file(playbooks: Playbooks) -> None:
    proofs, instances = Proofs(playbooks), {**SETTINGS, "drill_targets": ["ec2"]}
    playbooks.run("deploy", **instances).succeeded()
    ec2 = proofs.sandbox.client("ec2", REGION)
    (instance,) = ec2.describe_instances(Filters=[{"Name": "tag:Name", "Values": [NAME]}])["Reservations"][0]["Instances"]
    assert "proven-aws-backup-canary-file-sha256" in {tag["Key"] for tag in instance["Tags"]}
    proofs.back_up(f"arn:aws:ec2:{REGION}:123456789012:instance/{instance['InstanceId']}")
    job = proofs.run()
    assert job["ValidationStatus"] == "SUCCESSFUL", job
    proofs.sandbox.control("PUT", "/backup/outcomes", {"kind": "restore_job", "resource_arn": "*", "content": "lost"})
    job = proofs.run()
    proofs.sandbox.control("DELETE", "/backup/outcomes")
    assert job["ValidationStatusMessage"].endswith(" booted without the file of its canary.")
    playbooks.run("deploy", **SETTINGS).succeeded()


def test_what_the_validator_failed_on_is_redriven(playbooks: Playbooks) -> None:
    proofs = Proofs(playbooks)
    iam, policy = proofs.sandbox.client("iam"), {"RoleName": f"{NAME}-validator-{REGION}", "PolicyName": "validator"}
    granted = iam.get_role_policy(**policy)["PolicyDocument"]
    others = [each for each in granted["Statement"] if each["Sid"] != "SayWhatItFound"]
    iam.put_role_policy(**policy, PolicyDocument=json.dumps({**granted, "Statement": others}))
    job_id = proofs.start()
    wait_for(lambda: proofs.waiting() == 1, 120)
    left = playbooks.run("redrive").failed()
    assert f"The queue {NAME}-unvalidated is not empty. 1 of 1 events remain" in left.error
    assert f"The dead-letter queue of {NAME}-notifier is empty." in left.output
    iam.put_role_policy(**policy, PolicyDocument=json.dumps(granted))
    assert f"{NAME}-validator: 1 events: 1 sent, 0 failed" in playbooks.run("redrive").succeeded().output
    assert proofs.waiting() == 0
    assert proofs.end_of(job_id)["ValidationStatus"] == "SUCCESSFUL"


def test_switched_off_nothing_of_it_stays_and_cleanup_removes_all(playbooks: Playbooks) -> None:
    playbooks.run("deploy", **{**SETTINGS, "restore_testing_enabled": False}).succeeded()
    sandbox = playbooks.sandbox
    assert sandbox.client("backup", REGION).list_restore_testing_plans()["RestoreTestingPlans"] == []
    functions = sandbox.client("lambda", REGION).list_functions()["Functions"]
    assert [function["FunctionName"] for function in functions] == [f"{NAME}-notifier"]
    roles = [role["RoleName"] for role in sandbox.client("iam").list_roles(PathPrefix="/proven-backup/")["Roles"]]
    assert [name for name in roles if "validator" in name] == []
    playbooks.run("deploy", **SETTINGS).succeeded()
    left = playbooks.run("audit", region=REGION)
    assert ":restore-testing-plan:proven_backup_dev-" in left.output
    assert "-validator" in left.output
    assert playbooks.run("cleanup", **SETTINGS, cleanup_keep_sandbox=True).succeeded()
    assert sandbox.client("backup", REGION).list_restore_testing_plans()["RestoreTestingPlans"] == []
