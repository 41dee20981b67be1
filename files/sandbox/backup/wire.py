"""From HTTP to a call and back, by botocore's own model of AWS Backup."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.model import OperationModel, Shape
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request
from moto.core.routing import get_service_router
from werkzeug.exceptions import HTTPException

from .errors import MissingParameterValueException, SerializationException, UnknownOperationException

PARSER = PROTOCOL_PARSERS["rest-json"]


@dataclass(frozen=True)
class Call:
    """One call; its parameters are named as in the model."""

    operation: OperationModel
    params: dict[str, Any]


def read(environ: dict[str, Any]) -> Call:
    """Read a request.

    Raises:
        UnknownOperationException: no operation has its method and path.
        SerializationException: it is not in the form of the operation.
        MissingParameterValueException: a required parameter is missing.
    """
    request = Request(environ)
    try:
        operation, uri_params = get_service_router("backup").match(request)
    except (HTTPException, NotImplementedError) as error:
        raise UnknownOperationException(f"no operation is {request.method} {request.raw_path}") from error
    try:
        params = PARSER(operation).parse(
            {
                "method": request.method,
                "values": request.args,
                "headers": request.headers,
                "body": request.get_data(cache=False),
                "url_path": request.path,
                "url_params": uri_params,
            }
        )
    except (AttributeError, TypeError, ValueError) as error:
        raise SerializationException(f"the request cannot be read: {error}") from error
    missing = next(_missing_members(operation.input_shape, params), None)
    if missing:
        raise MissingParameterValueException(f"Missing required parameter: {missing}")
    return Call(operation, params)


def write(operation: OperationModel, result: Any) -> str:
    """The body of an answer: what the model has of a result."""
    return "" if operation.output_shape is None else json.dumps(_shaped(operation.output_shape, result or {}))


def _shaped(shape: Shape, value: Any) -> Any:
    """A value without what has no value or is not in the model. No member of an answer has another name on the wire."""
    if shape.type_name == "structure":
        known = ((name, member, value.get(name)) for name, member in shape.members.items())
        return {name: _shaped(member, item) for name, member, item in known if item is not None}
    if shape.type_name == "list":
        return [_shaped(shape.member, item) for item in value]
    if shape.type_name == "map":
        return {key: _shaped(shape.value, item) for key, item in value.items()}
    return value


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
