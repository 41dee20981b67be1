"""Reports as the roles write them, for the tests of their pages and for the pictures in the documentation."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import Any

ACCOUNT, REGION = "123456789012", "us-west-2"
START = datetime(2026, 11, 27, 19, 21, 9, tzinfo=UTC)
ARNS = {
    "ec2": f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-6dd8b12a14a27320d",
    "dynamodb": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/proven-backup-dev",
    "s3": f"arn:aws:s3:::proven-backup-dev-{ACCOUNT}-{REGION}",
}
TYPES = {"ec2": "EC2", "dynamodb": "DynamoDB", "s3": "S3"}
SIZES = {"ec2": 8 * 2**30, "dynamodb": 2_411, "s3": 14_680_064}
LIMITS = {"rpo_seconds": 86400, "rto_seconds": 900}
Report = dict[str, Any]


def moment(seconds: float, start: datetime = START) -> str:
    """A moment so many seconds after the start, in ISO 8601."""
    return (start + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


def report(kind: str, targets: list[Report], start: datetime = START, seconds: float = 420, **more: Any) -> Report:
    """A report of these targets; it failed when one of them did."""
    reasons = [f"{target['target']}: {target['reason']}" for target in targets if target["reason"]]
    return {
        "kind": kind,
        "run": f"{kind}-sandbox-{REGION}-{start:%Y%m%dT%H%M%SZ}",
        "verdict": "failed" if reasons else "passed",
        "reason": "\n".join(reasons),
        "started": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "ended": moment(seconds, start),
        "target": "sandbox",
        "account_id": ACCOUNT,
        "region": REGION,
        "name_prefix": "proven-backup-dev",
        "backup_vault_name": "proven-backup-dev",
        "limits": LIMITS,
        "targets": targets,
        **more,
    }


def restored(name: str, start: datetime = START, scale: float = 1, size: float = 1) -> Report:
    """A target that came back; its phases take scale times as long as usual, and it is size times as large."""
    job, arn, bytes_ = "AB1E18FF-9EED-48E3-874B-A115E3C6D0D2", ARNS[name], int(SIZES[name] * size)
    point = f"arn:aws:backup:{REGION}:{ACCOUNT}:recovery-point:1eb3b5e7-9eb0-435a-a80b-108b488b0d45"
    ends = [moment(seconds * scale, start) for seconds in (0, 181, 181.4, 232, 391, 402, 418)]
    names = ("backup job", "alert", "copy", "restore", "check", "removal")
    return {
        "target": name,
        "resource_arn": arn,
        "resource_type": TYPES[name],
        "verdict": "passed",
        "reason": "",
        "links": [{"proof": proof, "result": "passed", "reason": ""} for proof in ("The recovery point is usable", "It was restored")]
        + [{"proof": "AWS Backup keeps the verdict", "result": "left out", "reason": "not for this type"}],
        "backup_job": {"backup_job_id": job, "state": "COMPLETED", "resource_arn": arn, "backup_size_in_bytes": bytes_},
        "recovery_point": {
            "recovery_point_arn": point,
            "resource_name": "proven-backup-dev",
            "resource_type": TYPES[name],
            "status": "COMPLETED",
            "storage_class": "WARM",
            "backup_size_in_bytes": bytes_,
            "backup_vault_name": "proven-backup-dev",
            "creation_date": ends[0],
            "calculated_lifecycle": {"delete_at": moment(86400, start)},
            "encryption_key_arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0c8d0d1e-06b9-4602-baa9-4163f0414bca",
            "is_encrypted": True,
        },
        "copy_job": {"copy_job_id": "5C2A7A55-1B7E-4D53-9F5B-0A6D3C1B2E11", "state": "COMPLETED"},
        "restore_job": {"restore_job_id": "D1F3E2A4-52B1-4C0F-8C8E-6B1B0F6B7C21", "status": "COMPLETED", "validation_status": "SUCCESSFUL"},
        "created_resource_arn": f"{arn}-restored",
        "checks": [
            {"name": "It is running", "result": "passed", "reason": ""},
            {"name": "The marker is there, byte for byte", "result": "passed", "reason": ""},
        ],
        "rpo_seconds": 231.0 * scale,
        "rto_seconds": 170.0 * scale,
        "grade": "read_back",
        "notification": {
            "record": "notification_delivery",
            "target": "slack",
            "target_type": "slack_webhook",
            "job_id": job,
            "http_status": 200,
            "outcome": "accepted",
            "log_stream_name": "2026/11/27/[$LATEST]f3f92eb2a44a4041a2bf27720a4236b4",
            "timestamp": ends[2],
        },
        "evidence": {},
        "message": message(name, job),
        "phases": [
            {"phase": phase, "start": began, "end": ended, "result": "passed"}
            for phase, began, ended in zip(names, ends[:-1], ends[1:], strict=True)
        ],
    }


def message(name: str, job: str) -> Report:
    """The Slack message of a job that completed."""
    fields = (
        (f"*Job ID*\n`{job}`"),
        "*Vault*\n`proven-backup-dev`",
        f"*Type*\n{TYPES[name]}",
        "*Ended*\n2026-11-27 19:24:10 UTC ",
    )
    console = f"<https://console.aws.amazon.com/backup/home?region={REGION}#/jobs/backup/details/{job}|Job in the console>"
    blocks = [
        {"type": "section", "fields": [{"type": "mrkdwn", "text": text} for text in fields]},
        {"type": "section", "text": {"type": "mrkdwn", "text": f"*Resource*\n`{ARNS[name]}`"}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": console}]},
    ]
    text = f"\u2705 *Backup completed*: {TYPES[name]} `proven-backup-dev` \u00b7 {REGION} \u00b7 account {ACCOUNT}"
    return {"ts": "1795807276.563424", "text": text, "attachments": [{"color": "2eb67d", "blocks": blocks}]}


def late(name: str, start: datetime = START) -> Report:
    """A target that came back as it was, but over its limits."""
    target = copy.deepcopy(restored(name, start, 6))
    reason = "RPO exceeded: it was old. RTO exceeded: it took long."
    limits = {"proof": "It came back soon enough", "result": "failed", "reason": reason, "detailed_by": "limits"}
    return {**target, "verdict": "failed", "reason": reason, "links": [*target["links"], limits]}


def unknown(name: str) -> Report:
    """A target that is not deployed, so that nothing was backed up or restored."""
    reason = f"there is no {name} with our tags: run playbooks/deploy.yml with it in drill_targets."
    link = {"proof": "The recovery point is usable", "result": "failed", "reason": reason}
    nothing: Report = {member: {} for member in ("recovery_point", "copy_job", "restore_job")} | {"checks": [], "phases": []}
    return {"target": name, "resource_arn": "", "verdict": "failed", "reason": reason, "links": [link], **nothing}


def lost(name: str, start: datetime = START) -> Report:
    """A target whose marker was not there after the restore."""
    target = copy.deepcopy(restored(name, start, 1.3))
    reason = "The marker is missing in what was restored: the item proven-canary is not in the table."
    target["checks"][1] |= {"result": "failed", "reason": reason}
    target["phases"][4]["result"] = "failed"
    link = {"proof": "It is what was backed up", "result": "failed", "reason": reason, "detailed_by": "checks"}
    return {**target, "verdict": "failed", "reason": reason, "links": [*target["links"], link]}


def history() -> list[Report]:
    """Twelve nights of restore tests, of which one failed, and the backup test of the last day; oldest first."""
    runs = []
    for night in range(12):
        start = START - timedelta(days=11 - night)
        scale, size = 1 + 0.12 * ((night * 7) % 5) - 0.1 * (night % 3), 1 + 0.06 * night
        targets = [restored(name, start, scale, size) for name in ("ec2", "s3")]
        targets.insert(1, lost("dynamodb", start) if night == 7 else restored("dynamodb", start, scale * 0.6, size))
        runs.append(report("test_restore", targets, start))
    return [*runs, report("test_backup", [backed_up(name) for name in ARNS], START - timedelta(hours=1), 190)]


def backed_up(name: str) -> Report:
    """A target of a backup test."""
    target = restored(name, START - timedelta(hours=1), 1, 1.6)
    for member in ("copy_job", "restore_job", "created_resource_arn", "checks", "rpo_seconds", "rto_seconds"):
        del target[member]
    return {**target, "phases": target["phases"][:2]}
