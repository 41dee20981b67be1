"""Rich text blocks as HTML."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from .emoji import EMOJI
from .markup import as_dict, as_dicts, as_text, element, join, link

STYLE_TAGS = {"code": "code", "bold": "b", "italic": "i", "strike": "s"}


def render_rich_text(block: dict[str, Any]) -> Markup:
    """A rich_text block: sections, lists, quotes and preformatted text."""
    return element("div", join(map(_part, as_dicts(block.get("elements")))), class_="rich-text")


def _part(part: dict[str, Any]) -> Markup:
    kind = part.get("type")
    elements = as_dicts(part.get("elements"))
    if kind == "rich_text_list":
        tag = "ol" if part.get("style") == "ordered" else "ul"
        return element(tag, join(element("li", _runs(as_dicts(item.get("elements")))) for item in elements))
    tag = {"rich_text_quote": "blockquote", "rich_text_preformatted": "pre"}.get(as_text(kind), "div")
    return element(tag, _runs(elements))


def _runs(elements: list[dict[str, Any]]) -> Markup:
    return join(map(_run, elements))


def _run(run: dict[str, Any]) -> Markup:
    shown = _content(run)
    style = as_dict(run.get("style"))
    for name, tag in STYLE_TAGS.items():
        if style.get(name) is True:
            shown = element(tag, shown)
    return shown


def _content(run: dict[str, Any]) -> Markup:
    kind = as_text(run.get("type"))
    if kind == "link":
        return link(run.get("url"), as_text(run.get("text")) or as_text(run.get("url")))
    if kind == "emoji":
        name = as_text(run.get("name"))
        return Markup.escape(EMOJI.get(name, f":{name}:"))
    if kind == "date":
        return Markup.escape(as_text(run.get("fallback")))
    if kind in MENTIONS:
        sign, key = MENTIONS[kind]
        return element("span", sign + as_text(run.get(key)), class_="mention")
    return join(as_text(run.get("text")).split("\n"), "<br>")


MENTIONS = {
    "user": ("@", "user_id"),
    "usergroup": ("@", "usergroup_id"),
    "channel": ("#", "channel_id"),
    "broadcast": ("@", "range"),
}
