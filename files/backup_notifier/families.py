"""The families of events: what SNS's event names and EventBridge's detail types have in common."""

from __future__ import annotations

import re

JOB_TYPES = ("backup", "copy", "restore", "scan")
# Of our own validator: what it found out about what a test restore brought back.
RESTORE_VALIDATION = "RESTORE_VALIDATION"
_JOB_STATES = {
    "STARTED": "RUNNING",
    "COMPLETED": "COMPLETED",
    "SUCCESSFUL": "COMPLETED",
    "FAILED": "FAILED",
    "EXPIRED": "EXPIRED",
}
# What SNS says in one name is a family and a state to EventBridge.
_NAMES = {
    "BACKUP_PLAN_CREATED": ("BACKUP_PLAN", "CREATED"),
    "BACKUP_PLAN_MODIFIED": ("BACKUP_PLAN", "MODIFIED"),
    "RECOVERY_POINT_MODIFIED": ("RECOVERY_POINT", "MODIFIED"),
    "RECOVERY_POINT_INDEX_COMPLETED": ("RECOVERY_POINT_INDEX", "ACTIVE"),
    "RECOVERY_POINT_INDEXING_COMPLETED": ("RECOVERY_POINT_INDEX", "ACTIVE"),
    "RECOVERY_POINT_INDEXING_FAILED": ("RECOVERY_POINT_INDEX", "FAILED"),
    "RECOVERY_POINT_INDEX_DELETED": ("RECOVERY_POINT_INDEX", "DELETED"),
    "ACCESS_POINT_AVAILABLE": ("ACCESS_POINT", "AVAILABLE"),
    "ACCESS_POINT_CREATION_FAILED": ("ACCESS_POINT", "FAILED"),
    "ACCESS_POINT_DELETED": ("ACCESS_POINT", "DELETED"),
    "ACCESS_POINT_DELETION_FAILED": ("ACCESS_POINT", "DELETION_FAILED"),
    "ACCESS_POINT_DISASSOCIATED": ("ACCESS_POINT", "DISASSOCIATED"),
    "ACCESS_POINT_EXPIRED": ("ACCESS_POINT", "EXPIRED"),
}
_JOB = re.compile(rf"((?:{'|'.join(JOB_TYPES).upper()})_JOB)_({'|'.join(_JOB_STATES)})")
_KNOWN = {f"{job_type.upper()}_JOB" for job_type in JOB_TYPES} | {family for family, _ in _NAMES.values()}
_KNOWN |= {"BACKUP_VAULT", "REGION_SETTING", RESTORE_VALIDATION}


def of_event_type(event_type: str) -> tuple[str, str]:
    """The family and the state in an SNS event type, for example (COPY_JOB, FAILED); the state is often empty."""
    name = event_type.upper()
    if found := _JOB.fullmatch(name):
        return found[1], _JOB_STATES[found[2]]
    return _NAMES.get(name, (name, ""))


def state(word: str, job_type: str) -> str:
    """A state in capitals; a job's as AWS Backup's API calls it, to which STARTED is RUNNING."""
    name = word.upper()
    return _JOB_STATES.get(name, name) if job_type else name


def of_detail_type(detail_type: str) -> str:
    """The family of an EventBridge detail type: Backup Job State Change is BACKUP_JOB."""
    name = re.sub(r"( State)? Change\Z", "", detail_type).upper().replace(" ", "_")
    return "ACCESS_POINT" if "ACCESS_POINT" in name else name


def is_known(family: str) -> bool:
    """Whether the family is one whose events the rest of this package understands."""
    return family in _KNOWN


def job_type(family: str) -> str:
    """The job's type in lower case; an empty text for a family that is about no job."""
    if family == RESTORE_VALIDATION:
        return "restore"
    name = family.removesuffix("_JOB").lower()
    return name if name in JOB_TYPES and family.endswith("_JOB") else ""
