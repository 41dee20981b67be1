"""The life of a copy job: CREATED, RUNNING, then its end; driven by the sandbox's clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from ... import clock, settings
from .. import deletion, endings
from ..arns import copy_arn
from ..backend import BackupBackend
from ..events import copy_jobs, recovery_points
from ..events.sending import tell_bus, tell_topic
from ..moments import now
from ..records import CopyJob, Deletion, RecoveryPoint, Vault
from . import obstacles
from .destination import Place, encryption, place_of
from .obstacles import Obstacle

CREATED_SHARE = 0.1
SUCCEEDED = ("COMPLETED", "PARTIAL")
Step = Callable[[BackupBackend, CopyJob, Place], None]


def schedule(backend: BackupBackend, job: CopyJob) -> None:
    """Let a new job run; it takes as long as a backup job."""
    tell_bus(backend, copy_jobs.change(job))
    _later(settings.current.now.job_seconds * CREATED_SHARE, _begin, backend, job)


def _later(aws_seconds: float, step: Step, backend: BackupBackend, job: CopyJob) -> None:
    place = place_of(job.destination_vault_arn)

    def take() -> None:
        with _locked(backend, place.backend):
            if backend.copy_jobs.get(job.id) is job:
                step(backend, job, place)

    clock.scheduler.call_later(aws_seconds, take)


@contextmanager
def _locked(*backends: BackupBackend) -> Iterator[None]:
    """Hold the locks of some backends, taken in the same order whichever way a copy goes."""
    with ExitStack() as locks:
        for backend in sorted(backends, key=lambda each: (each.account_id, each.region_name)):
            locks.enter_context(backend.lock)
        yield


def _begin(backend: BackupBackend, job: CopyJob, place: Place) -> None:
    vault, source = place.vault, backend.recovery_points.get(job.source_recovery_point_arn)
    obstacle = obstacles.at_begin(backend, job, place)
    if obstacle or vault is None or source is None:
        _end(backend, job, place, "FAILED", obstacle)
        return
    job.state, job.destination = "RUNNING", vault
    _add_copy(backend, job, place.backend, vault, source)
    if not job.outcome.hold:
        _later(settings.current.now.job_seconds * (1 - CREATED_SHARE), _complete, backend, job)
    _tell(backend, job)


def _add_copy(backend: BackupBackend, job: CopyJob, there: BackupBackend, vault: Vault, source: RecoveryPoint) -> None:
    """Put the copy into its vault; it keeps what is known of the source, also its date."""
    encrypted, job.destination_key_arn = encryption(job, source, vault)
    copy = replace(
        source,
        arn=copy_arn(there, vault, source),
        vault_name=vault.name,
        vault_arn=vault.arn,
        iam_role_arn=job.iam_role_arn,
        initiation_date=now(),
        lifecycle=job.lifecycle,
        encrypted=encrypted,
        key_arn=job.destination_key_arn,
        deletion=Deletion(),
        status="CREATING",
        status_message=None,
        completion_date=None,
        parent_arn=None,
        source_vault_arn=source.vault_arn,
    )
    job.destination_recovery_point_arn = copy.arn
    there.recovery_points.add(copy)
    there.tag_resource(copy.arn, backend.list_tags(source.arn))
    tell_bus(there, recovery_points.change(copy))


def _complete(backend: BackupBackend, job: CopyJob, place: Place) -> None:
    obstacle = obstacles.later(backend, job, place)
    if obstacle:
        _end(backend, job, place, "FAILED", obstacle)
        return
    told = Obstacle(job.outcome.status_message or endings.COPY_MESSAGES.get(job.outcome.state, ""), job.outcome.message_category)
    _end(backend, job, place, job.outcome.state, told)


def _end(backend: BackupBackend, job: CopyJob, place: Place, state: str, told: Obstacle | None) -> None:
    job.state, job.completion_date = state, now()
    job.status_message = (told and told.message) or None
    job.message_category = (told and told.category) or (endings.SUCCESS if state == "COMPLETED" else None)
    _end_copy(job, place.backend)
    _tell(backend, job)


def _end_copy(job: CopyJob, there: BackupBackend) -> None:
    """Complete the copy, or take it away when the job failed."""
    copy = there.recovery_points.get(job.destination_recovery_point_arn)
    if copy is None:
        return
    if job.state in SUCCEEDED:
        copy.status, copy.completion_date = job.state, job.completion_date
        copy.status_message = job.status_message if job.state == "PARTIAL" else None
        tell_bus(there, recovery_points.change(copy))
        deletion.delete_if_due(there, copy)
    else:
        there.recovery_points.remove(copy)
        there.remove_tags(copy.arn)


def _tell(backend: BackupBackend, job: CopyJob) -> None:
    """Tell the source's vault and Region, where the job is."""
    tell_topic(backend, job.source_vault_arn.rsplit(":", 1)[1], copy_jobs.notice(backend, job))
    tell_bus(backend, copy_jobs.change(job))
