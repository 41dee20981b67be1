#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sns_subscription
version_added: 0.1.0
short_description: Manage an SNS subscription and where it keeps what it cannot deliver
description:
  - Subscribes an endpoint to a topic, and gives the subscription a dead-letter queue, which M(community.aws.sns_topic) cannot.
notes:
  - Needs the permissions C(sns:ListSubscriptionsByTopic) and C(sns:GetSubscriptionAttributes); to write, C(sns:Subscribe),
    C(sns:SetSubscriptionAttributes) and C(sns:Unsubscribe).
  - The queue's policy must let C(sns.amazonaws.com) send messages to it for the topic.
  - A subscription that its endpoint (an e-mail address, for example) has not confirmed cannot be changed or ended. AWS forgets it after
    two days.
options:
  state:
    description:
      - V(present) subscribes the endpoint.
      - V(absent) ends its subscription. A topic that does not exist is no error then.
    type: str
    choices: [present, absent]
    default: present
  topic_arn:
    description: The ARN of the topic.
    type: str
    required: true
  protocol:
    description: The endpoint's protocol, for example V(lambda) or V(sqs).
    type: str
    required: true
  endpoint:
    description: Where the messages go, for V(lambda) and V(sqs) an ARN.
    type: str
    required: true
  dead_letter_arn:
    description: The ARN of the SQS queue for messages that could not be delivered. Not given, they are lost.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - proven.aws_backup.requirements.aws
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.action_group
attributes:
  check_mode:
    support: full
    details:
      - A topic that does not exist counts as one without subscriptions, since an earlier task may have to create it.
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: community.aws.sns_topic
  - module: proven.aws_backup.eventbridge_rule
author:
  - "proven.aws_backup contributors (!UNKNOWN)"
"""

EXAMPLES = r"""
- name: Give a function a topic's messages, and a queue those that could not be delivered
  proven.aws_backup.sns_subscription:
    topic_arn: arn:aws:sns:us-west-2:123456789012:backup-events
    protocol: lambda
    endpoint: arn:aws:lambda:us-west-2:123456789012:function:backup-notifier
    dead_letter_arn: arn:aws:sqs:us-west-2:123456789012:backup-undelivered

- name: End the subscription
  proven.aws_backup.sns_subscription:
    state: absent
    topic_arn: arn:aws:sns:us-west-2:123456789012:backup-events
    protocol: lambda
    endpoint: arn:aws:lambda:us-west-2:123456789012:function:backup-notifier
"""

RETURN = r"""
subscription:
  description: The subscription after the module ran, null when there is none.
  returned: success
  type: dict
  contains:
    subscription_arn:
      description: Its ARN; V(PendingConfirmation) as long as the endpoint has not confirmed it. Empty in check mode for a new one.
      type: str
      sample: arn:aws:sns:us-west-2:123456789012:backup-events:2bcfbf39-05c3-41de-beaa-fcfcc21c8f55
    topic_arn:
      description: The topic.
      type: str
      sample: arn:aws:sns:us-west-2:123456789012:backup-events
    protocol:
      description: The endpoint's protocol.
      type: str
      sample: lambda
    endpoint:
      description: Where the messages go.
      type: str
      sample: arn:aws:lambda:us-west-2:123456789012:function:backup-notifier
    dead_letter_arn:
      description: The queue for what could not be delivered, null when there is none.
      type: str
      sample: arn:aws:sqs:us-west-2:123456789012:backup-undelivered
"""

import json
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, aws_call, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import require

MISSING = ("NotFound", "NotFoundException")
PENDING = "PendingConfirmation"

Subscription = dict[str, Any]


@aws_call("list the subscriptions of the topic {topic_arn}", missing=[], missing_codes=MISSING)
def list_subscriptions(client: Any, topic_arn: str) -> list[dict[str, Any]]:
    """The subscriptions of a topic; none for a topic that does not exist."""
    pages = client.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic_arn)
    return [subscription for page in pages for subscription in page["Subscriptions"]]


@aws_call("read the subscription {subscription_arn}", missing={}, missing_codes=MISSING)
def get_attributes(client: Any, subscription_arn: str) -> dict[str, str]:
    """The attributes of a subscription."""
    return client.get_subscription_attributes(SubscriptionArn=subscription_arn)["Attributes"]


@aws_call("subscribe {endpoint} to the topic {topic_arn}")
def subscribe(client: Any, topic_arn: str, protocol: str, endpoint: str, attributes: dict[str, str]) -> str:
    """Subscribe an endpoint; returns the ARN of its subscription."""
    answer = client.subscribe(TopicArn=topic_arn, Protocol=protocol, Endpoint=endpoint, Attributes=attributes, ReturnSubscriptionArn=True)
    return answer["SubscriptionArn"]


@aws_call("set the dead-letter queue of the subscription {subscription_arn}")
def set_redrive_policy(client: Any, subscription_arn: str, policy: str) -> None:
    """Set a subscription's redrive policy; {} removes it."""
    client.set_subscription_attributes(SubscriptionArn=subscription_arn, AttributeName="RedrivePolicy", AttributeValue=policy)


