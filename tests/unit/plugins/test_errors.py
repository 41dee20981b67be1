"""Calling AWS: retries, missing things, and the words of a failure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils import errors, jobs, recovery_points
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError
from botocore.stub import Stubber

JOB_ID = "1b2345b2-f22c-4dab-5eb6-bbc7890ed123"


@pytest.fixture
def client() -> Any:
    return boto3.client("backup", region_name="us-west-2", aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="EXAMPLEKEY")


@pytest.fixture
def stub(client: Any) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def aws_error(code: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Operation")


@pytest.mark.parametrize("code", ["ThrottlingException", "ServiceUnavailableException", "TooManyRequestsException"])
def test_call_is_repeated_when_aws_asks_for_patience(client: Any, stub: Stubber, code: str) -> None:
    stub.add_client_error("describe_backup_job", code)
    stub.add_response("describe_backup_job", {"BackupJobId": JOB_ID, "State": "RUNNING"})
    assert jobs.describe_backup_job(client, JOB_ID) == {"BackupJobId": JOB_ID, "State": "RUNNING"}


def test_failure_says_what_failed_on_what(client: Any, stub: Stubber) -> None:
    stub.add_client_error("stop_backup_job", "InvalidRequestException", "no")
    with pytest.raises(AnsibleBackupError) as caught:
        jobs.stop_backup_job(client, JOB_ID)
    assert caught.value.message == f"Failed to stop the backup job {JOB_ID}"
    assert errors.error_code(caught.value) == "InvalidRequestException"
    assert errors.error_text(caught.value) == "no"


def test_missing_thing_is_no_error_where_it_is_expected(client: Any, stub: Stubber) -> None:
    for operation in ("describe_backup_job", "list_recovery_points_by_backup_vault"):
        stub.add_client_error(operation, "ResourceNotFoundException")
    assert jobs.describe_backup_job(client, JOB_ID) is None
    assert recovery_points.list_recovery_points_by_backup_vault(client, "nightly") == []


def test_value_for_a_missing_thing_is_never_shared(client: Any, stub: Stubber) -> None:
    for _ in range(2):
        stub.add_client_error("list_tags", "ResourceNotFoundException")
    recovery_points.list_tags(client, "arn")["project"] = "shop"
    assert recovery_points.list_tags(client, "arn") == {}


def test_codes_of_errors_without_one() -> None:
    error = EndpointConnectionError(endpoint_url="http://127.0.0.1:1")
    assert errors.error_code(error) is None
    assert errors.error_text(error) == ""
    assert errors.hint(error) is None
    assert errors.error_code(AnsibleBackupError(message="no")) is None


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (aws_error("AccessDeniedException"), "check the caller's IAM permissions"),
        (aws_error("UnauthorizedOperation"), "check the caller's IAM permissions"),
        (aws_error("UnrecognizedClientException"), "check the access key"),
        (aws_error("InvalidParameterValueException", "IAM Role x cannot be assumed by AWS Backup"), "the role must exist and trust"),
        (NoCredentialsError(), "give access_key and secret_key, a profile, or"),
    ],
)
def test_hints(error: Exception, hint: str) -> None:
    found = errors.hint(error)
    assert found is not None
    assert found.startswith(hint)
