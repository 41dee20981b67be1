"""What the roles grant is needed: without it, deliveries and backups fail for that very reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Sandbox
from tests.integration.conftest import Playbooks
from tests.integration.deployed_notifier import ACTIONS, FUNCTION, PREFIX, Notifier, wait_for

REGION = "us-west-2"
SERVICE_ROLE = f"AWSBackup-proven-backup-dev-{REGION}"
NOTIFIER_ROLE = f"proven-backup-dev-notifier-{REGION}"
NOT_READABLE = f"SSM parameter {PREFIX}slack cannot be read (AccessDeniedException): the function's role needs ssm:GetParameter on it"


@pytest.fixture
def notifier(sandbox: Sandbox) -> Notifier:
    """A deployed notifier that has not sent anything yet."""
    deployed = Notifier(sandbox)
    deployed.deploy()
    deployed.put_secret()
    return deployed


def withdraw(notifier: Notifier, *actions: str) -> None:
    """Let the function's role do everything that it needs but this."""
    statement = {"Effect": "Allow", "Action": [action for action in ACTIONS if action not in actions], "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    notifier.client("iam").put_role_policy(RoleName=FUNCTION, PolicyName="notifier", PolicyDocument=document)


def test_unreadable_secret_leaves_the_event_in_the_dead_letter_queue(notifier: Notifier) -> None:
    withdraw(notifier, "ssm:GetParameter")
    (message_id,) = notifier.publish([1])
    (letter,) = wait_for(notifier.dead_letters)
    assert json.loads(letter["Body"])["Records"][0]["Sns"]["MessageId"] == message_id
    assert all(record["error"].startswith(NOT_READABLE) for record in notifier.deliveries("retry"))
    assert notifier.messages() == []


def test_event_is_lost_where_the_role_may_neither_read_nor_send(notifier: Notifier) -> None:
    withdraw(notifier, "ssm:GetParameter", "sqs:SendMessage")
    notifier.publish([1])
    wait_for(lambda: len(notifier.deliveries("retry")) == 3)
    withdraw(notifier, "sqs:SendMessage")
    notifier.publish([2])
    wait_for(notifier.messages)
    assert notifier.dead_letters() == []


def test_delivery_without_a_log(notifier: Notifier) -> None:
    withdraw(notifier, "logs:PutLogEvents")
    notifier.publish([1])
    wait_for(notifier.messages)
    assert notifier.log_text() == ""


@pytest.mark.playbook
def test_drill_fails_without_the_roles_policies(playbooks: Playbooks) -> None:
    playbooks.run("deploy", region=REGION).succeeded()
    iam = playbooks.sandbox.client("iam")
    attached = iam.list_attached_role_policies(RoleName=SERVICE_ROLE)["AttachedPolicies"]
    for policy in attached:
        iam.detach_role_policy(RoleName=SERVICE_ROLE, PolicyArn=policy["PolicyArn"])
    run = playbooks.run("test_backup").failed()
    assert "You are not authorized to perform this operation." in run.error
    for policy in attached:
        iam.attach_role_policy(RoleName=SERVICE_ROLE, PolicyArn=policy["PolicyArn"])
    document: dict[str, Any] = iam.get_role_policy(RoleName=NOTIFIER_ROLE, PolicyName="notifier")["PolicyDocument"]
    document["Statement"] = [statement for statement in document["Statement"] if statement["Action"] != "ssm:GetParameter"]
    iam.put_role_policy(RoleName=NOTIFIER_ROLE, PolicyName="notifier", PolicyDocument=json.dumps(document))
    # An environment that has read the secret keeps it for minutes.
    playbooks.sandbox.client("lambda", REGION).update_function_configuration(FunctionName="proven-backup-dev-notifier", MemorySize=192)
    run = playbooks.run("test_backup", drill_notification_timeout=5).failed()
    assert "the function's role needs ssm:GetParameter on it" in run.error
    playbooks.run("deploy", region=REGION).succeeded()
    playbooks.run("test_backup").succeeded()
