"""Every recorded event gives exactly the recorded messages: one for Slack, and for some also the card for Teams and the document.

After a wanted change of the format: `UPDATE_PAYLOADS=1 pytest tests/unit/notifier/test_payloads.py`, then read the difference in git.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from backup_notifier import document, format, parse, teams
from backup_notifier.notification import Notification

HERE = Path(__file__).parent
EVENTS = sorted((HERE / "events").glob("*.json"))
FORMATS = {"payloads": format.message, "cards": teams.card, "documents": document.document}
# One success, one failure with all there is to say, one that was not understood, and one about no job.
FOR_ALL_TARGETS = ("eb_backup_completed", "eb_copy_failed", "unknown_wording", "eb_vault_deleted")


def assert_recorded(folder: str, event_file: Path, build: Callable[[Notification], dict[str, Any]]) -> None:
    event = json.loads(event_file.read_text())
    messages = [build(notification) for notification in parse.notifications(event)]
    expected = HERE / folder / event_file.name
    if os.environ.get("UPDATE_PAYLOADS"):
        expected.write_text(json.dumps(messages, indent=2, ensure_ascii=False) + "\n")
    assert messages == json.loads(expected.read_text())


@pytest.mark.parametrize("event_file", EVENTS, ids=lambda path: path.stem)
def test_event_gives_the_recorded_payload(event_file: Path) -> None:
    assert_recorded("payloads", event_file, format.message)


@pytest.mark.parametrize("name", FOR_ALL_TARGETS)
@pytest.mark.parametrize("folder", ["cards", "documents"])
def test_event_gives_the_recorded_card_and_document(folder: str, name: str) -> None:
    assert_recorded(folder, HERE / "events" / f"{name}.json", FORMATS[folder])


def test_every_recorded_message_has_its_event() -> None:
    recorded = {folder: sorted(path.stem for path in (HERE / folder).glob("*.json")) for folder in FORMATS}
    assert recorded == {
        "payloads": [path.stem for path in EVENTS],
        "cards": sorted(FOR_ALL_TARGETS),
        "documents": sorted(FOR_ALL_TARGETS),
    }
