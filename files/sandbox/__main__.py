"""python -m sandbox: serve a sandbox in the foreground until it is told to stop."""

from __future__ import annotations

import argparse
import errno
import logging
import os
import signal
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

from . import settings

# moto reads its own settings when it is imported, so they are set before the server module is.
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")


def main(argv: list[str] | None = None) -> int:
    """Run the server; returns the process's exit code (0 stopped, 2 unusable settings, 3 port taken)."""
    options = parse(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    try:
        settings.current.change({name: value for name, value in vars(options).items() if name in setting_names() and value is not None})
    except ValueError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 2
    os.environ["SANDBOX_STATE_DIR"] = str(Path(options.state_dir).resolve()) if options.state_dir else ""
    return serve(options.host, options.port)


def parse(argv: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=sys.modules["sandbox"].__doc__)
    parser.add_argument("--host", default=settings.HOST, help="address to bind (default %(default)s)")
    parser.add_argument("--port", type=int, default=settings.DEFAULT_PORT, help="port to bind, 0 for any free one (default %(default)s)")
    parser.add_argument("--state-dir", help="folder of the process that started it, told by /_sandbox/health")
    defaults = settings.Settings()
    for name in setting_names():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(getattr(defaults, name)), help=f"default {getattr(defaults, name)}")
    return parser.parse_args(argv)


def setting_names() -> list[str]:
    """The names of all settings."""
    return [field.name for field in fields(settings.Settings)]


def serve(host: str, port: int) -> int:
    """Serve until SIGTERM or SIGINT."""
    from . import server  # imported late: see the environment above

    try:
        running = server.create_server(host, port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        print(f"sandbox: port {port} on {host} is taken; choose another with --port", file=sys.stderr)
        return 3
    signal.signal(signal.SIGTERM, _stop)
    print(f"sandbox ready: AWS at http://{host}:{running.port}  Slack inbox at http://{host}:{running.port}/slack/", flush=True)
    try:
        running.serve_forever()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        server.shutdown_extensions()
    return 0


def _stop(_signal: int, _frame: Any) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
