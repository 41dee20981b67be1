"""The inbox's page: what it shows of a message, what it never does, and how it stays up to date."""

from __future__ import annotations

import json
import re
import urllib.request
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.conftest import Sandbox
from tests.unit.sandbox.slack_calls import WEBHOOK, call, post

PAGE_FILES = ("/slack/", "/slack/static/page.css", "/slack/static/page.js", "/slack/static/app.svg")
PAYLOAD = "<script>alert(1)</script><img src=https://example.com/x.png onerror=alert(1)>\"'><b>"
HARMLESS = {
    *("article", "header", "div", "span", "time", "img", "svg", "rect", "h2", "hr"),
    *("a", "b", "i", "s", "br", "code", "pre", "blockquote", "ul", "ol", "li"),
}


class Elements(HTMLParser):
    """The elements in a piece of HTML, as a browser reads them: name and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def mrkdwn(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def send(sandbox: Sandbox, message: dict[str, Any]) -> None:
    assert sandbox.request("POST", WEBHOOK, message) == (200, "ok")


def shown(sandbox: Sandbox) -> str:
    """The messages as the page shows them, in HTML."""
    status, html = sandbox.request("GET", "/slack/")
    assert status == 200
    found = re.search(r"<main [^>]*>(.*)</main>", html, re.DOTALL)
    assert found
    return found.group(1)


def updates(sandbox: Sandbox, generation: str, after: int) -> dict[str, Any]:
    status, text = sandbox.request("GET", f"/slack/api/updates?generation={generation}&after={after}")
    assert status == 200
    update: dict[str, Any] = json.loads(text)
    return update


def test_empty_page_says_how_to_send_a_message(sandbox: Sandbox) -> None:
    status, html = sandbox.request("GET", "/slack/")
    assert status == 200
    assert "No messages yet" in html
    assert sandbox.endpoint_url + WEBHOOK in html
    assert shown(sandbox) == ""


@pytest.mark.parametrize(
    ("message", "html"),
    [
        ({"text": "a *b*"}, '<div class="text">a <b>b</b></div>'),
        ({"text": "unseen", "blocks": [{"type": "header", "text": plain("a :x:")}]}, '<div class="blocks"><h2>a ❌</h2></div>'),
        (
            {"blocks": [{"type": "section", "text": mrkdwn("a"), "fields": [mrkdwn("*b*"), plain("*c*")]}]},
            '<div class="section"><div class="main"><div class="text">a</div>'
            '<div class="fields"><div class="field"><b>b</b></div><div class="field">*c*</div></div></div></div>',
        ),
        ({"blocks": [{"type": "divider"}]}, "<hr>"),
        (
            {"blocks": [{"type": "context", "elements": [mrkdwn("_a_"), {"type": "image", "image_url": "https://x/", "alt_text": "b"}]}]},
            '<div class="context"><span><i>a</i></span> <span class="image" title="Images are not loaded here">b</span></div>',
        ),
        (
            {"blocks": [{"type": "actions", "elements": [{"type": "button", "text": plain("a"), "url": "https://x/", "style": "danger"}]}]},
            '<a class="button danger" href="https://x/" target="_blank" rel="noopener noreferrer nofollow">a</a>',
        ),
        ({"blocks": [{"type": "actions", "elements": [{"type": "button", "text": plain("a")}]}]}, '<span class="button">a</span>'),
        ({"blocks": [{"type": "video", "alt_text": "a"}]}, '<div class="not-drawn">[video block]</div>'),
        (
            {
                "blocks": [
                    {
                        "type": "rich_text",
                        "elements": [
                            {"type": "rich_text_section", "elements": [{"type": "text", "text": "a", "style": {"bold": True}}]},
                            {
                                "type": "rich_text_list",
                                "style": "ordered",
                                "elements": [{"type": "rich_text_section", "elements": [{"type": "emoji", "name": "x"}]}],
                            },
                        ],
                    }
                ]
            },
            '<div class="rich-text"><div><b>a</b></div><ol><li>❌</li></ol></div>',
        ),
        (
            {"text": "a", "attachments": [{"color": "#E01E5A", "blocks": [{"type": "section", "text": mrkdwn("b")}]}]},
            '<div class="text">a</div><div class="attachment">'
            '<svg class="bar" aria-hidden="true"><rect width="100%" height="100%" fill="#e01e5a"></rect></svg>'
            '<div class="attached"><div class="blocks"><div class="section"><div class="main"><div class="text">b</div>',
        ),
        (
            {"attachments": [{"title": "a", "title_link": "https://x/", "text": "*b*", "footer": "c", "ts": "1392724800", "pretext": "d"}]},
            '<div class="title"><a href="https://x/" target="_blank" rel="noopener noreferrer nofollow">a</a></div>'
            '<div class="text"><b>b</b></div><div class="context">c | Feb 18, 2014 at ',
        ),
        (
            {"attachments": [{"fields": [{"title": "a", "value": "1", "short": True}, {"title": "b", "value": 2}]}]},
            '<div class="field"><b>a</b><div>1</div></div><div class="field long"><b>b</b><div>2</div></div>',
        ),
        ({"attachments": [{"fallback": "only *this*"}]}, '<div class="text">only *this*</div>'),
        ({"attachments": [{"text": "x", "color": "good"}]}, 'fill="#2eb886"'),
        ({"attachments": [{"text": "x", "color": "warning"}]}, 'fill="#daa038"'),
        ({"attachments": [{"text": "x", "color": "danger"}]}, 'fill="#a30200"'),
        ({"attachments": [{"text": "x", "color": "url(https://x/)"}]}, 'fill="#dddddd"'),
    ],
)
def test_message_on_the_page(sandbox: Sandbox, message: dict[str, Any], html: str) -> None:
    send(sandbox, message)
    assert html in shown(sandbox)
    assert "unseen" not in shown(sandbox)


def test_app_and_time_of_a_message(sandbox: Sandbox) -> None:
    send(sandbox, {"text": "x", "username": "somebody", "icon_url": "https://example.com/x.png"})
    html = shown(sandbox)
    assert '<span class="name">AWS Backup</span> <span class="badge">APP</span> <time datetime="' in html
    assert re.search(r">\d{1,2}:\d\d [AP]M</time>", html)
    assert html.count('class="day"') == 1


@pytest.mark.parametrize(
    "message",
    [
        {"text": PAYLOAD},
        {"text": f"*{PAYLOAD}* `{PAYLOAD}` > {PAYLOAD} <https://x/{PAYLOAD}|{PAYLOAD}>"},
        {"blocks": [{"type": "header", "text": plain(PAYLOAD)}, {"type": "section", "fields": [mrkdwn(PAYLOAD)]}]},
        {"blocks": [{"type": "actions", "elements": [{"type": "button", "text": plain(PAYLOAD[:75]), "url": f"https://x/{PAYLOAD}"}]}]},
        {"blocks": [{"type": "image", "image_url": PAYLOAD, "alt_text": PAYLOAD, "title": plain(PAYLOAD)}]},
        {"blocks": [{"type": "markdown", "text": PAYLOAD}, {"type": "video", "title": PAYLOAD}]},
        {"blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": PAYLOAD}]}]}]},
        {"attachments": [{"color": PAYLOAD, "title": PAYLOAD, "title_link": PAYLOAD, "text": PAYLOAD, "footer": PAYLOAD, "ts": PAYLOAD}]},
        {"attachments": [{"fields": [{"title": PAYLOAD, "value": PAYLOAD}], "author_name": PAYLOAD, "author_link": "javascript:alert(1)"}]},
        {"attachments": [{"fallback": PAYLOAD, "image_url": PAYLOAD}]},
    ],
)
def test_nothing_from_outside_becomes_markup(sandbox: Sandbox, message: dict[str, Any]) -> None:
    send(sandbox, message)
    elements = Elements(shown(sandbox)).found
    assert {name for name, _ in elements} <= HARMLESS
    assert [attributes["src"] for name, attributes in elements if name == "img"] == ["/slack/static/app.svg"]
    assert not [name for _, attributes in elements for name in attributes if name.startswith("on") or name == "style"]
    assert all(str(attributes["href"]).startswith("https://x/") for name, attributes in elements if name == "a")


@pytest.mark.parametrize(
    "text",
    ["\ud800 half a surrogate pair", "\x00\x01\x1b[31m", "‮right to left", "$messages ${last} $$", "{0}{x}%s", "*" * 40_000, "`*<" * 13_000],
    ids=["surrogate", "control", "bidi", "template", "format", "marks", "openers"],
)
def test_odd_text_is_shown(sandbox: Sandbox, text: str) -> None:
    send(sandbox, {"text": text})
    assert 'id="message-1"' in shown(sandbox)


@pytest.mark.parametrize(
    "path", ["/slack/", "/slack/static/page.css", "/slack/static/page.js", "/slack/static/app.svg", "/slack/api/messages"]
)
def test_policy_of_every_answer(sandbox: Sandbox, path: str) -> None:
    with urllib.request.urlopen(sandbox.endpoint_url + path, timeout=30) as response:
        policy = response.headers["Content-Security-Policy"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "http" not in policy


def test_page_refers_to_nothing_elsewhere(sandbox: Sandbox) -> None:
    text = "".join(sandbox.request("GET", path)[1] for path in PAGE_FILES)
    own = text.replace(sandbox.endpoint_url, "").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|@import|url\(", own)


def test_updates_bring_what_is_new(sandbox: Sandbox) -> None:
    send(sandbox, {"text": "first"})
    known = updates(sandbox, "", 0)
    assert (known["last"], known["replace"]) == (1, True)
    send(sandbox, {"text": "second"})
    update = updates(sandbox, known["generation"], 1)
    assert (update["last"], update["replace"]) == (2, False)
    assert "second" in update["html"]
    assert "first" not in update["html"]
    assert 'class="day"' not in update["html"]
    assert updates(sandbox, known["generation"], 2)["html"] == ""


def test_updates_after_a_reset_replace_everything(sandbox: Sandbox) -> None:
    send(sandbox, {"text": "first"})
    known = updates(sandbox, "", 0)
    sandbox.control("POST", "/reset")
    send(sandbox, {"text": "other"})
    update = updates(sandbox, known["generation"], 1)
    assert (update["last"], update["replace"]) == (1, True)
    assert "other" in update["html"]


def test_replies_stand_beneath_their_parent(sandbox: Sandbox) -> None:
    parent = post(sandbox, "parent")
    post(sandbox, "other")
    post(sandbox, "first reply", thread_ts=parent)
    html = shown(sandbox)
    assert '<div class="replies"><div class="count">1 reply</div><article' in html
    assert html.index("parent") < html.index("first reply") < html.index("other")
    post(sandbox, "second reply", thread_ts=parent)
    assert '<div class="count">2 replies</div>' in shown(sandbox)
    assert shown(sandbox).count('class="replies"') == 1


def test_reply_that_the_channel_sees_too_is_shown_twice(sandbox: Sandbox) -> None:
    parent = post(sandbox, "parent")
    known = updates(sandbox, "", 0)
    post(sandbox, "reply", thread_ts=parent, reply_broadcast=True)
    names = [attributes["id"] for name, attributes in Elements(shown(sandbox)).found if name == "article"]
    assert names == ["message-1", "message-2", "broadcast-2"]
    assert '<div class="broadcast"><a href="#message-1">replied to a thread</a></div><div class="text">reply</div>' in shown(sandbox)
    update = updates(sandbox, known["generation"], known["last"])
    assert [thread["id"] for thread in update["changed"]] == ["thread-1"]
    assert 'id="broadcast-2"' in update["html"]


def test_changed_message_says_so(sandbox: Sandbox) -> None:
    texts = {"text": "before"}
    blocks = {"text": "unseen", "blocks": [{"type": "divider"}]}
    for message in (texts, blocks):
        ts = post(sandbox, **message)
        assert "(edited)" not in shown(sandbox)
        call(sandbox, "chat.update", ts=ts, text="*after*")
        assert shown(sandbox).count("(edited)") == 1
        sandbox.control("POST", "/reset")
    call(sandbox, "chat.update", ts=post(sandbox, "before"), text="*after*")
    assert '<div class="text"><b>after</b> <span class="edited">(edited)</span></div>' in shown(sandbox)
    assert "before" not in shown(sandbox)


def test_replies_and_changes_become_no_markup(sandbox: Sandbox) -> None:
    parent = post(sandbox, "parent")
    reply = post(sandbox, PAYLOAD, thread_ts=parent)
    call(sandbox, "chat.update", ts=reply, text=PAYLOAD, attachments=[{"text": PAYLOAD}])
    assert {name for name, _ in Elements(shown(sandbox)).found} <= HARMLESS


def test_updates_bring_threads_that_changed(sandbox: Sandbox) -> None:
    first, second = post(sandbox, "first"), post(sandbox, "second")
    known = updates(sandbox, "", 0)
    assert (known["last"], known["changed"]) == (2, [])
    post(sandbox, "reply", thread_ts=first)
    call(sandbox, "chat.update", ts=second, text="changed")
    update = updates(sandbox, known["generation"], known["last"])
    assert (update["last"], update["replace"], update["html"]) == (4, False, "")
    (thread, changed) = update["changed"]
    assert (thread["id"], changed["id"]) == ("thread-1", "thread-2")
    assert "first" in thread["html"]
    assert "reply" in thread["html"]
    assert "changed" in changed["html"]
    assert updates(sandbox, known["generation"], 3)["changed"] == [changed]
    assert updates(sandbox, known["generation"], 4)["changed"] == []


def test_new_thread_with_a_reply_is_new_and_not_changed(sandbox: Sandbox) -> None:
    known = updates(sandbox, "", 0)
    post(sandbox, "reply", thread_ts=post(sandbox, "parent"))
    update = updates(sandbox, known["generation"], 0)
    assert update["changed"] == []
    assert "parent" in update["html"]
    assert "reply" in update["html"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("HEAD", "/slack/", 200),
        ("POST", "/slack/", 405),
        ("GET", "/slack", 200),
        ("GET", "/slack/nowhere", 404),
        ("GET", "/slack/static/../page.py", 404),
        ("GET", "/slack/static/%2e%2e/page.py", 404),
        ("GET", "/slack/api/updates?after=x", 200),
    ],
)
def test_paths(sandbox: Sandbox, method: str, path: str, status: int) -> None:
    assert sandbox.request(method, path)[0] == status
