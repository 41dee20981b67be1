"""Addresses in the AWS console, for every partition whose console is public."""

from __future__ import annotations

from urllib.parse import quote

from . import arn, resources
from .notification import Notification

_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
# Far above any real address; keeps a hostile name from filling the message.
_LONGEST_URL = 600
_JOBS_WITH_A_PAGE = ("backup", "copy", "restore")


def console_links(notification: Notification) -> list[tuple[str, str]]:
    """(label, URL) of the page of the job, the vault and the resource, or of what was changed, as far as they are known."""
    links = [
        ("Job in the console", _job_url(notification)),
        ("Vault in the console", _vault_url(notification)),
        ("Plan in the console", _plan_url(notification)),
        ("Settings in the console", _settings_url(notification)),
        ("Resource in the console", _resource_url(notification)),
    ]
    return [(label, url) for label, url in links if url and len(url) <= _LONGEST_URL]


def _job_url(notification: Notification) -> str:
    if notification.job_type not in _JOBS_WITH_A_PAGE or not notification.job_id:
        return ""
    page = f"jobs/{notification.job_type}/details/{_encode(notification.job_id)}"
    return _backup_page(notification.partition, notification.region, page)


def _vault_url(notification: Notification) -> str:
    parsed = arn.parse(notification.vault_arn)
    name = notification.vault_name or (parsed.name if parsed else "")
    gone = notification.event_type == "BACKUP_VAULT" and notification.state == "DELETED"
    # A copy may go to another account, whose console this one cannot open.
    elsewhere = bool(parsed and notification.account_id and parsed.account != notification.account_id)
    if not name or gone or elsewhere:
        return ""
    region = (parsed.region if parsed else "") or notification.region
    return _backup_page(notification.partition, region, f"backupvaults/details/{_encode(name)}")


def _plan_url(notification: Notification) -> str:
    plan_arn = dict(notification.details).get("Backup plan", "")
    if notification.event_type != "BACKUP_PLAN" or notification.state == "DELETED" or not plan_arn:
        return ""
    return _backup_page(notification.partition, notification.region, f"backupplan/details/{_encode(arn.name_of(plan_arn))}")


def _settings_url(notification: Notification) -> str:
    changed = notification.event_type == "REGION_SETTING"
    return _backup_page(notification.partition, notification.region, "settings") if changed else ""


def _backup_page(partition: str, region: str, page: str) -> str:
    host = _HOSTS.get(partition)
    return f"https://{host}/backup/home?region={_encode(region)}#/{page}" if host and region else ""


def _resource_url(notification: Notification) -> str:
    text = notification.created_resource_arn or notification.resource_arn
    parsed = arn.parse(text)
    host = _HOSTS.get(parsed.partition) if parsed else None
    region = (parsed.region if parsed else "") or notification.region
    if not (parsed and host and region):
        return ""
    parts = {"region": region, "arn": text, "name": parsed.name, "first": parsed.name.partition("/")[0]}
    page = resources.kind(parsed, notification.resource_type).page
    return f"https://{host}/{page.format(**{name: _encode(part) for name, part in parts.items()})}" if page else ""


def _encode(text: str) -> str:
    return quote(text.encode("utf-8", "replace"), safe="")
