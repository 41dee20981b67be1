"""Restore testing: plans, selections, and the test restores that plans make on the sandbox's clock."""

from __future__ import annotations

from . import inferred, plans, routes, selections

__all__ = ["inferred", "plans", "routes", "selections"]
