# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the action plugins that show a module's progress have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from ansible.plugins.action import ActionBase


class ProgressAction(ActionBase, ABC):
    """Runs the module of the same name, and shows how far it is when the task allows it."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the module; without lines of progress in the background, in check mode and where its result is secret."""
        super().run(tmp, task_vars)
        task = self._task
        if task.async_val or task.no_log or task.check_mode or not self.has_progress():
            return self._execute_module(task_vars=task_vars, wrap_async=bool(task.async_val))
        return self.run_with_progress(task_vars or {})

    @abstractmethod
    def has_progress(self) -> bool:
        """Whether there is progress to show, by the task's arguments and connection."""

    @abstractmethod
    def run_with_progress(self, task_vars: dict[str, Any]) -> dict[str, Any]:
        """Run the module, show its progress, and return its result."""

    def show(self, line: str, task_vars: dict[str, Any]) -> None:
        """Show a line of progress."""
        self._display.display(f"[{task_vars.get('inventory_hostname', 'localhost')}] {line}")
