"""The Lambda Runtime API of one execution environment, on a loopback port of its own."""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import sys
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

PREFIX = "/2018-06-01/runtime/"


@dataclass(frozen=True)
class Happening:
    """Something a function's process did.

    Attributes:
        body: of a response or an error, as sent.
        exit_code: of an exited process; negative: the signal that ended it.
    """

    kind: Literal["ready", "response", "error", "init_error", "exited", "timeout"]
    body: bytes = b""
    exit_code: int = 0


class RuntimeApi:
    """Hands invocations to the runtime and collects what it reports."""

    def __init__(self) -> None:
        self.happenings: queue.SimpleQueue[Happening] = queue.SimpleQueue()
        self.invocations: queue.SimpleQueue[tuple[dict[str, str], bytes] | None] = queue.SimpleQueue()
        self.current: str | None = None
        self._closed = False
        self._server = _Server(self)
        self.address = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._serve, name="lambda-runtime-api", daemon=True).start()

    def submit(self, request_id: str, headers: dict[str, str], payload: bytes) -> None:
        """Hand one invocation to the runtime, now or when it next asks for one."""
        self.current = request_id
        self.invocations.put(({"Lambda-Runtime-Aws-Request-Id": request_id, **headers}, payload))

    def close(self) -> None:
        """Stop serving."""
        self._closed = True
        self.invocations.put(None)
        # The accepting thread sleeps until a connection comes; a refused one means it has stopped already.
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self._server.server_port)).close()

    def _serve(self) -> None:
        with self._server:
            while not self._closed:
                self._server.handle_request()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, api: RuntimeApi) -> None:
        self.api = api
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report an error, but not a connection that broke: the process behind it has ended."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Answers the runtime; buffered writes and no Nagle delay make a warm invocation take milliseconds."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def do_GET(self) -> None:
        """GET invocation/next: wait for an invocation."""
        if self.path != PREFIX + "invocation/next":
            self._answer(404, {"errorType": "NotFound", "errorMessage": self.path})
            return
        api = self.server.api
        api.happenings.put(Happening("ready"))
        invocation = api.invocations.get()
        if invocation is None:
            api.invocations.put(None)
            self.close_connection = True
            return
        headers, payload = invocation
        self._send(200, payload, headers)

    def do_POST(self) -> None:
        """POST invocation/<id>/response, invocation/<id>/error or init/error."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        api = self.server.api
        if self.path == PREFIX + "init/error":
            api.happenings.put(Happening("init_error", body))
        elif self.path == f"{PREFIX}invocation/{api.current}/response":
            api.happenings.put(Happening("response", body))
        elif self.path == f"{PREFIX}invocation/{api.current}/error":
            api.happenings.put(Happening("error", body))
        else:
            self._answer(400, {"errorType": "InvalidRequestID", "errorMessage": "Invalid request ID"})
            return
        self._answer(202, {"status": "OK"})

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: the function's own log tells what happened."""

    def _answer(self, status: int, body: dict[str, str]) -> None:
        self._send(status, json.dumps(body).encode(), {})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