@aws_call("end the subscription {subscription_arn}", missing=None, missing_codes=MISSING)
def unsubscribe(client: Any, subscription_arn: str) -> None:
    """End a subscription. That there is none any more is no error."""
    client.unsubscribe(SubscriptionArn=subscription_arn)


def read_subscription(client: Any, topic_arn: str, protocol: str, endpoint: str) -> Subscription | None:
    """The subscription of an endpoint as the module returns it; None when there is none.

    Raises:
        AnsibleBackupError: it cannot be read.
    """
    for found in list_subscriptions(client, topic_arn):
        if (found["Protocol"], found["Endpoint"]) == (protocol, endpoint):
            arn = found["SubscriptionArn"]
            attributes = {} if arn == PENDING else get_attributes(client, arn)
            queue = json.loads(attributes.get("RedrivePolicy") or "{}").get("deadLetterTargetArn")
            return to_subscription(topic_arn, protocol, endpoint, arn, queue)
    return None


def to_subscription(topic_arn: str, protocol: str, endpoint: str, arn: str, queue: str | None) -> Subscription:
    """A subscription as the module returns it."""
    return {"subscription_arn": arn, "topic_arn": topic_arn, "protocol": protocol, "endpoint": endpoint, "dead_letter_arn": queue}


def require_confirmed(subscription: Subscription) -> None:
    """Raise AnsibleBackupError for a subscription that has no ARN yet."""
    message = (
        f"{subscription['endpoint']} has not confirmed its subscription to {subscription['topic_arn']}: until then, AWS cannot change it"
    )
    require(subscription["subscription_arn"] != PENDING, message)


def write(client: Any, before: Subscription | None, after: Subscription) -> str:
    """Bring a subscription to what is wanted; returns its ARN.

    Raises:
        AnsibleBackupError: AWS refused it.
    """
    policy = json.dumps({"deadLetterTargetArn": after["dead_letter_arn"]}) if after["dead_letter_arn"] else "{}"
    if before is None:
        attributes = {"RedrivePolicy": policy} if after["dead_letter_arn"] else {}
        return subscribe(client, after["topic_arn"], after["protocol"], after["endpoint"], attributes)
    require(
        before["subscription_arn"] != PENDING, f"{after['endpoint']} must confirm its subscription before it can have a dead-letter queue"
    )
    set_redrive_policy(client, before["subscription_arn"], policy)
    return before["subscription_arn"]


def ensure(module: AnsibleAWSModule, client: Any) -> dict[str, Any]:
    """Bring the subscription to what is wanted and return the module's result.

    Raises:
        AnsibleBackupError: a call failed.
    """
    place = (module.params["topic_arn"], module.params["protocol"], module.params["endpoint"])
    before = read_subscription(client, *place)
    after = None
    if module.params["state"] == "present":
        after = to_subscription(*place, before["subscription_arn"] if before else "", module.params["dead_letter_arn"])
    result = {"changed": before != after, "diff": {"before": before or {}, "after": after or {}}}
    if before != after and not module.check_mode:
        if after is not None:
            after = {**after, "subscription_arn": write(client, before, after)}
        elif before is not None:
            require_confirmed(before)
            unsubscribe(client, before["subscription_arn"])
    return {**result, "subscription": after}


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "state": {"choices": ["present", "absent"], "default": "present"},
            "topic_arn": {"required": True},
            "protocol": {"required": True},
            "endpoint": {"required": True},
            "dead_letter_arn": {},
        },
        supports_check_mode=True,
    )
    try:
        result = ensure(module, module.client("sns"))
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
