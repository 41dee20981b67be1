# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a target's report tells of its recovery point, its jobs and its alert, as names and values."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_values import (
    first_number,
    first_text,
    mapping_of,
    mappings_of,
    moment_of,
    text_of,
)
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_words import moment, size

GRADES = {
    "read_back": "read back from the channel",
    "accepted": "accepted by the receiver",
    "delivered": "the function had it",
    "published": "published by AWS Backup",
    "none": "no evidence",
}
Rows = list[tuple[str, str]]
"""Names and values; the values are text that came from AWS."""


@dataclass(frozen=True)
class Message:
    """A Slack message as plain text; the colour is as in CSS, or empty."""

    text: str
    colour: str
    fields: Rows
    lines: list[str]


def recovery_point_of(point: Mapping[str, Any], job: Mapping[str, Any]) -> Rows:
    """What a recovery point is; the job that made it tells what AWS leaves out."""
    if not point:
        return []
    lifecycle, made_by = mapping_of(point.get("calculated_lifecycle")), mapping_of(point.get("created_by"))
    key = first_text(point, "encryption_key_arn")
    return rows(
        ("ARN", first_text(point, "recovery_point_arn")),
        ("Of", first_text(point, "resource_name") or first_text(job, "resource_name")),
        ("Type", first_text(point, "resource_type")),
        ("Status", first_text(point, "status")),
        ("Size", "- (AWS tells none)" if size_of(point, job) is None else size(size_of(point, job))),
        ("Created", moment_text(point.get("creation_date"))),
        ("Vault", first_text(point, "backup_vault_name")),
        ("Storage", first_text(point, "storage_class").lower()),
        ("Encrypted", key or {"True": "yes", "False": "no"}.get(str(point.get("is_encrypted")), "")),
        ("To cold storage", moment_text(lifecycle.get("move_to_cold_storage_at"))),
        ("Deleted by AWS", moment_text(lifecycle.get("delete_at"))),
        ("Made by", f"plan {first_text(made_by, 'backup_plan_name', 'backup_plan_id')}" if made_by else ""),
    )


def log_record_of(target: Mapping[str, Any]) -> Mapping[str, Any]:
    """The function's log record of the delivery; empty when there is none."""
    accepted = mappings_of(mapping_of(target.get("evidence")).get("accepted"))
    return mapping_of(target.get("notification")) or next(iter(accepted), {})


def evidence_of(target: Mapping[str, Any]) -> Rows:
    """The jobs' IDs, what they made, and what is known of the alert."""
    job, copied, restored = (mapping_of(target.get(name)) for name in ("backup_job", "copy_job", "restore_job"))
    record = log_record_of(target)
    status = text_of(record.get("http_status"))
    return rows(
        ("Backup job", _job(job, "backup_job_id", "state")),
        ("Copy job", _job(copied, "copy_job_id", "state")),
        ("Copy", first_text(copied, "destination_recovery_point_arn")),
        ("Restore job", _job(restored, "restore_job_id", "status")),
        ("Restored as", first_text(target, "created_resource_arn") or first_text(restored, "created_resource_arn")),
        ("AWS's validation", first_text(restored, "validation_status")),
        ("Alert", GRADES.get(text_of(target.get("grade")), text_of(target.get("grade")))),
        ("Receiver", f"{first_text(record, 'target')} ({first_text(record, 'target_type')}), HTTP {status}" if status else ""),
        ("Log stream", first_text(record, "log_stream_name")),
        ("Brought about", first_text(target, "brought_about")),
        ("Expected", first_text(mapping_of(target.get("expected")), "state")),
    )


def _job(job: Mapping[str, Any], identifier: str, state: str) -> str:
    found = first_text(job, identifier)
    told = ", ".join(filter(None, (first_text(job, state), first_text(job, "status_message"))))
    return f"{found} ({told})" if found and told else found


def message_of(message: Mapping[str, Any]) -> Message | None:
    """A message as Slack returns it; None when it has no text."""
    text = _mrkdwn(text_of(message.get("text")))
    attachments = mappings_of(message.get("attachments"))
    blocks = [block for part in (message, *attachments) for block in mappings_of(part.get("blocks"))]
    fields = [_mrkdwn(text_of(item.get("text"))).partition("\n") for block in blocks for item in mappings_of(block.get("fields"))]
    lines = [_mrkdwn(text_of(mapping_of(block.get("text")).get("text"))) for block in blocks]
    colour = next(filter(None, (text_of(part.get("color")).removeprefix("#") for part in attachments)), "")
    if not text and not fields:
        return None
    pairs = [(name.strip(), value.strip()) for name, _break, value in fields]
    return Message(text, f"#{colour}" if re.fullmatch(r"[0-9a-fA-F]{6}", colour) else "", pairs, [line for line in lines if line])


def _mrkdwn(text: str) -> str:
    """Slack's markup as plain text: a link is its label."""
    text = re.sub(r"<(?:[^|<>]*\|)?([^<>]*)>", r"\1", text)
    return html.unescape(re.sub(r"[*`]", "", text)).strip()


def moment_text(value: Any) -> str:
    """A moment in ISO 8601 in words; empty for anything else."""
    return moment(found) if (found := moment_of(value)) else ""


def rows(*pairs: tuple[str, str]) -> Rows:
    """The pairs that have a value."""
    return [(name, value) for name, value in pairs if value]


def size_of(*sources: Mapping[str, Any]) -> float | None:
    """The size in bytes that the first of the sources knows; None when none does: where AWS tells no size, it says 0."""
    sizes = (first_number(source, "backup_size_in_bytes", "backup_size_bytes") for source in sources)
    return next(filter(None, sizes), None)
