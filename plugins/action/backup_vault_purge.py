# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module backup_vault_purge, and shows the lines that it writes on its progress."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from ansible.plugins.action import ActionBase

SECONDS_BETWEEN_LOOKS = 0.5


class ActionModule(ActionBase):
    """Shows how far the purge is while the module works."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the module once, with a file for its progress when nobody minds lines about it."""
        super().run(tmp, task_vars)
        if not self._is_shown:
            return self._execute_module(task_vars=task_vars, wrap_async=bool(self._task.async_val))
        host = (task_vars or {}).get("inventory_hostname", "localhost")
        with (
            tempfile.NamedTemporaryFile("r", prefix="purge-progress-", encoding="utf-8") as file,
            followed(file, lambda line: self._display.display(f"[{host}] {line}")),
        ):
            return self._execute_module(module_args={**self._task.args, "progress_file": file.name}, task_vars=task_vars)

    @property
    def _is_shown(self) -> bool:
        """Whether lines are shown: the module runs in this task, on this machine, as this user, and for long perhaps."""
        task, connection = self._task, self._connection
        hidden = task.async_val or task.no_log or task.check_mode or task.args.get("progress_file")
        return not hidden and connection.transport == "local" and connection.become is None


@contextmanager
def followed(file: Iterable[str], show: Callable[[str], None]) -> Iterator[None]:
    """Show each line that is appended to a file, until the end of the with statement."""
    over = threading.Event()

    def follow() -> None:
        is_over = False
        while not is_over:
            is_over = over.wait(SECONDS_BETWEEN_LOOKS)
            for line in file:
                show(line.rstrip("\n"))

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
