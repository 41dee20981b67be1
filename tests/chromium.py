"""A headless Chromium, driven over its DevTools pipe."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, CHROMIUMS)), None)
PATIENCE_SECONDS = 30
# Chromium expects its commands on file descriptor 3 and answers on 4.
LAUNCHER = "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execv(sys.argv[3], sys.argv[3:])"
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-pipe"),
)
COMPLAINTS = ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Page.javascriptDialogOpening")


class Browser:
    """One tab of a headless Chromium."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._count = 0
        self._unread = b""
        self._session: dict[str, str] = {}
        self.console: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = {"sessionId": self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]}
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a DevTools command and return its result."""
        self._count += 1
        command = {"id": self._count, "method": method, "params": params, **self._session}
        os.write(self._commands, json.dumps(command).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self._count:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def open(self, url: str) -> None:
        """Load a page until its scripts ran."""
        self.console.clear()
        self.call("Page.navigate", url=url)
        self.wait_for(f"location.href === {json.dumps(url)} && document.readyState === 'complete'")

    def value(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Wait until a JavaScript expression is true in the page."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not self.value(expression):
            assert time.monotonic() < give_up, f"never true: {expression}\n{self.value('document.body.innerText')}"
            time.sleep(0.05)

    def text(self, selector: str) -> str:
        """The visible text of the first element that a selector matches."""
        return str(self.value(f"document.querySelector({json.dumps(selector)}).innerText"))

    def style(self, selector: str, name: str) -> str:
        """A computed style of the first element that a selector matches."""
        return str(self.value(f"getComputedStyle(document.querySelector({json.dumps(selector)}))[{json.dumps(name)}]"))

    def resize(self, width: int, height: int, scale: float = 1, *, phone: bool = False) -> None:
        """Give the page another size, in CSS pixels, with so many device pixels in each."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=phone)

    def prefer(self, scheme: str) -> None:
        """Ask the page for its light or dark colours."""
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def picture(self) -> bytes:
        """The page as a PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])

    def _read(self) -> dict[str, Any]:
        """The next answer or event; console messages are kept."""
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._answers], [], [], PATIENCE_SECONDS)
            chunk = os.read(self._answers, 65536) if ready else b""
            assert chunk, "Chromium does not answer"
            self._unread += chunk
        line, self._unread = self._unread.split(b"\0", 1)
        message: dict[str, Any] = json.loads(line)
        if message.get("method") in COMPLAINTS:
            self.console.append(json.dumps(message["params"]))
        return message


@contextmanager
def start(profile: Path) -> Iterator[Browser]:
    """A browser with a profile folder of its own."""
    # High numbers: dup2 in the launcher must not hit the other pipe.
    ends = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (*os.pipe(), *os.pipe())]
    command_reader, command_writer, answer_reader, answer_writer = ends
    launcher = [sys.executable, "-c", LAUNCHER, str(command_reader), str(answer_writer)]
    with (profile / "chromium.log").open("w") as log:
        process = subprocess.Popen(
            [*launcher, str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}"],
            pass_fds=(command_reader, answer_writer),
            stdout=log,
            stderr=log,
        )
    os.close(command_reader)
    os.close(answer_writer)
    try:
        yield Browser(command_writer, answer_reader)
    finally:
        os.close(command_writer)
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)
        os.close(answer_reader)
