"""What a message says of a notification, in plain text: the same for every kind of target."""

from __future__ import annotations

from typing import NamedTuple

from . import arn, resources, states, times
from .notification import Notification

USUAL_SUBJECT = "Notification from AWS Backup"
UNRECOGNISED = "Unrecognised message"
# In the document, but of no help to who reads a message.
_LEFT_OUT = {
    "Backup plan ARN",
    "Backup plan rule ID",
    "Backup plan version",
    "Bytes transferred",
    "Created by backup job ID",
    "Version ID",
}
_OF_A_RUNNING_JOB = {"Expected completion date", "Percent done", "Start by"}
_OF_A_FAILURE = {"IAM role ARN", "Retry count", "Scanner role ARN"}
_TIMES = {"at", "by", "date", "time"}


class Fact(NamedTuple):
    """One thing to know.

    Attributes:
        name: what it is.
        value: never empty.
        is_name: the value is an ID or the like, which has a typeface of its own.
    """

    name: str
    value: str
    is_name: bool = False


class Subject(NamedTuple):
    """What the news is about, for example EC2 instance, i-0123, web-1.

    Attributes:
        label: what kind of thing it is.
        name: its ID; often empty.
        alias: the name people gave it; often empty.
    """

    label: str
    name: str = ""
    alias: str = ""


def what_happened(notification: Notification) -> str:
    """What happened, in a few words."""
    return states.what_happened(notification) or UNRECOGNISED


def subject(notification: Notification) -> Subject:
    """What the news is about: the resource or, where none is named, the next best."""
    if notification.event_type == "BACKUP_VAULT":
        return Subject("vault" if notification.vault_name else "", notification.vault_name)
    if notification.event_type == "BACKUP_PLAN":
        return Subject("", arn.name_of(dict(notification.details).get("Backup plan", "")))
    if notification.resource_arn:
        return _of_arn(notification.resource_arn, notification)
    if notification.resource_name:
        return Subject(resources.label(notification.resource_type), notification.resource_name)
    if notification.recovery_point_arn and not notification.job_id:
        return _of_arn(notification.recovery_point_arn)
    if notification.created_resource_arn:
        return _of_arn(notification.created_resource_arn, notification)
    if notification.job_id:
        return Subject("job", notification.job_id)
    return Subject("" if notification.subject == USUAL_SUBJECT else notification.subject)


def place(notification: Notification) -> list[str]:
    """The Region and the account, as far as they are known."""
    account = f"account {notification.account_id}" if notification.account_id else ""
    return [each for each in (notification.region, account) if each]


def headline(notification: Notification) -> str:
    """What happened to what and where, on one line of plain text."""
    about = subject(notification)
    named = f"{about.alias} ({about.name})" if about.alias else about.name
    rest = " · ".join(filter(None, (" ".join(filter(None, (about.label, named))), *place(notification))))
    return f"{what_happened(notification)}{': ' if rest else ''}{rest}"


def facts(notification: Notification) -> list[Fact]:
    """All that is short, the most important first."""
    took = times.elapsed(notification.started_at, notification.ended_at)
    later = times.elapsed(notification.started_at, notification.sent_at)
    known = [
        Fact("Job ID", notification.job_id, True),
        Fact("Parent job", notification.parent_job_id, True),
        Fact("Vault", "" if notification.event_type == "BACKUP_VAULT" else notification.vault_name, True),
        Fact("Type", notification.resource_type),
        Fact("Size", times.size(notification.size_bytes)),
        Fact("Started" if notification.job_type else "Created", times.readable(notification.started_at)),
        Fact(
            "Ended" if notification.job_type else "Completed",
            _with(times.readable(notification.ended_at), f"took {took}" if took and notification.job_type else ""),
        ),
    ]
    if not notification.ended_at:
        known.append(Fact("Reported", _with(times.readable(notification.sent_at), f"{later} later" if later else "")))
    return [fact for fact in (*known, *_details(notification)) if fact.value]


def arns(notification: Notification) -> list[Fact]:
    """The ARNs to copy."""
    known = [
        Fact("Resource", notification.resource_arn, True),
        Fact("Recovery point", notification.recovery_point_arn, True),
        Fact("Restored resource", notification.created_resource_arn, True),
    ]
    return [fact for fact in known if fact.value]


def says_all(notification: Notification) -> bool:
    """Whether the text, as it came, adds nothing to the other facts."""
    return notification.recognised and states.is_known(notification)


def _of_arn(text: str, notification: Notification | None = None) -> Subject:
    parsed = arn.parse(text)
    if not parsed:
        return Subject("", text)
    kind = resources.kind(parsed, notification.resource_type if notification else "")
    label, name = kind.label, resources.name(parsed)
    if notification is None:
        return Subject(label if label.startswith("recovery point") else f"recovery point {label}", name)
    alias = notification.resource_name if notification.resource_name not in (name, text) else ""
    return Subject(label, name, alias)


def _details(notification: Notification) -> list[Fact]:
    severity = states.severity(notification)
    hidden = _LEFT_OUT | (set() if severity is states.Severity.PROGRESS else _OF_A_RUNNING_JOB)
    if severity in (states.Severity.SUCCESS, states.Severity.PROGRESS):
        hidden |= _OF_A_FAILURE
    return [_detail(name, value) for name, value in notification.details if name not in hidden]


def _detail(name: str, value: str) -> Fact:
    readable = times.readable(value) if name.split(" ")[-1].lower() in _TIMES else value
    return Fact(name, readable, is_name=readable == value)


def _with(value: str, remark: str) -> str:
    return f"{value} ({remark})" if value and remark else value
