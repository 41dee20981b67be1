# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a preflight looks at and what it finds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Literal, TypeVar

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, error_code, error_text, hint

Value = TypeVar("Value")
ClientFactory = Callable[[str], Any]
Result = Literal["failed", "unknown", "warning", "passed"]

ORDER: tuple[Result, ...] = ("failed", "unknown", "warning", "passed")
"""The results, those first that one has to look at first."""

DENIED_CODES = ("AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation")
DENIED_ACTION = re.compile(r"not authorized to perform: ([\w-]+:\w+)")


@dataclass(frozen=True)
class Finding:
    """What one check says of one thing.

    Attributes:
        check: what was looked at, for example opt-in.
        subject: of what, for example DynamoDB.
        reason: why the result is as it is.
        remedy: how to mend it, in one line; empty when nothing is to be mended.
    """

    check: str
    subject: str
    result: Result
    reason: str
    remedy: str = ""


@dataclass(frozen=True)
class Wanted:
    """What is to be deployed or tested. What is None or empty is not looked at.

    Attributes:
        resource_types: as AWS Backup names them.
        resource_arns: existing resources that are to be backed up.
        iam_role_arn: the role that AWS Backup is to assume.
        copy_role_arn: the role that AWS Backup is to copy recovery points with.
        permissions: by action, the ARN of what the caller is to do it to.
        function_role_arns: the roles that Lambda functions are to assume, first the notifier's.
        secret_references: where secrets are kept that the notifier's function is to read, as ssm:<name> or secretsmanager:<name>.
        secret_key_arns: the keys that its role is allowed to decrypt with.
        tests_restores: whether the role that AWS Backup is to assume is also for a restore testing plan.
        kms_key_ids: keys, by ID, ARN or alias, which need not exist yet.
        sns_topic_arns: topics that AWS Backup is to publish to, which need not exist yet.
        vpc_names: the tag Name of each VPC to create, which may exist.
        db_instance_names: of the database instances to create, which may exist.
        delete_after_days: None: not said; -1: for ever.
    """

    backup_vault_name: str | None = None
    backup_plan_name: str | None = None
    resource_types: tuple[str, ...] = ()
    resource_arns: tuple[str, ...] = ()
    iam_role_arn: str | None = None
    copy_role_arn: str | None = None
    permissions: tuple[tuple[str, str], ...] = ()
    function_role_arns: tuple[str, ...] = ()
    secret_references: tuple[str, ...] = ()
    secret_key_arns: tuple[str, ...] = ()
    tests_restores: bool = False
    kms_key_ids: tuple[str, ...] = ()
    sns_topic_arns: tuple[str, ...] = ()
    vpc_names: tuple[str, ...] = ()
    db_instance_names: tuple[str, ...] = ()
    delete_after_days: int | None = None
    start_window_minutes: int | None = None
    completion_window_minutes: int | None = None


@dataclass(frozen=True)
class Place:
    """Whose credentials are used, and where.

    Attributes:
        caller_arn: as STS tells it, of a role the session's.
        vault: the vault as AWS describes it, asked for once; None when it does not exist.
    """

    account_id: str
    caller_arn: str
    region: str
    vault: Callable[[], dict[str, Any] | None]

    @property
    def partition(self) -> str:
        """The first part of every ARN here, for example aws."""
        return self.caller_arn.split(":")[1]


@dataclass(frozen=True)
class Check:
    """One look at one subject.

    Attributes:
        name: of the check.
        look: finds out; where it cannot, the finding is unknown.
    """

    name: str
    subject: str
    look: Callable[[], Finding] = field(compare=False)


def run(check: Check) -> Finding:
    """What a check finds; unknown when AWS does not let it look."""
    try:
        return check.look()
    except AnsibleBackupError as error:
        return unknown(check.name, check.subject, error)


def unknown(check: str, subject: str, error: AnsibleAWSError) -> Finding:
    """The finding of a look-up that failed, with the permission that is missing when that is why."""
    if error_code(error) in DENIED_CODES:
        action = denied_action(error)
        return Finding(check, subject, "unknown", f"the caller lacks {action}", f"allow the caller {action}, or look yourself")
    said = error_text(error) or (str(error.exception) if error.exception else "")
    reason = f"{error.message}: {said}" if said else str(error.message)
    return Finding(check, subject, "unknown", reason, hint(error.exception) or "try again, or look yourself")


def denied_action(error: AnsibleAWSError) -> str:
    """The IAM action that AWS refused, from its message or else from the operation's name."""
    found = DENIED_ACTION.search(error_text(error))
    if found:
        service, _colon, action = found[1].partition(":")
        return f"{service.lower()}:{action}"
    return getattr(error.exception, "operation_name", "the permission")


def once(read: Callable[[], Value]) -> Callable[[], Value]:
    """A look-up that several checks, in threads, share: made when the first of them asks, and again only after an error."""
    lock = Lock()
    known: list[Value] = []

    def get() -> Value:
        with lock:
            if not known:
                known.append(read())
            return known[0]

    return get
