"""What the sandbox keeps of restore testing: plain records, timestamps in Unix seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class RestoreTestingSelection:
    """What a plan restores.

    Attributes:
        document: its members in the API, with the default values.
    """

    name: str
    document: dict[str, Any]
    creation_date: float
    creator_request_id: str | None


@dataclass
class RestoreTestingPlan:
    """A restore testing plan.

    Attributes:
        document: its members in the API, with the default values.
        execution_date: when it last restored something or looked for something to restore.
        schedule_version: of what is scheduled; what another version scheduled counts no more.
        selections: by name.
    """

    name: str
    arn: str
    document: dict[str, Any]
    creation_date: float
    creator_request_id: str | None
    update_date: float | None = None
    execution_date: float | None = None
    schedule_version: int = 0
    selections: dict[str, RestoreTestingSelection] = field(default_factory=dict)
