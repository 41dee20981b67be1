"""Which targets are told of a notification, how, and who is mentioned. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from . import states
from .notification import Notification
from .settings import Rule, Settings


@dataclass(frozen=True, slots=True)
class Route:
    """What the first matching rule says.

    Attributes:
        targets: their names.
        post: always, thread or never.
        mention: whom to mention, in Slack's markup.
    """

    targets: tuple[str, ...]
    post: str = "always"
    mention: str = ""


def route(notification: Notification, settings: Settings) -> Route:
    """The first matching rule's word; without one every target is told."""
    rule = next((rule for rule in settings.rules if _matches(rule, notification)), Rule())
    mention = rule.mention
    if mention is None:
        mention = settings.mention if states.severity(notification) is states.Severity.FAILURE else ""
    return Route(rule.targets or tuple(target.name for target in settings.targets), rule.post, mention)


def needs_lookup(notification: Notification, rules: Sequence[Rule]) -> bool:
    """Whether a rule asks for something about a job that the event does not say."""
    if not notification.job_key:
        return False
    missing = {name for name in ("vault", "resource_type") if not _value(name, notification)}
    if states.lacks_category(notification):
        missing.add("severity")
    if not notification.resource_arn and any(rule.tags for rule in rules):
        return True
    return any(name in missing for rule in rules for name, patterns in rule.match.items() if patterns)


def needs_tags(notification: Notification, rules: Sequence[Rule]) -> bool:
    """Whether the first rule that matches, but for tags, asks for tags."""
    return bool(next((rule.tags for rule in rules if _matches_but_for_tags(rule, notification)), {}))


def _matches(rule: Rule, notification: Notification) -> bool:
    tags = dict(notification.tags)
    return _matches_but_for_tags(rule, notification) and all(
        key in tags and _fits(patterns, tags[key]) for key, patterns in rule.tags.items()
    )


def _matches_but_for_tags(rule: Rule, notification: Notification) -> bool:
    return all(_fits(patterns, _value(name, notification)) for name, patterns in rule.match.items())


def _value(name: str, notification: Notification) -> str:
    values = {
        "severity": lambda: states.severity(notification).label,
        "vault": lambda: notification.vault_name,
        "resource_type": lambda: notification.resource_type,
        "job_type": lambda: notification.job_type,
        "event_type": lambda: notification.event_type,
        "state": lambda: notification.state,
        "region": lambda: notification.region,
        "account": lambda: notification.account_id,
    }
    return values[name]()


def _fits(patterns: Sequence[str], value: str) -> bool:
    """Whether one of the patterns fits, in any case; no patterns fit everything."""
    return not patterns or any(fnmatchcase(value.lower(), pattern.lower()) for pattern in patterns)
