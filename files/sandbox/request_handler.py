"""HTTP for the WSGI server, over kept-alive connections.

werkzeug's own handler ends every connection after one answer, and waits for up to ten milliseconds before it does: each call
then pays for a connection and a thread. Here a request is read to its end before it is handled, so that another can follow.
"""

from __future__ import annotations

import contextlib
import io
import socket
import struct
import traceback
from collections.abc import Iterable
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.exceptions import InternalServerError

NO_LINGER = struct.pack("ii", 1, 0)
WITHOUT_BODY = frozenset({204, 304})


class RequestHandler(MotoRequestHandler):
    """Answers the requests of a connection, without Nagle's delay and without a log line for each of them."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def run_wsgi(self) -> None:
        """Answer one request; an application that fails is answered for with status 500."""
        self.environ = environ = self.make_environ()
        environ["wsgi.input"] = io.BytesIO(self._body(environ))
        environ["wsgi.input_terminated"] = True
        try:
            self._answer(self.server.app)
        except (ConnectionError, TimeoutError) as error:
            self.close_connection = True
            self.connection_dropped(error, environ)
        except Exception:
            self.server.log("error", "%s %s failed:\n%s", self.command, self.path, traceback.format_exc())
            self._answer(InternalServerError())

    def _body(self, environ: dict[str, Any]) -> bytes:
        if environ.get("wsgi.input_terminated"):
            return bytes(environ["wsgi.input"].read())
        return self.rfile.read(int(environ.get("CONTENT_LENGTH") or 0))

    def _answer(self, application: Any) -> None:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            del exc_info
            started[:] = [(status, headers)]

        chunks: Iterable[bytes] = application(self.environ, start_response)
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        self._send(*started[0], body)

    def _send(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        code, _, phrase = status.partition(" ")
        self.send_response(int(code), phrase)
        for name, value in headers:
            self.send_header(name, value)
        has_length = any(name.lower() == "content-length" for name, _ in headers)
        if not has_length and int(code) not in WITHOUT_BODY:
            self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and int(code) not in WITHOUT_BODY:
            self.wfile.write(body)

    def handle_expect_100(self) -> bool:
        """Ask for a body that waits to be asked for, at once."""
        answered = super().handle_expect_100()
        self.wfile.flush()
        return answered

    def finish(self) -> None:
        """End the connection; one that must not linger is closed at once, which resets it."""
        with contextlib.suppress(ConnectionError):
            super().finish()
        if self.connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(NO_LINGER)) == NO_LINGER:
            self.connection.close()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log failures of the server only; clients see every other answer themselves."""
        if str(code).startswith("5"):
            super().log_request(code, size)
