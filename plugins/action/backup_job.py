# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module backup_job; a long wait is cut into short ones, so that its progress can be shown in between."""

from __future__ import annotations

import itertools
import time
from typing import Any

from ansible.module_utils.common.validation import check_type_int
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible_collections.proven.aws_backup.plugins.module_utils.job_control import NEW_JOB_OPTIONS
from ansible_collections.proven.aws_backup.plugins.module_utils.job_wait import progress_line, timeout_message
from ansible_collections.proven.aws_backup.plugins.module_utils.jobs import DEFAULT_WAIT_TIMEOUT, percent_of

FIRST_SLICES = (1, 4, 10, 20)
SLICE = 30
"""Seconds that the module waits between two lines: first these, then this."""


class ActionModule(ActionBase):
    """Shows how far the job is while the module waits for it."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the module, in slices when it is to wait and nobody minds lines of progress."""
        super().run(tmp, task_vars)
        timeout = self._seconds_to_wait()
        if timeout is None:
            return self._execute_module(task_vars=task_vars, wrap_async=bool(self._task.async_val))
        return self._run_in_slices(timeout, task_vars)

    def _seconds_to_wait(self) -> int | None:
        """The time limit of a wait to be shown; None when there is no such wait, or its options are wrong: the module says so."""
        args = self._task.args
        if self._task.async_val or self._task.no_log or self._task.check_mode or not boolean(args.get("wait", False), strict=False):
            return None
        try:
            timeout = check_type_int(args.get("wait_timeout", DEFAULT_WAIT_TIMEOUT))
        except TypeError:
            return None
        return timeout if timeout >= 1 else None

    def _run_in_slices(self, timeout: int, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        slices = itertools.chain(FIRST_SLICES, itertools.repeat(SLICE))
        args, left = self._task.args, float(timeout)
        start: float | None = None
        total: dict[str, Any] = {}
        while True:
            result = self._execute_module(module_args={**args, "wait_timeout": max(1, min(next(slices), round(left)))}, task_vars=task_vars)
            now = time.monotonic()
            start = now - result.get("waited_seconds", 0) if start is None else start
            total = _merge(total, result, now - start)
            if "timed_out" in result:
                self._show(total, task_vars)
            if not result.get("timed_out"):
                return total
            left = timeout - total["waited_seconds"]
            if left <= 0:
                return {**total, "msg": _timeout(total)}
            args = {name: value for name, value in args.items() if name not in NEW_JOB_OPTIONS}
            args["backup_job_id"] = total["backup_job"]["backup_job_id"]

    def _show(self, total: dict[str, Any], task_vars: dict[str, Any] | None) -> None:
        host = (task_vars or {}).get("inventory_hostname", "localhost")
        self._display.display(f"[{host}] {progress_line(total['backup_job'], total['waited_seconds'])}")


def _merge(before: dict[str, Any], result: dict[str, Any], seconds: float) -> dict[str, Any]:
    """The result of a slice, completed with what was seen and changed in the slices before."""
    seen, new = before.get("timeline", []), result.get("timeline", [])
    if seen and new and all(seen[-1][key] == new[0][key] for key in ("state", "percent_done")):
        new = new[1:]
    merged = {**result, "changed": before.get("changed", False) or result.get("changed", False)}
    if "backup_job" in before:
        merged = {"backup_job": before["backup_job"], **merged}
    if seen or new:
        merged |= {"timeline": seen + new, "waited_seconds": round(seconds, 3)}
    return merged


def _timeout(total: dict[str, Any]) -> str:
    job = total["backup_job"]
    return timeout_message(job["backup_job_id"], job["state"], percent_of(job.get("percent_done")), total["waited_seconds"])
