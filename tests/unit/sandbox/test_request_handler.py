"""HTTP itself: connections that are kept alive, bodies that are read, applications that fail."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from sandbox.request_handler import RequestHandler
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """Echo the body; fail, or say nothing, where the path says so."""
    request = Request(environ)
    if request.path == "/fails":
        raise RuntimeError("on purpose")
    if request.path == "/dropped":
        raise ConnectionAbortedError("on purpose")
    status = 204 if request.path == "/empty" else 200
    return Response(request.get_data(), status=status)(environ, start_response)


@pytest.fixture
def connection() -> Iterator[http.client.HTTPConnection]:
    """A connection to a server of the application."""
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=RequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    opened = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    yield opened
    opened.close()
    server.shutdown()
    server.server_close()


def ask(connection: http.client.HTTPConnection, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
    """Send a request; returns status and body."""
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_a_connection_serves_one_request_after_the_other(connection: http.client.HTTPConnection) -> None:
    connection.connect()
    first = connection.sock
    assert ask(connection, "POST", "/", b"one") == (200, b"one")
    assert ask(connection, "HEAD", "/", b"two") == (200, b"")
    assert ask(connection, "DELETE", "/empty") == (204, b"")
    assert ask(connection, "PUT", "/", iter([b"chunk", b"ed"])) == (200, b"chunked")
    assert ask(connection, "GET", "/fails")[0] == 500
    assert ask(connection, "GET", "/") == (200, b"")
    assert connection.sock is first


def test_a_client_that_wants_to_end_the_connection_gets_it_ended(connection: http.client.HTTPConnection) -> None:
    assert ask(connection, "GET", "/", Connection="close") == (200, b"")
    assert connection.sock is None


def test_a_dropped_request_ends_the_connection(connection: http.client.HTTPConnection) -> None:
    with pytest.raises(http.client.RemoteDisconnected):
        ask(connection, "GET", "/dropped")


def test_a_body_that_waits_is_asked_for_at_once(connection: http.client.HTTPConnection) -> None:
    with socket.create_connection((connection.host, connection.port), timeout=30) as raw:
        raw.sendall(b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 100 ")
        raw.sendall(b"abc")
        answer = b"".join(iter(lambda: raw.recv(1000), b""))
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b"\r\n\r\nabc")


def test_the_sandbox_keeps_its_connections(sandbox: Any) -> None:
    address = urlsplit(sandbox.endpoint_url)
    with contextlib.closing(http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)) as connection:
        connection.connect()
        first = connection.sock
        for _ in range(3):
            status, body = ask(connection, "GET", "/_sandbox/health")
            assert (status, json.loads(body)["name"]) == (200, "proven.aws_backup sandbox")
        assert connection.sock is first
