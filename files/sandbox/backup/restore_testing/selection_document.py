"""A restore testing selection's document: checks and default values."""

from __future__ import annotations

from typing import Any

from ..backend import BackupBackend
from ..errors import InvalidParameterValueException
from ..roles import check_assumable
from .plan_document import check_most, check_name

TYPES = ("Aurora", "DocumentDB", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "Neptune", "RDS", "S3")
CONDITION_KINDS = ("StringEquals", "StringNotEquals")
CONDITION_KEY = "aws:ResourceTag/"
MOST_ARNS = MOST_CONDITIONS = 30
LONGEST_WINDOW = 168
EVERY_RESOURCE = "*"


def completed_selection(backend: BackupBackend, document: dict[str, Any]) -> dict[str, Any]:
    """A checked document with default values.

    Raises:
        InvalidParameterValueException: something breaks the service's rules.
    """
    check_name("selection", document["RestoreTestingSelectionName"])
    if document["ProtectedResourceType"] not in TYPES:
        raise InvalidParameterValueException(
            f"Invalid ProtectedResourceType {document['ProtectedResourceType']}: it must be one of {', '.join(TYPES)}"
        )
    window = document.get("ValidationWindowHours") or 0
    if not 0 <= window <= LONGEST_WINDOW:
        raise InvalidParameterValueException(f"Invalid ValidationWindowHours {window}: it must be between 0 and {LONGEST_WINDOW}")
    arns, conditions = document.get("ProtectedResourceArns") or [], document.get("ProtectedResourceConditions") or {}
    _check_resources(arns, [each for kind in CONDITION_KINDS for each in conditions.get(kind) or []])
    check_assumable(backend, document["IamRoleArn"])
    return {
        **document,
        "ProtectedResourceArns": arns,
        "ProtectedResourceConditions": {kind: conditions.get(kind) or [] for kind in CONDITION_KINDS},
        "RestoreMetadataOverrides": document.get("RestoreMetadataOverrides") or {},
        "ValidationWindowHours": window,
    }


def _check_resources(arns: list[str], conditions: list[dict[str, str]]) -> None:
    if not arns and not conditions:
        raise InvalidParameterValueException(
            "Invalid restore testing selection: it needs ProtectedResourceArns or ProtectedResourceConditions"
        )
    check_most("ProtectedResourceArns", arns, MOST_ARNS)
    check_most("ProtectedResourceConditions", conditions, MOST_CONDITIONS)
    if EVERY_RESOURCE in arns and len(arns) > 1:
        raise InvalidParameterValueException("Invalid ProtectedResourceArns: either * or ARNs")
    for arn in arns:
        if arn != EVERY_RESOURCE and not arn.startswith("arn:"):
            raise InvalidParameterValueException(f"Invalid resource ARN: {arn}")
    for condition in conditions:
        if not condition["Key"].startswith(CONDITION_KEY):
            raise InvalidParameterValueException(f"Invalid condition key {condition['Key']}: it must start with {CONDITION_KEY}")
