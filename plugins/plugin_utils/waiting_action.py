# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module that waits for a job; a long wait is cut into short ones, so that its progress can be shown in between."""

from __future__ import annotations

import itertools
import time
from collections.abc import Collection
from typing import Any, ClassVar

from ansible.module_utils.common.validation import check_type_int
from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.proven.aws_backup.plugins.module_utils.job_kind import DEFAULT_WAIT_TIMEOUT, JobKind
from ansible_collections.proven.aws_backup.plugins.module_utils.job_wait import is_same, progress_line, timeout_message
from ansible_collections.proven.aws_backup.plugins.plugin_utils.progress_action import ProgressAction

FIRST_SLICES = (1, 4, 10, 20)
SLICE = 30
"""Seconds that the module waits between two lines: first these, then this."""


class WaitingAction(ProgressAction):
    """Shows how far the job is while the module waits for it.

    Attributes:
        kind: of the jobs that the module waits for.
        new_job_options: the module's options that mean something only for a job that is yet to be started.
        kept_keys: keys of the first slice's result that later ones, which find the job started, do not have.
    """

    kind: ClassVar[JobKind]
    new_job_options: ClassVar[Collection[str]]
    kept_keys: ClassVar[Collection[str]] = ()

    def has_progress(self) -> bool:
        """Whether the module is to wait; when its options are wrong, the module says so."""
        return boolean(self._task.args.get("wait", False), strict=False) and self._wait_timeout() >= 1

    def _wait_timeout(self) -> int:
        """The time limit of the wait in seconds; 0 when it is no number."""
        try:
            return check_type_int(self._task.args.get("wait_timeout", DEFAULT_WAIT_TIMEOUT))
        except TypeError:
            return 0

    def run_with_progress(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module in slices, and show the job after each."""
        timeout = self._wait_timeout()
        slices = itertools.chain(FIRST_SLICES, itertools.repeat(SLICE))
        args, left = self._task.args, float(timeout)
        start: float | None = None
        total: dict[str, Any] = {}
        while True:
            result = self._execute_module(module_args={**args, "wait_timeout": max(1, min(next(slices), round(left)))}, task_vars=task_vars)
            now = time.monotonic()
            start = now - result.get("waited_seconds", 0) if start is None else start
            total = self._merge(total, result, now - start)
            if "timed_out" in result:
                self.show(progress_line(self.kind, total[self.kind.result_key], total["waited_seconds"]), task_vars)
            if not result.get("timed_out"):
                return total
            left = timeout - total["waited_seconds"]
            if left <= 0:
                return {**total, "msg": self._timeout(total)}
            args = {name: value for name, value in args.items() if name not in self.new_job_options}
            args[self.kind.id_option] = total[self.kind.result_key][self.kind.id_option]

    def _merge(self, before: dict[str, Any], result: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The result of a slice, completed with what was seen and changed in the slices before."""
        seen, new = before.get("timeline", []), result.get("timeline", [])
        if seen and new and is_same(seen[-1], new[0]):
            new = new[1:]
        kept = {key: before[key] for key in (self.kind.result_key, *self.kept_keys) if key in before}
        merged = {**kept, **result, "changed": before.get("changed", False) or result.get("changed", False)}
        if seen or new:
            merged |= {"timeline": seen + new, "waited_seconds": round(seconds, 3)}
        return merged

    def _timeout(self, total: dict[str, Any]) -> str:
        job = total[self.kind.result_key]
        return timeout_message(self.kind, job[self.kind.id_option], self.kind.seen_in_result(job), total["waited_seconds"])
