"""Sending notices and events; neither waits for those who get them, so that it may be done with the state locked."""

from __future__ import annotations

from ... import clock, eventbridge, settings, sns
from ..backend import BackupBackend
from ..roles import SERVICE
from . import Change, Notice

SOURCE = "aws.backup"
SUBJECT = "Notification from AWS Backup"


def tell_topic(backend: BackupBackend, vault_name: str, notice: Notice, copies: int = 1) -> bool:
    """Send a notice to a vault's topic; returns whether the vault has one and subscribed to the event."""
    vault = backend.backup_vaults.get(vault_name)
    if vault is None or vault.topic_arn is None or notice.event not in vault.events:
        return False
    topic_arn, vault_arn = vault.topic_arn, vault.arn

    def publish() -> None:
        sns.publish_from_service(
            topic_arn,
            service=SERVICE,
            source_account=backend.account_id,
            source_arn=vault_arn,
            subject=SUBJECT,
            message=notice.text,
            attributes=notice.attributes,
            copies=copies,
        )

    clock.scheduler.call_later(0, publish)
    return True


def tell_bus(backend: BackupBackend, change: Change, copies: int = 1) -> None:
    """Put an event on the account's default bus, event_seconds from now."""
    event = eventbridge.ServiceEvent(
        account=backend.account_id,
        region=backend.region_name,
        source=SOURCE,
        detail_type=change.detail_type,
        detail=change.detail,
        resources=change.resources,
    )

    def publish() -> None:
        for _ in range(copies):
            eventbridge.publish_from_service(event)

    clock.scheduler.call_later(settings.current.now.event_seconds, publish)
