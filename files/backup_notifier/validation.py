"""What is wrong with settings: each problem in one line that names the target or rule. Pure, and without any library."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from . import secret_forms

TYPES = ("slack_webhook", "slack_bot", "teams_webhook", "https_webhook")
POSTS = ("always", "thread", "never")
SEVERITIES = ("success", "warning", "failure", "progress", "unknown")
JOB_TYPES = ("backup", "copy", "restore", "scan")
# Of jobs, recovery points, indexes, vaults and plans.
STATES = (
    *("CREATED", "PENDING", "RUNNING", "STARTED", "COMPLETING", "ABORTING", "FAILING"),
    *("ABORTED", "COMPLETED", "COMPLETED_WITH_ISSUES", "FAILED", "EXPIRED", "PARTIAL", "CANCELED"),
    *("CREATING", "AVAILABLE", "ACTIVE", "STOPPED", "DELETING", "DELETED", "MODIFIED", "DELETION_FAILED", "DISASSOCIATED"),
)
_CHOICES = {"severity": SEVERITIES, "job_type": JOB_TYPES, "state": STATES}
_LISTS = ("severity", "vault", "resource_type", "job_type", "event_type", "state", "region", "account")
_KEYS = {"targets", "rules", "mention", "store_table", "lookups", "console_links"}
_TARGET_KEYS = {"name", "type", "secret", "channel", "threads", "api_url"}
_BOT_KEYS = {"channel", "threads", "api_url"}
_RULE_KEYS = {"name", "match", "targets", "post", "mention"}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_SECRET = re.compile(r"ssm:(?:/?[\w.-]+(?:/[\w.-]+)*|arn:aws[\w-]*:ssm:[\w-]+:\d*:parameter/[\w./-]+)|secretsmanager:[\w/+=.@:-]+")
_TABLE = re.compile(r"[\w.-]{3,255}|arn:aws[\w-]*:dynamodb:[\w:/.-]+")
_API = re.compile(r"https://(?:\w+\.)?slack(?:-gov)?\.com/api/?|http://(?:127\.0\.0\.1|localhost):\d{1,5}/[\w./-]+")
_MENTION = re.compile(r"<(?:!here|!channel|!everyone|!subteam\^S[A-Z0-9]+|@[UW][A-Z0-9]+)>")


def problems(document: Any) -> list[str]:
    """Every problem of the settings, any JSON, in the order of the document."""
    if not isinstance(document, dict):
        return ["the settings must be an object"]
    targets = document.get("targets")
    found = [_unknown("settings", document, _KEYS), _of_mention("settings", document.get("mention"))]
    for name in ("lookups", "console_links"):
        found.append("" if isinstance(document.get(name, True), bool) else f"settings: {name} must be true or false")
    table = document.get("store_table") or ""
    found.append("" if not table or _matches(_TABLE, table) else "settings: store_table is no name of a DynamoDB table")
    if not isinstance(targets, list) or not targets:
        found.append("settings: targets must list at least one target")
        targets = []
    for number, target in enumerate(targets, 1):
        found += _of_target(_label("target", number, target), target, bool(table))
    names = [target["name"] for target in targets if isinstance(target, dict) and isinstance(target.get("name"), str)]
    found += [f'target {names.index(name) + 1} "{name}": another target has the same name' for name in sorted(_twice(names))]
    found += _of_rules(document.get("rules") or [], names)
    return [problem for problem in found if problem]


def problems_with_secrets(document: Any) -> list[str]:
    """Every problem of the settings and of the values given for their secrets; no value is told."""
    if not isinstance(document, dict) or not isinstance(document.get("secrets"), dict):
        return ['{"settings": {...}, "secrets": {"<target>": "<value>"}} is expected']
    found = problems(document.get("settings"))
    if found:
        return found
    types = {target["name"]: target["type"] for target in document["settings"]["targets"]}
    for name, value in document["secrets"].items():
        if name not in types:
            found.append(f'secret "{name}": there is no such target; targets are {", ".join(types)}')
        elif not isinstance(value, str):
            found.append(f'secret "{name}": must be text')
        elif problem := secret_forms.problem(types[name], value.strip()):
            found.append(f'secret "{name}": {problem}')
    return found


def _of_target(label: str, target: Any, has_table: bool) -> Iterator[str]:
    if not isinstance(target, dict):
        yield f"{label}: must be an object"
        return
    kind = target.get("type")
    yield _unknown(label, target, _TARGET_KEYS)
    if not _matches(_NAME, target.get("name")):
        yield f"{label}: name must be 1 to 64 letters, digits, dots, dashes or underscores"
    if kind not in TYPES:
        yield f"{label}: type {_quoted(kind)} is none of {', '.join(TYPES)}"
    if not _matches(_SECRET, target.get("secret")):
        yield f"{label}: secret must say where the secret is: ssm:<parameter> or secretsmanager:<name or ARN>"
    if kind == "slack_bot":
        yield from _of_bot(label, target, has_table)
    else:
        yield from (f"{label}: {name} is for a slack_bot only" for name in sorted(_BOT_KEYS & set(target)))


def _of_bot(label: str, target: dict[str, Any], has_table: bool) -> Iterator[str]:
    channel, threads = target.get("channel"), target.get("threads", False)
    if not isinstance(channel, str) or not channel.strip():
        yield f"{label}: a slack_bot needs a channel, for example C0123456789"
    if not isinstance(threads, bool):
        yield f"{label}: threads must be true or false"
    elif threads and not has_table:
        yield f"{label}: threads need a store: set store_table, or threads to false"
    if "api_url" in target and not _matches(_API, target["api_url"]):
        yield f"{label}: api_url must be https://slack.com/api or https://slack-gov.com/api"


def _of_rules(rules: Any, targets: list[str]) -> Iterator[str]:
    if not isinstance(rules, list):
        yield "settings: rules must be a list"
        return
    for number, rule in enumerate(rules, 1):
        label = _label("rule", number, rule)
        if not isinstance(rule, dict):
            yield f"{label}: must be an object"
            continue
        yield _unknown(label, rule, _RULE_KEYS)
        yield _of_mention(label, rule.get("mention"))
        yield from _of_rule_targets(label, rule.get("targets"), targets)
        if rule.get("post", "always") not in POSTS:
            yield f"{label}: post {_quoted(rule['post'])} is none of {', '.join(POSTS)}"
        match = rule.get("match") or {}
        yield from _of_match(label, match)
        if number < len(rules) and isinstance(match, dict) and not any(match.values()):
            yield f"{label}: matches everything, so the rules after it are never reached"


def _of_rule_targets(label: str, given: Any, targets: list[str]) -> Iterator[str]:
    if given is None:
        return
    if not isinstance(given, list):
        yield f"{label}: targets must be a list of names"
        return
    for name in given:
        if name not in targets:
            yield f"{label}: targets names {_quoted(name)}, which is no target; targets are {', '.join(targets)}"


def _of_match(label: str, match: Any) -> Iterator[str]:
    if not isinstance(match, dict):
        yield f"{label}: match must be an object"
        return
    yield _unknown(f"{label}: match", match, {*_LISTS, "tags"})
    for name in _LISTS:
        yield from _of_patterns(f"{label}: match: {name}", match.get(name, []), _CHOICES.get(name, ()))
    tags = match.get("tags") or {}
    if not isinstance(tags, dict):
        yield f"{label}: match: tags must be an object of keys and values"
        return
    for key, value in tags.items():
        yield from _of_patterns(f"{label}: match: tags: {key}", value, ())


def _of_patterns(label: str, given: Any, choices: tuple[str, ...]) -> Iterator[str]:
    patterns = [given] if isinstance(given, str) else given
    if not isinstance(patterns, list) or not all(isinstance(each, str) and each for each in patterns):
        yield f"{label} must be a text or a list of texts"
        return
    known = {choice.lower() for choice in choices}
    for pattern in patterns:
        if choices and not set(pattern) & set("*?[") and pattern.lower() not in known:
            yield f"{label} {_quoted(pattern)} is none of {', '.join(choices)}"


def _of_mention(label: str, mention: Any) -> str:
    if mention in (None, ""):
        return ""
    if isinstance(mention, str) and all(_MENTION.fullmatch(each) for each in mention.split()):
        return ""
    return f"{label}: mention {_quoted(mention)} is no Slack mention: <!here>, <!channel>, <!subteam^S0123456789> or <@U0123456789>"


def _unknown(label: str, given: dict[str, Any], known: set[str]) -> str:
    unknown = sorted(str(name) for name in set(given) - known)
    return f"{label}: {', '.join(unknown)} unknown; known are {', '.join(sorted(known))}" if unknown else ""


def _label(word: str, number: int, given: Any) -> str:
    name = given.get("name") if isinstance(given, dict) else None
    return f'{word} {number} "{name}"' if isinstance(name, str) and name else f"{word} {number}"


def _quoted(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _twice(names: list[str]) -> set[str]:
    return {name for name in names if names.count(name) > 1}
