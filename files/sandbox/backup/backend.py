"""One account's AWS Backup in one Region: its state, and its part in the tagging API."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from moto.backup.models import BackupBackend as MotoBackupBackend
from moto.core.resource_tagging import TaggedResource

from .errors import ResourceNotFoundException
from .point_store import PointStore
from .records import CopyJob, Job, LegalHold, Plan, RestoreJob, Selection, Vault
from .resource_types import MANAGEMENT, TYPES
from .restore_testing_records import RestoreTestingPlan


class BackupBackend(MotoBackupBackend):
    """State of AWS Backup; moto's own class keeps the report plans and the tags.

    Attributes:
        lock: held by whoever reads or changes the state: requests and the clock's callbacks.
        backup_vaults: by name.
        backup_plans: by ID, deleted ones too.
        backup_selections: by ID.
        jobs: backup jobs by ID, like the other jobs' in upper case.
        copy_jobs: by ID.
        restore_jobs: by ID.
        job_tokens: ID of the backup job that was started with an idempotency token.
        restore_tokens: ID of the restore job that was started with an idempotency token; None: its metadata was rejected.
        copy_tokens: ID of the copy job that was started with an idempotency token.
        recovery_points: of all vaults.
        legal_holds: by ID, cancelled ones too.
        restore_testing_plans: by name.
        opt_in: whether AWS Backup protects a resource type, by type.
        management: whether AWS Backup fully manages a resource type's backups, by type.
    """

    # moto finds a backend's urls beside the module that its class names.
    __module__ = "moto.backup.models"

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.lock = threading.RLock()
        self.backup_vaults: dict[str, Vault] = {}
        self.backup_plans: dict[str, Plan] = {}
        self.backup_selections: dict[str, Selection] = {}
        self.jobs: dict[str, Job] = {}
        self.copy_jobs: dict[str, CopyJob] = {}
        self.restore_jobs: dict[str, RestoreJob] = {}
        self.job_tokens: dict[str, str] = {}
        self.restore_tokens: dict[str, str | None] = {}
        self.copy_tokens: dict[str, str] = {}
        self.recovery_points = PointStore()
        self.legal_holds: dict[str, LegalHold] = {}
        self.restore_testing_plans: dict[str, RestoreTestingPlan] = {}
        self.opt_in = dict.fromkeys(TYPES, True)
        self.management = dict(MANAGEMENT)

    def arn(self, resource: str) -> str:
        """The ARN of one of AWS Backup's own resources, such as `backup-vault:name`."""
        return f"arn:{self.partition}:backup:{self.region_name}:{self.account_id}:{resource}"

    def vault(self, name: str) -> Vault:
        """A vault by its name.

        Raises:
            ResourceNotFoundException: there is none.
        """
        vault = self.backup_vaults.get(name)
        if vault is None:
            raise ResourceNotFoundException(f"Backup vault {name} does not exist.")
        return vault

    def can_have_tags(self, arn: str) -> bool:
        """Whether something here has this ARN and can have tags."""
        return arn in self.recovery_points or arn in self._arns_of_few()

    def _arns_of_few(self) -> list[str]:
        """The ARNs of everything here that can have tags but recovery points, of which there are many."""
        vaults = [vault.arn for vault in self.backup_vaults.values()]
        plans = [plan.arn for plan in self.backup_plans.values() if plan.deletion_date is None]
        holds = [hold.arn for hold in self.legal_holds.values()]
        testing = [plan.arn for plan in self.restore_testing_plans.values()]
        return vaults + plans + holds + testing + [report.report_plan_arn for report in self.report_plans.values()]

    def remove_tags(self, arn: str) -> None:
        """Forget the tags of something that is gone."""
        self.tagger.delete_all_tags_for_resource(arn)

    def iter_tagged_resources(self) -> Iterator[TaggedResource]:
        """Everything with tags, for resourcegroupstaggingapi."""
        with self.lock:
            arns = self._arns_of_few() + [arn for arn in self.recovery_points if self.tagger.has_tags(arn)]
            return iter([TaggedResource(arn, self.list_tags(arn), _tagging_type(arn)) for arn in arns])


def _tagging_type(arn: str) -> str:
    """The tagging API's type of an ARN: `ec2:image` of arn:aws:ec2:us-west-2::image/ami-1."""
    _, _, service, _, _, rest = arn.split(":", 5)
    return f"{service}:{rest.replace('/', ':').split(':')[0]}"
