"""When plans run: by their schedules, on the sandbox's clock, which begins with the real time when a plan is written."""

from __future__ import annotations

from datetime import UTC, datetime

from ... import clock
from ..backend import BackupBackend
from ..restore_testing_records import RestoreTestingPlan
from ..schedules import next_time
from . import runs


def start(backend: BackupBackend, plan: RestoreTestingPlan) -> None:
    """Run a plan from now on at the times of its present schedule, and no more at those of an earlier one."""
    plan.schedule_version += 1
    _wait(backend, plan, plan.schedule_version, datetime.now(UTC))


def _wait(backend: BackupBackend, plan: RestoreTestingPlan, version: int, moment: datetime) -> None:
    """Run a plan at its first time after a moment, that of the clock, and then again."""
    due = next_time(plan.document["ScheduleExpression"], plan.document["ScheduleExpressionTimezone"], moment)
    if due is None:
        return

    def run() -> None:
        with backend.lock:
            if backend.restore_testing_plans.get(plan.name) is plan and plan.schedule_version == version:
                runs.run(backend, plan)
                _wait(backend, plan, version, due)

    clock.scheduler.call_later((due - moment).total_seconds(), run)
