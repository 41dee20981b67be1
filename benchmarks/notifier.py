"""What the notifier costs, beside a floor and a peer: in the sandbox's real Lambda runtime client, in turn.

Prints, for each function, the cold start (Init Duration and the first invocation), the warm invocation's median and 99th
percentile, the peak memory, as Lambda's own REPORT line tells them, and the size of the zip; and each as a ratio to the floor.
The notifier as deployed remembers each event in DynamoDB and asks AWS Backup for what SNS leaves out.
"""

from __future__ import annotations

import base64
import functools
import io
import json
import os
import re
import statistics
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any

import boto3
from ansible_collections.proven.aws_backup.plugins.module_utils import lambda_zip

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "benchmarks" / "notifier"
PARAMETER = "/benchmark/slack"
TABLE = "benchmark"
COLD_STARTS = 10
WARM_INVOCATIONS = 300
# What requests brings with it; urllib3 is part of the runtime, but whoever vendors requests packs it, too.
VENDORED = ("requests", "urllib3", "idna", "certifi", "charset_normalizer")
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
SLACK_TAKES_ALL = {"slack_messages_per_second": 1e6, "slack_burst": 1_000_000}


@dataclass(frozen=True)
class Report:
    """Lambda's REPORT line of one invocation, in milliseconds and MB; init_ms is None for a warm one."""

    duration_ms: float
    init_ms: float | None
    memory_mb: int


@dataclass
class Function:
    """A function under measurement and its reports."""

    name: str
    label: str
    package: bytes
    handler: str
    variables: dict[str, str]
    cold: list[Report] = field(default_factory=list)
    warm: list[Report] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """What is printed of it, by column."""
        durations = sorted(report.duration_ms for report in self.warm)
        return {
            "cold init ms": statistics.median(report.init_ms or 0.0 for report in self.cold),
            "cold invoke ms": statistics.median(report.duration_ms for report in self.cold),
            "warm p50 ms": statistics.median(durations),
            "warm p99 ms": durations[int(len(durations) * 0.99) - 1],
            "memory MB": max(report.memory_mb for report in self.cold + self.warm),
            "zip kB": len(self.package) / 1000,
        }


def main() -> None:
    """Measure all functions in turn and print the table."""
    with sandbox() as endpoint_url:
        client = functools.partial(
            boto3.client,
            region_name="us-west-2",
            endpoint_url=endpoint_url,
            aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
            aws_secret_access_key="x" * 40,
        )
        webhook = f"{endpoint_url}/slack/services/T00000000/B00000000/SandboxIncomingWebhook01"
        client("ssm").put_parameter(Name=PARAMETER, Value=webhook, Type="SecureString")
        client("dynamodb").create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        functions = candidates(webhook)
        create(client, functions)
        for run in range(COLD_STARTS):
            for function in functions:
                function.cold.append(cold_start(client("lambda"), function, run))
        for _run in range(WARM_INVOCATIONS):
            for function in functions:
                function.warm.append(invoke(client("lambda"), function))
    show(functions)


@contextmanager
def sandbox() -> Iterator[str]:
    """A sandbox on a free port whose Slack takes every message; gives its address."""
    settings = [text for name, value in SLACK_TAKES_ALL.items() for text in (f"--{name.replace('_', '-')}", str(value))]
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "serve", "--port", "0", *settings],
        env={**os.environ, "PYTHONPATH": str(ROOT / "files")},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        ready = re.search(r"AWS at (\S+)", process.stdout.readline())
        assert ready, "the sandbox did not start"
        yield ready.group(1)
    finally:
        process.terminate()
        process.wait()


def candidates(webhook: str) -> list[Function]:
    """The floor, the peer and the notifier; the notifier reads its webhook from SSM, the others are given it."""
    given = {"WEBHOOK_URL": webhook}
    bare = {"targets": [{"name": "slack", "type": "slack_webhook", "secret": f"ssm:{PARAMETER}"}], "lookups": False}
    return [
        Function("floor", "http.client only (floor)", zipped([(PEERS / "floor", ["handler.py"])]), "handler.handler", given),
        Function("peer", "vendored requests", zipped([(PEERS / "with_requests", ["handler.py"]), *vendored()]), "handler.handler", given),
        Function("bare", "notifier, no table, no look-up", notifier(bare), "backup_notifier.handler.handler", {}),
        Function(
            "full",
            "notifier, as deployed",
            notifier({**bare, "lookups": True, "store_table": TABLE}),
            "backup_notifier.handler.handler",
            {},
        ),
    ]


