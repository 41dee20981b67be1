"""What a restore is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..records import RecoveryPoint


@dataclass(frozen=True)
class RestoreOrder:
    """A request for a restore.

    Attributes:
        point: what is restored.
        metadata: how, in AWS's words for the resource's type.
        iam_role_arn: the role that restores.
        copy_tags: whether the restored resource gets the tags that the original had.
        tags: further tags of the restored resource.
        restore_testing_plan_arn: of the plan that ordered it.
    """

    point: RecoveryPoint
    metadata: Mapping[str, str]
    iam_role_arn: str
    copy_tags: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)
    restore_testing_plan_arn: str | None = None
