"""The rules of a plan's document: checks and default values."""

from __future__ import annotations

import re
import uuid
from typing import Any

from .backend import BackupBackend
from .errors import InvalidParameterValueException
from .parameters import check_lifecycle, check_windows

SCHEDULE = re.compile(r"(cron|rate)\(.+\)")
NAME = re.compile(r"[a-zA-Z0-9_.-]{1,50}")
DEFAULTS = {
    "ScheduleExpression": "cron(0 5 ? * * *)",
    "ScheduleExpressionTimezone": "Etc/UTC",
    "StartWindowMinutes": 480,
    "CompletionWindowMinutes": 10_080,
    "EnableContinuousBackup": False,
}
COLD_WITH_CONTINUOUS = "ERROR_3015"


def completed_document(backend: BackupBackend, document: dict[str, Any], rule_ids: dict[str, str] | None = None) -> dict[str, Any]:
    """A checked plan document with default values and rule IDs (rule_ids: those known, by rule name).

    Raises:
        InvalidParameterValueException: a name or a rule breaks the service's rules.
    """
    _check_name("backup plan", document["BackupPlanName"])
    if not document["Rules"]:
        raise InvalidParameterValueException("Invalid backup plan: it must have at least one rule")
    known = rule_ids or {}
    rules = [{**DEFAULTS, **rule, "RuleId": known.get(rule["RuleName"], str(uuid.uuid4()))} for rule in document["Rules"]]
    for rule in rules:
        _check_rule(backend, rule)
    return {**document, "Rules": rules}


def _check_rule(backend: BackupBackend, rule: dict[str, Any]) -> None:
    _check_name("rule", rule["RuleName"])
    where = f"Error in rule {rule['RuleName']} : "
    if rule["TargetBackupVaultName"] not in backend.backup_vaults:
        raise InvalidParameterValueException(f"{where}Backup vault {rule['TargetBackupVaultName']} does not exist.")
    if not SCHEDULE.fullmatch(rule["ScheduleExpression"]):
        raise InvalidParameterValueException(f"{where}Invalid schedule expression {rule['ScheduleExpression']}")
    check_windows(rule["StartWindowMinutes"], rule["CompletionWindowMinutes"], where)
    check_lifecycle(rule.get("Lifecycle"), where)
    if rule["EnableContinuousBackup"] and (rule.get("Lifecycle") or {}).get("MoveToColdStorageAfterDays") is not None:
        message = f"{where}Invalid lifecycle. MoveToColdStorageAfterDays is unavailable"
        raise InvalidParameterValueException(message, code=COLD_WITH_CONTINUOUS)
    for copy in rule.get("CopyActions") or []:
        check_lifecycle(copy.get("Lifecycle"), where)


def _check_name(kind: str, name: str) -> None:
    if not NAME.fullmatch(name):
        raise InvalidParameterValueException(f"Invalid {kind} name {name}: it must be 1 to 50 of A-Z a-z 0-9 - _ .")
