# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The progress of a purge, for people who wait: lines appended to a file."""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError

SECONDS_BETWEEN_LINES = 5.0
RATE_OVER = 60.0
"""Seconds over which the rate is averaged."""


class Progress:
    """Writes how far a purge is, every few seconds."""

    def __init__(self, path: str | None, backup_vault_name: str) -> None:
        """Append to the file at path; None: write nothing.

        Raises:
            AnsibleBackupError: nothing can be written there.
        """
        self._path = None if path is None else Path(path)
        self._append("")
        self._backup_vault_name = backup_vault_name
        self._next_line = time.monotonic() + SECONDS_BETWEEN_LINES
        self._seen: deque[tuple[float, int]] = deque([(time.monotonic(), 0)])

    @property
    def is_due(self) -> bool:
        """Whether it is time for the next line."""
        return self._path is not None and time.monotonic() >= self._next_line

    def show(self, deleted: int, total: int, waiting: int, jobs: int) -> None:
        """Write a line.

        Args:
            deleted: how many points are gone, or will be, as AWS said.
            total: how many there are to delete, as far as they have been listed.
            waiting: how many of the deleted ones AWS still lists.
            jobs: how many jobs are waited for.
        """
        now = time.monotonic()
        self._next_line = now + SECONDS_BETWEEN_LINES
        self._seen.append((now, deleted))
        while len(self._seen) > 2 and now - self._seen[0][0] > RATE_OVER:
            self._seen.popleft()
        (start, before), rest = self._seen[0], total - deleted
        line = progress_line(deleted, total, (deleted - before) / (now - start)) if rest else f"{deleted} recovery points deleted"
        held_up = [text for number, text in ((waiting, f"AWS is at {waiting} of them"), (jobs, f"{jobs} jobs to end")) if number]
        self._append(f"vault {self._backup_vault_name}: {'; '.join([line, *held_up])}\n")

    def _append(self, text: str) -> None:
        if self._path is None:
            return
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise AnsibleBackupError(message=f"progress_file: cannot be written: {error}") from error


def progress_line(deleted: int, total: int, per_second: float) -> str:
    """How many points are deleted, how fast, and how long the others will take."""
    line = f"{deleted} of {total} recovery points deleted, {per_second:.1f} a second"
    if per_second <= 0:
        return line
    minutes, seconds = divmod(round((total - deleted) / per_second), 60)
    return f"{line}, {minutes:02}:{seconds:02} left"
