"""Settings as the role deploys them: what they become, and what is said about wrong ones."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from backup_notifier import settings, validation
from backup_notifier.settings import Settings, SettingsError, Target
from hypothesis import example, given
from hypothesis import strategies as st

FILES = Path(settings.__file__).resolve().parents[1]
SLACK = {"name": "slack", "type": "slack_webhook", "secret": "ssm:/proven-backup/dev/notifier/slack"}
BOT = {"name": "oncall", "type": "slack_bot", "secret": "secretsmanager:prod/slack", "channel": "C0123456789"}
FULL = {
    "targets": [
        SLACK,
        BOT,
        {"name": "teams", "type": "teams_webhook", "secret": "ssm:arn:aws:ssm:eu-west-1:123456789012:parameter/teams"},
        {
            "name": "siem",
            "type": "https_webhook",
            "secret": "secretsmanager:arn:aws:secretsmanager:us-west-2:123456789012:secret:s-AbCd",
        },
    ],
    "rules": [
        {"name": "starts only in the thread", "match": {"severity": ["progress"]}, "post": "thread"},
        {
            "name": "databases",
            "match": {"resource_type": ["RDS", "Aurora"], "vault": "prod-*", "state": [], "tags": {"Team": "db"}},
            "targets": ["oncall"],
            "mention": "<!here> <!subteam^S0123456789>",
        },
        {},
    ],
    "mention": "<!here>",
    "store_table": "proven-backup-dev-notifications",
    "lookups": True,
    "console_links": False,
}


def check(document: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the check as the role does, in a Python that has nothing but the standard library."""
    command = [sys.executable, "-S", "-m", "backup_notifier.settings", *arguments]
    text = document if isinstance(document, str) else json.dumps(document)
    return subprocess.run(command, input=text, capture_output=True, text=True, env={"PYTHONPATH": str(FILES)}, check=False)


def test_full_settings_are_silent_and_read() -> None:
    assert (check(FULL).returncode, check(FULL).stdout, check(FULL).stderr) == (0, "", "")
    read = settings.parse(FULL)
    assert read.rules[1].match == {"resource_type": ("RDS", "Aurora"), "vault": ("prod-*",), "state": ()}
    assert (read.rules[1].tags, read.rules[1].targets, read.rules[0].post) == ({"Team": ("db",)}, ("oncall",), "thread")
    assert (read.mention, read.lookups, read.console_links, read.rules[0].mention) == ("<!here>", True, False, None)


def test_least_settings() -> None:
    assert settings.parse({"targets": [SLACK]}) == Settings((Target("slack", "slack_webhook", "ssm:/proven-backup/dev/notifier/slack"),))


@pytest.mark.parametrize(
    ("bot", "table", "threads"),
    [({}, "table", True), ({}, "", False), ({"threads": False}, "table", False), ({"threads": True}, "table", True)],
)
def test_a_bot_has_threads_where_they_can_be_remembered(bot: dict[str, Any], table: str, threads: bool) -> None:
    assert settings.parse({"targets": [{**BOT, **bot}], "store_table": table}).targets[0].threads is threads


