"""Publishing on behalf of an AWS service, which needs the topic's consent."""

from __future__ import annotations

import logging

from moto.sns.exceptions import TopicNotFound
from moto.sns.models import sns_backends
from moto.utilities.arns import parse_arn

from ..resource_policy import allows

log = logging.getLogger(__name__)


def publish_from_service(
    topic_arn: str,
    *,
    service: str,
    source_account: str,
    source_arn: str,
    subject: str,
    message: str,
    attributes: dict[str, str],
    source_owner: str | None = None,
    copies: int = 1,
) -> bool:
    """Publish as `service` (for example backup.amazonaws.com); returns whether the topic exists and lets it.

    A topic's default policy lets only those publish that say for which account they act: its condition is AWS:SourceOwner.

    Args:
        source_owner: the account a service acts for, where it says so: CloudWatch's alarms do, AWS Backup does not.
        copies: how often each subscription gets the message, always under the same message ID; SNS delivers at least once.
    """
    target = parse_arn(topic_arn)
    backend = sns_backends[target.account][target.region]
    try:
        topic = backend.get_topic(topic_arn)
    except TopicNotFound:
        log.warning("%s cannot publish to %s: there is no such topic", service, topic_arn)
        return False
    context = {"aws:SourceAccount": source_account, "aws:SourceArn": source_arn}
    if source_owner is not None:
        context["aws:SourceOwner"] = source_owner
    if not allows(topic._policy_json, service, "SNS:Publish", topic_arn, context):
        log.warning("%s cannot publish to %s: the topic's policy does not let it", service, topic_arn)
        return False
    if topic.kms_master_key_id.endswith("alias/aws/sns"):
        log.warning("%s cannot publish to %s: it is encrypted with alias/aws/sns, which no service can use", service, topic_arn)
        return False
    message_attributes = {name: {"Type": "String", "Value": value} for name, value in attributes.items()}
    message_id = backend.publish(message, topic_arn, subject=subject, message_attributes=message_attributes)
    for _ in range(copies - 1):
        for subscription in backend._get_topic_subscriptions(topic):
            subscription.publish(message, message_id, subject=subject, message_attributes=message_attributes)
    return True
