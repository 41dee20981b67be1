# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of the recovery points of a purge: outcomes by name, and what can be done about those that are left."""

from __future__ import annotations

import re

REMEDIES = {
    "in_use": "Remove what uses it, an AMI for example, through its own recovery point, then run again.",
    "role_gone": "Create the role again, with AWS Backup in its trust policy and the permission to delete, then run again.",
    "role_denied": "Give the role that permission, or yourself iam:CreateServiceLinkedRole for AWSServiceRoleForBackup, then run again.",
    "snapshot_locked": "Wait until the lock of the snapshot ends, or unlock it (aws ec2 unlock-snapshot), then run again.",
    "expired": "It stays billed. Mend the cause in the service that keeps it, then run again.",
    "legal_hold": "Cancel the legal hold (aws backup list-legal-holds, cancel-legal-hold), then run again.",
    "vault_locked": "Remove the lock (aws backup delete-backup-vault-lock-configuration), then run again.",
    "policy_denied": "Change the vault's access policy (aws backup put-backup-vault-access-policy), then run again.",
    "access_denied": "Allow the caller backup:DeleteRecoveryPoint on the point's own ARN, then run again.",
    "refused": "Do what AWS asks for, then run again.",
    "failed": "Run again when AWS can be reached and answers.",
    "stopped": "It records no more. Run again with continuous_recovery_points: delete to remove it.",
    "nested_left": "See to the points that are nested in it, then run again.",
    "busy": "Run again when AWS is done with it.",
    "in_progress": "Run again, or raise wait_timeout. A point that stays DELETING for days is a case for AWS Support.",
    "out_of_time": "Run again, or raise wait_timeout.",
    "guarded": "The message of the task says what to do.",
    "not_asked": "Set delete_recovery_points to delete it.",
}
"""By outcome, of the points that should be gone and are not. The others are deleted, disassociated, and kept by the filters."""

AFTER_PROGRESS = ("in_use", "role_gone", "role_denied", "snapshot_locked", "expired", "refused")
"""Outcomes of which AWS may think better when other points are gone: a snapshot is free when its image is."""

EXPIRED_BECAUSE = {
    "in_use": re.compile(r"in use|InUse", re.IGNORECASE),
    "role_gone": re.compile(r"cannot be assumed|role\b.*\b(does not exist|not found|deleted)|NoSuchEntity", re.IGNORECASE),
    "snapshot_locked": re.compile(r"\block(ed)?\b", re.IGNORECASE),
    "role_denied": re.compile(r"not authorized|permission|privilege|access.?denied", re.IGNORECASE),
}
LEGAL_HOLD = re.compile(r"legal.?hold", re.IGNORECASE)

FATAL_CODES = frozenset(
    {
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "OptInRequired",
        "UnrecognizedClientException",
    }
)
"""Answers that hold for every call: there is no use in going on."""


def expired_outcome(message: str | None) -> str:
    """The outcome of a point that went EXPIRED instead of vanishing, from the StatusMessage (None: AWS gives none)."""
    return next((name for name, words in EXPIRED_BECAUSE.items() if words.search(message or "")), "expired")


def expired_reason(message: str | None) -> str:
    """Why a point went EXPIRED, in AWS's words as far as it has any."""
    cause = message or "it gives no cause; often the role of the job or a permission is gone"
    return f"AWS accepted the deletion but could not carry it out: {cause}"


def refused_outcome(text: str, vault_is_locked: bool) -> str:
    """The outcome of a point that AWS refuses to delete, whoever asks, from what AWS says."""
    if LEGAL_HOLD.search(text):
        return "legal_hold"
    return "vault_locked" if vault_is_locked else "refused"
