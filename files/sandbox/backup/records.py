"""What the sandbox keeps of AWS Backup: plain records, timestamps in Unix seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

IN_PROGRESS = frozenset({"CREATED", "PENDING", "RUNNING", "ABORTING"})
ENDED = frozenset({"COMPLETED", "PARTIAL", "FAILED", "EXPIRED", "ABORTED"})

BACKUP_VAULT = "BACKUP_VAULT"
AIR_GAPPED = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"

Lifecycle = dict[str, Any]


def _nothing() -> None:
    """What nobody waits for."""


@dataclass
class Vault:
    """A backup vault and its settings.

    Attributes:
        leaving: how many recovery points are gone that it still counts.
    """

    name: str
    arn: str
    creation_date: float
    encryption_key_arn: str
    encryption_key_type: str | None
    creator_request_id: str | None
    type: str = BACKUP_VAULT
    state: str = "AVAILABLE"
    leaving: int = 0
    locked: bool = False
    min_retention_days: int | None = None
    max_retention_days: int | None = None
    lock_date: float | None = None
    access_policy: str | None = None
    topic_arn: str | None = None
    events: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PlanVersion:
    """One version of a plan's document."""

    id: str
    document: dict[str, Any]
    creation_date: float


@dataclass
class Plan:
    """A backup plan: its versions, oldest first."""

    id: str
    arn: str
    creator_request_id: str | None
    versions: list[PlanVersion]
    deletion_date: float | None = None

    @property
    def current(self) -> PlanVersion:
        """The version in force."""
        return self.versions[-1]

    @property
    def creation_date(self) -> float:
        """When the first version was created."""
        return self.versions[0].creation_date


@dataclass(frozen=True)
class Selection:
    """What a plan backs up."""

    id: str
    plan_id: str
    document: dict[str, Any]
    creation_date: float
    creator_request_id: str | None


@dataclass(frozen=True)
class Outcome:
    """How jobs of a resource are made to end.

    Attributes:
        state: the state they end in.
        status_message: why, in the service's words.
        message_category: the kind of message.
        hold: they stay RUNNING, backup jobs until they are stopped, others for ever.
        undeletable: the recovery points of backup jobs turn EXPIRED when they are deleted.
        content: what becomes of the data of restore jobs: it is lost or altered; None: it comes back as it was.
    """

    state: str = "COMPLETED"
    status_message: str | None = None
    message_category: str | None = None
    hold: bool = False
    undeletable: bool = False
    content: str | None = None


@dataclass(frozen=True)
class Resource:
    """Something that can be backed up, as it is at one moment.

    Attributes:
        arn: its ARN.
        type: its type in AWS Backup's words, such as EC2.
        identifier: its ID or name within the service.
        name: what AWS Backup shows as its name, if anything.
        size: bytes a backup of it takes, None where AWS Backup reports none.
        encrypted: whether it is encrypted.
        key_arn: the KMS key of an encrypted resource.
        obstacle: why it cannot be backed up right now, in the service's words.
        tags: its tags.
    """

    arn: str
    type: str
    identifier: str
    name: str | None = None
    size: int | None = None
    encrypted: bool = False
    key_arn: str | None = None
    obstacle: str | None = None
    tags: dict[str, str] = field(default_factory=dict)


@dataclass
class Job:
    """A backup job.

    Attributes:
        running_since: monotonic seconds at which it turned RUNNING.
        running_for: real seconds it is to be RUNNING.
    """

    id: str
    vault_name: str
    vault_arn: str
    resource: Resource
    iam_role_arn: str
    recovery_point_arn: str
    lifecycle: Lifecycle | None
    recovery_point_tags: dict[str, str]
    backup_options: dict[str, str] | None
    creation_date: float
    start_by: float
    outcome: Outcome
    state: str = "CREATED"
    status_message: str | None = None
    message_category: str | None = None
    percent_done: float = 0.0
    initiation_date: float | None = None
    expected_completion_date: float | None = None
    completion_date: float | None = None
    running_since: float | None = None
    running_for: float = 0.0
    parent_job_id: str | None = None

    @property
    def fully_managed(self) -> bool:
        """Whether AWS Backup keeps the backup itself, rather than as a snapshot of the resource's own service."""
        return ":recovery-point:" in self.recovery_point_arn


