"""The webhook read from a real SSM API: the sandbox's, or a local server where an error is wanted."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from typing import Any

import pytest
from backup_notifier import webhook
from backup_notifier.webhook import Webhook, WebhookError

PARAMETER = "/proven-notifier/tests/slack-webhook"
Put = Callable[[str], None]
FIRST = "https://hooks.slack.com/services/T00000000/B00000000/FirstExampleWebhook00001"
SECOND = "https://hooks.slack.com/services/T00000000/B00000000/SecondExampleWebhook0001"


def test_decrypted_and_kept(put_webhook: Put) -> None:
    put_webhook(f"{FIRST}\n")
    kept = Webhook()
    assert kept.url() == FIRST
    put_webhook(SECOND)
    assert kept.url() == FIRST


def test_read_again_on_demand(put_webhook: Put) -> None:
    put_webhook(FIRST)
    kept = Webhook()
    kept.url()
    put_webhook(SECOND)
    assert (kept.renewed(), kept.url()) == (SECOND, SECOND)


def test_read_again_when_it_was_kept_too_long(put_webhook: Put, aws: pytest.MonkeyPatch) -> None:
    put_webhook(FIRST)
    kept = Webhook()
    kept.url()
    put_webhook(SECOND)
    aws.setattr(webhook, "SECONDS_KEPT", 0.0)
    assert kept.url() == SECOND


@pytest.mark.usefixtures("ssm")
def test_missing_parameter() -> None:
    with pytest.raises(WebhookError, match=rf"SSM parameter {PARAMETER} cannot be read \(ParameterNotFound\): it does not exist"):
        Webhook().url()


def test_a_failed_reading_keeps_nothing_old(put_webhook: Put, ssm: Any) -> None:
    put_webhook(FIRST)
    kept = Webhook()
    kept.url()
    ssm.delete_parameter(Name=PARAMETER)
    for read in (kept.renewed, kept.url):
        with pytest.raises(WebhookError, match="ParameterNotFound"):
            read()


@pytest.mark.parametrize(
    "value",
    [
        "https://example.com/services/T00000000/B00000000/FirstExampleWebhook00001",
        "http://hooks.slack.com/services/T00000000/B00000000/FirstExampleWebhook00001",
        "https://hooks.slack.com.example.com/services/T00000000/B00000000/x",
        "https://hooks.slack.com/services/T00000000/B00000000/",
        "https://hooks.slack.com/services/T00000000/B00000000/x?y",
        "http://127.0.0.1:80@example.com/x",
        "http://10.0.0.1:5566/slack/services/T00000000/B00000000/x",
        "change-me",
    ],
)
def test_malformed_value_is_refused_and_not_told(put_webhook: Put, value: str) -> None:
    put_webhook(value)
    with pytest.raises(WebhookError, match="holds no Slack webhook") as raised:
        Webhook().url()
    assert value not in str(raised.value)


@pytest.mark.parametrize(
    "value",
    [
        "https://hooks.slack-gov.com/services/T00000000/B00000000/FirstExampleWebhook00001",
        "http://127.0.0.1:5566/slack/services/T00000000/B00000000/SandboxIncomingWebhook01",
        "http://localhost:5566/slack/services/T00000000/B00000000/SandboxIncomingWebhook01",
    ],
)
def test_other_known_forms(put_webhook: Put, value: str) -> None:
    put_webhook(value)
    assert Webhook().url() == value


def test_no_parameter_named(aws: pytest.MonkeyPatch) -> None:
    aws.delenv("WEBHOOK_PARAMETER")
    with pytest.raises(WebhookError, match="WEBHOOK_PARAMETER is not set"):
        Webhook().url()


def test_access_denied(aws: pytest.MonkeyPatch, receiver: Any, answer: Any) -> None:
    aws.setenv("AWS_ENDPOINT_URL", receiver.url)
    body = json.dumps({"__type": "AccessDeniedException", "Message": "User is not authorized to perform ssm:GetParameter"}).encode()
    receiver.answers = [answer(400, body, {"Content-Type": "application/x-amz-json-1.1"})]
    with pytest.raises(WebhookError, match=r"\(AccessDeniedException\): the function's role needs ssm:GetParameter"):
        Webhook().url()


def test_ssm_out_of_reach(aws: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    aws.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    with pytest.raises(WebhookError, match="cannot be read: EndpointConnectionError"):
        Webhook().url()
