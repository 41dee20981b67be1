"""Which targets are told of a notification, how, and who is mentioned. Pure."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from fnmatch import fnmatchcase

from . import states
from .notification import Notification
from .settings import Rule, Settings

# What a completed job may turn out to be, when the look-up failed that tells whether with issues.
_SEVERITIES_LEFT_OPEN = ("unknown", "success", "warning")


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


def route(notification: Notification, settings: Settings, unknown: Set[str] = frozenset()) -> Route:
    """The first matching rule's word; without one every target is told.

    Args:
        notification: with what look-ups have added.
        settings: the rules and the targets.
        unknown: the fields that no look-up could fill. A rule that asks for one may match or not: then it counts beside the one
            that matches for certain, and what tells more wins.
    """
    rules = _candidates(notification, settings.rules, unknown)
    telling = [rule for rule in rules if rule.post != "never"] or rules
    everybody = tuple(target.name for target in settings.targets)
    targets = tuple(dict.fromkeys(name for rule in telling for name in rule.targets or everybody))
    posts = {rule.post for rule in telling}
    mentions = dict.fromkeys(_mention(rule, notification, settings) for rule in telling)
    return Route(targets, posts.pop() if len(posts) == 1 else "always", " ".join(filter(None, mentions)))


def needs_lookup(notification: Notification, rules: Sequence[Rule]) -> bool:
    """Whether a rule asks for something about a job that the event does not say."""
    missing = set(unknown_fields(notification))
    if states.lacks_category(notification):
        missing.add("severity")
    if "tags" in missing and any(rule.tags for rule in rules):
        return True
    return any(name in missing for rule in rules for name, patterns in rule.match.items() if patterns)


def needs_tags(notification: Notification, rules: Sequence[Rule]) -> bool:
    """Whether a rule that would match, or may match, but for tags, asks for tags."""
    return any(rule.tags for rule in _candidates(notification, rules, unknown_fields(notification) | {"tags"}))


def unknown_fields(notification: Notification) -> frozenset[str]:
    """What rules can ask about a job and nobody knows yet; after a look-up, what it could not fill."""
    if not notification.job_key:
        return frozenset()
    unknown = {name for name in ("vault", "resource_type") if not _value(name, notification)}
    if states.leaves_issues_open(notification):
        unknown.add("severity")
    if not notification.resource_arn:
        unknown.add("tags")
    return frozenset(unknown)


def _candidates(notification: Notification, rules: Sequence[Rule], unknown: Set[str]) -> list[Rule]:
    """The first rule that matches for certain, the one for everything at the latest, after those that may match."""
    found = []
    for rule in (*rules, Rule()):
        if _may_match(rule, notification, unknown):
            found.append(rule)
        if _matches(rule, notification):
            break
    return found


def _mention(rule: Rule, notification: Notification, settings: Settings) -> str:
    if rule.mention is not None:
        return rule.mention
    return settings.mention if states.severity(notification) is states.Severity.FAILURE else ""


def _matches(rule: Rule, notification: Notification) -> bool:
    return _may_match(rule, notification, frozenset())


def _may_match(rule: Rule, notification: Notification, unknown: Set[str]) -> bool:
    return all(_may_fit(name, patterns, notification, unknown) for name, patterns in rule.match.items()) and (
        "tags" in unknown or _has_tags(rule, notification)
    )


def _may_fit(name: str, patterns: Sequence[str], notification: Notification, unknown: Set[str]) -> bool:
    if name not in unknown:
        return _fits(patterns, _value(name, notification))
    return name != "severity" or any(_fits(patterns, label) for label in _SEVERITIES_LEFT_OPEN)


def _has_tags(rule: Rule, notification: Notification) -> bool:
    tags = dict(notification.tags)
    return all(key in tags and _fits(patterns, tags[key]) for key, patterns in rule.tags.items())


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
