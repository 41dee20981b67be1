# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Preflight: whether the caller may do what is refused late otherwise, as IAM's simulator answers it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight import Check, ClientFactory, Finding, Place, Wanted, once
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight_role import get_role

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.client import BaseClient

CHECK = "permission"
SESSION = re.compile(r"arn:[\w-]+:sts::\d{12}:assumed-role/([^/]+)/.*")
ROOT = re.compile(r"arn:[\w-]+:iam::\d{12}:root")
SERVICE = "backup.amazonaws.com"
SERVICE_OF_TESTS = "restore-testing.backup.amazonaws.com"
POLICY_FOR_RESTORES = "service-role/AWSBackupServiceRolePolicyForRestores"

POINTS = {
    "EC2": "ec2:{region}::image/ami-00000000000000000",
    "EBS": "ec2:{region}::snapshot/snap-00000000000000000",
    "RDS": "rds:{region}:{account}:snapshot:awsbackup:job-00000000-0000-0000-0000-000000000000",
    "Aurora": "rds:{region}:{account}:cluster-snapshot:awsbackup:job-00000000-0000-0000-0000-000000000000",
    "EFS": "backup:{region}:{account}:recovery-point:00000000-0000-0000-0000-000000000000",
    "S3": "backup:{region}:{account}:recovery-point:00000000-0000-0000-0000-000000000000",
}
"""By type, how the ARN of a recovery point looks; a table's has one of two forms, which only the point itself tells."""


@dataclass(frozen=True)
class Question:
    """What the caller must be allowed to do.

    Attributes:
        passed_to: of iam:PassRole, the service that gets the role.
        of: what the resource is, where the same is asked of several.
        policy_arn: of iam:AttachRolePolicy, the policy.
    """

    action: str
    resource_arn: str
    passed_to: str = ""
    of: str = ""
    policy_arn: str = ""

    @property
    def subject(self) -> str:
        """For the finding."""
        return f"{self.action}{f' of {self.of}' if self.of else ''}{f' to {self.passed_to}' if self.passed_to else ''}"

    def context(self, region: str) -> dict[str, str]:
        """The condition keys that the action will have."""
        if self.passed_to:
            return {"iam:PassedToService": self.passed_to}
        return {"aws:RequestedRegion": region, **({"iam:PolicyARN": self.policy_arn} if self.policy_arn else {})}


@aws_call("simulate the caller's policies for {action}")
def simulate(client: BaseClient, policy_source_arn: str, action: str, resource_arn: str, context: dict[str, str]) -> dict[str, Any]:
    """How IAM decides on one action of a user or role on one resource."""
    entries = [{"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"} for key, value in context.items()]
    answer = client.simulate_principal_policy(
        PolicySourceArn=policy_source_arn, ActionNames=[action], ResourceArns=[resource_arn], ContextEntries=entries
    )
    return answer["EvaluationResults"][0]


def checks_of_passing(client: ClientFactory, wanted: Wanted, place: Place) -> list[Check]:
    """Whether the caller may pass each role to its service."""
    services = [SERVICE, *([SERVICE_OF_TESTS] if wanted.tests_restores else [])] if wanted.iam_role_arn else []
    passing = [Question("iam:PassRole", str(wanted.iam_role_arn), service) for service in services]
    several = len(wanted.function_role_arns) > 1
    for arn in wanted.function_role_arns:
        passing.append(Question("iam:PassRole", arn, "lambda.amazonaws.com", of=arn.rpartition("/")[2] if several else ""))
    return _checks(client, place, passing)


def checks_of_restoring(client: ClientFactory, wanted: Wanted, place: Place) -> list[Check]:
    """Whether the caller may make the role that AWS Backup is to restore with, and start restore jobs."""
    role = wanted.iam_role_arn
    if not role:
        return []
    policy = f"arn:{place.partition}:iam::aws:policy/{POLICY_FOR_RESTORES}"
    making = [Question("iam:CreateRole", role), Question("iam:AttachRolePolicy", role, policy_arn=policy)]
    return _checks(client, place, making + _of_points("backup:StartRestoreJob", wanted, place))


