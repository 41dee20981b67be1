"""The timeline filter."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.proven.aws_backup.plugins.filter.timeline import FilterModule

timeline = FilterModule().filters()["timeline"]


def test_orders_events_and_counts_seconds_across_offsets() -> None:
    events = timeline({"completed": "2026-11-23T22:03:00.5+01:00", "created": "2026-11-23T21:00:00Z", "running": "2026-11-23T21:01:00"})
    assert [(event["event"], event["seconds"], event["seconds_since_previous"]) for event in events] == [
        ("created", 0.0, 0.0),
        ("running", 60.0, 60.0),
        ("completed", 180.5, 120.5),
    ]
    assert events[2]["time"] == "2026-11-23T21:03:00.500+00:00"


def test_leaves_out_events_without_a_time() -> None:
    assert [event["event"] for event in timeline({"created": "2026-11-23T21:00:00Z", "notified": None, "running": ""})] == ["created"]
    assert timeline({}) == []


@pytest.mark.parametrize("value", ["yesterday", "2026-13-01T00:00:00Z", 12])
def test_names_the_event_whose_time_is_unusable(value: object) -> None:
    with pytest.raises(AnsibleFilterError, match="the time of created is not ISO 8601"):
        timeline({"created": value})


def test_refuses_what_is_no_dictionary() -> None:
    with pytest.raises(AnsibleFilterError, match="takes a dictionary"):
        timeline(["2026-11-23T21:00:00Z"])
