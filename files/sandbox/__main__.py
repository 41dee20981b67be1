"""python -m sandbox serve | start | stop: a sandbox in the foreground, or in the background."""

from __future__ import annotations

import argparse
import errno
import json
import logging
import os
import signal
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

from . import settings
from .daemon import Daemon, DaemonError

EXIT_UNUSABLE = 2
EXIT_PORT_TAKEN = 3
HIGHEST_PORT = 65535


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the process's exit code."""
    options = parse(argv)
    try:
        settings.current.change(given_settings(options))
        if options.command == "serve":
            return serve(options)
        return control_daemon(options)
    except (ValueError, DaemonError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return EXIT_UNUSABLE


def parse(argv: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--host", default=settings.HOST, help="address to bind (default %(default)s)")
    common.add_argument("--port", type=port_number, default=settings.DEFAULT_PORT, help="port to bind (default %(default)s)")
    common.add_argument("--state-dir", type=Path, help="folder of the pid file and the log file")
    tuned = argparse.ArgumentParser(add_help=False)
    defaults = settings.Settings()
    for name in setting_names():
        default = getattr(defaults, name)
        tuned.add_argument(f"--{name.replace('_', '-')}", type=type(default), help=f"default {default}")
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A local AWS and a local Slack on loopback.")
    commands = parser.add_subparsers(dest="command", required=True)
    foreground = commands.add_parser("serve", parents=[common, tuned], help="serve in the foreground (port 0: any free port)")
    foreground.add_argument("--background", action="store_true", help="say of itself that it serves in the background, as start does")
    start = commands.add_parser("start", parents=[common, tuned], help="start in the background unless it runs already")
    stop = commands.add_parser("stop", parents=[common], help="stop the one that runs with this state folder")
    stop.add_argument("--keep-foreground", action="store_true", help="leave it alone if it was started in the foreground")
    for command in (start, stop):
        command.add_argument("--timeout", type=float, default=60, help="seconds it may take (default %(default)s)")
    options = parser.parse_args(argv)
    if options.command != "serve" and options.state_dir is None:
        parser.error("--state-dir is required")
    return options


def port_number(text: str) -> int:
    """A port as the command line names it.

    Raises:
        ArgumentTypeError: there is no such port.
    """
    if not text.isdecimal() or int(text) > HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is no port: 0 to {HIGHEST_PORT}")
    return int(text)


def setting_names() -> list[str]:
    """The names of all settings."""
    return [field.name for field in fields(settings.Settings)]


def given_settings(options: argparse.Namespace) -> dict[str, Any]:
    """The settings that the command line names."""
    return {name: value for name, value in vars(options).items() if name in setting_names() and value is not None}


def control_daemon(options: argparse.Namespace) -> int:
    """Start or stop the sandbox of a state folder; prints {"changed": …} as JSON."""
    daemon = Daemon(options.host, options.port, options.state_dir.resolve())
    if options.command == "start":
        arguments = [text for name, value in given_settings(options).items() for text in (f"--{name.replace('_', '-')}", str(value))]
        outcome: dict[str, Any] = {"changed": daemon.start(arguments, options.timeout)}
    else:
        outcome = stop(daemon, options)
    print(json.dumps({**outcome, "endpoint_url": f"http://{options.host}:{options.port}"}))
    return 0


def stop(daemon: Daemon, options: argparse.Namespace) -> dict[str, Any]:
    """Stop the sandbox; whether that changed anything, and why it still runs if it does."""
    changed = daemon.stop(options.timeout, keep_foreground=options.keep_foreground)
    kept = daemon.health() if options.keep_foreground and not changed else None
    if kept is None:
        return {"changed": changed}
    message = f"The sandbox on port {daemon.port} (pid {kept['pid']}) was started in the foreground and goes on: end it there"
    return {"changed": changed, "message": message}


def serve(options: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    # moto reads its own settings when it is imported, so they come first and the server module after them.
    os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    os.environ["SANDBOX_STATE_DIR"] = str(options.state_dir.resolve()) if options.state_dir else ""
    os.environ["SANDBOX_FOREGROUND"] = "" if options.background else "yes"
    from . import server

    try:
        running = server.create_server(options.host, options.port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        print(f"sandbox: port {options.port} on {options.host} is taken; choose another with --port (make: PORT=)", file=sys.stderr)
        return EXIT_PORT_TAKEN
    signal.signal(signal.SIGTERM, _stop)
    base = f"http://{options.host}:{running.port}"
    print(f"sandbox ready: AWS at {base}  Slack inbox at {base}/slack/", flush=True)
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
