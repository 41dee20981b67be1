"""Routing rules that can never do what they seem to say: each is named, with what would have been right."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from backup_notifier import families, states, validation

SLACK = {"name": "slack", "type": "slack_webhook", "secret": "ssm:/proven-backup/dev/notifier/slack"}
ONCALL = {"name": "oncall", "type": "slack_bot", "secret": "ssm:/oncall", "channel": "C0123456789"}
TEAMS = {"name": "teams", "type": "teams_webhook", "secret": "ssm:/teams"}
SIEM = {"name": "siem", "type": "https_webhook", "secret": "ssm:/siem"}
VAULT_EVENTS = botocore.session.get_session().get_service_model("backup").shape_for("BackupVaultEvent").enum


@pytest.mark.parametrize(
    ("field", "wrong", "right", "meant"),
    [
        ("state", "FALED", "failed", "FAILED"),
        ("event_type", "BACKUP_JOBS", "backup_job", "BACKUP_JOB"),
        ("event_type", "S3_BACKUP_OBJECT_FAIL", "S3_BACKUP_OBJECT_FAILED", "S3_BACKUP_OBJECT_FAILED"),
        ("resource_type", "DynamoDb table", "dynamodb", "DynamoDB"),
        ("resource_type", "RSD", "RDS", "RDS"),
    ],
)
def test_unknown_name_gets_the_nearest_and_a_pattern_may_be_for_what_aws_adds(field: str, wrong: str, right: str, meant: str) -> None:
    rules = [{"name": "typo", "match": {field: [wrong, right, "NEW_*"]}}]
    (problem,) = validation.problems({"targets": [SLACK], "rules": rules})
    assert problem.startswith(f'rule 1 "typo": match: {field} "{wrong}" is none of ')
    assert problem.endswith(f"; did you mean {meant}?")


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("BACKUP_JOB_COMPLETED", "BACKUP_JOB"),
        ("copy_job_failed", "COPY_JOB"),
        ("RECOVERY_POINT_INDEX_COMPLETED", "RECOVERY_POINT_INDEX"),
        ("ACCESS_POINT_EXPIRED", "ACCESS_POINT"),
    ],
)
def test_a_vaults_event_name_that_no_notification_has_is_translated(name: str, family: str) -> None:
    rules = [{"match": {"event_type": name}}]
    (problem,) = validation.problems({"targets": [SLACK], "rules": rules})
    assert problem == f'rule 1: match: event_type "{name}" is an event\'s own name; say {family}, and its state'


@pytest.mark.parametrize("event", VAULT_EVENTS)
def test_every_event_of_a_vault_has_its_event_type(event: str) -> None:
    event_type, state = families.of_event_type(event)
    assert event_type in states.EVENT_TYPES
    assert state in ("", *states.STATES)


@pytest.mark.parametrize(
    ("rule", "others"),
    [
        ({"targets": ["siem"]}, "siem (https_webhook)"),
        ({"targets": ["teams", "siem"]}, "teams (teams_webhook), siem (https_webhook)"),
        ({"targets": ["teams", "oncall"]}, ""),
        ({"targets": ["teams"], "mention": ""}, ""),
        ({}, ""),
    ],
)
def test_a_mention_that_nobody_would_see(rule: dict[str, Any], others: str) -> None:
    rule = {"name": "loud", "mention": "<!here>", **rule}
    problem = f'rule 1 "loud": mention "<!here>" is for Slack, and none of its targets is: {others}'
    assert validation.problems({"targets": [ONCALL, TEAMS, SIEM], "rules": [rule]}) == ([problem] if others else [])


def test_a_mention_where_no_target_is_slack() -> None:
    problems = validation.problems({"targets": [TEAMS], "mention": "<!here>", "rules": [{"mention": "<!channel>"}]})
    assert problems == [
        'settings: mention "<!here>" is for Slack, and none of its targets is: teams (teams_webhook)',
        'rule 1: mention "<!channel>" is for Slack, and none of its targets is: teams (teams_webhook)',
    ]


def test_a_mention_is_for_slack_until_its_target_has_a_type() -> None:
    (problem,) = validation.problems({"targets": [{**SLACK, "type": "slak"}], "mention": "<!here>"})
    assert 'type "slak" is none of' in problem


def test_a_mention_of_a_rule_that_posts_nothing() -> None:
    rules = [{"match": {"state": "FAILED"}, "post": "never", "mention": "<!here>"}, {"post": "never", "mention": ""}]
    assert validation.problems({"targets": [SLACK], "rules": rules}) == ['rule 1: mention "<!here>" is never seen, because post is "never"']


@pytest.mark.parametrize(
    ("targets", "more", "others"),
    [
        ([SLACK, ONCALL], {"store_table": "table"}, ""),
        ([SLACK, {**ONCALL, "threads": False}], {"store_table": "table"}, "slack (slack_webhook), oncall (slack_bot)"),
        ([ONCALL], {}, "oncall (slack_bot)"),
        ([SLACK, TEAMS], {"store_table": "table"}, "slack (slack_webhook), teams (teams_webhook)"),
    ],
)
def test_a_thread_where_no_target_has_any(targets: list[dict[str, Any]], more: dict[str, Any], others: str) -> None:
    problem = f'rule 1: post "thread" is for a slack_bot with threads and a store, and none of its targets is one: {others}'
    assert validation.problems({"targets": targets, "rules": [{"post": "thread"}], **more}) == ([problem] if others else [])


def test_a_thread_of_targets_that_have_none_beside_one_that_has() -> None:
    rules = [{"name": "quiet", "targets": ["slack"], "post": "thread"}]
    (problem,) = validation.problems({"targets": [SLACK, ONCALL], "store_table": "table", "rules": rules})
    assert problem.endswith("and none of its targets is one: slack (slack_webhook)")


def test_a_thread_is_for_a_bot_until_its_target_has_a_type() -> None:
    document = {"targets": [{**ONCALL, "type": "slackbot"}], "store_table": "table", "rules": [{"post": "thread"}]}
    assert not [problem for problem in validation.problems(document) if "post" in problem]


@pytest.mark.parametrize(("tags", "lookups", "wrong"), [({"Team": "db"}, False, True), ({"Team": "db"}, True, False), ({}, False, False)])
def test_tags_that_nobody_looks_up(tags: dict[str, str], lookups: bool, wrong: bool) -> None:
    rules = [{"name": "databases", "match": {"tags": tags}}]
    problem = 'rule 1 "databases": match: tags are looked up, and lookups is false, so the rule never matches'
    assert validation.problems({"targets": [SLACK], "lookups": lookups, "rules": rules}) == ([problem] if wrong else [])


def test_a_name_that_is_no_text() -> None:
    assert validation.problems({"targets": [SLACK], "rules": [{"name": 1}]}) == ["rule 1: name must be a text"]


def test_rules_after_one_that_matches_everything() -> None:
    rules = [{"name": "all", "match": {"vault": []}}, {"name": "late"}]
    assert validation.problems({"targets": [SLACK], "rules": rules}) == [
        'rule 1 "all": matches everything, so the rules after it are never reached'
    ]
