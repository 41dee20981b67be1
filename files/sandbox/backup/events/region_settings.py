"""What the event bus is told when a Region's settings change."""

from __future__ import annotations

from . import Change
from .dates import iso

DETAIL_TYPE = "Region Setting State Change"


def change(date: float, preferences: dict[str, dict[str, bool]]) -> Change:
    """The settings that were changed, under the API's own names: these alone start with a capital letter."""
    given = {name: values for name, values in preferences.items() if values}
    return Change(DETAIL_TYPE, {"modifiedAt": iso(date), **given, "state": "MODIFIED"})
