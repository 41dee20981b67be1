"""Foreign text inside Slack's mrkdwn: escaped, without effect of its own, and cut visibly."""

from __future__ import annotations

import re

ELLIPSIS = "…"
# What JSON can carry and Slack need not take: control characters and half of a surrogate pair.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_PARTIAL_ENTITY = re.compile(r"&[a-z]*\Z")


def escape(text: str, limit: int) -> str:
    """Escape text for mrkdwn and cut what is beyond limit (characters, after escaping), with an ellipsis."""
    clean = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text[: limit + 1])
    escaped = clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if len(escaped) <= limit:
        return escaped
    return _PARTIAL_ENTITY.sub("", escaped[: limit - len(ELLIPSIS)]) + ELLIPSIS


def code(text: str, limit: int) -> str:
    """Text as inline code on one line, at most limit characters between the backticks."""
    return f"`{escape(' '.join(text.replace('`', '').split()), limit) or '-'}`"


def code_block(text: str, limit: int) -> str:
    """Text as a block of code, at most limit characters between the fences."""
    return f"```\n{escape(text.replace('`', '').strip(), limit) or '(empty)'}\n```"


def link(url: str, label: str) -> str:
    """A link. The URL must be percent-encoded and the label harmless."""
    return f"<{url.replace('&', '&amp;')}|{label}>"
