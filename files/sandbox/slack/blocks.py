"""Slack's rules for blocks, from the Block Kit reference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MAX_BLOCKS = 50
BASIC = {"type", "block_id"}
BUTTON_STYLES = ("primary", "danger")
# Elements that Slack allows in an actions block, besides buttons; their own rules are not checked.
OTHER_ELEMENTS = {
    *(f"{kind}_select" for kind in ("static", "external", "users", "conversations", "channels")),
    *(f"multi_{kind}_select" for kind in ("static", "external", "users", "conversations", "channels")),
    *("checkboxes", "datepicker", "datetimepicker", "overflow", "radio_buttons", "timepicker", "workflow_button"),
}
# Blocks that Slack takes in a message and whose own rules are not checked.
UNCHECKED_BLOCKS = {"file", "input", "markdown", "rich_text", "table", "video"}


class InvalidBlock(ValueError):
    """A block breaks a rule; the text says where (a JSON pointer) and which."""

    def __init__(self, where: str, rule: str) -> None:
        super().__init__(f"{rule} [json-pointer:{where}]")


def check_blocks(blocks: Any, where: str) -> None:
    """Check a list of blocks; where is its JSON pointer.

    Raises:
        InvalidBlock: a rule is broken.
    """
    for number, block in enumerate(_items(blocks, where, MAX_BLOCKS)):
        check_block(block, f"{where}/{number}")


def check_block(block: Any, where: str) -> None:
    """Check one block.

    Raises:
        InvalidBlock: a rule is broken.
    """
    kind = _kind(block, where)
    if "block_id" in block:
        _string(block["block_id"], f"{where}/block_id", 255)
    if kind in UNCHECKED_BLOCKS:
        return
    if kind not in RULES:
        raise InvalidBlock(where, f"unknown block type {kind!r}")
    fields, rule = RULES[kind]
    _only(block, BASIC | fields, where)
    rule(block, where)


def _section(block: dict[str, Any], where: str) -> None:
    if "text" not in block and "fields" not in block:
        raise InvalidBlock(where, "needs text or fields")
    if "text" in block:
        check_text(block["text"], f"{where}/text", 3000)
    if "fields" in block:
        for number, field in enumerate(_items(block["fields"], f"{where}/fields", 10, lowest=1)):
            check_text(field, f"{where}/fields/{number}", 2000)
    if "accessory" in block:
        _element(block["accessory"], f"{where}/accessory", OTHER_ELEMENTS | {"button", "image"})


def _header(block: dict[str, Any], where: str) -> None:
    check_text(block.get("text"), f"{where}/text", 150, plain_only=True)


def _context(block: dict[str, Any], where: str) -> None:
    for number, element in enumerate(_items(block.get("elements"), f"{where}/elements", 10, lowest=1)):
        here = f"{where}/elements/{number}"
        if _kind(element, here) == "image":
            _image(element, here)
        else:
            check_text(element, here, 2000)


def _actions(block: dict[str, Any], where: str) -> None:
    for number, element in enumerate(_items(block.get("elements"), f"{where}/elements", 25, lowest=1)):
        _element(element, f"{where}/elements/{number}", OTHER_ELEMENTS | {"button"})


def _divider(_block: dict[str, Any], _where: str) -> None:
    """A divider has nothing to check."""


def _image(block: dict[str, Any], where: str) -> None:
    if ("image_url" in block) == ("slack_file" in block):
        raise InvalidBlock(where, "needs either image_url or slack_file")
    if "image_url" in block:
        _string(block["image_url"], f"{where}/image_url", 3000)
    _string(block.get("alt_text"), f"{where}/alt_text", 2000)
    if "title" in block:
        check_text(block["title"], f"{where}/title", 2000, plain_only=True)


def _element(element: Any, where: str, allowed: set[str]) -> None:
    kind = _kind(element, where)
    if kind not in allowed:
        raise InvalidBlock(where, f"unknown element type {kind!r}")
    if kind == "image":
        _image(element, where)
    if kind == "button":
        _button(element, where)


def _button(element: dict[str, Any], where: str) -> None:
    _only(element, {"type", "text", "action_id", "url", "value", "style", "confirm", "accessibility_label"}, where)
    check_text(element.get("text"), f"{where}/text", 75, plain_only=True)
    for name, most in (("action_id", 255), ("url", 3000), ("value", 2000), ("accessibility_label", 75)):
        if name in element:
            _string(element[name], f"{where}/{name}", most)
    if element.get("style", "primary") not in BUTTON_STYLES:
        raise InvalidBlock(f"{where}/style", f"must be one of {', '.join(BUTTON_STYLES)}")


def check_text(text: Any, where: str, most: int, *, plain_only: bool = False) -> None:
    """Check a text object of at most so many characters.

    Raises:
        InvalidBlock: a rule is broken.
    """
    kind = _kind(text, where)
    extra = {"plain_text": "emoji", "mrkdwn": "verbatim"}.get(kind)
    if extra is None or (plain_only and kind != "plain_text"):
        raise InvalidBlock(where, f"{kind!r} is no text type here")
    _only(text, {"type", "text", extra}, where)
    _string(text.get("text"), f"{where}/text", most)
    if not isinstance(text.get(extra, False), bool):
        raise InvalidBlock(f"{where}/{extra}", "must be true or false")


def _kind(thing: Any, where: str) -> str:
    kind = thing.get("type") if isinstance(thing, dict) else None
    if not isinstance(kind, str):
        raise InvalidBlock(where, "must be an object with a type")
    return kind


def _items(value: Any, where: str, most: int, lowest: int = 0) -> list[Any]:
    if not isinstance(value, list) or not lowest <= len(value) <= most:
        raise InvalidBlock(where, f"must be a list of {lowest} to {most} items")
    return value


def _string(value: Any, where: str, most: int) -> None:
    if not isinstance(value, str) or not 1 <= len(value) <= most:
        raise InvalidBlock(where, f"must be a string of 1 to {most} characters")


def _only(thing: dict[str, Any], fields: set[str], where: str) -> None:
    unknown = sorted(set(thing) - fields)
    if unknown:
        raise InvalidBlock(where, f"unknown fields: {', '.join(unknown)}")


RULES: dict[str, tuple[set[str], Callable[[dict[str, Any], str], None]]] = {
    "section": ({"text", "fields", "accessory", "expand"}, _section),
    "header": ({"text"}, _header),
    "context": ({"elements"}, _context),
    "actions": ({"elements"}, _actions),
    "divider": (set(), _divider),
    "image": ({"image_url", "slack_file", "alt_text", "title"}, _image),
}
