# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to exist before something can be added to it."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError


def require_existing(exists: bool, what: str, region: str, check_mode: bool, warn: Callable[[str], None]) -> None:
    """Make sure that something exists; in check mode, where an earlier task may only have said that it would create it, with a warning.

    Raises:
        AnsibleBackupError: it does not exist, outside check mode.
    """
    if exists:
        return
    missing = f"The {what} does not exist in {region}"
    if not check_mode:
        raise AnsibleBackupError(message=f"{missing}: create it first, or check its name and the Region")
    warn(f"{missing} yet: it has to be created first")
