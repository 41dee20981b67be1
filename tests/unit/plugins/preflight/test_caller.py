"""What the caller may do, and look-ups that the caller may not make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight import Place, Wanted, run
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight_caller import CHECK, Question, checks_of_passing, judge
from ansible_collections.proven.aws_backup.plugins.modules import backup_preflight_info

from .conftest import ACCOUNT, Ask, allow

ROLE = f"arn:aws:iam::{ACCOUNT}:role/stage/backup"
FUNCTION_ROLE = f"arn:aws:iam::{ACCOUNT}:role/stage/notifier"
WANTED = {"iam_role_arn": ROLE, "function_role_arns": [FUNCTION_ROLE], "backup_vault_name": "nightly"}
ASKING = allow("iam:SimulatePrincipalPolicy", "iam:GetRole")
Session = Callable[..., dict[str, str]]


def results(found: list[dict[str, str]]) -> dict[str, str]:
    """The result of each check."""
    return {each["subject"]: each["result"] for each in found}


def test_the_owner_may_do_everything(ask: Ask) -> None:
    assert results(ask(checks=["pass_role", "start_job"], **WANTED)) == {
        "iam:PassRole to backup.amazonaws.com": "passed",
        "iam:PassRole to lambda.amazonaws.com": "passed",
        "backup:StartBackupJob": "passed",
    }


def test_a_caller_who_may_pass_one_of_the_roles(ask: Ask, session: Session) -> None:
    passing = allow("iam:PassRole", resource=ROLE, StringEquals={"iam:PassedToService": "backup.amazonaws.com"})
    caller = session(ASKING, passing, allow("backup:*", resource="arn:aws:backup:us-west-2:*:backup-vault:nightly"))
    found = ask(checks=["pass_role", "start_job"], **WANTED, **caller)
    assert results(found) == {
        "iam:PassRole to lambda.amazonaws.com": "failed",
        "iam:PassRole to backup.amazonaws.com": "passed",
        "backup:StartBackupJob": "passed",
    }
    assert (found[0]["reason"], found[0]["remedy"]) == (
        "no policy of the caller allows it",
        f"allow the caller iam:PassRole on {FUNCTION_ROLE} with iam:PassedToService lambda.amazonaws.com (docs/permissions.md)",
    )


def test_a_restore_testing_plan_gets_the_role_too_and_a_second_function_its_own(ask: Ask, session: Session) -> None:
    passing = allow("iam:PassRole", resource=ROLE, StringEquals={"iam:PassedToService": "backup.amazonaws.com"})
    functions = [FUNCTION_ROLE, f"arn:aws:iam::{ACCOUNT}:role/stage/validator"]
    wanted = {"checks": ["pass_role"], "iam_role_arn": ROLE, "function_role_arns": functions, "tests_restores": True}
    assert results(ask(**wanted, **session(ASKING, passing, allow("iam:PassRole", resource=functions[0])))) == {
        "iam:PassRole to backup.amazonaws.com": "passed",
        "iam:PassRole to restore-testing.backup.amazonaws.com": "failed",
        "iam:PassRole of notifier to lambda.amazonaws.com": "passed",
        "iam:PassRole of validator to lambda.amazonaws.com": "failed",
    }


def test_an_explicit_deny(ask: Ask, session: Session) -> None:
    deny = {"Effect": "Deny", "Action": "iam:PassRole", "Resource": ROLE}
    found = ask(checks=["pass_role"], iam_role_arn=ROLE, **session(ASKING, allow("*"), deny))
    assert [(each["result"], each["reason"]) for each in found] == [("failed", "a policy of the caller denies it")]


def test_a_caller_who_may_not_ask_is_told_what_is_missing(ask: Ask, session: Session) -> None:
    (finding,) = ask(checks=["pass_role"], iam_role_arn=ROLE, **session(allow("iam:GetRole")))
    assert (finding["result"], finding["reason"]) == ("unknown", "the caller lacks iam:SimulatePrincipalPolicy")
    assert finding["remedy"] == "allow the caller iam:SimulatePrincipalPolicy, or look yourself"


def test_a_caller_who_may_nothing_gets_unknown_everywhere_and_all_permissions_named(sandbox: Any, ask: Ask, session: Session) -> None:
    everything = {
        "resource_types": ["EC2"],
        "resource_arns": ["arn:aws:s3:::photos"],
        "backup_plan_name": "nightly",
        "kms_key_ids": ["alias/nightly"],
        "sns_topic_arns": [f"arn:aws:sns:us-west-2:{ACCOUNT}:events"],
        "vpc_names": ["nightly"],
        "db_instance_names": ["nightly"],
        "delete_after_days": 1,
    }
    sandbox.client("backup").create_backup_vault(BackupVaultName="nightly")
    found = ask(**WANTED, **everything, **session())
    assert {each["result"] for each in found} == {"unknown"}
    assert {each["reason"].removeprefix("the caller lacks ") for each in found} == {
        "backup:DescribeRegionSettings",
        "s3:GetBucketVersioning",
        "iam:GetRole",
        "iam:ListAttachedRolePolicies",
        "kms:DescribeKey",
        "backup:ListBackupVaults",
        "sns:GetTopicAttributes",
        "backup:ListBackupJobs",
        "backup:ListBackupPlans",
        "ec2:DescribeVpcs",
        "rds:DescribeDBInstances",
        "servicequotas:GetServiceQuota",
    }


def test_bad_credentials_are_the_only_finding(sandbox: Any, run_module: Any) -> None:
    options = {**sandbox.connection(), "endpoint_url": "http://127.0.0.1:1", "backup_vault_name": "nightly"}
    (finding,) = run_module(backup_preflight_info, options)["findings"]
    assert (finding["check"], finding["result"]) == ("credentials", "failed")
    assert "127.0.0.1:1" in finding["reason"]


@pytest.mark.parametrize(
    ("answer", "result", "reason"),
    [
        ({"EvalDecision": "allowed"}, "passed", "IAM's simulator allows it"),
        ({"EvalDecision": "implicitDeny", "MissingContextValues": ["aws:SourceVpc"]}, "unknown", "it depends on aws:SourceVpc"),
        # A Deny without MFA: the caller may well have it.
        (
            {
                "EvalDecision": "explicitDeny",
                "MissingContextValues": [],
                "ResourceSpecificResults": [{"MissingContextValues": ["aws:MultiFactorAuthPresent"]}],
            },
            "unknown",
            "it depends on aws:MultiFactorAuthPresent",
        ),
        (
            {"EvalDecision": "implicitDeny", "OrganizationsDecisionDetail": {"AllowedByOrganizations": False}},
            "failed",
            "a policy of the organization denies it",
        ),
    ],
)
def test_answers_that_the_sandbox_never_gives(answer: dict[str, Any], result: str, reason: str) -> None:
    finding = judge(Question("iam:PassRole", ROLE, "backup.amazonaws.com"), answer)
    assert (finding.check, finding.result, finding.reason) == (CHECK, result, reason)


def test_the_root_user_needs_no_simulation() -> None:
    place = Place(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", "us-west-2", lambda: None)
    (check,) = checks_of_passing(lambda _service: None, Wanted(iam_role_arn=ROLE), place)
    assert run(check).result == "passed"