@dataclass
class CopyJob:
    """A copy job.

    Attributes:
        lifecycle: of the copy.
        destination: what is known of the vault that the copy goes into, once the job has found it.
    """

    id: str
    source_vault_arn: str
    source_recovery_point_arn: str
    destination_vault_arn: str
    destination_recovery_point_arn: str
    resource: Resource
    iam_role_arn: str
    creation_date: float
    lifecycle: Lifecycle | None = None
    outcome: Outcome = Outcome()
    destination: Vault | None = None
    destination_key_arn: str | None = None
    state: str = "CREATED"
    status_message: str | None = None
    message_category: str | None = None
    completion_date: float | None = None
    parent_job_id: str | None = None

    @property
    def known_destination_point_arn(self) -> str | None:
        """The ARN of the copy, once there is one."""
        return self.destination_recovery_point_arn if self.state in ("COMPLETED", "PARTIAL") else None


@dataclass
class RestoreJob:
    """A restore job; its state may be CREATED, which the API tells as PENDING.

    Attributes:
        created_resource_arn: of what it made; empty until there is something.
        validation_status: what was found out about what it made, if anything was.
        deletion_status: how far the deletion of what a restore test made is.
        running_since: monotonic seconds at which it turned RUNNING.
        running_for: real seconds it is to be RUNNING.
        when_ended: is called as soon as it has ended, before anybody is told.
        when_validated: is called as soon as it has a validation result.
    """

    id: str
    recovery_point_arn: str
    vault_arn: str
    resource: Resource
    iam_role_arn: str
    creation_date: float
    created_resource_arn: str
    state: str = "CREATED"
    status_message: str | None = None
    percent_done: float = 0.0
    completion_date: float | None = None
    parent_job_id: str | None = None
    restore_testing_plan_arn: str | None = None
    recovery_point_creation_date: float | None = None
    validation_status: str | None = None
    validation_status_message: str | None = None
    deletion_status: str | None = None
    deletion_status_message: str | None = None
    running_since: float | None = None
    running_for: float = 0.0
    when_ended: Callable[[], None] = field(default=_nothing, repr=False)
    when_validated: Callable[[], None] = field(default=_nothing, repr=False)


@dataclass(frozen=True)
class Deletion:
    """What becomes of a recovery point when it is deleted.

    Attributes:
        ending: gone; expired (AWS takes the request and cannot carry it out); stays (in DELETING); refused (the request fails).
        message: why, in the service's words; None: as usual for the ending.
        code: the error's name, of a refusal.
    """

    ending: str = "gone"
    message: str | None = None
    code: str = "InvalidRequestException"


@dataclass(slots=True)
class RecoveryPoint:
    """A recovery point of a vault.

    Attributes:
        deletion: what becomes of it when it is deleted.
        plan_id: of the plan that made it.
        parent_arn: of the composite recovery point that it is part of.
        composite: whether others may be part of it.
        continuous: whether it is a continuous backup rather than a snapshot.
        content: the resource's data, in the form of the package restoring; None when there is none, as in loaded points.
        storage_class: WARM or COLD.
        source_vault_arn: of a copy: the vault that it was copied from.
    """

    arn: str
    vault_name: str
    vault_arn: str
    resource: Resource
    iam_role_arn: str
    creation_date: float
    initiation_date: float
    lifecycle: Lifecycle | None
    encrypted: bool
    key_arn: str | None
    deletion: Deletion = Deletion()
    status: str = "CREATING"
    status_message: str | None = None
    completion_date: float | None = None
    plan_id: str | None = None
    parent_arn: str | None = None
    composite: bool = False
    continuous: bool = False
    content: Any = None
    storage_class: str = "WARM"
    source_vault_arn: str | None = None


@dataclass(frozen=True)
class HoldSelection:
    """Which recovery points a legal hold is about: those that meet every condition.

    Attributes:
        vault_names: in one of these vaults; empty: in any.
        resources: of one of these resources or types; empty: of any.
        since: created at this moment or later.
        until: created at this moment or earlier.
    """

    vault_names: frozenset[str]
    resources: frozenset[str]
    since: float
    until: float


@dataclass
class LegalHold:
    """A legal hold."""

    id: str
    arn: str
    title: str
    description: str
    token: str | None
    selection: HoldSelection
    given_dates: dict[str, float] | None
    creation_date: float
    status: str = "ACTIVE"
    cancel_description: str | None = None
    cancellation_date: float | None = None
    retain_record_until: float | None = None
