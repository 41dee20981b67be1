"""One WSGI server on loopback: moto's services, the Slack inbox, the other receivers and the control endpoint."""

from __future__ import annotations

import os
import socket
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from . import alarms, authorization, awslambda, backup, control, eventbridge, fixes, quotas, receivers, slack, sns
from .authorization import callers
from .fixes.unknown_regions import known_regions
from .request_handler import RequestHandler

EXTENSIONS = (fixes, authorization, backup, sns, awslambda, eventbridge, alarms, quotas)


class Application:
    """Sends each request to the control endpoint, the Slack inbox, another receiver or moto, by its path."""

    def __init__(self) -> None:
        for extension in EXTENSIONS:
            extension.install()
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path = environ.get("PATH_INFO", "")
        if path.startswith(control.PREFIX + "/"):
            return control.application(environ, start_response)
        if path == slack.PREFIX or path.startswith(slack.PREFIX + "/"):
            return slack.application(environ, start_response)
        if path.startswith(receivers.PREFIX + "/"):
            return receivers.application(environ, start_response)
        answer = authorization.refusal(environ) or self._service(environ)
        return answer(environ, start_response)

    def _service(self, environ: dict[str, Any]) -> Any:
        credential = callers.credential(environ)
        ours = credential is not None and credential.service == "backup" and credential.region in known_regions()
        return backup.application if ours else self._moto


def create_server(host: str, port: int) -> BaseWSGIServer:
    """Bind a server (port 0: any free port) that is ready to serve.

    Raises:
        OSError: the address cannot be bound, for example because the port is taken.
    """
    listener = socket.create_server((host, port))
    port = listener.getsockname()[1]
    # moto reads the port when it builds links to itself; the Lambda runtime and the inbox read it too.
    os.environ["MOTO_PORT"] = str(port)
    os.environ["SANDBOX_ENDPOINT_URL"] = f"http://{host}:{port}"
    with listener:
        return make_server(host, port, Application(), threaded=True, request_handler=RequestHandler, fd=listener.fileno())


def shutdown_extensions() -> None:
    """Let every extension that holds processes or threads end them."""
    for extension in EXTENSIONS:
        shutdown = getattr(extension, "shutdown", None)
        if shutdown is not None:
            shutdown()
