"""Attachments as HTML: a colour bar beside blocks, or beside the legacy fields."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from markupsafe import Markup

from .dates import format_date
from .markup import as_dicts, as_text, element, join, link
from .mrkdwn import plain_to_html, to_html
from .render_blocks import render_blocks, render_element

NAMED_COLOURS = {"good": "#2eb886", "warning": "#daa038", "danger": "#a30200"}
NO_COLOUR = "#dddddd"
HEX = re.compile(r"#?([0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})")


def bar_colour(colour: Any) -> str:
    """The bar's colour as #rrggbb (or #rgb): Slack's three names, a hexadecimal one, else grey."""
    text = as_text(colour)
    if text in NAMED_COLOURS:
        return NAMED_COLOURS[text]
    match = HEX.fullmatch(text)
    return f"#{match.group(1).lower()}" if match else NO_COLOUR


def render_attachment(attachment: dict[str, Any]) -> Markup:
    """One attachment."""
    blocks = as_dicts(attachment.get("blocks"))
    content = render_blocks(blocks) if blocks else _legacy(attachment)
    # An attribute, not a style: the page's policy forbids inline styles.
    bar = element(
        "svg", element("rect", width="100%", height="100%", fill=bar_colour(attachment.get("color"))), class_="bar", aria_hidden="true"
    )
    pretext = as_text(attachment.get("pretext"))
    before = element("div", to_html(pretext), class_="text") if pretext else ""
    return join([before, element("div", join([bar, element("div", content, class_="attached")]), class_="attachment")])


def _legacy(attachment: dict[str, Any]) -> Markup:
    title, text = as_text(attachment.get("title")), as_text(attachment.get("text"))
    author, image = as_text(attachment.get("author_name")), attachment.get("image_url") or attachment.get("thumb_url")
    actions = [render_element(_button(action)) for action in as_dicts(attachment.get("actions"))]
    parts = [
        element("div", link(attachment.get("author_link"), author), class_="author") if author else "",
        element("div", link(attachment.get("title_link"), plain_to_html(title)), class_="title") if title else "",
        element("div", to_html(text), class_="text") if text else "",
        _fields(as_dicts(attachment.get("fields"))),
        element("span", "image", class_="image", title="Images are not loaded here") if image else "",
        element("div", join(actions, " "), class_="actions") if actions else "",
        _footer(attachment),
    ]
    return join(parts) or element("div", plain_to_html(as_text(attachment.get("fallback"))), class_="text")


def _fields(fields: list[dict[str, Any]]) -> Markup:
    shown = []
    for field in fields:
        name = element("b", plain_to_html(as_text(field.get("title"))))
        value = element("div", to_html(as_text(field.get("value"))))
        shown.append(element("div", join([name, value]), class_="field" if field.get("short") else "field long"))
    return element("div", join(shown), class_="fields") if shown else Markup("")


def _footer(attachment: dict[str, Any]) -> Markup:
    stamp = format_date(as_text(attachment.get("ts")), "{date_short} at {time}", datetime.now().astimezone())
    parts = [plain_to_html(as_text(attachment.get("footer"))), Markup.escape(stamp or "")]
    shown = join(filter(None, parts), " | ")
    return element("div", shown, class_="context") if shown else shown


def _button(action: dict[str, Any]) -> dict[str, Any]:
    """A legacy action as a button element."""
    text = {"type": "plain_text", "text": as_text(action.get("text"))}
    return {"type": "button", "text": text, "url": action.get("url"), "style": action.get("style")}
