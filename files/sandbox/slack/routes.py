"""The WSGI application below /slack: webhooks, the Web API, the page and its data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from . import page, web_api, webhook

PREFIX = "/slack"


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer one request."""
    request = Request(environ)
    try:
        response = respond(request)
    except HTTPException as error:
        return error(environ, start_response)
    return response(environ, start_response)


def respond(request: Request) -> Response:
    """Find what a path stands for and answer with it.

    Raises:
        HTTPException: nothing is there, or not for this method.
    """
    path = request.path.removeprefix(PREFIX)
    if path == "/services" or path.startswith("/services/"):
        return webhook.receive(request)
    if path == "":
        return redirect(f"{PREFIX}/")
    view = page.VIEWS.get(path)
    if view is not None:
        return view(request)
    if request.path.startswith(web_api.PREFIX):
        return web_api.receive(request)
    raise NotFound()
