"""Messages as HTML, the way Slack shows them."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from .attachments import render_attachment
from .dates import clock_time, long_day
from .markup import NOTHING, as_dicts, as_text, element, join
from .mrkdwn import to_html
from .render_blocks import render_blocks
from .store import Message
from .threads import Thread

APP_NAME = "AWS Backup"
AVATAR = Markup('<img class="avatar" src="/slack/static/app.svg" alt="" width="36" height="36">')


def render_threads(threads: list[Thread], after: int = 0) -> Markup:
    """The threads that came after a revision, each new day with its divider."""
    shown: list[Markup] = []
    previous_day = None
    for thread in threads:
        received = thread.parent.received.astimezone()
        if thread.parent.added > after:
            if received.date() != previous_day:
                shown.append(_day(received))
            shown.append(render_thread(thread))
        previous_day = received.date()
    return join(shown, "\n")


def render_thread(thread: Thread) -> Markup:
    """A message, and its replies beneath it."""
    if thread.root:
        link = element("a", "replied to a thread", href=f"#message-{thread.root.id}")
        content = [render_message(thread.parent, "broadcast", element("div", link, class_="broadcast"))]
    else:
        content = [render_message(thread.parent), _replies(thread.replies)]
    return element("div", join(content), class_="thread", id=thread_id(thread))


def thread_id(thread: Thread) -> str:
    """What the page calls a thread."""
    return f"thread-{thread.parent.id}"


def render_message(message: Message, kind: str = "message", note: Markup = NOTHING) -> Markup:
    """One message; kind: the first part of its name on the page, note: what to say between its author and its text."""
    received = message.received.astimezone()
    payload = message.payload
    blocks = as_dicts(payload.get("blocks"))
    attachments = as_dicts(payload.get("attachments"))
    name = element("span", APP_NAME, class_="name")
    badge = element("span", "APP", class_="badge")
    time = element("time", clock_time(received), datetime=received.isoformat(), title=f"{received:%Y-%m-%d %H:%M:%S %Z}")
    edited = element("span", "(edited)", class_="edited") if message.edited else ""
    said = list(filter(None, [to_html(as_text(payload.get("text")).rstrip()), edited]))
    content = join([render_blocks(blocks), edited]) if blocks else element("div", join(said, " "), class_="text") if said else ""
    body = join(
        [
            element("header", join([name, badge, time], " ")),
            note,
            content,
            join(render_attachment(attachment) for attachment in attachments),
        ]
    )
    return element("article", join([AVATAR, element("div", body, class_="body")]), class_="message", id=f"{kind}-{message.id}")


def _replies(replies: list[Message]) -> Markup:
    if not replies:
        return NOTHING
    count = element("div", "1 reply" if len(replies) == 1 else f"{len(replies)} replies", class_="count")
    return element("div", join([count, *map(render_message, replies)]), class_="replies")


def _day(moment: datetime) -> Markup:
    label = element("span", long_day(moment))
    return element("div", label, class_="day", role="separator", data_day=f"{moment:%Y-%m-%d}")