def test_started_means_running_too() -> None:
    read = settings.parse({"targets": [SLACK], "rules": [{"match": {"state": ["Started"]}}]})
    assert read.rules[0].match == {"state": ("Started", "RUNNING")}


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({"targets": ["oncal"]}, 'targets names "oncal", which is no target; targets are slack, oncall; did you mean oncall?'),
        ({"targets": "slack"}, "targets must be a list of names"),
        ({"post": "sometimes"}, 'post "sometimes" is none of always, thread, never'),
        ({"mention": "@here"}, 'mention "@here" is no Slack mention: <!here>, <!channel>, <!subteam^S0123456789> or <@U0123456789>'),
        ({"match": {"severity": ["bad"]}}, 'match: severity "bad" is none of failure, warning, unknown, progress, success'),
        ({"match": {"job_type": "backups"}}, 'match: job_type "backups" is none of backup, copy, restore, scan; did you mean backup?'),
        ({"match": {"severity": "fial*"}}, 'match: severity "fial*" is none of failure, warning, unknown, progress, success'),
        ({"match": {"region": "US West"}}, 'match: region "US West" is not a Region, for example us-west-2'),
        ({"match": {"account": "12345"}}, 'match: account "12345" is not an account\'s 12 digits'),
        ({"match": {"vault": [1]}}, "match: vault must be a text or a list of texts"),
        ({"match": {"tags": ["Team"]}}, "match: tags must be an object of keys and values"),
        ({"match": {"tags": {"Team": None}}}, "match: tags: Team must be a text or a list of texts"),
        ({"match": ["x"]}, "match must be an object"),
        (
            {"match": {"event_types": "BACKUP_JOB"}},
            "match: event_types unknown; known are account, event_type, job_type, region, "
            "resource_type, severity, state, tags, vault; did you mean event_type?",
        ),
        ({"channel": "C1"}, "channel unknown; known are match, mention, name, post, targets"),
    ],
)
def test_wrong_rule_is_named_with_its_position(rule: dict[str, Any], problem: str) -> None:
    document = {"targets": [SLACK, BOT], "rules": [{"match": {"state": "FAILED"}}, {"name": "databases", **rule}]}
    result = check(document)
    assert (result.returncode, result.stdout, result.stderr) == (2, "", f'rule 2 "databases": {problem}\n')


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        (
            {**SLACK, "type": "slack_webhok"},
            'target 1 "slack": type "slack_webhok" is none of slack_webhook, slack_bot, teams_webhook, https_webhook'
            "; did you mean slack_webhook?",
        ),
        ({**SLACK, "name": "a b"}, 'target 1 "a b": name must be 1 to 64 letters, digits, dots, dashes or underscores'),
        (
            {**SLACK, "secret": "https://hooks.slack.com/services/T0/B0/x"},
            'target 1 "slack": secret must say where the secret is: ssm:<parameter> or secretsmanager:<name or ARN>',
        ),
        ({**SLACK, "channel": "C1"}, 'target 1 "slack": channel is for a slack_bot only'),
        ({**BOT, "channel": ""}, 'target 1 "oncall": a slack_bot needs a channel, for example C0123456789'),
        ({**BOT, "threads": True}, 'target 1 "oncall": threads need a store: set store_table, or threads to false'),
        (
            {**BOT, "api_url": "https://example.com/api"},
            'target 1 "oncall": api_url must be https://slack.com/api or https://slack-gov.com/api',
        ),
        ("slack", "target 1: must be an object"),
    ],
)
def test_wrong_target_is_named_with_its_position(target: Any, problem: str) -> None:
    assert validation.problems({"targets": [target]}) == [problem]


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ([], "the settings must be an object"),
        ({}, "settings: targets must list at least one target"),
        ({"targets": [SLACK, {**BOT, "name": "slack"}]}, 'target 1 "slack": another target has the same name'),
        ({"targets": [SLACK], "lookups": "yes"}, "settings: lookups must be true or false"),
        ({"targets": [SLACK], "store_table": "a b"}, "settings: store_table is no name of a DynamoDB table"),
        ({"targets": [SLACK], "mention": "everybody"}, 'settings: mention "everybody" is no Slack mention'),
        ({"targets": [SLACK], "rule": []}, "settings: rule unknown; known are console_links, lookups"),
        ({"targets": [SLACK], "rules": {"a": 1}}, "settings: rules must be a list"),
    ],
)
def test_wrong_settings(document: Any, problem: str) -> None:
    (found,) = validation.problems(document)
    assert found.startswith(problem)


