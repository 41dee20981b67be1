"""Targets' secrets, read from SSM or Secrets Manager while the function runs, so that they change without a deployment."""

from __future__ import annotations

import time

from . import aws, secret_forms
from .settings import Target

SECONDS_KEPT = 300.0
_SSM_REMEDIES = {
    "ParameterNotFound": "it does not exist in this account and Region: create it as a SecureString",
    "AccessDeniedException": "the function's role needs ssm:GetParameter on it, and kms:Decrypt on its key",
}
_SECRETS_MANAGER_REMEDIES = {
    "ResourceNotFoundException": "it does not exist in this account and Region, or has no value",
    "AccessDeniedException": "the function's role needs secretsmanager:GetSecretValue on it, and kms:Decrypt on its key",
    "InvalidRequestException": "it is marked for deletion",
}


class SecretError(Exception):
    """A secret cannot be had now; the text says why and never holds its value."""


class Secret:
    """One target's secret, kept for a few minutes."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._value = ""
        self._read_at = 0.0

    def value(self) -> str:
        """The secret, read again when it was read more than SECONDS_KEPT ago.

        Raises:
            SecretError: see renewed.
        """
        if self._value and time.monotonic() - self._read_at < SECONDS_KEPT:
            return self._value
        return self.renewed()

    def renewed(self) -> str:
        """The secret as it is now.

        Raises:
            SecretError: there is none, it may not be read, nobody answers, or it has not the form that its target needs.
        """
        self._value = ""
        value = _read(self._target.secret)
        if problem := secret_forms.problem(self._target.type, value):
            raise SecretError(f"{_where(self._target.secret)} {problem}")
        self._value, self._read_at = value, time.monotonic()
        return value

    def scrubbed(self, text: str) -> str:
        """A text without the secret, whole or in part."""
        for part in secret_forms.parts(self._target.type, self._value) if self._value else []:
            text = text.replace(part, "[secret]")
        return text


def _read(reference: str) -> str:
    service, _, name = reference.partition(":")
    region = name.split(":")[3] if name.startswith("arn:") else ""
    remedies = _SSM_REMEDIES if service == "ssm" else _SECRETS_MANAGER_REMEDIES
    try:
        if service == "ssm":
            value = aws.call("ssm", "get_parameter", {"Name": name, "WithDecryption": True}, region)["Parameter"]["Value"]
        else:
            value = aws.call("secretsmanager", "get_secret_value", {"SecretId": name}, region).get("SecretString", "")
    except aws.AwsError as error:
        raise SecretError(f"{_where(reference)} cannot be read ({error.code}): {remedies.get(error.code, error.message)}") from None
    return str(value).strip()


def _where(reference: str) -> str:
    service, _, name = reference.partition(":")
    return f"{'SSM parameter' if service == 'ssm' else 'secret'} {name}"
