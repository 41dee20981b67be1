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


def console_links(notification: Notification) -> list[tuple[str, str]]:
    """(label, URL) of the job's and the resource's page, as far as they are known. The vault is not: SNS does not name it."""
    links = [("Job in the console", _job_url(notification)), ("Resource in the console", _resource_url(notification))]
    return [(label, url) for label, url in links if url and len(url) <= _LONGEST_URL]


def _job_url(notification: Notification) -> str:
    host = _HOSTS.get(notification.partition)
    if not (host and notification.region and notification.job_id and notification.job_type):
        return ""
    job = f"{notification.job_type}/details/{_encode(notification.job_id)}"
    return f"https://{host}/backup/home?region={_encode(notification.region)}#/jobs/{job}"


def _resource_url(notification: Notification) -> str:
    parsed = arn.parse(notification.resource_arn)
    host = _HOSTS.get(parsed.partition) if parsed else None
    region = (parsed.region if parsed else "") or notification.region
    if not (parsed and host and region):
        return ""
    page = resources.kind(parsed).page
    return f"https://{host}/{page.format(region=_encode(region), name=_encode(parsed.name))}" if page else ""


def _encode(text: str) -> str:
    return quote(text.encode("utf-8", "replace"), safe="")
