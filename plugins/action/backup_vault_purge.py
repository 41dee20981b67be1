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

from ansible_collections.proven.aws_backup.plugins.plugin_utils.progress_action import ProgressAction

SECONDS_BETWEEN_LOOKS = 0.5


class ActionModule(ProgressAction):
    """Shows how far the purge is while the module works."""

    def has_progress(self) -> bool:
        """Whether the module runs on this machine, as this user, and writes its progress to no file of the user's."""
        return not self._task.args.get("progress_file") and self._connection.transport == "local" and self._connection.become is None

    def run_with_progress(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module once, with a file for its progress."""
        with (
            tempfile.NamedTemporaryFile("r", prefix="purge-progress-", encoding="utf-8") as file,
            followed(file, lambda line: self.show(line, task_vars)),
        ):
            return self._execute_module(module_args={**self._task.args, "progress_file": file.name}, task_vars=task_vars)


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
