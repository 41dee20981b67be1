# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Preflight: the role that AWS Backup is to assume, where it exists already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.policy_documents import decide
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight import Check, ClientFactory, Finding, Place, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.client import BaseClient

TRUST = "role trust"
POLICIES = "role policies"
SERVICE = "backup.amazonaws.com"
NO_ROLE = "it does not exist yet; deploy.yml creates it"
NO_SUCH_ENTITY = ("NoSuchEntity", "NoSuchEntityException")

POLICIES_FOR_ALL = ("service-role/AWSBackupServiceRolePolicyForBackup", "service-role/AWSBackupServiceRolePolicyForRestores")
POLICIES_FOR_TYPES = {"S3": ("AWSBackupServiceRolePolicyForS3Backup", "AWSBackupServiceRolePolicyForS3Restore")}


@aws_call("look at the role {role_name}", missing=None, missing_codes=NO_SUCH_ENTITY)
def get_role(client: BaseClient, role_name: str) -> dict[str, Any] | None:
    """The role, with its trust policy as a document; None when it does not exist."""
    return client.get_role(RoleName=role_name)["Role"]


@aws_call("list the policies of the role {role_name}", missing=None, missing_codes=NO_SUCH_ENTITY)
def list_attached_role_policies(client: BaseClient, role_name: str) -> set[str] | None:
    """The ARNs of the managed policies of a role; None when it does not exist."""
    pages = client.get_paginator("list_attached_role_policies").paginate(RoleName=role_name)
    return {policy["PolicyArn"] for page in pages for policy in page["AttachedPolicies"]}


def checks(client: ClientFactory, wanted: Wanted, place: Place) -> list[Check]:
    """Whether AWS Backup may assume the role, and whether the role may back up and restore."""
    arn = wanted.iam_role_arn
    if not arn:
        return []
    return [
        Check(TRUST, arn, _trust(client, arn, place)),
        Check(POLICIES, arn, _policies(client, arn, wanted.resource_types, place)),
    ]


def checks_of_copies(client: ClientFactory, wanted: Wanted, place: Place) -> list[Check]:
    """Whether AWS Backup may assume the role for copies."""
    arn = wanted.copy_role_arn
    return [Check(TRUST, arn, _trust(client, arn, place))] if arn else []


def name_of(role_arn: str) -> str:
    """The name of a role, which its ARN has after the path."""
    return role_arn.rpartition("/")[2]


def needed_policies(resource_types: tuple[str, ...], partition: str) -> list[str]:
    """The ARNs of the managed policies that a role needs to back up and restore these types."""
    names = [*POLICIES_FOR_ALL, *(name for each in resource_types for name in POLICIES_FOR_TYPES.get(each, ()))]
    return [f"arn:{partition}:iam::aws:policy/{name}" for name in dict.fromkeys(names)]


def _trust(client: ClientFactory, arn: str, place: Place) -> Callable[[], Finding]:
    def look() -> Finding:
        role = get_role(client("iam"), name_of(arn))
        if role is None:
            return Finding(TRUST, arn, "passed", NO_ROLE)
        decision = decide(role["AssumeRolePolicyDocument"], {SERVICE}, "sts:AssumeRole", {"aws:SourceAccount": place.account_id})
        if decision == "allowed":
            return Finding(TRUST, arn, "passed", f"it trusts {SERVICE}")
        if decision == "conditional":
            return Finding(TRUST, arn, "unknown", f"its trust in {SERVICE} has conditions that are not understood here", "read them")
        remedy = f"let {SERVICE} do sts:AssumeRole in the role's trust policy, or run deploy.yml"
        return Finding(TRUST, arn, "failed", f"it does not trust {SERVICE}", remedy)

    return look


def _policies(client: ClientFactory, arn: str, resource_types: tuple[str, ...], place: Place) -> Callable[[], Finding]:
    def look() -> Finding:
        attached = list_attached_role_policies(client("iam"), name_of(arn))
        if attached is None:
            return Finding(POLICIES, arn, "passed", NO_ROLE)
        needed = needed_policies(resource_types, place.partition)
        missing = [name_of(each) for each in needed if each not in attached]
        if not missing:
            return Finding(POLICIES, arn, "passed", f"{len(needed)} managed policies of AWS Backup are attached")
        remedy = "attach them with aws iam attach-role-policy, or run deploy.yml"
        return Finding(POLICIES, arn, "failed", f"not attached: {', '.join(missing)}", remedy)

    return look