def checks_of_copying(client: ClientFactory, wanted: Wanted, place: Place) -> list[Check]:
    """Whether the caller may start copy jobs, and pass the role for them."""
    role = wanted.copy_role_arn
    if not role:
        return []
    passing = Question("iam:PassRole", role, SERVICE, of="the role for copies")
    return _checks(client, place, [passing, *_of_points("backup:StartCopyJob", wanted, place)])


def checks_of_permissions(client: ClientFactory, wanted: Wanted, place: Place) -> list[Check]:
    """Whether the caller may do what is listed."""
    return _checks(client, place, [Question(action, arn) for action, arn in wanted.permissions])


def _of_points(action: str, wanted: Wanted, place: Place) -> list[Question]:
    types: dict[str, list[str]] = {}
    for each in wanted.resource_types:
        if each in POINTS:
            types.setdefault(POINTS[each].format(region=place.region, account=place.account_id), []).append(each)
    return [Question(action, f"arn:{place.partition}:{point}", of=" and ".join(names)) for point, names in types.items()]


def checks_of_starting(client: ClientFactory, wanted: Wanted, place: Place) -> list[Check]:
    """Whether the caller may start jobs into the vault."""
    if not wanted.backup_vault_name:
        return []
    vault = f"arn:{place.partition}:backup:{place.region}:{place.account_id}:backup-vault:{wanted.backup_vault_name}"
    return _checks(client, place, [Question("backup:StartBackupJob", vault)])


def _checks(client: ClientFactory, place: Place, questions: list[Question]) -> list[Check]:
    source = once(lambda: policy_source(client, place.caller_arn))
    return [Check(CHECK, each.subject, _question(client, each, place, source)) for each in questions]


def policy_source(client: ClientFactory, caller_arn: str) -> str:
    """The ARN of the user or role whose policies decide; a session's own ARN lacks the path of its role.

    Raises:
        AnsibleBackupError: the role cannot be looked at.
    """
    session = SESSION.fullmatch(caller_arn)
    role = get_role(client("iam"), session[1]) if session else None
    return role["Arn"] if role else caller_arn


def _question(client: ClientFactory, question: Question, place: Place, source: Callable[[], str]) -> Callable[[], Finding]:
    def look() -> Finding:
        if ROOT.fullmatch(place.caller_arn):
            return Finding(CHECK, question.subject, "passed", "the account's root user may do everything")
        context = question.context(place.region)
        return judge(question, simulate(client("iam"), source(), question.action, question.resource_arn, context))

    return look


def judge(question: Question, answer: dict[str, Any]) -> Finding:
    """The finding that follows from the simulator's answer."""
    decision = answer["EvalDecision"]
    if decision == "allowed":
        return Finding(CHECK, question.subject, "passed", "IAM's simulator allows it")
    missing = _missing_context(answer)
    if missing:
        return Finding(CHECK, question.subject, "unknown", f"it depends on {', '.join(missing)}", "read the caller's policies")
    condition = f" with iam:PassedToService {question.passed_to}" if question.passed_to else ""
    allowed = answer.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations", True)
    if not allowed:
        return Finding(CHECK, question.subject, "failed", "a policy of the organization denies it", "ask its administrators")
    if decision == "explicitDeny":
        remedy = f"remove the Deny of {question.action} on {question.resource_arn} from the caller's policies"
        return Finding(CHECK, question.subject, "failed", "a policy of the caller denies it", remedy)
    remedy = f"allow the caller {question.action} on {question.resource_arn}{condition} (docs/permissions.md)"
    return Finding(CHECK, question.subject, "failed", "no policy of the caller allows it", remedy)


def _missing_context(answer: dict[str, Any]) -> list[str]:
    """The condition keys that only the real call has, such as whether there is MFA: a Deny, too, can hang on one."""
    of_resources = (each.get("MissingContextValues", []) for each in answer.get("ResourceSpecificResults", []))
    return sorted({*answer.get("MissingContextValues", []), *(key for keys in of_resources for key in keys)})
