"""A real HTTP server that answers as a test tells it, and a Lambda context."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from backup_notifier import clients, handler, settings

PREFIX = "/proven-backup/tests/notifier/"
TABLE = "proven-backup-tests-notifications"
WEBHOOK_PATH = "/services/T00000000/B00000000/NotifierTestWebhook01"


@dataclass
class Answer:
    """One answer of the server. hang: keep the connection open without an answer; close: end it without one."""

    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    close: bool = False


class Receiver(ThreadingHTTPServer):
    """Gives the answers in turn and repeats the last one."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = [Answer()]
        self.requests: list[tuple[str, bytes]] = []
        self.headers: list[dict[str, str]] = []
        self.answer_by_path: dict[str, Answer] = {}
        self.refuses: Callable[[bytes], bool] = lambda _body: False
        self.refusal = Answer(400, b"refused")
        self.connections = 0
        self.released = threading.Event()

    @property
    def url(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def webhook(self) -> str:
        """An incoming webhook on this server."""
        return self.url + WEBHOOK_PATH

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: clients that close early are part of the tests."""

    def next_answer(self, path: str) -> Answer:
        """The answer for a path, else the one whose turn it is."""
        if path in self.answer_by_path:
            return self.answer_by_path[path]
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class _Handler(BaseHTTPRequestHandler):
    server: Receiver
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append((self.path, body))
        self.server.headers.append(dict(self.headers))
        answer = self.server.refusal if self.server.refuses(body) else self.server.next_answer(self.path)
        if answer.hang:
            self.server.released.wait(30)
        if answer.hang or answer.close:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: Any) -> None:
        """Nothing: the tests read the requests."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A local server in the place of Slack."""
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def answer() -> type[Answer]:
    """Makes the receiver's answers."""
    return Answer


class Context:
    """Lambda's context: some seconds are left."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        """The milliseconds left."""
        return max(0, round((self._end - time.monotonic()) * 1000))


@pytest.fixture
def context() -> type[Context]:
    """Makes a Lambda context."""
    return Context


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment of a Lambda function."""
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    monkeypatch.setattr(clients, "_clients", {})
    monkeypatch.setattr(clients, "_session", None)
    return monkeypatch


@pytest.fixture
def account(aws: pytest.MonkeyPatch, sandbox: Any) -> Any:
    """An empty sandbox, which the code under test uses, too."""
    aws.setenv("AWS_ENDPOINT_URL", sandbox.endpoint_url)
    return sandbox


@pytest.fixture
def put_secret(account: Any) -> Callable[..., None]:
    """Stores a target's secret where its settings say."""
    client = account.client("ssm")
    return lambda value, name="slack": client.put_parameter(Name=PREFIX + name, Value=value, Type="SecureString", Overwrite=True)


@pytest.fixture
def table(account: Any) -> str:
    """The name of an empty table like the one that the role makes."""
    account.client("dynamodb").create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        BillingMode="PAY_PER_REQUEST",
    )
    return TABLE


@pytest.fixture
def deploy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Deploys settings: the next invocation is a cold start with them."""

    def deployed(**document: Any) -> None:
        document.setdefault("targets", [{"name": "slack", "type": "slack_webhook", "secret": f"ssm:{PREFIX}slack"}])
        document.setdefault("lookups", False)
        path = tmp_path / "settings.json"
        path.write_text(json.dumps(document))
        monkeypatch.setattr(settings, "FILE", path)
        handler._function.cache_clear()

    yield deployed
    handler._function.cache_clear()
