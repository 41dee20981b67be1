"""How far a job is."""

from __future__ import annotations

import time

from .records import Job, RestoreJob

HIGHEST_PERCENT_WHILE_RUNNING = 99.0


def percent_done(job: Job | RestoreJob) -> float:
    """0 to 100."""
    if job.state != "RUNNING" or job.running_since is None:
        return job.percent_done
    passed = (time.monotonic() - job.running_since) / job.running_for * 100
    return min(passed, HIGHEST_PERCENT_WHILE_RUNNING)


def bytes_transferred(job: Job) -> int | None:
    """Bytes moved so far: none for snapshots, which the source service makes itself."""
    if job.resource.size is None or not job.fully_managed:
        return 0 if job.resource.size is not None else None
    return int(job.resource.size * percent_done(job) / 100)
