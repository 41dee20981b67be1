# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The marker that a backup has to bring back: random, and with a hash of its own, so that it tells by itself whether it was altered."""

from __future__ import annotations

import hashlib
import secrets

NAME = "proven-aws-backup-canary"
"""What the marker is called: the key of the item or object, or of the tag."""

RANDOM_BYTES = 16


def new_marker() -> str:
    """A marker that nobody has seen before."""
    return marker_of(secrets.token_hex(RANDOM_BYTES))


def marker_of(text: str) -> str:
    """A text with its hash behind it; as short as a tag's value has to be."""
    return f"{text}.{digest(text)}"


def digest(text: str) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def problem_with(found: str | None, expected_sha256: str | None, what: str = "the canary") -> str | None:
    """What is wrong with a marker that was looked for after a restore; None when it is as it was written.

    Args:
        found: the marker, None when there is none.
        expected_sha256: the hash of the one that the backup should hold, None when it is not known which.
        what: what it is called.
    """
    if found is None:
        return f"{what} is lost: the restored resource holds no marker"
    text, _dot, own = found.rpartition(".")
    if digest(text) != own:
        return f"{what} is altered: its hash is {digest(text)[:12]}..., and it says {own[:12] or 'nothing'}..."
    if expected_sha256 and digest(found) != expected_sha256:
        return f"{what} is another one: its hash is {digest(found)[:12]}..., and that of the backup's {expected_sha256[:12]}..."
    return None
