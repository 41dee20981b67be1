"""The web page of the inbox, its files and its data."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from string import Template

from markupsafe import Markup
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.wrappers import Request, Response

from .render import render_thread, render_threads, thread_id
from .store import Message, inbox
from .threads import group
from .webhooks import DEFAULT_WEBHOOK

STATIC = Path(__file__).parent / "static"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def show_page(request: Request) -> Response:
    """The page with every message so far."""
    generation, messages = inbox.snapshot()
    template = Template((STATIC / "page.html").read_text(encoding="utf-8"))
    html = template.substitute(
        messages=render_threads(group(messages)),
        last=_revision(messages),
        generation=generation,
        webhook=Markup.escape(request.host_url.rstrip("/") + DEFAULT_WEBHOOK),
    )
    return answer(html, "text/html; charset=utf-8")


def show_messages(_request: Request) -> Response:
    """Every message as it was posted, as JSON."""
    _, messages = inbox.snapshot()
    return answer(json.dumps({"messages": [message.as_dict() for message in messages]}), "application/json")


def show_updates(request: Request) -> Response:
    """What a page that shows a generation up to a revision has to add and to change, or to show instead after a reset."""
    generation, messages = inbox.snapshot()
    known = request.args.get("generation") == generation
    after = request.args.get("after", 0, type=int) if known else 0
    threads = group(messages)
    changed = [thread for thread in threads if thread.parent.added <= after < thread.revision]
    update = {
        "generation": generation,
        "last": _revision(messages),
        "replace": not known,
        "html": render_threads(threads, after),
        "changed": [{"id": thread_id(thread), "html": render_thread(thread)} for thread in changed],
    }
    return answer(json.dumps(update), "application/json")


def _revision(messages: list[Message]) -> int:
    """The number of the last change to the messages."""
    return max((message.revision for message in messages), default=0)


def show_file(name: str, content_type: str) -> Callable[[Request], Response]:
    """A view of one of the page's files."""
    return lambda _request: answer((STATIC / name).read_text(encoding="utf-8"), content_type)


def answer(text: str, content_type: str) -> Response:
    """An answer with the headers that keep the page safe; half a surrogate pair becomes a question mark."""
    return Response(text.encode("utf-8", "replace"), content_type=content_type, headers=HEADERS)


def reading(view: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """The view for GET and HEAD; other methods are not allowed."""

    def guarded(request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            raise MethodNotAllowed(["GET", "HEAD"])
        return view(request)

    return guarded


VIEWS = {
    "/": reading(show_page),
    "/api/messages": reading(show_messages),
    "/api/updates": reading(show_updates),
    "/static/page.css": reading(show_file("page.css", "text/css; charset=utf-8")),
    "/static/page.js": reading(show_file("page.js", "text/javascript; charset=utf-8")),
    "/static/app.svg": reading(show_file("app.svg", "image/svg+xml")),
}
