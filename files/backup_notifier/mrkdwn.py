"""Foreign text inside Slack's mrkdwn: escaped, without effect of its own, and cut visibly."""

from __future__ import annotations

import re

ELLIPSIS = "…"
# What JSON can carry and Slack need not take: control characters and half of a surrogate pair.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_PARTIAL_ENTITY = re.compile(r"&[a-z]*\Z")


def clean(text: str) -> str:
    """Text without what no target can show."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def cut(text: str, limit: int) -> str:
    """Plain text of at most limit characters, with an ellipsis where it was longer."""
    shown = clean(text[: limit + 1])
    return shown if len(shown) <= limit else shown[: limit - len(ELLIPSIS)] + ELLIPSIS


def escape(text: str, limit: int) -> str:
    """Escape text for mrkdwn and cut what is beyond limit (characters, after escaping), with an ellipsis."""
    escaped = clean(text[: limit + 1]).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if len(escaped) <= limit:
        return escaped
    return _PARTIAL_ENTITY.sub("", escaped[: limit - len(ELLIPSIS)]) + ELLIPSIS


def value(text: str, limit: int) -> str:
    """Text on one line that cannot format, mention or link; as code when it tries to."""
    plain_text = " ".join(text.split())
    return code(plain_text, limit) if set(plain_text) & set("*_~`<>@#") else escape(plain_text, limit)


def code(text: str, limit: int) -> str:
    """Text as inline code on one line, at most limit characters between the backticks."""
    return f"`{escape(' '.join(text.replace('`', '').split()), limit) or '-'}`"


def code_block(text: str, limit: int) -> str:
    """Text as a block of code, at most limit characters between the fences."""
    return f"```\n{escape(text.replace('`', '').strip(), limit) or '(empty)'}\n```"


def link(url: str, label: str) -> str:
    """A link. The URL must be percent-encoded and the label harmless."""
    return f"<{url.replace('&', '&amp;')}|{label}>"
