"""What is wrong with routing rules. Pure, and without any library."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from . import families, resources, states
from .complaints import label, meant, none_of, quoted, unknown_keys

POSTS = ("always", "thread", "never")
SEVERITIES = tuple(severity.label for severity in states.Severity)
# What only a new version of this package could add to: here, a pattern must fit something, too.
_OURS = {"severity": SEVERITIES, "job_type": families.JOB_TYPES}
# What AWS Backup may add to any day: here, a pattern may stand for a name that is not known yet.
_OF_AWS = {"state": (*states.STATES, "STARTED"), "event_type": states.EVENT_TYPES, "resource_type": resources.TYPES}
_NAMES = _OURS | _OF_AWS
_FORMS = {
    "region": (re.compile(r"[a-z]{2,}(?:-[a-z]+)+-\d+", re.IGNORECASE), "a Region, for example us-west-2"),
    "account": (re.compile(r"\d{12}"), "an account's 12 digits"),
}
_FIELDS = (*_NAMES, *_FORMS, "vault")
_KEYS = {"name", "match", "targets", "post", "mention"}
_MENTION = re.compile(r"<(?:!here|!channel|!everyone|!subteam\^S[A-Z0-9]+|@[UW][A-Z0-9]+)>")
_CANNOT_MENTION = ("teams_webhook", "https_webhook")
_WILDCARDS = set("*?[")


class Surroundings(NamedTuple):
    """What the rest of the settings means for the rules.

    Attributes:
        types: the types of the targets, by their names.
        with_threads: the names of the targets that keep a job's messages in a thread.
        lookups: whether AWS is asked for what an event leaves out.
    """

    types: Mapping[str, Any]
    with_threads: Collection[str] = ()
    lookups: bool = True


def of_rules(rules: Any, around: Surroundings) -> Iterator[str]:
    """Every problem of the rules, which may be any JSON."""
    if not isinstance(rules, list):
        yield "settings: rules must be a list"
        return
    for number, rule in enumerate(rules, 1):
        name = label("rule", number, rule)
        if not isinstance(rule, dict):
            yield f"{name}: must be an object"
            continue
        yield from _of_rule(name, rule, around)
        match = rule.get("match") or {}
        if number < len(rules) and isinstance(match, dict) and not any(match.values()):
            yield f"{name}: matches everything, so the rules after it are never reached"


def of_mention(name: str, mention: Any, types: Mapping[str, Any]) -> str:
    """What is wrong with a mention: its form, or that none of the targets it is for, with their types, can mention anybody."""
    if mention in (None, ""):
        return ""
    if not isinstance(mention, str) or not all(_MENTION.fullmatch(each) for each in mention.split()):
        return f"{name}: mention {quoted(mention)} is no Slack mention: <!here>, <!channel>, <!subteam^S0123456789> or <@U0123456789>"
    if not types or any(kind not in _CANNOT_MENTION for kind in types.values()):
        return ""
    return f"{name}: mention {quoted(mention)} is for Slack, and none of its targets is: {_listed(types)}"


def _of_rule(name: str, rule: dict[str, Any], around: Surroundings) -> Iterator[str]:
    yield unknown_keys(name, rule, _KEYS)
    if not isinstance(rule.get("name", ""), str):
        yield f"{name}: name must be a text"
    yield from _of_targets(name, rule.get("targets"), around.types)
    told = _told(rule.get("targets"), around.types)
    yield of_mention(name, rule.get("mention"), told)
    if rule.get("post", "always") not in POSTS:
        yield none_of(f"{name}: post", rule["post"], POSTS)
    yield from _of_match(name, rule.get("match") or {})
    yield from _of_nothing(name, rule, told, around)


def _of_nothing(name: str, rule: dict[str, Any], told: Mapping[str, Any], around: Surroundings) -> Iterator[str]:
    """What is right by itself, and never does anything."""
    if rule.get("post") == "thread" and told and not any(target in around.with_threads for target in told):
        yield f'{name}: post "thread" is for a slack_bot with threads and a store, and none of its targets is one: {_listed(told)}'
    if rule.get("post") == "never" and rule.get("mention"):
        yield f'{name}: mention {quoted(rule["mention"])} is never seen, because post is "never"'
    match = rule.get("match")
    if not around.lookups and isinstance(match, dict) and match.get("tags"):
        yield f"{name}: match: tags are looked up, and lookups is false, so the rule never matches"


def _told(given: Any, targets: Mapping[str, Any]) -> dict[str, Any]:
    """The targets that a rule tells; nothing where one of them is unknown, which is a problem of its own."""
    names = list(targets) if given in (None, []) else given
    known = isinstance(names, list) and all(isinstance(name, str) and name in targets for name in names)
    return {name: targets[name] for name in names} if known else {}


def _listed(types: Mapping[str, Any]) -> str:
    return ", ".join(f"{target} ({kind})" for target, kind in types.items())


def _of_targets(name: str, given: Any, targets: Mapping[str, Any]) -> Iterator[str]:
    if given is None:
        return
    if not isinstance(given, list):
        yield f"{name}: targets must be a list of names"
        return
    for each in given:
        if not isinstance(each, str) or each not in targets:
            yield f"{name}: targets names {quoted(each)}, which is no target; targets are {', '.join(targets)}{meant(each, targets)}"


def _of_match(name: str, match: Any) -> Iterator[str]:
    if not isinstance(match, dict):
        yield f"{name}: match must be an object"
        return
    yield unknown_keys(f"{name}: match", match, {*_FIELDS, "tags"})
    for field in _FIELDS:
        yield from _of_patterns(f"{name}: match: {field}", match.get(field, []), field)
    tags = match.get("tags") or {}
    if not isinstance(tags, dict):
        yield f"{name}: match: tags must be an object of keys and values"
        return
    for key, value in tags.items():
        yield from _of_patterns(f"{name}: match: tags: {key}", value)


def _of_patterns(name: str, given: Any, field: str = "") -> Iterator[str]:
    patterns = [given] if isinstance(given, str) else given
    if not isinstance(patterns, list) or not all(isinstance(each, str) and each for each in patterns):
        yield f"{name} must be a text or a list of texts"
        return
    for pattern in patterns:
        yield _of_pattern(name, pattern, field)


def _of_pattern(name: str, pattern: str, field: str) -> str:
    is_open = bool(_WILDCARDS & set(pattern))
    if field in _FORMS:
        form, what = _FORMS[field]
        return "" if is_open or form.fullmatch(pattern) else f"{name} {quoted(pattern)} is not {what}"
    known = _NAMES.get(field, ())
    if not known or (is_open and field in _OF_AWS) or any(fnmatchcase(each.lower(), pattern.lower()) for each in known):
        return ""
    family = families.of_event_type(pattern)[0] if field == "event_type" else ""
    if family in known:
        return f"{name} {quoted(pattern)} is an event's own name; say {family}, and its state"
    return none_of(name, pattern, known)
