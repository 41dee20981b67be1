"""Secrets read from real SSM and Secrets Manager APIs: the sandbox's, or a local server where an error is wanted."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from typing import Any

import pytest
from backup_notifier import secrets
from backup_notifier.secrets import Secret, SecretError
from backup_notifier.settings import Target

PARAMETER = "/proven-backup/tests/notifier/slack"
TARGET = Target("slack", "slack_webhook", f"ssm:{PARAMETER}")
BOT = Target("bot", "slack_bot", "secretsmanager:tests/bot")
FIRST = "https://hooks.slack.com/services/T00000000/B00000000/FirstExampleWebhook00001"
SECOND = "https://hooks.slack.com/services/T00000000/B00000000/SecondExampleWebhook0001"
Put = Callable[..., None]


def test_decrypted_and_kept(put_secret: Put) -> None:
    put_secret(f"{FIRST}\n")
    kept = Secret(TARGET)
    assert kept.value() == FIRST
    put_secret(SECOND)
    assert kept.value() == FIRST


def test_read_again_on_demand(put_secret: Put) -> None:
    put_secret(FIRST)
    kept = Secret(TARGET)
    kept.value()
    put_secret(SECOND)
    assert (kept.renewed(), kept.value()) == (SECOND, SECOND)


def test_read_again_when_it_was_kept_too_long(put_secret: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put_secret(FIRST)
    kept = Secret(TARGET)
    kept.value()
    put_secret(SECOND)
    monkeypatch.setattr(secrets, "SECONDS_KEPT", 0.0)
    assert kept.value() == SECOND


@pytest.mark.parametrize("by_arn", [False, True])
def test_secrets_manager_by_name_and_by_arn(account: Any, by_arn: bool) -> None:
    region = "eu-west-1" if by_arn else "us-west-2"
    made = account.client("secretsmanager", region).create_secret(Name="tests/bot", SecretString="xoxb-000000000000-Rotated1")
    target = Target("bot", "slack_bot", f"secretsmanager:{made['ARN'] if by_arn else 'tests/bot'}")
    assert Secret(target).value() == "xoxb-000000000000-Rotated1"


@pytest.mark.usefixtures("account")
def test_missing() -> None:
    with pytest.raises(SecretError, match=rf"SSM parameter {PARAMETER} cannot be read \(ParameterNotFound\): it does not exist"):
        Secret(TARGET).value()
    with pytest.raises(SecretError, match=r"secret tests/bot cannot be read \(ResourceNotFoundException\): it does not exist"):
        Secret(BOT).value()


def test_a_failed_reading_keeps_nothing_old(put_secret: Put, account: Any) -> None:
    put_secret(FIRST)
    kept = Secret(TARGET)
    kept.value()
    account.client("ssm").delete_parameter(Name=PARAMETER)
    for read in (kept.renewed, kept.value):
        with pytest.raises(SecretError, match="ParameterNotFound"):
            read()


def test_malformed_value_is_refused_and_not_told(put_secret: Put) -> None:
    put_secret("https://example.com/services/T00000000/B00000000/FirstExampleWebhook00001")
    with pytest.raises(SecretError, match=f"^SSM parameter {PARAMETER} holds no such thing as a Slack webhook") as raised:
        Secret(TARGET).value()
    assert "example.com" not in str(raised.value)


def test_every_part_of_a_secret_is_scrubbed(put_secret: Put) -> None:
    put_secret(json.dumps({"url": "https://example.com/in/Secret01?sig=Secret02", "hmac_key": "SandboxSigningKey01"}), "siem")
    secret = Secret(Target("siem", "https_webhook", "ssm:/proven-backup/tests/notifier/siem"))
    value = secret.value()
    for part in (value, "https://example.com/in/Secret01?sig=Secret02", "/in/Secret01", "Secret01", "sig=Secret02", "SandboxSigningKey01"):
        assert secret.scrubbed(f"a {part} b") == "a [secret] b"


WORKFLOW = (
    "https://prod-1.westus.logic.azure.com:443/workflows/0123456789abcdef/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Frun"
)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (f"{WORKFLOW}&sig=Secret-04", '{"query": {"sig": "Secret-04"}}'),
        (f"{WORKFLOW}&sig=Secret-04", f"no route to {WORKFLOW.replace('&', '&amp;')}&amp;sig=Secret-04"),
        (f"{WORKFLOW}&sig=Secret%2F04%3D", "sig is Secret/04="),
        (f"{WORKFLOW}&sig=Secret%2F04%3D", "sig is Secret%2f04%3d"),
        (f"{WORKFLOW}&sig=Secret%2F04%3D", '{"sig": "Secret\\/04="}'),
        (f"{WORKFLOW}&sig=Secret%2604%3D", "sig is Secret&amp;04="),
        (f"{WORKFLOW}&sig=Secret/04", "sig is Secret%2F04"),
        ("https://example.com/in/Secret04/here?Secret-04", "no such inbox: Secret04, or Secret-04"),
        ("https://example.com/in/Secret%2B04", "no such inbox: Secret+04"),
        ("https://example.com/in?a=b&token=Secret04&x=1", "denied: token=Secret04"),
    ],
)
def test_a_secret_that_comes_back_in_pieces_or_spelt_in_another_way_is_scrubbed(put_secret: Put, url: str, told: str) -> None:
    put_secret(url, "teams")
    secret = Secret(Target("teams", "teams_webhook", "ssm:/proven-backup/tests/notifier/teams"))
    assert secret.value() == url
    scrubbed = secret.scrubbed(told)
    assert "Secret" not in scrubbed
    assert "[secret]" in scrubbed


def test_access_denied(aws: pytest.MonkeyPatch, receiver: Any, answer: Any) -> None:
    aws.setenv("AWS_ENDPOINT_URL", receiver.url)
    body = json.dumps({"__type": "AccessDeniedException", "Message": "User is not authorized to perform ssm:GetParameter"}).encode()
    receiver.answers = [answer(400, body, {"Content-Type": "application/x-amz-json-1.1"})]
    with pytest.raises(SecretError, match=r"\(AccessDeniedException\): the function's role needs ssm:GetParameter"):
        Secret(TARGET).value()
    with pytest.raises(SecretError, match=r"\(AccessDeniedException\): the function's role needs secretsmanager:GetSecretValue"):
        Secret(BOT).value()
    assert len(receiver.requests) == 2


def test_throttling_is_waited_out(aws: pytest.MonkeyPatch, receiver: Any, answer: Any) -> None:
    aws.setenv("AWS_ENDPOINT_URL", receiver.url)
    throttled = answer(400, b'{"__type": "com.amazon#ThrottlingException", "message": "Rate exceeded"}')
    receiver.answers = [throttled, answer(500, b"<html>"), answer(200, json.dumps({"Parameter": {"Value": FIRST}}).encode())]
    assert Secret(TARGET).value() == FIRST
    assert len(receiver.requests) == 3


def test_ssm_out_of_reach(aws: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    aws.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    with pytest.raises(SecretError, match=r"cannot be read \(Unreachable\): ssm in us-west-2 does not answer \(EndpointConnectionError\)"):
        Secret(TARGET).value()
