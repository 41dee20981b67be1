"""Every recorded event gives exactly the recorded Slack message.

After a wanted change of the format: `UPDATE_PAYLOADS=1 pytest tests/unit/notifier/test_payloads.py`, then read the difference in git.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from backup_notifier import format, parse

HERE = Path(__file__).parent
EVENTS = sorted((HERE / "events").glob("*.json"))


@pytest.mark.parametrize("event_file", EVENTS, ids=lambda path: path.stem)
def test_event_gives_the_recorded_payload(event_file: Path) -> None:
    event = json.loads(event_file.read_text())
    payloads = [format.message(notification) for notification in parse.notifications(event)]
    expected = HERE / "payloads" / event_file.name
    if os.environ.get("UPDATE_PAYLOADS"):
        expected.write_text(json.dumps(payloads, indent=2, ensure_ascii=False) + "\n")
    assert payloads == json.loads(expected.read_text())


def test_every_payload_has_its_event() -> None:
    assert sorted(path.name for path in (HERE / "payloads").glob("*.json")) == [path.name for path in EVENTS]
