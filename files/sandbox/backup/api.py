"""From HTTP to a handler and back, by botocore's own model of AWS Backup."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.model import Shape
from moto.core.common_types import TYPE_RESPONSE
from moto.core.request import Request
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import get_service_model

from . import service
from .backend import BackupBackend
from .errors import (
    BackupError,
    MissingParameterValueException,
    NotImplementedException,
    SerializationException,
    UnknownOperationException,
)
from .models import backup_backends
from .registry import handlers
from .service.faults import strike


class BackupApi(BaseResponse):
    """Answers one request; routing, parsing and serialization are moto's, driven by the model."""

    def __init__(self) -> None:
        super().__init__(service_name="backup")
        self.automated_parameter_parsing = True

    @property
    def backend(self) -> BackupBackend:
        """The state of the caller's account and Region."""
        return backup_backends[self.current_account][self.region]

    def _dispatch(self, request: Request, full_url: str | None = None, headers: Any = None) -> TYPE_RESPONSE:
        try:
            self._read(request, full_url, headers)
            status, answer_headers, body = self._answer()
        except BackupError as error:
            status, answer_headers, body = error.response()
        answer_headers, body = self._enrich_response(answer_headers, body)
        return status, answer_headers, body

    def _read(self, request: Request, full_url: str | None, headers: Any) -> None:
        try:
            self.setup_class(request, full_url, headers)
        except (AttributeError, TypeError, ValueError) as error:
            raise SerializationException(f"the request cannot be read: {error}") from error

    def _answer(self) -> TYPE_RESPONSE:
        name = self._get_action()
        if not name:
            raise UnknownOperationException(f"no operation is {self.method} {self.raw_path}")
        if name not in handlers:
            raise NotImplementedException(f"the sandbox does not offer {name}")
        missing = next(_missing_members(get_service_model("backup").operation_model(name).input_shape, self.params), None)
        if missing:
            raise MissingParameterValueException(f"Missing required parameter: {missing}")
        fault = service.arrive(self.region, name)
        if fault and not fault.applied:
            strike(fault, self.normalized_request.environ)
        with self.backend.lock:
            answer = self.serialized(ActionResult(handlers[name](self.backend, self.params)))
        if fault:
            strike(fault, self.normalized_request.environ)
        return answer


def _missing_members(shape: Shape | None, value: Any) -> Iterator[str]:
    """The names of the required members that value lacks, at any depth."""
    if shape is None or value is None:
        return
    if shape.type_name == "structure":
        for name in shape.required_members:
            if value.get(name) in (None, ""):
                yield name
        for name, member in shape.members.items():
            yield from _missing_members(member, value.get(name))
    elif shape.type_name == "list":
        for item in value:
            yield from _missing_members(shape.member, item)
