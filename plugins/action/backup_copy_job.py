# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module backup_copy_job, and shows the job's progress while it waits."""

from __future__ import annotations

from ansible_collections.proven.aws_backup.plugins.module_utils.copy_jobs import COPY_JOB
from ansible_collections.proven.aws_backup.plugins.module_utils.copy_start import NEW_JOB_OPTIONS
from ansible_collections.proven.aws_backup.plugins.plugin_utils.waiting_action import WaitingAction


class ActionModule(WaitingAction):
    """Shows how far the copy job is."""

    kind = COPY_JOB
    new_job_options = NEW_JOB_OPTIONS
