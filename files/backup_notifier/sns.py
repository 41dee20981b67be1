"""A message of a vault's SNS topic as a notification."""

from __future__ import annotations

from typing import Any

from . import arn, families, wording
from .attributes import Attributes
from .notification import Notification
from .text import as_json, text, unquoted, whole_number


def notification(message: dict[str, Any], record: Any) -> Notification:
    """The notification in a record's message, whose text need not be one of AWS Backup's.

    Args:
        message: the record's Sns.
        record: shown as it is when the message has no text.
    """
    words = message["Message"] if isinstance(message.get("Message"), str) else as_json(record)
    attributes = Attributes.of_message(message.get("MessageAttributes"))
    sentence_type, sentence_state = wording.job_sentence(words)
    family, state = families.of_event_type(attributes.take("EventType") or wording.notice(words))
    job_type = families.job_type(family) or _type_by_attribute(attributes) or sentence_type or wording.job_id(words)[0]
    job_id = attributes.take("Id", *(f"{known}JobId" for known in families.JOB_TYPES)) or wording.job_id(words)[1]
    resource_arn = attributes.take("ResourceArn") or wording.resource_arn(words)
    recovery_point_arn = attributes.take("RecoveryPointArn") or wording.recovery_point_arn(words)
    vault_arn = attributes.take("BackupVaultArn")
    place = arn.place(text(message, "TopicArn"), vault_arn, resource_arn, recovery_point_arn)
    cluster = attributes.take("clusterName")
    details = _of_kubernetes(attributes) if cluster else ()
    return Notification(
        text=words,
        route="sns",
        recognised=bool(sentence_type and job_id),
        event_type=family or (f"{job_type.upper()}_JOB" if sentence_type else ""),
        state=families.state(attributes.take("State", "IndexStatus"), job_type) or state or sentence_state,
        job_type=job_type,
        job_id=job_id,
        parent_job_id=attributes.take(*(f"parent{known.capitalize()}JobId" for known in families.JOB_TYPES), "parentJobId"),
        account_id=attributes.take("AccountId") or place.account,
        region=place.region,
        partition=place.partition or arn.partition_of(place.region),
        vault_name=attributes.take("BackupVaultName") or arn.name_of(vault_arn),
        vault_arn=vault_arn,
        resource_arn=resource_arn,
        resource_type="EKS" if cluster else attributes.take("ResourceType"),
        resource_name=cluster or attributes.take("ResourceName"),
        recovery_point_arn=recovery_point_arn,
        created_resource_arn=attributes.take("CreatedResourceArn") or wording.created_resource_arn(words),
        reason=unquoted(attributes.take("StatusMessage", "reason")),
        message_category=attributes.take("MessageCategory").upper(),
        size_bytes=whole_number(attributes.take("BackupSizeInBytes")),
        started_at=attributes.take("StartTime"),
        sent_at=text(message, "Timestamp"),
        subject=text(message, "Subject"),
        message_id=text(message, "MessageId"),
        details=details + attributes.rest(),
    )


def _type_by_attribute(attributes: Attributes) -> str:
    return next((known for known in families.JOB_TYPES if f"{known}jobid" in attributes.names()), "")


def _of_kubernetes(attributes: Attributes) -> tuple[tuple[str, str], ...]:
    """The object inside an EKS cluster: to AWS Backup, the cluster is the resource."""
    values = [("Kubernetes resource", attributes.take("resourceName")), ("Kubernetes type", attributes.take("resourceType"))]
    return tuple((name, value) for name, value in values if value)
