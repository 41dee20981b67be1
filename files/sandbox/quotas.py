"""Service Quotas: the quotas that the sandbox knows besides moto's, and changing any of them; backup vaults are held to theirs."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from moto.servicequotas.exceptions import NoSuchResource
from moto.servicequotas.models import ServiceQuotasBackend
from moto.servicequotas.responses import ServiceQuotasResponse
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Request

from . import control
from .fixes.methods import wrap

VAULTS = "backup vaults"
# By service: code, name and AWS's default. The codes of AWS Backup's quotas are made up.
KNOWN: dict[str, list[tuple[str, str, float]]] = {
    "backup": [
        ("L-SANDBOX1", "Backup vaults per Region", 300),
        ("L-SANDBOX2", "Backup plans per Region", 300),
        ("L-SANDBOX3", "Recovery points per backup vault", 1_000_000),
    ],
    "rds": [("L-7B6409FD", "DB instances", 40)],
    # AWS's is 5 in a new account; moto's accounts have no bound.
    "ec2": [("L-1216C47A", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 32)],
}

_changed: dict[tuple[str, str], float] = {}


def install() -> None:
    """Extend moto; called once before the first request."""
    wrap(ServiceQuotasBackend, "get_service_quota", _with_ours)
    # moto has no such operation, so that the class has no such attribute to assign to.
    ServiceQuotasResponse.list_service_quotas = _list  # type: ignore[attr-defined]


def value_of(service_code: str, name: str) -> float:
    """The quota of a service whose name begins so, whatever its case."""
    return next(each["Value"] for each in _quotas(service_code) if each["QuotaName"].lower().startswith(name))


@control.route("PUT", "/quotas")
def change(request: Request) -> dict[str, Any]:
    """Give a quota another value, in every Region.

    Raises:
        BadRequest: it is not said which, or not how much.
    """
    body = control.json_body(request)
    service, code, value = body.get("service_code"), body.get("quota_code"), body.get("value")
    if not isinstance(service, str) or not isinstance(code, str) or isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadRequest("service_code, quota_code and a number as value are needed")
    _changed[service, code] = float(value)
    return {"changed": True}


@control.on_reset
def forget() -> None:
    """Give every quota its default again."""
    _changed.clear()


def _quotas(service_code: str) -> list[dict[str, Any]]:
    return [
        {
            "ServiceCode": service_code,
            "QuotaCode": code,
            "QuotaName": name,
            "Value": _changed.get((service_code, code), float(default)),
            "Unit": "None",
            "Adjustable": True,
            "GlobalQuota": False,
        }
        for code, name, default in KNOWN.get(service_code, [])
    ]


def _with_ours(operation: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    @functools.wraps(operation)
    def get(backend: ServiceQuotasBackend, service_code: str, quota_code: str) -> dict[str, Any]:
        ours = next((each for each in _quotas(service_code) if each["QuotaCode"] == quota_code), None)
        quota = ours or operation(backend, service_code, quota_code)
        return {**quota, "Value": _changed.get((service_code, quota_code), quota["Value"])}

    return get


def _list(response: ServiceQuotasResponse) -> str:
    service_code = str(json.loads(response.body).get("ServiceCode"))
    if service_code not in KNOWN:
        raise NoSuchResource()
    return json.dumps({"Quotas": _quotas(service_code)})
