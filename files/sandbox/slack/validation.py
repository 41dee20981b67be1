"""Slack's rules for a whole message."""

from __future__ import annotations

import json
from typing import Any

from .blocks import InvalidBlock, check_blocks
from .errors import Rejected

MAX_TEXT = 40_000
MAX_ATTACHMENTS = 100
MAX_BLOCKS_LENGTH = 13_200
# Slack refuses an attachment that has any other field, even null, beside its blocks.
BESIDE_BLOCKS = {"blocks", "color", "fallback"}


def check(message: dict[str, Any]) -> None:
    """Check a message against Slack's rules.

    Raises:
        Rejected: Slack would refuse it.
    """
    text, blocks, attachments = (message.get(name) for name in ("text", "blocks", "attachments"))
    if text is not None and not isinstance(text, str):
        raise Rejected("invalid_payload", "text is not a string")
    if blocks is not None and not isinstance(blocks, list):
        raise Rejected("invalid_blocks_format", "blocks is not a list")
    if attachments is not None and not isinstance(attachments, list):
        raise Rejected("invalid_attachments", "attachments is not a list")
    _check_attachments(attachments or [])
    if not (text or "").strip() and not blocks and not any(map(_shows_something, attachments or [])):
        raise Rejected("no_text", "neither text nor blocks nor an attachment with anything in it")
    try:
        check_blocks(blocks or [], "/blocks")
    except InvalidBlock as problem:
        raise Rejected("invalid_blocks", str(problem)) from problem
    _check_length([*(blocks or []), *(block for attachment in attachments or [] for block in attachment.get("blocks") or [])])


def cut(message: dict[str, Any]) -> dict[str, Any]:
    """The message with its text cut to what Slack keeps."""
    text = message.get("text")
    return {**message, "text": text[:MAX_TEXT]} if isinstance(text, str) else message


def _check_attachments(attachments: list[Any]) -> None:
    if len(attachments) > MAX_ATTACHMENTS:
        raise Rejected("too_many_attachments", f"{len(attachments)}, at most {MAX_ATTACHMENTS}")
    for number, attachment in enumerate(attachments):
        _check_attachment(attachment, f"/attachments/{number}")


def _check_attachment(attachment: Any, where: str) -> None:
    if not isinstance(attachment, dict):
        raise Rejected("invalid_attachments", f"not an object [json-pointer:{where}]")
    blocks = attachment.get("blocks")
    if blocks is None:
        return
    beside = sorted(set(attachment) - BESIDE_BLOCKS)
    if blocks and beside:
        raise Rejected("invalid_attachments", f"{', '.join(beside)} cannot stand beside blocks [json-pointer:{where}]")
    try:
        check_blocks(blocks, f"{where}/blocks")
    except InvalidBlock as problem:
        raise Rejected("invalid_attachments", str(problem)) from problem


def _shows_something(attachment: dict[str, Any]) -> bool:
    return any(value for name, value in attachment.items() if name != "color")


def _check_length(blocks: list[dict[str, Any]]) -> None:
    length = len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))
    if length > MAX_BLOCKS_LENGTH:
        raise Rejected("msg_blocks_too_long", f"{length} characters of blocks, about {MAX_BLOCKS_LENGTH} pass")
