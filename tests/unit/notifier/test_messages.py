"""What the recorded payloads do not show: mentions, summaries, and that links can be left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from backup_notifier import document, facts, format, links, parse, teams
from backup_notifier.notification import Notification

INSTANCE = "arn:aws:ec2:us-west-2:123456789012:instance/i-{}"


def of_job(number: int, state: str, **known: Any) -> Notification:
    return Notification(
        text="",
        recognised=True,
        event_type="BACKUP_JOB",
        state=state,
        job_type="backup",
        job_id=f"job-{number}",
        region="us-west-2",
        resource_arn=INSTANCE.format(number),
        **known,
    )


@pytest.mark.parametrize("mention", ["<!here>", "<!subteam^S0123ABCD>"])
def test_mention_leads_the_text_that_rings_the_phone(mention: str) -> None:
    event = of_job(1, "FAILED")
    headline = "❌ *Backup failed*: EC2 instance `i-1` · us-west-2"
    assert format.message(event)["text"] == headline
    assert format.message(event, mention=mention)["text"] == f"{mention} {headline}"
    assert format.plain(event, mention)["text"].startswith(f"{mention} {headline}\n")
    assert format.summary([event], mention)["text"] == f"{mention} ❌ *1 AWS Backup event: 1 failed*"


def test_a_stack_is_called_by_its_name() -> None:
    stack = "arn:aws:cloudformation:us-west-2:123456789012:stack/shop/1f4b2c90-6a3e-11ee-8c99-0242ac120002"
    assert facts.headline(replace(of_job(1, "FAILED"), resource_arn=stack)) == "Backup failed: CloudFormation stack shop · us-west-2"


def test_links_can_be_left_out() -> None:
    event = of_job(1, "COMPLETED")
    assert "https://console" in str(format.message(event))
    assert "https://console" not in str(format.message(event, console_links=False))
    assert len(teams.card(event)["attachments"][0]["content"]["actions"]) == 2
    assert teams.card(event, console_links=False)["attachments"][0]["content"]["actions"] == []


def test_summary_tells_the_worst_first_and_each_once() -> None:
    events = [
        of_job(1, "COMPLETED"),
        of_job(2, "RUNNING"),
        of_job(3, "FAILED", reason="Table not found."),
        of_job(4, "COMPLETED", message_category="VSSFAILURE", reason="Windows VSS\nBackup attempt failed"),
        Notification(text="?", message_id="m-5"),
        of_job(6, "COMPLETED"),
    ]
    message = format.summary(events)
    assert message["text"] == "❌ *6 AWS Backup events: 1 failed, 1 with a warning, 1 unclear, 1 in progress, 2 succeeded*"
    assert message["attachments"][0]["color"] == "#e01e5a"
    lines = "\n".join(block["text"]["text"] for block in message["attachments"][0]["blocks"]).split("\n")
    assert lines == [
        "❌ Backup failed · EC2 instance `i-3` · `job-3` · Table not found.",
        "⚠️ Backup completed with issues · EC2 instance `i-4` · `job-4` · Windows VSS Backup attempt failed",
        "❓ Unrecognised message · `m-5`",
        "🔵 Backup started · EC2 instance `i-2` · `job-2`",
        "✅ Backup completed · EC2 instance `i-1` · `job-1`",
        "✅ Backup completed · EC2 instance `i-6` · `job-6`",
    ]


def test_summary_for_teams_says_the_same() -> None:
    events = [of_job(1, "COMPLETED"), of_job(3, "FAILED", reason="Table not found.")]
    container, *lines = teams.summary(events)["attachments"][0]["content"]["body"]
    assert (container["style"], container["items"][0]["inlines"][0]["text"]) == (
        "attention",
        "❌ 2 AWS Backup events: 1 failed, 1 succeeded",
    )
    assert [line["inlines"][0]["text"] for line in lines] == [
        "❌ Backup failed · EC2 instance i-3 · job-3 · Table not found.",
        "✅ Backup completed · EC2 instance i-1 · job-1",
    ]


def test_summary_for_programs_keeps_the_order_and_all_fields() -> None:
    events = [of_job(1, "COMPLETED"), of_job(3, "FAILED")]
    made = document.summary(events)
    assert (made["version"], made["kind"], made["count"]) == (1, "summary", 2)
    assert made["severities"] == {"failure": 1, "warning": 0, "unknown": 0, "progress": 0, "success": 1}
    alone = [document.document(event) for event in events]
    assert [{"version": 1, "kind": "notification", **each} for each in made["notifications"]] == alone


@pytest.mark.parametrize(
    ("partition", "host"),
    [
        ("aws", "console.aws.amazon.com"),
        ("aws-cn", "console.amazonaws.cn"),
        ("aws-us-gov", "console.amazonaws-us-gov.com"),
    ],
)
def test_links_of_each_public_partition(partition: str, host: str) -> None:
    event = Notification(
        text="",
        job_type="copy",
        job_id="1",
        region="r-1",
        partition=partition,
        vault_name="a/b",
        resource_arn=f"arn:{partition}:dynamodb:r-1:123456789012:table/orders",
    )
    assert links.console_links(event) == [
        ("Job in the console", f"https://{host}/backup/home?region=r-1#/jobs/copy/details/1"),
        ("Vault in the console", f"https://{host}/backup/home?region=r-1#/backupvaults/details/a%2Fb"),
        ("Resource in the console", f"https://{host}/dynamodbv2/home?region=r-1#table?name=orders"),
    ]


@pytest.mark.parametrize(
    ("resource", "resource_type", "label", "page"),
    [
        ("rds:us-west-2:1:cluster:docs", "DocumentDB", "DocumentDB cluster `docs`", "docdb/home?region=us-west-2#cluster-details/docs"),
        ("rds:us-west-2:1:cluster:g", "Neptune", "Neptune cluster `g`", "neptune/home?region=us-west-2#database:id=g;is-cluster=true"),
        ("rds:us-west-2:1:cluster:a", "Aurora", "Aurora cluster `a`", "rds/home?region=us-west-2#database:id=a;is-cluster=true"),
        ("rds:us-west-2:1:cluster:a", "", "database cluster `a`", "rds/home?region=us-west-2#database:id=a;is-cluster=true"),
        (
            "cloudformation:us-west-2:1:stack/shop/1f4b",
            "CloudFormation",
            "CloudFormation stack `shop`",
            "cloudformation/home?region=us-west-2#/stacks/stackinfo"
            "?stackId=arn%3Aaws%3Acloudformation%3Aus-west-2%3A1%3Astack%2Fshop%2F1f4b",
        ),
        (
            "redshift:us-west-2:1:cluster:dwh",
            "Redshift",
            "Redshift cluster `dwh`",
            "redshiftv2/home?region=us-west-2#cluster-details?cluster=dwh",
        ),
        (
            "timestream:us-west-2:1:database/iot/table/heat",
            "Timestream",
            "Timestream database `iot/table/heat`",
            "timestream/home?region=us-west-2#databases/iot",
        ),
        (
            "storagegateway:us-west-2:1:gateway/sgw-1/volume/vol-1",
            "Storage Gateway",
            "Storage Gateway volume `sgw-1/volume/vol-1`",
            "storagegateway/home?region=us-west-2#/gateways/sgw-1",
        ),
        ("fsx:us-west-2:1:file-system/fs-1", "FSx", "FSx file system `fs-1`", "fsx/home?region=us-west-2#file-system-details/fs-1"),
    ],
)
def test_a_resource_is_called_and_linked_as_its_service_does(resource: str, resource_type: str, label: str, page: str) -> None:
    event = Notification(text="", resource_arn=f"arn:aws:{resource}", resource_type=resource_type, region="us-west-2")
    assert label in format.headline(event)
    assert links.console_links(event) == [("Resource in the console", f"https://console.aws.amazon.com/{page}")]


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-west-2", "aws"),
        ("mx-central-1", "aws"),
        ("us-gov-east-1", "aws-us-gov"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eusc-de-east-1", "aws-eusc"),
        ("moon-east-1", ""),
    ],
)
def test_only_known_partitions_have_links(region: str, partition: str) -> None:
    event = {"source": "aws.backup", "detail-type": "Backup Job State Change", "region": region, "detail": {"backupJobId": "1"}}
    (notification,) = parse.notifications(event)
    assert notification.partition == partition
    assert bool(links.console_links(notification)) is (partition in ("aws", "aws-us-gov"))


def test_a_partition_without_a_public_console_has_no_links() -> None:
    event = Notification(text="", job_type="backup", job_id="1", region="us-iso-east-1", partition="aws-iso", vault_name="v")
    assert links.console_links(event) == []