def notifier(settings: dict[str, Any]) -> bytes:
    """The notifier's zip with these settings, packaged as deploy.yml does."""
    code = lambda_zip.read_members(ROOT / "files" / "backup_notifier", PurePosixPath("backup_notifier"), ["__pycache__", "*.pyc"])
    return lambda_zip.build(lambda_zip.merge(code, lambda_zip.content_members({"settings.json": json.dumps(settings)})))


def vendored() -> Iterable[tuple[Path, list[str]]]:
    """The folders of requests and what it needs, as installed here."""
    for name in VENDORED:
        spec = find_spec(name)
        assert spec and spec.origin, f"{name} is not installed"
        yield Path(spec.origin).parent.parent, [name]


def zipped(sources: Iterable[tuple[Path, list[str]]]) -> bytes:
    """A zip of some files and packages, given as names below a folder; stored, as lambda_package does, so that sizes compare."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writer:
        for folder, names in sources:
            for path in (found for name in names for found in [folder / name, *sorted((folder / name).rglob("*"))]):
                if path.is_file() and "__pycache__" not in path.parts:
                    writer.write(path, path.relative_to(folder))
    return archive.getvalue()


def create(client: Any, functions: list[Function]) -> None:
    """Create the functions with a role that may do what they do."""
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["ssm:*", "logs:*", "backup:*", "dynamodb:*"], "Resource": "*"}],
    }
    role = client("iam").create_role(RoleName="benchmark", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
    client("iam").put_role_policy(RoleName="benchmark", PolicyName="benchmark", PolicyDocument=json.dumps(policy))
    for function in functions:
        client("lambda").create_function(
            FunctionName=function.name,
            Runtime="python3.13",
            Role=role["Arn"],
            Handler=function.handler,
            Code={"ZipFile": function.package},
            Timeout=30,
            MemorySize=256,
            Environment={"Variables": function.variables},
        )


def cold_start(client: Any, function: Function, run: int) -> Report:
    """Invoke a function that has no environment: a changed configuration ends the one there is."""
    client.update_function_configuration(
        FunctionName=function.name, Environment={"Variables": {**function.variables, "COLD_START": str(run)}}
    )
    report = invoke(client, function)
    assert report.init_ms is not None, f"{function.name} was not cold"
    return report


def invoke(client: Any, function: Function) -> Report:
    """Invoke a function with the end of another job, and read Lambda's report.

    Raises:
        RuntimeError: the function failed.
    """
    answer = client.invoke(FunctionName=function.name, LogType="Tail", Payload=json.dumps(event()).encode())
    log = base64.b64decode(answer["LogResult"]).decode()
    if "FunctionError" in answer:
        raise RuntimeError(f"{function.name} failed: {log}")
    init = re.search(r"Init Duration: ([\d.]+) ms", log)
    duration = re.search(r"\tDuration: ([\d.]+) ms", log)
    memory = re.search(r"Max Memory Used: (\d+) MB", log)
    assert duration and memory, log
    return Report(float(duration[1]), float(init[1]) if init else None, int(memory[1]))


def event() -> dict[str, Any]:
    """What Lambda gets when a job of its own has completed."""
    job_id = str(uuid.uuid4()).upper()
    instance = "arn:aws:ec2:us-west-2:123456789012:instance/i-0123456789abcdef0"
    attributes = {
        "EventType": "BACKUP_JOB",
        "State": "COMPLETED",
        "AccountId": "123456789012",
        "Id": job_id,
        "StartTime": "2026-08-27T09:20:00Z",
    }
    message = {
        "Type": "Notification",
        "MessageId": str(uuid.uuid4()),
        "TopicArn": "arn:aws:sns:us-west-2:123456789012:benchmark",
        "Subject": "Notification from AWS Backup",
        "Message": "An AWS Backup job was completed successfully. Recovery point ARN: arn:aws:ec2:us-west-2::image/ami-0123456789abcdef0. "
        f"Backed up Resource ARN : {instance}. Backup Job Id : {job_id}",
        "Timestamp": "2026-08-27T09:56:33.903Z",
        "MessageAttributes": {name: {"Type": "String", "Value": value} for name, value in attributes.items()},
    }
    return {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": message}]}


def show(functions: list[Function]) -> None:
    """Print the figures, and below them their ratios to the floor's."""
    rows = {function.label: function.figures() for function in functions}
    floor = rows[functions[0].label]
    print(f"{'':<30}" + "".join(f"{name:>16}" for name in floor))
    for label, figures in rows.items():
        print(f"{label:<30}" + "".join(f"{value:>16.1f}" for value in figures.values()))
    print("ratio to the floor")
    for label, figures in rows.items():
        print(f"{label:<30}" + "".join(f"{value / floor[name]:>16.2f}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
