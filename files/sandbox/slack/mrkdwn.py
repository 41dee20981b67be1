"""Slack's mrkdwn as HTML."""

from __future__ import annotations

import itertools
import re

from markupsafe import Markup

from . import references
from .emoji import EMOJI
from .markup import element, join, link
from .references import unescape

CODE_BLOCK = re.compile(r"```(.+?)```", re.DOTALL)
QUOTE = re.compile(r"^(?:>|&gt;) ?")
QUOTE_REST = re.compile(r"^(?:>>>|&gt;&gt;&gt;) ?(.+)", re.DOTALL | re.MULTILINE)
EMOJI_NAME = "|".join(map(re.escape, EMOJI))
EMOJI_TOKEN = re.compile(f":({EMOJI_NAME}):")
TOKEN = re.compile(
    rf"`(?P<code>[^`\n]+)`"
    rf"|<(?P<reference>[^<>\n]+)>"
    rf"|:(?P<emoji>{EMOJI_NAME}):"
    rf"|(?P<mark>[*_~])"
)
AUTOLINK = re.compile(rf"{TOKEN.pattern}|(?P<url>https?://[^\s<>|`]*[^\s<>|`.,:;!?)'\"*_~])")
TAGS = {"*": "b", "_": "i", "~": "s"}


def to_html(text: str, *, autolink: bool = True) -> Markup:
    """Render mrkdwn: code blocks, quotes, formatting, links, mentions, emoji; autolink also makes links of bare URLs."""
    parts = CODE_BLOCK.split(text)
    shown: list[Markup] = []
    for number, part in enumerate(parts):
        if number % 2:
            shown.append(element("pre", unescape(part.strip("\n"))))
            continue
        prose = part.removeprefix("\n") if number > 0 else part
        shown.append(_prose(prose.removesuffix("\n") if number < len(parts) - 1 else prose, AUTOLINK if autolink else TOKEN))
    return join(shown)


def plain_to_html(text: str, *, emoji: bool = True) -> Markup:
    """Render plain text: only escapes, line breaks and, where wanted, emoji."""
    parts = EMOJI_TOKEN.split(text) if emoji else [text]
    return join(EMOJI[part] if number % 2 else join(unescape(part).split("\n"), "<br>") for number, part in enumerate(parts))


def _prose(text: str, tokens: re.Pattern[str]) -> Markup:
    """Text without code blocks: >>> quotes everything after it, > its own line."""
    before, *rest = QUOTE_REST.split(text, maxsplit=1)
    if not rest:
        return _lines(before, tokens)
    return join([_lines(before.rstrip("\n"), tokens), element("blockquote", _inline_lines(rest[0].split("\n"), tokens))])


def _lines(text: str, tokens: re.Pattern[str]) -> Markup:
    shown: list[Markup] = []
    for quoted, lines in itertools.groupby(text.split("\n"), key=lambda line: QUOTE.match(line) is not None):
        if quoted:
            shown.append(element("blockquote", _inline_lines([QUOTE.sub("", line) for line in lines], tokens)))
        else:
            shown.append(_inline_lines(list(lines), tokens))
    return join(shown)


def _inline_lines(lines: list[str], tokens: re.Pattern[str]) -> Markup:
    return join((_inline(line, tokens) for line in lines), "<br>")


def _inline(line: str, tokens: re.Pattern[str]) -> Markup:
    """One line: tokens first, then the pairs of *, _ and ~ between them."""
    pieces: list[Markup] = []
    opened: dict[str, tuple[int, int]] = {}
    end = 0
    for match in tokens.finditer(line):
        pieces.append(Markup.escape(unescape(line[end : match.start()])))
        end = match.end()
        mark = match["mark"]
        if mark is None:
            pieces.append(_token(match))
            continue
        start, content = opened.get(mark, (0, end))
        if content < match.start() and _closes(line, match):
            pieces[start] = Markup(f"<{TAGS[mark]}>")
            pieces.append(Markup(f"</{TAGS[mark]}>"))
            opened = {other: place for other, place in opened.items() if place[0] < start}
            continue
        if _opens(line, match):
            opened[mark] = (len(pieces), end)
        pieces.append(Markup(mark))
    pieces.append(Markup.escape(unescape(line[end:])))
    return join(pieces)


def _token(match: re.Match[str]) -> Markup:
    if match["code"] is not None:
        return element("code", unescape(match["code"]))
    if match["emoji"] is not None:
        return Markup(EMOJI[match["emoji"]])
    if match["reference"] is not None:
        return references.render(match["reference"]) or Markup.escape(unescape(match.group()))
    url = unescape(match.group())
    return link(url, url)


def _opens(line: str, match: re.Match[str]) -> bool:
    before, after = _around(line, match)
    return not before.isalnum() and bool(after) and not after.isspace()


def _closes(line: str, match: re.Match[str]) -> bool:
    before, after = _around(line, match)
    return not before.isspace() and not after.isalnum()


def _around(line: str, match: re.Match[str]) -> tuple[str, str]:
    return line[max(match.start() - 1, 0) : match.start()], line[match.end() : match.end() + 1]
