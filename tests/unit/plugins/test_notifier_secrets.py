"""The filter notifier_secrets."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.filter.notifier_secrets import FilterModule

notifier_secrets = FilterModule().filters()["notifier_secrets"]
PREFIX = "/project/dev/notifier/"
TARGETS = [
    {"name": "slack", "type": "slack_webhook", "secret": f"ssm:{PREFIX}slack"},
    {"name": "siem", "type": "https_webhook", "secret": f"ssm:{PREFIX}siem"},
    {"name": "teams", "type": "teams_webhook", "secret": "secretsmanager:prod/teams"},
    {"name": "other", "type": "slack_webhook", "secret": "ssm:/project/dev/other"},
]


def test_only_given_secrets_of_ours_as_text() -> None:
    key = {"url": "https://siem.example.com/", "hmac_key": 1234567890123456}
    given = {"slack": "https://hooks.slack.com/x", "siem": key, "teams": "https://teams", "other": "https://other", "nobody": "x"}
    stored = notifier_secrets(given, TARGETS, PREFIX)
    assert set(stored) == {"slack", "siem"}
    assert stored["slack"] == "https://hooks.slack.com/x"
    assert json.loads(stored["siem"]) == {"url": "https://siem.example.com/", "hmac_key": "1234567890123456"}


@pytest.mark.parametrize("given", [{}, None, "text", {"slack": ""}, {"slack": None}])
def test_nothing_given_is_nothing_to_store(given: Any) -> None:
    assert notifier_secrets(given, TARGETS, PREFIX) == {}


@pytest.mark.parametrize("targets", [None, [], "slack", [None, 7, {}, {"name": 7, "secret": f"ssm:{PREFIX}7"}, {"name": "slack"}]])
def test_what_is_no_target_has_no_secret(targets: Any) -> None:
    assert notifier_secrets({"slack": "https://hooks.slack.com/x"}, targets, PREFIX) == {}
