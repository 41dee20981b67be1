"""The filter notifier_targets."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.filter.notifier_targets import FilterModule

notifier_targets = FilterModule().filters()["notifier_targets"]


def test_a_secret_of_ours_for_each_target_that_names_none() -> None:
    given = [
        {"name": "slack", "type": "slack_webhook"},
        {"name": "teams", "secret": "secretsmanager:prod/teams"},
        {"name": "a", "secret": ""},
    ]
    assert notifier_targets(given, "/project/dev/notifier/") == [
        {"name": "slack", "type": "slack_webhook", "secret": "ssm:/project/dev/notifier/slack"},
        {"name": "teams", "secret": "secretsmanager:prod/teams"},
        {"name": "a", "secret": "ssm:/project/dev/notifier/a"},
    ]
    assert "secret" not in given[0], "the input is left as it is"


@pytest.mark.parametrize("given", [None, "slack", {"name": "slack"}, [None, 7, {"type": "slack_webhook"}, {"name": 7}]])
def test_what_is_no_target_is_left_for_the_check(given: Any) -> None:
    assert notifier_targets(given, "/p/") == given
