"""Whatever Slack's rules let through can be shown, and whatever they do not is refused in Slack's words."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sandbox.slack import errors, validation
from sandbox.slack.mrkdwn import to_html
from sandbox.slack.records import record
from sandbox.slack.render import render_threads
from sandbox.slack.store import Message
from sandbox.slack.threads import Thread

WORDS = st.sampled_from(
    [
        "text",
        "fields",
        "elements",
        "mrkdwn",
        "plain_text",
        "section",
        "header",
        "context",
        "actions",
        "button",
        "image",
        "rich_text",
        "rich_text_list",
        "link",
        "emoji",
        "url",
        "https://x/",
        "alt_text",
        "color",
        "title",
        "value",
        "ts",
        "style",
        "bold",
        "x",
        "<!date^1^{date}>",
    ]
)
TEXTS = WORDS | st.text(max_size=20)
NAMES = st.sampled_from(
    ["type", "text", "fields", "elements", "style", "url", "image_url", "alt_text", "accessory", "title", "value", "name"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
ANYTHING = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12)
TEXT_OBJECTS = st.fixed_dictionaries({"type": st.sampled_from(["mrkdwn", "plain_text"]), "text": TEXTS})
LIKELY_BLOCKS = st.one_of(
    st.fixed_dictionaries({"type": st.just("section"), "text": TEXT_OBJECTS | ANYTHING}),
    st.fixed_dictionaries({"type": st.just("context"), "elements": st.lists(TEXT_OBJECTS, min_size=1, max_size=3)}),
    st.fixed_dictionaries({"type": st.sampled_from(["rich_text", "video", "markdown"]), "elements": ANYTHING, "text": ANYTHING}),
)
ATTACHMENT_NAMES = st.sampled_from(["text", "title", "title_link", "fields", "footer", "ts", "actions", "color", "image_url", "fallback"])
ATTACHMENTS = st.dictionaries(ATTACHMENT_NAMES, ANYTHING, max_size=5)
MESSAGES = st.fixed_dictionaries(
    {},
    optional={
        "text": TEXTS | ANYTHING,
        "blocks": st.lists(LIKELY_BLOCKS | ANYTHING, max_size=3) | ANYTHING,
        "attachments": st.lists(ATTACHMENTS | ANYTHING, max_size=3) | ANYTHING,
    },
)


@settings(deadline=None)
@given(MESSAGES)
def test_any_message_is_refused_or_shown(message: dict[str, Any]) -> None:
    try:
        validation.check(message)
    except errors.Rejected as rejected:
        assert errors.STATUS[rejected.body] == 400
        return
    kept = Message(1, datetime.now(UTC), message, ts="1482960137.003543", edited="1482960138.000000")
    html = render_threads([Thread(kept, [kept])], after=-1)
    assert html.count('id="message-1"') == 2
    assert json.dumps(record(kept))


@settings(deadline=None)
@given(st.text(alphabet="*_~`<>:|\n&;ax !@#^/"))
def test_any_text_becomes_balanced_markup(text: str) -> None:
    html = to_html(text)
    for tag in ("b", "i", "s", "code", "pre", "blockquote", "a", "span"):
        assert html.count(f"<{tag}>") + html.count(f"<{tag} ") == html.count(f"</{tag}>")
