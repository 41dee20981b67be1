# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is told of a restored resource, whatever its type, and how its name stands in its ARN."""

from __future__ import annotations

from typing import Any

Facts = dict[str, Any]
"""At least name, state, is_ready, is_failed and tags; the rest depends on the type."""


def name_in(resource_arn: str) -> str:
    """The name or ID at the end of an ARN: i-1 of ...:instance/i-1, orders of ...:table/orders, shop of arn:aws:s3:::shop."""
    resource = resource_arn.split(":", 5)[5]
    return resource.replace("/", ":").split(":", 1)[-1]


def facts(name: str, state: str, ready: str, failed: tuple[str, ...], tags: dict[str, str], **more: Any) -> Facts:
    """The facts of a resource.

    Args:
        ready: the state in which it can be used.
        failed: states from which it will not get there.
        more: what is told of this type only.
    """
    return {"name": name, "state": state, "is_ready": state == ready, "is_failed": state in failed, "tags": tags, **more}
