"""What a backup holds, and what can become of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

MARK = "~"
"""Is appended to what is altered."""


@dataclass(frozen=True)
class Content:
    """The state of a resource at backup time, in copies that no later change reaches.

    Attributes:
        attributes: how the resource was set up.
        data: what it held, piece by piece.
        tags: its tags.
    """

    attributes: Mapping[str, Any]
    data: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


def lost(content: Content) -> Content:
    """A content whose data and tags are gone."""
    return replace(content, data={}, tags={})


def with_altered_tags(content: Content) -> Content:
    """A content whose tags have other values."""
    return replace(content, tags={key: value + MARK for key, value in content.tags.items()})
