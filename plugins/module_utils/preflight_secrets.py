# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Preflight: secrets of the notifier's targets that are kept elsewhere. Only what is known about them is read, never their values."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.kms_keys import describe_key, get_key_policy
from ansible_collections.proven.aws_backup.plugins.module_utils.policy_documents import decide
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight import Check, ClientFactory, Finding, Place, Wanted
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight_key import remedy_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.client import BaseClient

CHECK = "secret"
ARN = re.compile(r"arn:[\w-]+:(?:ssm|secretsmanager):([\w-]*):(\d*):(?:parameter|secret:)(.+)")
MANAGED = ("alias/aws/ssm", "alias/aws/secretsmanager")
"""Keys that whoever may read the secret may use."""


@aws_call("look for the SSM parameter {names}")
def describe_parameters(client: BaseClient, names: list[str]) -> list[dict[str, Any]]:
    """What is known about the parameters that have one of these names, without their values."""
    filters = [{"Key": "Name", "Option": "Equals", "Values": names}]
    return client.get_paginator("describe_parameters").paginate(ParameterFilters=filters).build_full_result()["Parameters"]


@aws_call("look for the secret {secret_id}", missing=None)
def describe_secret(client: BaseClient, secret_id: str) -> dict[str, Any] | None:
    """What is known about a secret of Secrets Manager, without its value; None when there is none."""
    return client.describe_secret(SecretId=secret_id)


def checks(client: ClientFactory, wanted: Wanted, place: Place) -> list[Check]:
    """Each secret that is named."""
    return [Check(CHECK, reference, _look(client, reference, wanted, place)) for reference in wanted.secret_references]


def _look(client: ClientFactory, reference: str, wanted: Wanted, place: Place) -> Callable[[], Finding]:
    service, _colon, name = reference.partition(":")

    def look() -> Finding:
        arn = ARN.fullmatch(name)
        if arn and (arn[1], arn[2]) != (place.region, place.account_id):
            return Finding(CHECK, reference, "unknown", f"it is in {arn[1]} of account {arn[2]}, where this does not look", "look yourself")
        if service == "ssm":
            return _parameter(client, reference, [arn[3], arn[3].lstrip("/")] if arn else [name], wanted)
        return _secret(client, reference, name, wanted)

    return look


def _parameter(client: ClientFactory, reference: str, names: list[str], wanted: Wanted) -> Finding:
    found = describe_parameters(client("ssm"), names)
    if not found:
        remedy = f"create it with aws ssm put-parameter --type SecureString --name {names[0]}, or name another one in notifier_targets"
        return Finding(CHECK, reference, "failed", "there is no such SSM parameter in this account and Region", remedy)
    if found[0]["Type"] != "SecureString":
        remedy = "store it again with --type SecureString --overwrite"
        return Finding(CHECK, reference, "warning", f"it exists, as a {found[0]['Type']} that is not encrypted", remedy)
    return _judge_key(client, reference, found[0].get("KeyId"), wanted)


def _secret(client: ClientFactory, reference: str, name: str, wanted: Wanted) -> Finding:
    secret = describe_secret(client("secretsmanager"), name)
    if secret is None:
        remedy = f"create it with aws secretsmanager create-secret --name {name}, or name another one in notifier_targets"
        return Finding(CHECK, reference, "failed", "there is no such secret in this account and Region", remedy)
    if secret.get("DeletedDate"):
        return Finding(CHECK, reference, "failed", "it is to be deleted", f"aws secretsmanager restore-secret --secret-id {name}")
    if not any("AWSCURRENT" in stages for stages in secret.get("VersionIdsToStages", {}).values()):
        remedy = f"give it one with aws secretsmanager put-secret-value --secret-id {name}"
        return Finding(CHECK, reference, "failed", "it has no value", remedy)
    return _judge_key(client, reference, secret.get("KmsKeyId"), wanted)


def _judge_key(client: ClientFactory, reference: str, key_id: str | None, wanted: Wanted) -> Finding:
    """Whether the function may decrypt with the secret's key; deploy.yml allows it to read the secret itself."""
    if key_id is None or key_id.endswith(MANAGED):
        return Finding(CHECK, reference, "passed", "it exists, and AWS manages its key; its value was not read")
    key = describe_key(client("kms"), key_id)
    if key is None:
        return Finding(CHECK, reference, "failed", f"its key {key_id} does not exist", "store it again, with another key")
    if key["KeyState"] != "Enabled":
        return Finding(CHECK, reference, "failed", f"its key {key['Arn']} is {key['KeyState']}", remedy_of(key))
    if key.get("KeyManager") == "AWS" or any(fnmatchcase(key["Arn"], each) for each in wanted.secret_key_arns):
        return Finding(CHECK, reference, "passed", "it exists, and the function may use its key; its value was not read")
    if decide(get_key_policy(client("kms"), key["KeyId"]), set(wanted.function_role_arns[:1]), "kms:Decrypt", {}) == "allowed":
        return Finding(CHECK, reference, "passed", "it exists, and its key's policy lets the function use it; its value was not read")
    reason = f"the function may not decrypt it with its key {key['Arn']}"
    return Finding(CHECK, reference, "failed", reason, f"add {key['Arn']} to notifier_secret_key_arns")
