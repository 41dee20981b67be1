# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a resource's tags shall be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def wanted_tags(before: Mapping[str, str], tags: Mapping[str, Any] | None, purge_tags: bool) -> dict[str, str]:
    """The tags that a module's options ask for.

    Args:
        before: those that are there.
        tags: the option; None: they stay as they are.
        purge_tags: whether those that the option does not name go.
    """
    if tags is None:
        return dict(before)
    return {**({} if purge_tags else before), **{key: str(value) for key, value in tags.items()}}
