"""What AWS Backup tells about a change: a notice to the vault's SNS topic, and an event on the default event bus."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Notice:
    """A message to a vault's topic.

    Attributes:
        event: the event that a vault subscribes to, for example BACKUP_JOB_COMPLETED.
    """

    event: str
    text: str
    attributes: dict[str, str]


@dataclass(frozen=True)
class Change:
    """An event on the event bus.

    Attributes:
        detail_type: for example Backup Job State Change.
        resources: ARNs of what it is about.
    """

    detail_type: str
    detail: dict[str, Any]
    resources: list[str] = field(default_factory=list)
