# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Preflight: whether AWS Backup may publish to a topic that exists already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.kms_keys import describe_key, get_key_policy
from ansible_collections.proven.aws_backup.plugins.module_utils.policy_documents import decide
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight import Check, ClientFactory, Finding, Place, Wanted
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight_key import remedy_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.client import BaseClient

POLICY = "topic policy"
ENCRYPTION = "topic encryption"
SERVICE = "backup.amazonaws.com"
NO_TOPIC = "it does not exist yet; deploy.yml creates it"
OWN_KEY = f"encrypt it with a customer managed key whose policy lets {SERVICE} do kms:GenerateDataKey* and kms:Decrypt, or not at all"
MANAGED = "its key is managed by AWS, which does not let AWS Backup use it: every notification would be lost"
KEY_USES = ("kms:GenerateDataKey", "kms:Decrypt")


@aws_call("look at the topic {topic_arn}", missing=None, missing_codes=("NotFound", "NotFoundException"))
def get_topic_attributes(client: BaseClient, topic_arn: str) -> dict[str, str] | None:
    """The topic's attributes; None when it does not exist."""
    return client.get_topic_attributes(TopicArn=topic_arn)["Attributes"]


def checks(client: ClientFactory, wanted: Wanted, place: Place) -> list[Check]:
    """The policy of each topic, and the key that encrypts it."""
    found = []
    for arn in wanted.sns_topic_arns:
        found += [Check(POLICY, arn, _policy(client, arn, place)), Check(ENCRYPTION, arn, _encryption(client, arn, place))]
    return found


def _policy(client: ClientFactory, arn: str, place: Place) -> Callable[[], Finding]:
    def look() -> Finding:
        attributes = get_topic_attributes(client("sns"), arn)
        if attributes is None:
            return Finding(POLICY, arn, "passed", NO_TOPIC)
        # AWS Backup sends no aws:SourceOwner, which the policy that every new topic has asks for.
        context = {"aws:SourceAccount": place.account_id, "aws:SourceOwner": None}
        decision = decide(attributes.get("Policy", "{}"), {SERVICE}, "sns:Publish", context)
        if decision == "allowed":
            return Finding(POLICY, arn, "passed", f"{SERVICE} may publish to it")
        if decision == "conditional":
            return Finding(POLICY, arn, "unknown", f"{SERVICE} may publish under conditions that are not understood here", "read them")
        remedy = f"let {SERVICE} do SNS:Publish in the topic's policy, or run deploy.yml"
        return Finding(POLICY, arn, "failed", f"{SERVICE} may not publish to it, and no notification would arrive", remedy)

    return look


def _encryption(client: ClientFactory, arn: str, place: Place) -> Callable[[], Finding]:
    def look() -> Finding:
        attributes = get_topic_attributes(client("sns"), arn)
        if attributes is None:
            return Finding(ENCRYPTION, arn, "passed", NO_TOPIC)
        key_id = attributes.get("KmsMasterKeyId")
        if not key_id:
            return Finding(ENCRYPTION, arn, "passed", "it is not encrypted with a key of KMS")
        return _judge_key(client, arn, key_id, place)

    return look


def _judge_key(client: ClientFactory, arn: str, key_id: str, place: Place) -> Finding:
    if key_id.endswith("alias/aws/sns"):
        return Finding(ENCRYPTION, arn, "failed", MANAGED, OWN_KEY)
    key = describe_key(client("kms"), key_id)
    if key is None:
        return Finding(ENCRYPTION, arn, "failed", f"there is no key {key_id}", OWN_KEY)
    if key.get("KeyManager") == "AWS":
        return Finding(ENCRYPTION, arn, "failed", MANAGED, OWN_KEY)
    if key["KeyState"] != "Enabled":
        return Finding(ENCRYPTION, arn, "failed", f"its key {key['KeyId']} is {key['KeyState']}", remedy_of(key))
    policy = get_key_policy(client("kms"), key["KeyId"])
    decisions = [decide(policy, {SERVICE}, use, {"aws:SourceAccount": place.account_id}) for use in KEY_USES]
    if set(decisions) == {"allowed"}:
        return Finding(ENCRYPTION, arn, "passed", f"its key {key['KeyId']} lets {SERVICE} use it")
    if set(decisions) <= {"allowed", "conditional"}:
        return Finding(ENCRYPTION, arn, "unknown", "the policy of its key has conditions that are not understood here", "read them")
    return Finding(ENCRYPTION, arn, "failed", f"the policy of its key {key['KeyId']} does not let {SERVICE} use it", OWN_KEY)
