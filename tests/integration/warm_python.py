"""A Python interpreter for Ansible's modules that has imported boto3 before it is asked.

Most of a module's time goes into starting Python and importing boto3 and Ansible. Here a process that has done that forks for each
module, which runs in a process of its own as always, with the environment, the folder, the input and the outputs that Ansible gave it.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

KILLED = 137
LONGEST_REQUEST = 1 << 20
SERVICES = (
    "backup",
    "cloudwatch",
    "dynamodb",
    "ec2",
    "events",
    "iam",
    "kms",
    "lambda",
    "logs",
    "resourcegroupstaggingapi",
    "sns",
    "sqs",
    "ssm",
    "sts",
)
"""Those that the playbooks ask."""

CLIENT = """#!{python} -SI
import json, os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect({address!r})
request = {{"argv": sys.argv[1:], "environment": dict(os.environ), "folder": os.getcwd()}}
socket.send_fds(server, [json.dumps(request).encode()], [0, 1, 2])
answer = server.recv(1)
sys.exit(answer[0] if answer else {killed})
"""


@contextmanager
def warm_python() -> Iterator[Path]:
    """The path of an interpreter, as long as the context lasts."""
    with tempfile.TemporaryDirectory(prefix="warm-") as folder:
        address, interpreter = Path(folder) / "socket", Path(folder) / "python"
        interpreter.write_text(CLIENT.format(python=sys.executable, address=str(address), killed=KILLED))
        interpreter.chmod(0o755)
        server = subprocess.Popen([sys.executable, __file__, str(address)], stdout=subprocess.PIPE)
        assert server.stdout is not None
        assert server.stdout.readline() == b"ready\n"
        try:
            yield interpreter
        finally:
            server.kill()
            server.communicate()


def serve(address: str) -> None:
    """Fork for each request, until this process is killed."""
    import_what_modules_need()
    # A module ends before its garbage is worth collecting.
    gc.disable()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(64)
        os.write(1, b"ready\n")
        while True:
            connection, _address = listener.accept()
            with connection:
                if os.fork() == 0:
                    listener.close()
                    connection.sendall(bytes([answer(connection)]))
                    os._exit(0)


def import_what_modules_need() -> None:
    """Import Ansible's and AWS's libraries, and have botocore keep what it reads of its files."""
    import boto3
    from botocore.loaders import JSONFileLoader

    importlib.import_module("ansible.module_utils.basic")
    JSONFileLoader.load_file = cache(JSONFileLoader.load_file)
    session = boto3.session.Session(region_name="us-west-2", aws_access_key_id="none", aws_secret_access_key="none")
    for service in SERVICES:
        session.client(service)


def answer(connection: socket.socket) -> int:
    """Do in this process what a new interpreter would do, with the client's inputs and outputs; returns its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    message, descriptors, _flags, _address = socket.recv_fds(connection, LONGEST_REQUEST, 3)
    request = json.loads(message)
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.argv = request["argv"] or [""]
    try:
        source = Path(sys.argv[0]).read_bytes() if sys.argv[0] else sys.stdin.buffer.read()
        exec(compile(source, sys.argv[0] or "<stdin>", "exec"), {"__name__": "__main__"})
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


if __name__ == "__main__":
    serve(sys.argv[1])
