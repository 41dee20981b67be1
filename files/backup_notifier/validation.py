"""What is wrong with settings: each problem in one line that names the target or rule. Pure, and without any library."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from . import secret_forms
from .complaints import label, meant, none_of, unknown_keys
from .rule_problems import Surroundings, of_mention, of_rules

TYPES = ("slack_webhook", "slack_bot", "teams_webhook", "https_webhook")
_KEYS = {"targets", "rules", "mention", "store_table", "lookups", "console_links"}
_TARGET_KEYS = {"name", "type", "secret", "channel", "threads", "api_url"}
_BOT_KEYS = {"channel", "threads", "api_url"}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_SECRET = re.compile(r"ssm:(?:/?[\w.-]+(?:/[\w.-]+)*|arn:aws[\w-]*:ssm:[\w-]+:\d*:parameter/[\w./-]+)|secretsmanager:[\w/+=.@:-]+")
_TABLE = re.compile(r"[\w.-]{3,255}|arn:aws[\w-]*:dynamodb:[\w:/.-]+")
_API = re.compile(r"https://(?:\w+\.)?slack(?:-gov)?\.com/api/?|http://(?:127\.0\.0\.1|localhost):\d{1,5}/[\w./-]+")


def problems(document: Any) -> list[str]:
    """Every problem of the settings, any JSON, in the order of the document."""
    if not isinstance(document, dict):
        return ["the settings must be an object"]
    targets = document.get("targets")
    found = [unknown_keys("settings", document, _KEYS)]
    for name in ("lookups", "console_links"):
        found.append("" if isinstance(document.get(name, True), bool) else f"settings: {name} must be true or false")
    table = document.get("store_table") or ""
    found.append("" if not table or _matches(_TABLE, table) else "settings: store_table is no name of a DynamoDB table")
    if not isinstance(targets, list) or not targets:
        found.append("settings: targets must list at least one target")
        targets = []
    for number, target in enumerate(targets, 1):
        found += _of_target(label("target", number, target), target, bool(table))
    named = [target for target in targets if isinstance(target, dict) and isinstance(target.get("name"), str)]
    names = [target["name"] for target in named]
    found += [f'target {names.index(name) + 1} "{name}": another target has the same name' for name in sorted(_twice(names))]
    types = {target["name"]: target.get("type") for target in named}
    found.append(of_mention("settings", document.get("mention"), types))
    with_threads = [target["name"] for target in named if table and _may_have_threads(target)]
    found += of_rules(document.get("rules") or [], Surroundings(types, with_threads, document.get("lookups") is not False))
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
            found.append(f'secret "{name}": there is no such target; targets are {", ".join(types)}{meant(name, types)}')
        elif not isinstance(value, str):
            found.append(f'secret "{name}": must be text')
        elif problem := secret_forms.problem(types[name], value.strip()):
            found.append(f'secret "{name}": {problem}')
    return found


def _of_target(name: str, target: Any, has_table: bool) -> Iterator[str]:
    if not isinstance(target, dict):
        yield f"{name}: must be an object"
        return
    kind = target.get("type")
    yield unknown_keys(name, target, _TARGET_KEYS)
    if not _matches(_NAME, target.get("name")):
        yield f"{name}: name must be 1 to 64 letters, digits, dots, dashes or underscores"
    if kind not in TYPES:
        yield none_of(f"{name}: type", kind, TYPES)
    if not _matches(_SECRET, target.get("secret")):
        yield f"{name}: secret must say where the secret is: ssm:<parameter> or secretsmanager:<name or ARN>"
    if kind == "slack_bot":
        yield from _of_bot(name, target, has_table)
    else:
        yield from (f"{name}: {key} is for a slack_bot only" for key in sorted(_BOT_KEYS & set(target)))


def _of_bot(name: str, target: dict[str, Any], has_table: bool) -> Iterator[str]:
    channel, threads = target.get("channel"), target.get("threads", False)
    if not isinstance(channel, str) or not channel.strip():
        yield f"{name}: a slack_bot needs a channel, for example C0123456789"
    if not isinstance(threads, bool):
        yield f"{name}: threads must be true or false"
    elif threads and not has_table:
        yield f"{name}: threads need a store: set store_table, or threads to false"
    if "api_url" in target and not _matches(_API, target["api_url"]):
        yield f"{name}: api_url must be https://slack.com/api or https://slack-gov.com/api"


def _may_have_threads(target: dict[str, Any]) -> bool:
    """Whether a target has threads where there is a table, or could, once its type is mended."""
    return target.get("threads") is not False and (target.get("type") == "slack_bot" or target.get("type") not in TYPES)


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _twice(names: list[str]) -> set[str]:
    return {name for name in names if names.count(name) > 1}
