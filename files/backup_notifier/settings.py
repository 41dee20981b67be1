"""What the function is told at deploy time: settings.json at the root of its zip.

As a program it checks settings before they are deployed: python -m backup_notifier.settings < settings.json
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import validation

FILE = Path(__file__).resolve().parent.parent / "settings.json"
SLACK_API = "https://slack.com/api"


class SettingsError(Exception):
    """The settings cannot be read or used. What they name is in the text; secrets are never part of them."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where messages go.

    Attributes:
        name: as rules and log records call it.
        type: slack_webhook, slack_bot, teams_webhook or https_webhook.
        secret: where its secret is, ssm:<name> or secretsmanager:<name>.
        channel: a bot's.
        threads: whether a bot keeps the messages of one job in one thread.
        api_url: Slack's, for a bot.
    """

    name: str
    type: str
    secret: str
    channel: str = ""
    threads: bool = False
    api_url: str = SLACK_API


@dataclass(frozen=True, slots=True)
class Rule:
    """What is done with the notifications that match.

    Attributes:
        name: for people.
        match: what a notification must be: patterns by field; an empty list matches everything.
        tags: what the resource must be tagged with: patterns by key.
        targets: names; empty means every target.
        post: always, thread (only as a reply in the job's thread) or never.
        mention: whom to mention; None leaves it to the settings.
    """

    name: str = ""
    match: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    targets: tuple[str, ...] = ()
    post: str = "always"
    mention: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings.

    Attributes:
        targets: at least one.
        rules: the first that matches decides.
        mention: whom to mention on a failure.
        store_table: the DynamoDB table; empty: nothing is remembered.
        lookups: whether AWS Backup is asked for what an event leaves out.
        console_links: whether messages link to the AWS console.
    """

    targets: tuple[Target, ...]
    rules: tuple[Rule, ...] = ()
    mention: str = ""
    store_table: str = ""
    lookups: bool = True
    console_links: bool = True


def load(path: Path | None = None) -> Settings:
    """Read and check the settings.

    Raises:
        SettingsError: there are none, or they are wrong.
    """
    path = path or FILE
    try:
        document = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path.name} is missing at the root of the function's zip") from None
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path.name} cannot be read: {type(error).__name__}") from None
    problems = validation.problems(document)
    if problems:
        raise SettingsError(f"{path.name} is wrong: {'; '.join(problems)}")
    return parse(document)


def parse(document: dict[str, Any]) -> Settings:
    """The settings in a document that validation finds no fault with."""
    store_table = document.get("store_table") or ""
    return Settings(
        targets=tuple(_target(each, store_table) for each in document["targets"]),
        rules=tuple(_rule(each) for each in document.get("rules") or []),
        mention=document.get("mention") or "",
        store_table=store_table,
        lookups=document.get("lookups", True),
        console_links=document.get("console_links", True),
    )


def _target(given: dict[str, Any], store_table: str) -> Target:
    is_bot = given["type"] == "slack_bot"
    return Target(
        name=given["name"],
        type=given["type"],
        secret=given["secret"],
        channel=given.get("channel") or "",
        # A thread needs a place to remember its first message.
        threads=is_bot and bool(store_table) and given.get("threads", True),
        api_url=given.get("api_url") or SLACK_API,
    )


def _rule(given: dict[str, Any]) -> Rule:
    match = given.get("match") or {}
    return Rule(
        name=given.get("name") or "",
        match={name: _patterns(value, name) for name, value in match.items() if name != "tags"},
        tags={key: _patterns(value) for key, value in (match.get("tags") or {}).items()},
        targets=tuple(given.get("targets") or ()),
        post=given.get("post") or "always",
        mention=given.get("mention"),
    )


def _patterns(value: str | list[str], name: str = "") -> tuple[str, ...]:
    patterns = (value,) if isinstance(value, str) else tuple(value)
    # See families.state.
    started = name == "state" and any(pattern.upper() == "STARTED" for pattern in patterns)
    return (*patterns, "RUNNING") if started else patterns


def main(arguments: list[str]) -> int:
    """Check what stands on stdin; 0, or 2 with one line per problem on stderr.

    With --secrets, stdin holds {"settings": {...}, "secrets": {"<target>": "<value>"}}; no value is ever printed.
    """
    try:
        document = json.load(sys.stdin)
    except ValueError as error:
        print(f"the settings are no JSON: {error}", file=sys.stderr)
        return 2
    check = validation.problems_with_secrets if "--secrets" in arguments else validation.problems
    problems = check(document)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 2 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
