"""Legal holds: recovery points under one are neither deleted nor disassociated."""

from __future__ import annotations

import uuid
from typing import Any

from . import pages
from .backend import BackupBackend
from .errors import (
    InvalidParameterValueException,
    InvalidRequestException,
    InvalidResourceStateException,
    LimitExceededException,
    ResourceNotFoundException,
)
from .filters import seconds
from .moments import now
from .parameters import DAY
from .records import HoldSelection, LegalHold, RecoveryPoint
from .registry import Params, operation
from .tags import check_tags

MOST_ACTIVE = 50
ACTIVE = "ACTIVE"


@operation("CreateLegalHold")
def create_legal_hold(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Create a hold; a repeat with the same IdempotencyToken answers as the first time."""
    token = params.get("IdempotencyToken")
    hold = next((known for known in backend.legal_holds.values() if token and known.token == token), None)
    if hold is None:
        if len(_active(backend)) >= MOST_ACTIVE:
            raise LimitExceededException(f"No more than {MOST_ACTIVE} legal holds can be active")
        hold = _new_hold(backend, params)
        backend.legal_holds[hold.id] = hold
        backend.tag_resource(hold.arn, check_tags(params.get("Tags")))
    return _members(hold)


@operation("GetLegalHold")
def get_legal_hold(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Describe a hold."""
    return _members(_existing(backend, params))


@operation("CancelLegalHold")
def cancel_legal_hold(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """End a hold."""
    hold = _existing(backend, params)
    if hold.status != ACTIVE:
        raise InvalidResourceStateException(f"Legal hold {hold.id} is in state {hold.status}")
    hold.status, hold.cancellation_date, hold.cancel_description = "CANCELED", now(), params["CancelDescription"]
    days = params.get("RetainRecordInDays")
    hold.retain_record_until = None if days is None else hold.cancellation_date + days * DAY
    return {}


@operation("ListLegalHolds")
def list_legal_holds(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List the holds, newest first."""
    holds, token = pages.page(
        backend.legal_holds.values(), params, key=lambda hold: pages.by_date(hold.creation_date, hold.id), newest_first=True
    )
    return {"LegalHolds": [_members(hold) for hold in holds], "NextToken": token}


@operation("ListRecoveryPointsByLegalHold")
def list_recovery_points_by_legal_hold(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List the recovery points under a hold, newest first."""
    hold = backend.legal_holds.get(params["LegalHoldId"])
    if hold is None:
        raise InvalidParameterValueException(f"Legal hold {params['LegalHoldId']} does not exist.")
    points, token = pages.page_of_points(backend.recovery_points.everywhere(), params, wanted=lambda point: _holds(hold, point))
    return {
        "RecoveryPoints": [
            {
                "RecoveryPointArn": point.arn,
                "ResourceArn": point.resource.arn,
                "ResourceType": point.resource.type,
                "BackupVaultName": point.vault_name,
            }
            for point in points
        ],
        "NextToken": token,
    }


def check_not_held(backend: BackupBackend, point: RecoveryPoint) -> None:
    """Check that no hold keeps a recovery point. AWS's text is not public.

    Raises:
        InvalidRequestException: one does.
    """
    hold = next((hold for hold in _active(backend) if _holds(hold, point)), None)
    if hold is not None:
        raise InvalidRequestException(f"Recovery point {point.arn} is under legal hold {hold.id}: it cannot be deleted or disassociated.")


def _active(backend: BackupBackend) -> list[LegalHold]:
    return [hold for hold in backend.legal_holds.values() if hold.status == ACTIVE]


def _holds(hold: LegalHold, point: RecoveryPoint) -> bool:
    """Whether a hold is about a recovery point, which must have been there before it."""
    chosen = hold.selection
    return (
        hold.status == ACTIVE
        and chosen.since <= point.creation_date <= min(chosen.until, hold.creation_date)
        and (not chosen.vault_names or point.vault_name in chosen.vault_names)
        and (not chosen.resources or point.resource.arn in chosen.resources or point.resource.type in chosen.resources)
    )


def _new_hold(backend: BackupBackend, params: Params) -> LegalHold:
    created, hold_id = now(), str(uuid.uuid4())
    given = params.get("RecoveryPointSelection") or {}
    dates = given.get("DateRange") or {}
    since, until = (seconds(dates[name]) if name in dates else default for name, default in (("FromDate", 0.0), ("ToDate", created)))
    if not since <= until <= created:
        raise InvalidParameterValueException("Invalid date range: FromDate must not be after ToDate, nor ToDate in the future")
    return LegalHold(
        id=hold_id,
        arn=backend.arn(f"legal-hold:{hold_id}"),
        title=params["Title"],
        description=params["Description"],
        token=params.get("IdempotencyToken"),
        selection=HoldSelection(
            vault_names=frozenset(given.get("VaultNames") or []),
            resources=frozenset(given.get("ResourceIdentifiers") or []),
            since=since,
            until=until,
        ),
        given_dates={"FromDate": since, "ToDate": until} if dates else None,
        creation_date=created,
    )


def _existing(backend: BackupBackend, params: Params) -> LegalHold:
    hold = backend.legal_holds.get(params["LegalHoldId"])
    if hold is None:
        raise ResourceNotFoundException(f"Legal hold {params['LegalHoldId']} does not exist.")
    return hold


def _members(hold: LegalHold) -> dict[str, Any]:
    return {
        "Title": hold.title,
        "Status": hold.status,
        "Description": hold.description,
        "CancelDescription": hold.cancel_description,
        "LegalHoldId": hold.id,
        "LegalHoldArn": hold.arn,
        "CreationDate": hold.creation_date,
        "CancellationDate": hold.cancellation_date,
        "RetainRecordUntil": hold.retain_record_until,
        "RecoveryPointSelection": {
            "VaultNames": sorted(hold.selection.vault_names) or None,
            "ResourceIdentifiers": sorted(hold.selection.resources) or None,
            "DateRange": hold.given_dates,
        },
    }
