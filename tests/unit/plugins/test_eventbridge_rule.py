"""The module eventbridge_rule against a sandbox."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.modules import eventbridge_rule

FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:notifier"
QUEUE = "arn:aws:sqs:us-west-2:123456789012:undelivered"
PATTERN = {"source": ["aws.backup"]}

Ensure = Callable[..., dict[str, Any]]


@pytest.fixture
def ensure(sandbox: Any, run_module: Any) -> Ensure:
    """Run the module for the rule events."""

    def run(check: bool = False, **options: Any) -> dict[str, Any]:
        args = {**sandbox.connection(), "name": "events", **({} if options.get("state") == "absent" else {"event_pattern": PATTERN})}
        return run_module(eventbridge_rule, {**args, **options}, check=check, diff=True)

    return run


def target(**options: Any) -> dict[str, Any]:
    return {"id": "notifier", "arn": FUNCTION, **options}


def rules(sandbox: Any) -> list[str]:
    return [rule["Name"] for rule in sandbox.client("events").list_rules()["Rules"]]


def targets(sandbox: Any) -> list[dict[str, Any]]:
    return list(sandbox.client("events").list_targets_by_rule(Rule="events")["Targets"])


def test_creates_it_once(sandbox: Any, ensure: Ensure) -> None:
    wanted = {"targets": [target(dead_letter_arn=QUEUE, maximum_retry_attempts=3)], "tags": {"Stage": "dev"}, "description": "Events"}
    predicted = ensure(check=True, **wanted)
    assert (predicted["changed"], predicted["rule"]["arn"], rules(sandbox)) == (True, "", [])
    result = ensure(**wanted)
    assert result["changed"]
    assert result["rule"] == {**predicted["rule"], "arn": "arn:aws:events:us-west-2:123456789012:rule/events"}
    assert result["diff"]["before"] == {}
    (found,) = targets(sandbox)
    assert found == {"Id": "notifier", "Arn": FUNCTION, "DeadLetterConfig": {"Arn": QUEUE}, "RetryPolicy": {"MaximumRetryAttempts": 3}}
    assert json.loads(sandbox.client("events").describe_rule(Name="events")["EventPattern"]) == PATTERN
    again = ensure(**wanted)
    assert (again["changed"], again["rule"]) == (False, result["rule"])


@pytest.mark.parametrize(
    ("change", "key", "expected"),
    [
        ({"description": "Other"}, "description", "Other"),
        ({"event_pattern": {"source": ["own.app"]}}, "event_pattern", {"source": ["own.app"]}),
        ({"enabled": False}, "state", "DISABLED"),
        ({"tags": {"Stage": "prod"}}, "tags", {"Stage": "prod"}),
        ({"tags": {"Team": "db"}, "purge_tags": False}, "tags", {"Stage": "dev", "Team": "db"}),
    ],
    ids=["description", "pattern", "state", "tags", "more tags"],
)
def test_changes_what_differs_and_nothing_else(ensure: Ensure, change: dict[str, Any], key: str, expected: Any) -> None:
    wanted = {"targets": [target(dead_letter_arn=QUEUE)], "tags": {"Stage": "dev"}}
    before = ensure(**wanted)["rule"]
    assert ensure(check=True, **{**wanted, **change})["rule"] == {**before, key: expected}
    result = ensure(**{**wanted, **change})
    assert (result["changed"], result["rule"]) == (True, {**before, key: expected})
    assert not ensure(**{**wanted, **change})["changed"]


def test_exchanges_targets(sandbox: Any, ensure: Ensure) -> None:
    ensure(targets=[target(), {"id": "other", "arn": QUEUE}])
    assert ensure(targets=[target(dead_letter_arn=QUEUE)])["changed"]
    assert targets(sandbox) == [{"Id": "notifier", "Arn": FUNCTION, "DeadLetterConfig": {"Arn": QUEUE}}]


def test_what_a_target_has_besides_is_a_difference(sandbox: Any, ensure: Ensure) -> None:
    ensure(targets=[target()])
    sandbox.client("events").put_targets(Rule="events", Targets=[{"Id": "notifier", "Arn": FUNCTION, "InputPath": "$.detail"}])
    result = ensure(targets=[target()])
    assert result["diff"]["before"]["targets"][0]["others"] == {"InputPath": "$.detail"}
    assert targets(sandbox) == [{"Id": "notifier", "Arn": FUNCTION}]


def test_without_tags_they_stay(ensure: Ensure) -> None:
    ensure(tags={"Stage": "dev"})
    assert ensure()["rule"]["tags"] == {"Stage": "dev"}


def test_removes_it_with_its_targets(sandbox: Any, ensure: Ensure) -> None:
    ensure(targets=[target()])
    assert ensure(check=True, state="absent")["changed"]
    assert rules(sandbox) == ["events"]
    result = ensure(state="absent")
    assert (result["changed"], result["rule"], rules(sandbox)) == (True, None, [])
    assert not ensure(state="absent")["changed"]


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ([target(), target()], "targets: the IDs notifier, notifier are not all different"),
        ([target(maximum_retry_attempts=186)], "maximum_retry_attempts of notifier is 186 and must be from 0 to 185"),
        ([target(maximum_event_age_in_seconds=1)], "maximum_event_age_in_seconds of notifier is 1 and must be from 60 to 86400"),
    ],
)
def test_refuses_what_aws_would_refuse(sandbox: Any, ensure: Ensure, targets: list[dict[str, Any]], message: str) -> None:
    result = ensure(targets=targets)
    assert (result["failed"], message in result["msg"], rules(sandbox)) == (True, True, [])


def test_a_bus_that_is_not_there_is_told(ensure: Ensure) -> None:
    result = ensure(event_bus_name="nowhere")
    assert result["failed"]
    assert "Failed to write the rule events" in result["msg"]
