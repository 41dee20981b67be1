"""Synchronous invocations: answers, errors, and what a function's process sees."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

ECHO = "def handler(event, context):\n    print('got', event)\n    return {'event': event, 'arn': context.invoked_function_arn}\n"


def test_answer_and_log_tail(functions: Any) -> None:
    arn = functions.deploy(ECHO)
    answer = functions.api.invoke(FunctionName="fn", Payload=b'{"a": 1}', LogType="Tail")
    assert json.loads(answer["Payload"].read()) == {"event": {"a": 1}, "arn": arn}
    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "$LATEST")
    assert "FunctionError" not in answer
    log = base64.b64decode(answer["LogResult"]).decode()
    assert "\ngot {'a': 1}\nEND RequestId: " in log


def test_log_tail_comes_when_asked_for_and_is_cut(functions: Any) -> None:
    functions.deploy("def handler(event, context):\n    print('x' * 9000)\n")
    assert "LogResult" not in functions.api.invoke(FunctionName="fn")
    tail = base64.b64decode(functions.api.invoke(FunctionName="fn", LogType="Tail")["LogResult"])
    assert len(tail) == 4096


def test_dry_run_runs_nothing(functions: Any) -> None:
    functions.deploy(ECHO)
    assert functions.api.invoke(FunctionName="fn", InvocationType="DryRun")["StatusCode"] == 204
    assert functions.log() == []


def test_exception(functions: Any) -> None:
    functions.deploy("def handler(event, context):\n    raise ValueError('no good')\n")
    answer = functions.api.invoke(FunctionName="fn")
    error = json.loads(answer["Payload"].read())
    assert answer["FunctionError"] == "Unhandled"
    assert (error["errorType"], error["errorMessage"]) == ("ValueError", "no good")
    assert error["requestId"] == answer["ResponseMetadata"]["RequestId"]
    assert len(error["stackTrace"]) == 1
    assert [line for line in functions.log('"[ERROR] ValueError: no good"') if "Traceback" in line]


def test_timeout(functions: Any) -> None:
    functions.deploy("import time\ndef handler(event, context):\n    print('began')\n    time.sleep(60)\n", Timeout=1)
    error = functions.invoke()
    assert error["errorType"] == "Sandbox.Timedout"
    assert error["errorMessage"].endswith("Error: Task timed out after 1.00 seconds")
    assert functions.log('"Task timed out after 1.00 seconds"')
    assert functions.log('"began"')
    assert functions.log('"REPORT" "Status: timeout"')


def test_crash(functions: Any) -> None:
    functions.deploy("import os\ndef handler(event, context):\n    exec(event)\n    return 'fine'\n")
    for statement, reason in {
        "os._exit(3)": "Runtime exited with error: exit status 3",
        "os._exit(0)": "Runtime exited without providing a reason",
        "os.kill(os.getpid(), 9)": "Runtime exited with error: signal: killed",
        "raise SystemExit(1)": "Runtime exited with error: exit status 1",
    }.items():
        error = functions.invoke(statement)
        assert (error["errorType"], error["errorMessage"].split("Error: ")[1]) == ("Runtime.ExitError", reason)
        assert functions.log(f'"Error: {reason}"')
    assert functions.invoke("pass") == "fine"


def test_package_missing_from_the_zip(functions: Any) -> None:
    # flask is installed beside the sandbox; Lambda brings no flask.
    functions.deploy("import flask\ndef handler(event, context):\n    return 1\n")
    error = functions.invoke()
    assert error["errorType"] == "Runtime.ImportModuleError"
    assert error["errorMessage"] == "Unable to import module 'app': No module named 'flask'"
    assert functions.log('"INIT_REPORT" "Phase: init" "Error Type: Runtime.ImportModuleError"')


def test_init_error_is_tried_twice(functions: Any) -> None:
    functions.deploy("print('loading')\nraise RuntimeError('not set up')\n")
    error = functions.invoke()
    assert (error["errorType"], error["errorMessage"]) == ("RuntimeError", "not set up")
    assert len(functions.log('"loading"')) == 2


def test_wrong_handler(functions: Any) -> None:
    for number, (handler, error_type) in enumerate(
        [
            ("app.other", "Runtime.HandlerNotFound"),
            ("nothing.handler", "Runtime.ImportModuleError"),
            ("app", "Runtime.MalformedHandlerName"),
        ]
    ):
        functions.deploy(ECHO, f"fn{number}", Handler=handler)
        assert functions.invoke(name=f"fn{number}")["errorType"] == error_type


def test_process_sees_only_what_lambda_gives(functions: Any) -> None:
    source = """
