"""What Slack puts in angle brackets: links, mentions and dates."""

from __future__ import annotations

import re
from datetime import datetime

from markupsafe import Markup

from .dates import format_date
from .markup import element, link, web_url

MENTION = re.compile(r"(?:@[UW]|#C|!subteam\^S)[A-Z0-9]+")
BROADCASTS = ("here", "channel", "everyone")


def unescape(text: str) -> str:
    """Undo the three escapes that Slack knows; other entities are just text."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def render(content: str) -> Markup | None:
    """HTML for what stands between < and >, or None where Slack knows no such thing."""
    target, _, label = (unescape(part) for part in content.partition("|"))
    if web_url(target):
        return link(target, label or target)
    if target.startswith("mailto:"):
        return Markup.escape(label or target.removeprefix("mailto:"))
    if target.startswith("!date^"):
        return _date(target, label)
    if target.startswith("!") and target[1:] in BROADCASTS:
        return element("span", f"@{target[1:]}", class_="mention broadcast")
    if MENTION.fullmatch(target):
        sign = "#" if target.startswith("#") else "@"
        name = label or target.removeprefix("!subteam^").lstrip("@#")
        return element("span", sign + name.removeprefix(sign), class_="mention")
    return None


def _date(target: str, fallback: str) -> Markup | None:
    parts = target.split("^", 3)
    if len(parts) < 3:
        return None
    shown = format_date(parts[1], parts[2], datetime.now().astimezone()) or fallback
    return link(parts[3], shown) if len(parts) > 3 else element("span", shown, title=fallback or None)
