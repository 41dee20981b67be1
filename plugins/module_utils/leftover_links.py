# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What still points at a stage's topics, functions, queues and rules: subscriptions, rules of others, permissions to invoke functions."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory, Leftover, Stage, type_of

TARGET_TYPES = frozenset({"lambda:function", "sns:topic", "sqs:queue"})

POLICIES_AT_A_TIME = 4
"""AWS Lambda answers 15 calls a second that are not invocations."""

WITHOUT_ARN = ("PendingConfirmation", "Deleted")
"""What SNS lists instead of the ARN of a subscription that it forgets by itself: one that nobody confirmed, after 48 hours."""


def find_subscriptions(client: ClientFactory, stage: Stage) -> list[Leftover]:
    """The subscriptions of the stage's topics, and of its functions and queues to any topic of this account and Region."""
    subscriptions = _list_subscriptions(client("sns"))
    return [_subscription(each) for each in subscriptions if {each["TopicArn"], each["Endpoint"]} & set(stage.resource_arns)]


def find_rules_for(client: ClientFactory, target_arn: str) -> list[Leftover]:
    """The rules of the default event bus that send events to a resource, whether it exists or not."""
    prefix = ":".join(["arn", target_arn.split(":")[1], "events", *target_arn.split(":")[3:5]])
    return [Leftover(f"{prefix}:rule/{name}", f"sends events to {target_arn}") for name in _list_rules_for(client("events"), target_arn)]


def find_permissions(client: ClientFactory, stage: Stage) -> list[Leftover]:
    """The functions of others whose policies still let a topic or rule of the stage invoke them."""
    functions = client("lambda")
    arns = [arn for arn in _list_functions(functions) if arn not in stage.resource_arns]
    with ThreadPoolExecutor(POLICIES_AT_A_TIME) as pool:
        policies = list(pool.map(partial(_get_policy, functions), arns))
    found = [(arn, list(_permissions(policy, stage.resource_arns))) for arn, policy in zip(arns, policies, strict=True) if policy]
    return [_permission(arn, statements) for arn, statements in found if statements]


def _subscription(subscription: dict[str, str]) -> Leftover:
    """A subscription as a leftover; its endpoint is not told, since that of a webhook is a secret."""
    arn, topic_arn = subscription["SubscriptionArn"], subscription["TopicArn"]
    reason = f"subscribes an endpoint ({subscription['Protocol']}) to {topic_arn}"
    if arn in WITHOUT_ARN:
        return Leftover(
            f"{topic_arn}:{arn}", f"{reason}; AWS forgets it by itself", known_type="sns:subscription", known_cost="nothing", is_ending=True
        )
    return Leftover(arn, reason, known_type="sns:subscription")


def _permission(function_arn: str, statements: list[tuple[str, str]]) -> Leftover:
    reason = "; ".join(f"its statement {sid} lets {source} invoke it" for sid, source in statements)
    return Leftover(function_arn, reason, known_type="lambda:permission", known_cost="nothing")


def _permissions(policy: str, source_arns: Collection[str]) -> Iterator[tuple[str, str]]:
    """The statements of a policy that name one of these ARNs as the source, each as its ID and the ARN."""
    for statement in json.loads(policy)["Statement"]:
        for operands in statement.get("Condition", {}).values():
            values = (value for key, value in operands.items() if key.lower() == "aws:sourcearn")
            named = {source for value in values for source in ([value] if isinstance(value, str) else value)}
            yield from ((statement["Sid"], source) for source in sorted(named.intersection(source_arns)))


@aws_call("list the subscriptions of this Region")
def _list_subscriptions(client: Any) -> list[dict[str, str]]:
    return client.get_paginator("list_subscriptions").paginate().build_full_result()["Subscriptions"]


@aws_call("list the rules that send events to {target_arn}")
def _list_rules_for(client: Any, target_arn: str) -> list[str]:
    return client.get_paginator("list_rule_names_by_target").paginate(TargetArn=target_arn).build_full_result()["RuleNames"]


@aws_call("list the functions of this Region")
def _list_functions(client: Any) -> list[str]:
    functions = client.get_paginator("list_functions").paginate().build_full_result()["Functions"]
    return [function["FunctionArn"] for function in functions]


@aws_call("read the policy of {function_arn}", missing=None)
def _get_policy(client: Any, function_arn: str) -> str | None:
    return client.get_policy(FunctionName=function_arn)["Policy"]


def targets_of(stage: Stage) -> list[str]:
    """The resources of a stage that a rule can send events to."""
    return [arn for arn in stage.resource_arns if type_of(arn) in TARGET_TYPES]