import importlib, os, sys

def missing(name):
    try:
        importlib.import_module(name)
    except ImportError:
        return True
    return False

def handler(event, context):
    import boto3, urllib3
    caller = boto3.client("sts").get_caller_identity()["Arn"]
    return {"path": sys.path, "env": dict(os.environ), "caller": caller, "cwd": os.getcwd(),
            "missing": [name for name in event if missing(name)]}
"""
    functions.deploy(source, Environment={"Variables": {"STAGE": "dev"}})
    hidden = ["sandbox", "moto", "flask", "requests", "yaml", "ansible", "werkzeug", "pytest"]
    seen = functions.invoke([*hidden, "boto3", "dateutil", "six"])
    assert seen["missing"] == hidden
    assert not [folder for folder in seen["path"] if "site-packages" in folder]
    assert seen["caller"] == "arn:aws:sts::123456789012:assumed-role/function/fn"
    environment = seen["env"]
    assert seen["cwd"] == environment["LAMBDA_TASK_ROOT"]
    assert environment["STAGE"] == "dev"
    assert environment["AWS_ENDPOINT_URL"] == functions.sandbox.endpoint_url
    assert (environment["_HANDLER"], environment["AWS_REGION"]) == ("app.handler", "us-west-2")
    assert set(environment) - {"STAGE", "AWS_ENDPOINT_URL", "LANG", "LC_CTYPE", "PATH", "TZ", "_HANDLER", "_X_AMZN_TRACE_ID"} == {
        name for name in environment if name.startswith(("AWS_", "LAMBDA_")) and name != "AWS_ENDPOINT_URL"
    }


def test_logging_module_writes_lambda_format(functions: Any) -> None:
    functions.deploy("import logging\ndef handler(event, context):\n    logging.getLogger().warning('careful %s', 1)\n")
    functions.invoke()
    (line,) = functions.log('"careful 1"')
    assert line.startswith("[WARNING]\t")


def test_code_from_s3_and_published_versions(functions: Any) -> None:
    s3 = functions.sandbox.client("s3")
    s3.create_bucket(Bucket="code", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    s3.put_object(
        Bucket="code", Key="fn.zip", Body=functions.archive("def handler(event, context):\n    return context.function_version\n")
    )
    functions.deploy("", Code={"S3Bucket": "code", "S3Key": "fn.zip"})
    functions.api.publish_version(FunctionName="fn")
    assert functions.invoke() == "$LATEST"
    assert functions.invoke(Qualifier="1") == "1"


def test_layers_are_importable(functions: Any) -> None:
    archive = functions.archive("COLOUR = 'blue'\n", "python/paint.py")
    layer = functions.api.publish_layer_version(LayerName="tools", Content={"ZipFile": archive})["LayerVersionArn"]
    functions.deploy("import paint\ndef handler(event, context):\n    return paint.COLOUR\n", Layers=[layer])
    assert functions.invoke() == "blue"


def test_reserved_concurrency_of_none_throttles(functions: Any) -> None:
    functions.deploy(ECHO)
    functions.api.put_function_concurrency(FunctionName="fn", ReservedConcurrentExecutions=0)
    with pytest.raises(ClientError) as caught:
        functions.invoke()
    assert caught.value.response["Error"]["Code"] == "TooManyRequestsException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_requests_refused(functions: Any) -> None:
    functions.deploy(ECHO)
    for code, name, payload in [("InvalidRequestContentException", "fn", b"{nonsense"), ("ResourceNotFoundException", "nobody", b"{}")]:
        with pytest.raises(ClientError) as caught:
            functions.api.invoke(FunctionName=name, Payload=payload)
        assert caught.value.response["Error"]["Code"] == code