def test_no_json() -> None:
    result = check("{")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("the settings are no JSON")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("slack", "https://hooks.slack.com/services/T00000000/B00000000/FirstExampleWebhook00001\n"),
        ("slack", "http://127.0.0.1:5566/slack/services/T00000000/B00000000/SandboxIncomingWebhook01"),
        ("oncall", "xoxb-000000000000-000000000000-SandboxBotToken00000001"),
        ("teams", "https://prod-01.westus.logic.azure.com:443/workflows/abc/triggers/manual/paths/invoke?api-version=2016-06-01&sig=x_y"),
        ("siem", '{"url": "https://siem.example.com/in", "hmac_key": "SandboxSigningKey01"}'),
    ],
)
def test_well_formed_secrets(name: str, value: str) -> None:
    assert check({"settings": FULL, "secrets": {name: value}}, "--secrets").returncode == 0


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("slack", "https://hooks.slack.com.example.com/services/T00000000/B00000000/Bad1", "a Slack webhook"),
        ("slack", "https://hooks.slack.com/services/T00000000/B00000000/Bad1?y", "a Slack webhook"),
        ("slack", "http://10.0.0.1:5566/slack/services/T00000000/B00000000/Bad1", "a Slack webhook"),
        ("slack", "http://127.0.0.1:80@example.com/Bad1", "a Slack webhook"),
        ("oncall", "xoxp-Bad1-000000000", "a bot token"),
        ("teams", "http://prod-01.westus.logic.azure.com/Bad1", "a Teams webhook"),
        ("teams", "https://user@example.com/Bad1", "a Teams webhook"),
        ("siem", '{"url": "https://siem.example.com/Bad1"}', "a webhook with its key"),
        ("siem", '{"url": "https://siem.example.com/Bad1", "hmac_key": "short"}', "a webhook with its key"),
        ("siem", '["Bad1"]', "a webhook with its key"),
    ],
)
def test_malformed_secret_is_named_and_not_told(name: str, value: str, expected: str) -> None:
    result = check({"settings": FULL, "secrets": {name: value}}, "--secrets")
    assert result.returncode == 2
    assert result.stderr.startswith(f'secret "{name}": holds no such thing as {expected}')
    assert "Bad1" not in result.stderr
    assert result.stdout == ""


def test_secret_without_a_target() -> None:
    result = check({"settings": FULL, "secrets": {"slakc": "x"}}, "--secrets")
    assert result.stderr == 'secret "slakc": there is no such target; targets are slack, oncall, teams, siem; did you mean slack?\n'


def test_missing_and_broken_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    with pytest.raises(SettingsError, match=r"settings\.json is missing at the root of the function's zip"):
        settings.load(path)
    path.write_text("{")
    with pytest.raises(SettingsError, match="cannot be read: JSONDecodeError"):
        settings.load(path)
    path.write_text(json.dumps({"targets": [SLACK], "rules": [{"targets": ["x"]}]}))
    with pytest.raises(SettingsError, match='is wrong: rule 1: targets names "x", which is no target'):
        settings.load(path)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
RULES = st.lists(
    st.fixed_dictionaries({}, optional=dict.fromkeys(("name", "match", "targets", "post", "mention"), ANYTHING)) | ANYTHING, max_size=3
)
TARGETS = st.lists(
    st.fixed_dictionaries({}, optional=dict.fromkeys(("name", "type", "secret", "channel", "threads"), ANYTHING)) | ANYTHING, max_size=3
)


@given(st.fixed_dictionaries({"targets": TARGETS | st.just([SLACK]), "rules": RULES | ANYTHING, "mention": ANYTHING}) | ANYTHING)
@example({"targets": [SLACK], "rules": [{"match": ["failure"]}, {"match": "failure"}]})
@example({"targets": [{**SLACK, "name": []}, {**SLACK, "type": {}}], "rules": 5})
def test_anything_gets_lines_and_never_an_exception(document: Any) -> None:
    found = validation.problems(document)
    assert all(isinstance(line, str) and line for line in found)
    if not found:
        assert isinstance(document, dict) and document["targets"]
