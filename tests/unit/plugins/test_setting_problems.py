"""The filter setting_problems."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest
import yaml
from ansible_collections.proven.aws_backup.plugins.filter.setting_problems import FilterModule
from ansible_collections.proven.aws_backup.plugins.filter.wanted_targets import FilterModule as WantedTargets
from ansible_collections.proven.aws_backup.plugins.module_utils.drill_targets import (
    ARNS,
    LONGEST_DATABASE_NAME,
    RESTORED,
    RESTORED_SUFFIX,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_testing_settings import EXPECTATIONS
from jinja2 import Environment
from restore_validator.settings import KNOWN_OF_AN_EXPECTATION

from tests.conftest import ROOT

setting_problems = FilterModule().filters()["setting_problems"]
wanted_targets = WantedTargets().filters()["wanted_targets"]


def test_the_defaults_are_right() -> None:
    defaults = yaml.safe_load((ROOT / "playbooks" / "group_vars" / "all.yml").read_text(encoding="utf-8"))
    names = (
        "drill_resource_arns",
        "drill_targets",
        "extra_tags",
        "notifier_routes",
        "notifier_vault_events",
        "restore_metadata_overrides",
        "restore_testing_expectations",
        "restore_testing_metadata_overrides",
        "restore_testing_schedule_expression",
        "restore_testing_schedule_timezone",
        "restore_testing_selection_window_days",
        "restore_testing_start_window_hours",
        "restore_testing_validation_window_hours",
        "vault_completion_window_minutes",
        "vault_delete_after_days",
        "vault_schedule_expression",
        "vault_start_window_minutes",
    )
    assert setting_problems({name: defaults[name] for name in names}) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vault_delete_after_days", "7"),
        ("vault_delete_after_days", -1),
        ("vault_start_window_minutes", "60"),
        ("vault_schedule_expression", "cron(0 5 ? * MON-FRI *)"),
        ("vault_schedule_expression", "cron(0  5 1,15 * ? 2026)"),
        ("notifier_vault_events", "BACKUP_JOB_STARTED, BACKUP_JOB_COMPLETED"),
        ("notifier_vault_events", ["BACKUP_JOB_FAILED"]),
        ("notifier_routes", "eventbridge"),
        ("drill_targets", "ec2, s3"),
        ("drill_targets", "all"),
        ("drill_targets", ["rds_mysql"]),
        ("drill_resource_arns", {"s3": "arn:aws:s3:::my.bucket", "ec2": "arn:aws-cn:ec2:cn-north-1:123456789012:instance/i-0a"}),
        ("restore_metadata_overrides", {"ec2": {"InstanceType": "t3.small", "KeyName": None}, "ebs": {"availabilityZone": "us-west-2b"}}),
        ("restore_testing_schedule_expression", "rate(12 hours)"),
        ("restore_testing_schedule_timezone", "Europe/Berlin"),
        ("restore_testing_start_window_hours", "168"),
        ("restore_testing_validation_window_hours", 0),
        ("restore_testing_metadata_overrides", {"rds_mysql": {"DBInstanceClass": "db.t4g.micro", "VpcSecurityGroupIds": ["sg-1"]}}),
        (
            "restore_testing_expectations",
            {
                "arn:aws:s3:::my-bucket": {"objects": {"canary.txt": None}},
                "arn:aws:dynamodb:us-west-2:123456789012:table/My.table": {"items": [{"id": "1"}], "may_be_empty": False, "canary": False},
            },
        ),
        ("extra_tags", {"CostCenter": 4711, "Billed": True, "Empty": ""}),
    ],
)
def test_what_is_right(name: str, value: Any) -> None:
    assert setting_problems({name: value}) == []


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("drill_targets", [], "the list is empty; known are ec2, ebs, rds, rds_mysql, aurora, dynamodb, efs, s3, all"),
        ("drill_targets", "ec2,fsx", "'fsx' is not known; known are ec2,"),
        ("drill_targets", {"ec2": True}, "{'ec2': True} is no list"),
        ("drill_resource_arns", ["arn:aws:s3:::mine"], "['arn:aws:s3:::mine'] is no dictionary of targets and ARNs"),
        ("drill_resource_arns", {"fsx": "arn:aws:s3:::mine"}, "'fsx' is not known; known are ec2,"),
        (
            "drill_resource_arns",
            {"aurora": "arn:aws:s3:::mine"},
            "'arn:aws:s3:::mine' is no ARN of the target aurora, such as arn:aws:rds:",
        ),
        ("vault_delete_after_days", "a week", "'a week' is no whole number from 1 to 36500, nor -1 (for ever)"),
        ("vault_delete_after_days", 0, "0 is no whole number"),
        ("vault_delete_after_days", 1.5, "1.5 is no whole number"),
        ("vault_delete_after_days", True, "True is no whole number"),
        ("vault_delete_after_days", None, "None is no whole number"),
        ("vault_start_window_minutes", 59, "59 is no whole number from 60 to 52560000 (in minutes)"),
        ("vault_schedule_expression", "hourly", "'hourly' is no cron expression of six fields, such as cron(0 5 * * ? *)"),
        ("vault_schedule_expression", "rate(1 hour)", "'rate(1 hour)' is no cron expression"),
        ("vault_schedule_expression", "cron(0 5 * * ?)", "'cron(0 5 * * ?)' is no cron expression"),
        ("vault_schedule_expression", "cron(0 5 * * * *)", "'cron(0 5 * * * *)' must have ? as either the day of the month"),
        ("vault_schedule_expression", ["cron(0 5 * * ? *)"], "['cron(0 5 * * ? *)'] is no cron expression"),
        ("notifier_vault_events", ["BACKUP_JOB_DONE"], "'BACKUP_JOB_DONE' is not known; known are ACCESS_POINT_AVAILABLE, "),
        ("notifier_vault_events", [], "the list is empty; known are"),
        ("notifier_vault_events", [["BACKUP_JOB_STARTED"]], "['BACKUP_JOB_STARTED'] is not known"),
        ("notifier_vault_events", {"BACKUP_JOB_STARTED": True}, "{'BACKUP_JOB_STARTED': True} is no list"),
        ("restore_metadata_overrides", '{"ec2": {}}', "'{\"ec2\": {}}' is no dictionary of targets and their metadata"),
        ("restore_metadata_overrides", {"fsx": {}}, "'fsx' is not known; known are ec2,"),
        (
            "restore_metadata_overrides",
            {"ec2": "t3.small"},
            "'t3.small' of ec2 is no dictionary of metadata, such as {InstanceType: t3.small}",
        ),
        ("restore_metadata_overrides", {"s3": {"NewBucket": False}}, "'NewBucket' of s3 is decided by the proof itself"),
        (
            "restore_metadata_overrides",
            {"dynamodb": {"TargetTableName": "a"}},
            "'TargetTableName' of dynamodb is decided by the proof itself",
        ),
        ("notifier_routes", ["sqs"], "'sqs' is not known; known are sns, eventbridge"),
        ("restore_testing_plan_name", "my-plan", "'my-plan' is not 1 to 50 letters, digits or underscores"),
        (
            "restore_testing_schedule_expression",
            "rate(1 days)",
            "'rate(1 days)' is no cron expression of six fields, such as cron(0 5 * * ? *)",
        ),
        ("restore_testing_schedule_expression", "cron(0 3 * * SUN *)", "'cron(0 3 * * SUN *)' must have ? as either the day of the month"),
        ("restore_testing_schedule_timezone", "Berlin", "'Berlin' is no time zone, such as Etc/UTC or Europe/Berlin"),
        ("restore_testing_start_window_hours", 0, "0 is no whole number from 1 to 168 (in hours)"),
        ("restore_testing_selection_window_days", "366", "'366' is no whole number from 1 to 365 (in days)"),
        ("restore_testing_validation_window_hours", -1, "-1 is no whole number from 0 to 168 (in hours)"),
        ("restore_testing_metadata_overrides", ["rds"], "['rds'] is no dictionary of targets and their metadata"),
        ("restore_testing_metadata_overrides", {"mysql": {}}, "'mysql' is not known; known are ec2, ebs, rds, rds_mysql,"),
        ("restore_testing_metadata_overrides", {"rds": "small"}, "'small' of rds is no dictionary of metadata"),
        ("restore_testing_expectations", "canary", "'canary' is no dictionary of ARNs and what is expected"),
        ("restore_testing_expectations", {"s3": {}}, "'s3' is no ARN of a table or bucket, such as arn:aws:dynamodb:"),
        ("restore_testing_expectations", {"arn:aws:s3:::b": []}, "what is expected of arn:aws:s3:::b is no dictionary of may_be_empty,"),
        (
            "restore_testing_expectations",
            {"arn:aws:s3:::b": {"keys": []}},
            "'keys' of arn:aws:s3:::b is not known; known are may_be_empty,",
        ),
        ("restore_testing_expectations", {"arn:aws:s3:::b": {"objects": ["a"]}}, "objects of arn:aws:s3:::b is ['a'], no dict"),
        ("extra_tags", ["Team"], "['Team'] is no dictionary of keys and values"),
        ("extra_tags", "Team=db", "'Team=db' is no dictionary"),
        ("extra_tags", {"aws:Team": "db"}, "'aws:Team' is no key of 1 to 128 characters that does not start with aws:"),
        ("extra_tags", {7: "db"}, "7 is no key"),
        ("extra_tags", {"Team": ["db"]}, "the value of 'Team' is no text of at most 256 characters"),
        ("extra_tags", {f"key{number}": "" for number in range(41)}, "41 tags are too many; 40 fit beside the stage's own"),
    ],
)
def test_one_line_that_names_the_setting(name: str, value: Any, problem: str) -> None:
    (line,) = setting_problems({name: value})
    assert line.startswith(f"{name}: {problem}")
    assert "\n" not in line


def test_the_completion_window_follows_the_start_window() -> None:
    windows = {"vault_start_window_minutes": "120", "vault_completion_window_minutes": 120}
    assert setting_problems(windows) == [
        "vault_completion_window_minutes: 120 is no whole number from 121 to 52560000 (more than the start window, in minutes)"
    ]


def test_every_problem_is_told() -> None:
    assert len(setting_problems({"vault_delete_after_days": 0, "extra_tags": [], "notifier_routes": ["a", "b"]})) == 4


def test_resources_elsewhere() -> None:
    arns = {
        "rds": "arn:aws:rds:eu-west-1:123456789012:db:mine",
        "s3": "arn:aws:s3:::mine",
        "ebs": "arn:aws:ec2:us-west-2:111122223333:volume/v",
    }
    problems = setting_problems({"drill_resource_arns": arns, "region": "us-west-2", "account_id": "123456789012"})
    assert problems == [
        "drill_resource_arns: arn:aws:rds:eu-west-1:123456789012:db:mine is in eu-west-1, but the Region is us-west-2;"
        " AWS Backup works inside one Region",
        "drill_resource_arns: arn:aws:ec2:us-west-2:111122223333:volume/v is in the account 111122223333, not in 123456789012",
    ]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("s3,ec2", ["ec2", "s3"]), (["efs", "efs"], ["efs"]), ("fsx", []), (["all"], list(ARNS)), ("all", list(ARNS)), (None, [])],
)
def test_the_targets_that_are_wanted(value: Any, wanted: list[str]) -> None:
    assert wanted_targets(value) == wanted


@pytest.mark.parametrize(
    ("name_prefix", "targets", "problem"),
    [
        ("Proven_Backup-dev", "all", ""),
        ("1st-dev", "ec2,dynamodb,s3", ""),
        (
            "1st-dev",
            "rds,ec2",
            "name_prefix: '1st-dev' cannot begin the names of rds: RDS takes a letter first, and no two hyphens in a row.",
        ),
        ("my--dev", "aurora", "name_prefix: 'my--dev' cannot begin the names of aurora: RDS takes a letter first"),
        ("_dev", "s3", "name_prefix: '_dev' cannot begin the name of a bucket in ap-southeast-1"),
        ("a" * 39, "ec2,rds,rds_mysql,aurora", ""),
        ("a" * 40, "aurora", f"name_prefix: '{'a' * 40}' is too long for a restored aurora, whose name leaves it 39 characters."),
        (
            "a" * 39,
            "s3",
            f"name_prefix: '{'a' * 39}' cannot begin the name of a bucket in ap-southeast-1: S3 takes 63 characters, of which 28",
        ),
    ],
)
def test_what_can_begin_the_names(name_prefix: str, targets: str, problem: str) -> None:
    problems = setting_problems({"name_prefix": name_prefix, "drill_targets": targets, "region": "ap-southeast-1"})
    assert (problems == []) if not problem else problems[0].startswith(problem)


def test_what_can_begin_the_names_can_begin_those_of_what_is_restored() -> None:
    """With the longest prefix that roles can have: the names of databases end at 63."""
    place = yaml.safe_load((ROOT / "roles" / "restore" / "vars" / "main" / "place.yml").read_text(encoding="utf-8"))
    suffix = "f" * int(re.findall(r"truncate\((\d+)", place["__restore_suffix"])[0])
    assert len(suffix) == RESTORED_SUFFIX
    given = {"restore_name_prefix": f"{'a' * 39}-restored-", "__restore_suffix": suffix}
    names = ast.literal_eval(Environment().from_string(place["__restore_names"]).render(given))
    assert list(names) == list(ARNS)
    for target, middle in RESTORED.items():
        assert names[target] == f"{'a' * 39}{middle}{suffix}"
    assert max(len(names[target]) for target in (*RESTORED, "s3")) <= LONGEST_DATABASE_NAME
    assert "_" not in "".join(names.values())


def test_what_may_be_expected_is_what_the_validator_knows() -> None:
    assert set(EXPECTATIONS) == KNOWN_OF_AN_EXPECTATION
