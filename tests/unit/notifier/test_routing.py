"""Which targets are told, how, and who is mentioned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from backup_notifier import routing, settings, states
from backup_notifier.notification import Notification
from backup_notifier.routing import Route

TARGETS = [
    {"name": "slack", "type": "slack_webhook", "secret": "ssm:/slack"},
    {"name": "oncall", "type": "slack_bot", "secret": "ssm:/oncall", "channel": "C0123456789"},
]
FAILED = Notification(
    text="",
    event_type="BACKUP_JOB",
    state="FAILED",
    job_type="backup",
    job_id="1",
    vault_name="prod-databases",
    resource_type="RDS",
    region="us-west-2",
    account_id="123456789012",
    tags=(("Team", "db"), ("Stage", "prod")),
)
STARTED = replace(FAILED, state="RUNNING")
ALL = ("slack", "oncall")


def route(notification: Notification, *rules: dict[str, Any], mention: str = "", unknown: frozenset[str] = frozenset()) -> Route:
    document = {"targets": TARGETS, "rules": list(rules), "mention": mention}
    return routing.route(notification, settings.parse(document), unknown)


def test_without_a_rule_every_target_is_told() -> None:
    assert route(FAILED) == Route(ALL, "always", "")


@pytest.mark.parametrize(
    "match",
    [
        {"severity": ["failure"]},
        {"severity": "FAILURE"},
        {"vault": ["other", "prod-*"]},
        {"resource_type": ["rds"]},
        {"job_type": "backup"},
        {"event_type": ["BACKUP_*"]},
        {"state": ["FAILED", "EXPIRED"]},
        {"region": "us-*", "account": "123456789012"},
        {"tags": {"Team": "db"}},
        {"tags": {"Team": ["web", "d?"], "Stage": "prod"}},
        {"vault": [], "state": []},
        {},
    ],
)
def test_matching(match: dict[str, Any]) -> None:
    assert route(FAILED, {"match": match, "targets": ["oncall"]}).targets == ("oncall",)


@pytest.mark.parametrize(
    "match",
    [
        {"severity": ["warning", "success"]},
        {"vault": "prod"},
        {"resource_type": ["EBS"]},
        {"vault": "prod-*", "state": "COMPLETED"},
        {"tags": {"Team": "web"}},
        {"tags": {"Team": "db", "Owner": "*"}},
    ],
)
def test_not_matching(match: dict[str, Any]) -> None:
    assert route(FAILED, {"match": match, "targets": ["oncall"]}).targets == ALL


def test_the_first_rule_that_matches_decides() -> None:
    rules = [{"match": {"state": "EXPIRED"}, "post": "never"}, {"match": {"job_type": "backup"}, "post": "thread"}, {"post": "never"}]
    assert route(FAILED, *rules).post == "thread"


def test_global_mention_is_for_failures() -> None:
    assert route(FAILED, mention="<!here>").mention == "<!here>"
    assert route(STARTED, mention="<!here>").mention == ""


def test_a_rule_mentions_for_whatever_it_matches() -> None:
    assert route(STARTED, {"mention": "<!channel>"}, mention="<!here>").mention == "<!channel>"
    assert route(FAILED, {"mention": ""}, mention="<!here>").mention == ""
    assert route(FAILED, {"post": "always"}, mention="<!here>").mention == "<!here>"


@pytest.mark.parametrize(
    ("changes", "match", "needed"),
    [
        ({"vault_name": ""}, {"vault": "prod-*"}, True),
        ({}, {"vault": "prod-*"}, False),
        ({"vault_name": ""}, {"vault": []}, False),
        ({"resource_type": ""}, {"resource_type": "RDS"}, True),
        ({"state": "COMPLETED"}, {"severity": "warning"}, True),
        ({"state": "COMPLETED", "message_category": "SUCCESS"}, {"severity": "warning"}, False),
        ({"state": "COMPLETED", "job_type": "restore", "event_type": "RESTORE_JOB"}, {"severity": "warning"}, False),
        ({"state": "FAILED"}, {"severity": "failure"}, False),
        ({"vault_name": "", "job_id": ""}, {"vault": "prod-*"}, False),
        ({"resource_arn": ""}, {"tags": {"Team": "db"}}, True),
        ({"resource_arn": "arn:aws:rds:us-west-2:123456789012:db:x"}, {"tags": {"Team": "db"}}, False),
    ],
)
def test_a_look_up_is_needed_for_what_a_rule_asks_and_the_event_leaves_out(
    changes: dict[str, Any], match: dict[str, Any], needed: bool
) -> None:
    rules = settings.parse({"targets": TARGETS, "rules": [{"match": match}]}).rules
    assert routing.needs_lookup(replace(FAILED, **changes), rules) is needed


@pytest.mark.parametrize(
    ("matches", "needed"),
    [
        ([{"tags": {"Team": "web"}}], True),
        ([{"state": "FAILED"}, {"tags": {"Team": "web"}}], False),
        ([{"state": "EXPIRED"}, {"state": "FAILED", "tags": {"Team": "web"}}], True),
        ([{"state": "EXPIRED", "tags": {"Team": "web"}}], False),
        ([], False),
    ],
)
def test_tags_are_needed_only_when_they_decide(matches: list[dict[str, Any]], needed: bool) -> None:
    rules = settings.parse({"targets": TARGETS, "rules": [{"match": match} for match in matches]}).rules
    assert routing.needs_tags(FAILED, rules) is needed


NO_TAGS = replace(FAILED, tags=())
NO_VAULT = replace(FAILED, vault_name="")
PERHAPS_ISSUES = replace(FAILED, state="COMPLETED", details=((states.LOOK_UP, "failed: AWS Backup throttled the call"),))
DB = {"match": {"tags": {"Team": "db"}}, "targets": ["oncall"]}
MUTE = {"post": "never"}


def test_a_mute_rule_does_not_win_over_one_that_may_match() -> None:
    assert route(NO_TAGS, DB, MUTE).post == "never"
    assert route(NO_TAGS, DB, MUTE, unknown=frozenset({"tags"})) == Route(("oncall",), "always", "")
    assert route(NO_VAULT, {"match": {"vault": "prod-*"}}, MUTE, unknown=frozenset({"vault"})) == Route(ALL, "always", "")
    assert route(NO_VAULT, {"match": {"vault": "prod-*"}, "post": "never"}, unknown=frozenset({"vault"})) == Route(ALL, "always", "")


def test_what_may_match_counts_beside_what_matches() -> None:
    ours = {"match": {"job_type": "backup"}, "targets": ["slack"], "mention": "<!here>"}
    found = route(NO_TAGS, {**DB, "mention": "<!channel>"}, ours, MUTE, unknown=frozenset({"tags"}))
    assert found == Route(("oncall", "slack"), "always", "<!channel> <!here>")
    assert route(NO_TAGS, {**DB, "post": "thread"}, ours, unknown=frozenset({"tags"})).post == "always"
    assert route(NO_TAGS, {**DB, "post": "thread"}, MUTE, unknown=frozenset({"tags"})).post == "thread"


@pytest.mark.parametrize(
    "first",
    [
        {"match": {"tags": {"Team": "db"}, "state": "EXPIRED"}},
        {"match": {"tags": {"Team": "db"}}, "post": "never"},
        {"match": {"vault": "other"}},
    ],
)
def test_what_does_not_depend_on_the_unknown_is_decided(first: dict[str, Any]) -> None:
    assert route(NO_TAGS, first, MUTE, unknown=frozenset({"tags"})).post == "never"


@pytest.mark.parametrize(("severity", "post"), [("success", "always"), ("warning", "always"), ("unknown", "always"), ("failure", "never")])
def test_a_completed_job_that_was_not_looked_up_may_have_issues_and_has_not_failed(severity: str, post: str) -> None:
    unknown = routing.unknown_fields(PERHAPS_ISSUES) - {"tags"}
    assert unknown == {"severity"}
    assert route(PERHAPS_ISSUES, {"match": {"severity": severity}}, MUTE, unknown=unknown).post == post


def test_tags_are_asked_for_by_a_rule_that_may_match() -> None:
    rules = [{"match": {"vault": "prod-*", "tags": {"Team": "db"}}}, MUTE]
    assert routing.needs_tags(NO_VAULT, settings.parse({"targets": TARGETS, "rules": rules}).rules)


def test_only_of_jobs_something_is_unknown() -> None:
    assert routing.unknown_fields(replace(NO_VAULT, resource_type="")) == {"vault", "resource_type", "tags"}
    assert routing.unknown_fields(replace(NO_VAULT, job_id="")) == frozenset()
