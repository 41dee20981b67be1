"""Which events the stage's EventBridge rule takes, by the matching that the sandbox uses: its own, and whatever may be its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from moto.events.models import EventPattern

from tests.conftest import ROOT

EVENTS = sorted((Path(__file__).parent / "events").glob("eb_*.json"))
VAULT = "prod-daily"


def pattern(vault: str) -> EventPattern:
    """The role's default for the stage of a vault."""
    text = (ROOT / "roles/notifier/defaults/main.yml").read_text(encoding="utf-8").replace("{{ notifier_vault_name }}", vault)
    return EventPattern.load(json.dumps(yaml.safe_load(text)["notifier_event_pattern"]))


def recorded(path: Path, **detail: Any) -> Any:
    event = json.loads(path.read_text(encoding="utf-8"))
    return {**event, "detail": {**event["detail"], **detail}}


def vaults(event: dict[str, Any]) -> str:
    return " ".join(str(value) for name, value in event["detail"].items() if name.lower().endswith(("vaultname", "vaultarn")))


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_an_event_of_the_vault_or_of_none_is_taken_and_one_of_another_vault_is_not(path: Path) -> None:
    event = recorded(path)
    is_ours = event["source"] == "aws.backup"
    assert pattern(VAULT).matches_event(event) is (is_ours and (VAULT in vaults(event) or not vaults(event)))
    assert pattern("other").matches_event(event) is (is_ours and not vaults(event))


@pytest.mark.parametrize(
    ("source", "destination", "taken"),
    [
        (VAULT, "vault-dr", True),
        ("vault-dr", VAULT, True),
        (VAULT, VAULT, True),
        ("vault-dr", "vault-x", False),
        ("x-prod-daily", "y", False),
    ],
)
def test_a_copy_is_of_both_its_vaults(source: str, destination: str, taken: bool) -> None:
    arn = "arn:aws:backup:us-west-2:123456789012:backup-vault:"
    (path,) = (each for each in EVENTS if each.stem == "eb_copy_failed")
    event = recorded(path, sourceBackupVaultArn=arn + source, destinationBackupVaultArn=arn + destination)
    assert pattern(VAULT).matches_event(event) is taken
