"""Blocks as HTML."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from .markup import as_dict, as_dicts, as_text, element, join, link
from .mrkdwn import plain_to_html, to_html
from .rich_text import render_rich_text

BUTTON_STYLES = ("primary", "danger")


def render_blocks(blocks: list[dict[str, Any]]) -> Markup:
    """A list of blocks."""
    return element("div", join(render_block(block) for block in blocks), class_="blocks")


def render_block(block: dict[str, Any]) -> Markup:
    """One block; a kind this page cannot draw is named instead."""
    kind = as_text(block.get("type"))
    draw = DRAW.get(kind)
    if draw is None:
        return element("div", f"[{kind} block]", class_="not-drawn")
    return draw(block)


def render_text(text: Any) -> Markup:
    """A text object, mrkdwn or plain text."""
    given = as_dict(text)
    content = as_text(given.get("text"))
    if given.get("type") == "mrkdwn":
        return to_html(content, autolink=given.get("verbatim") is not True)
    return plain_to_html(content, emoji=given.get("emoji") is not False)


def render_element(given: dict[str, Any]) -> Markup:
    """A button as a link, an image as its description, anything else by its kind."""
    kind = as_text(given.get("type"))
    if kind == "image":
        return render_image_text(given)
    if kind != "button":
        return element("span", f"[{kind}]", class_="not-drawn")
    style = given.get("style")
    css = f"button {style}" if style in BUTTON_STYLES else "button"
    return link(given.get("url"), render_text(given.get("text")), css)


def render_image_text(given: dict[str, Any]) -> Markup:
    """What an image shows, in words: this page loads nothing from elsewhere."""
    return element("span", as_text(given.get("alt_text")) or "image", class_="image", title="Images are not loaded here")


def _section(block: dict[str, Any]) -> Markup:
    fields = [element("div", render_text(field), class_="field") for field in as_dicts(block.get("fields"))]
    main = []
    if "text" in block:
        main.append(element("div", render_text(block["text"]), class_="text"))
    if fields:
        main.append(element("div", join(fields), class_="fields"))
    parts = [element("div", join(main), class_="main")]
    if "accessory" in block:
        parts.append(element("div", render_element(as_dict(block["accessory"])), class_="accessory"))
    return element("div", join(parts), class_="section")


def _header(block: dict[str, Any]) -> Markup:
    return element("h2", render_text(block.get("text")))


def _divider(_block: dict[str, Any]) -> Markup:
    return Markup("<hr>")


def _context(block: dict[str, Any]) -> Markup:
    elements = as_dicts(block.get("elements"))
    shown = [render_image_text(item) if item.get("type") == "image" else element("span", render_text(item)) for item in elements]
    return element("div", join(shown, " "), class_="context")


def _actions(block: dict[str, Any]) -> Markup:
    return element("div", join(map(render_element, as_dicts(block.get("elements"))), " "), class_="actions")


def _image(block: dict[str, Any]) -> Markup:
    title = [element("div", render_text(block["title"]), class_="image-title")] if "title" in block else []
    return element("div", join([*title, render_image_text(block)]), class_="image-block")


def _markdown(block: dict[str, Any]) -> Markup:
    return element("div", as_text(block.get("text")), class_="text markdown")


DRAW: dict[str, Callable[[dict[str, Any]], Markup]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "image": _image,
    "markdown": _markdown,
    "rich_text": render_rich_text,
}
