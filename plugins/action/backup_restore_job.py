# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module backup_restore_job, and shows the job's progress while it waits."""

from __future__ import annotations

from ansible_collections.proven.aws_backup.plugins.module_utils.restore_control import NEW_JOB_OPTIONS
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_jobs import RESTORE_JOB
from ansible_collections.proven.aws_backup.plugins.plugin_utils.waiting_action import WaitingAction


class ActionModule(WaitingAction):
    """Shows how far the restore job is."""

    kind = RESTORE_JOB
    new_job_options = NEW_JOB_OPTIONS
    kept_keys = ("restore_metadata",)
