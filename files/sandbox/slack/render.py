"""Messages as HTML, the way Slack shows them."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from .attachments import render_attachment
from .dates import clock_time, long_day
from .markup import as_dicts, as_text, element, join
from .mrkdwn import to_html
from .render_blocks import render_blocks
from .store import Message

APP_NAME = "AWS Backup"
AVATAR = Markup('<img class="avatar" src="/slack/static/app.svg" alt="" width="36" height="36">')


def render_messages(messages: list[Message], after: int = 0) -> Markup:
    """The messages with an id above after, each new day with its divider."""
    shown: list[Markup] = []
    previous_day = None
    for message in messages:
        received = message.received.astimezone()
        if message.id > after:
            if received.date() != previous_day:
                shown.append(_day(received))
            shown.append(render_message(message, received))
        previous_day = received.date()
    return join(shown, "\n")


def render_message(message: Message, received: datetime) -> Markup:
    """One message; received is the time to show."""
    payload = message.payload
    blocks = as_dicts(payload.get("blocks"))
    attachments = as_dicts(payload.get("attachments"))
    name = element("span", APP_NAME, class_="name")
    badge = element("span", "APP", class_="badge")
    time = element("time", clock_time(received), datetime=received.isoformat(), title=f"{received:%Y-%m-%d %H:%M:%S %Z}")
    text = as_text(payload.get("text"))
    content = render_blocks(blocks) if blocks else element("div", to_html(text), class_="text") if text.strip() else Markup("")
    body = join(
        [
            element("header", join([name, badge, time], " ")),
            content,
            join(render_attachment(attachment) for attachment in attachments),
        ]
    )
    return element("article", join([AVATAR, element("div", body, class_="body")]), class_="message", id=f"message-{message.id}")


def _day(moment: datetime) -> Markup:
    label = element("span", long_day(moment))
    return element("div", label, class_="day", role="separator", data_day=f"{moment:%Y-%m-%d}")
