"""Every answer of the sandbox's AWS Backup against botocore's model of the service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.model import OperationModel, Shape
from sandbox import backup as sandbox_backup
from sandbox.backup.on_demand.order import KINDS
from sandbox.backup.registry import handlers

SCALARS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "timestamp": (int, float),
}
UNMODELLED = {"AccessDeniedException"}


def violations(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """Where a value from the wire is not what the model says."""
    if shape.type_name == "structure":
        members = {member.serialization.get("name", name): member for name, member in shape.members.items()}
        yield from (f"{path}.{name} is not in the model" for name in sorted(set(value) - set(members)))
        yield from (f"{path}.{name} is missing" for name in sorted(set(shape.required_members) - set(value)))
        for name in set(value) & set(members):
            yield from violations(members[name], value[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for index, item in enumerate(value):
            yield from violations(shape.member, item, f"{path}[{index}]")
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from violations(shape.value, item, f"{path}[{key}]")
    else:
        if type(value) not in SCALARS[shape.type_name]:
            yield f"{path} is {value!r}, not a {shape.type_name}"
        if getattr(shape, "enum", None) and value not in shape.enum:
            yield f"{path} is {value!r}, not one of {shape.enum}"


def error_violations(model: OperationModel, answer: Any, parsed: dict[str, Any]) -> Iterator[str]:
    """Where an error is not what the model says."""
    code = parsed["Error"]["Code"]
    known = {shape.name: shape for shape in model.error_shapes}
    if code in UNMODELLED:
        return
    if code not in known:
        yield f"{model.name} never answers {code}"
        return
    body = json.loads(answer.content)
    if body.pop("__type") != answer.headers["x-amzn-ErrorType"]:
        yield f"{model.name}: body and header name different errors"
    yield from violations(known[code], body, f"{model.name}.{code}")


class Watch:
    """Checks every answer a client gets."""

    def __init__(self, client: Any) -> None:
        self.answered: set[str] = set()
        self.failed: set[str] = set()
        self.found: list[str] = []
        client.meta.events.register("after-call.backup", self._check)

    def _check(self, http_response: Any, parsed: dict[str, Any], model: OperationModel, **_: Any) -> None:
        if http_response.status_code >= 400:
            self.failed.add(model.name)
            self.found += error_violations(model, http_response, parsed)
            return
        self.answered.add(model.name)
        if http_response.status_code != model.http.get("responseCode", 200):
            self.found.append(f"{model.name} answers {http_response.status_code}")
        if model.output_shape is not None:
            self.found += violations(model.output_shape, json.loads(http_response.content), model.name)


@pytest.fixture
def watch(world: Any) -> Watch:
    """A watch over the world's client."""
    return Watch(world.backup)


def use_plans(world: Any) -> None:
    """Call every operation of plans, selections and report plans."""
    backup = world.backup
    lifecycle = {"DeleteAfterDays": 1, "MoveToColdStorageAfterDays": -1, "OptInToArchiveForSupportedResources": False}
    copy = {"DestinationBackupVaultArn": world.vault_arn, "Lifecycle": {"DeleteAfterDays": 2}}
    rule = {
        "RuleName": "r",
        "TargetBackupVaultName": "vault",
        "Lifecycle": lifecycle,
        "CopyActions": [copy],
        "RecoveryPointTags": {"a": "b"},
    }
    settings = [{"ResourceType": "EC2", "BackupOptions": {"WindowsVSS": "enabled"}}]
    document = {"BackupPlanName": "p", "Rules": [rule], "AdvancedBackupSettings": settings}
    plan = {"BackupPlanId": backup.create_backup_plan(BackupPlan=document)["BackupPlanId"]}
    backup.update_backup_plan(**plan, BackupPlan={**document, "Rules": [rule, {**rule, "RuleName": "s"}]})
    condition = {"ConditionType": "STRINGEQUALS", "ConditionKey": "k", "ConditionValue": "v"}
    conditions = {"StringEquals": [{"ConditionKey": "aws:ResourceTag/k", "ConditionValue": "v"}]}
    chosen = {"SelectionName": "s", "IamRoleArn": world.role_arn, "Resources": ["*"], "ListOfTags": [condition], "Conditions": conditions}
    selection = {**plan, "SelectionId": backup.create_backup_selection(**plan, BackupSelection=chosen)["SelectionId"]}
    for read, parameters in (
        (backup.get_backup_plan, plan),
        (backup.list_backup_plans, {}),
        (backup.list_backup_plan_versions, plan),
        (backup.get_backup_selection, selection),
        (backup.list_backup_selections, plan),
        (backup.delete_backup_selection, selection),
        (backup.delete_backup_plan, plan),
    ):
        read(**parameters)
    backup.list_backup_plans(IncludeDeleted=True)
    report = {"ReportDeliveryChannel": {"S3BucketName": "b", "Formats": ["CSV"]}, "ReportSetting": {"ReportTemplate": "BACKUP_JOB_REPORT"}}
    backup.create_report_plan(ReportPlanName="report", **report)
    backup.describe_report_plan(ReportPlanName="report")
    backup.list_report_plans()
    backup.delete_report_plan(ReportPlanName="report")


def use_vault_settings(world: Any) -> None:
    """Call every operation of a vault's settings."""
    backup, vault = world.backup, {"BackupVaultName": "vault"}
    topic = world.sandbox.client("sns").create_topic(Name="topic")["TopicArn"]
    backup.put_backup_vault_notifications(**vault, SNSTopicArn=topic, BackupVaultEvents=["BACKUP_JOB_COMPLETED"])
    backup.get_backup_vault_notifications(**vault)
    backup.delete_backup_vault_notifications(**vault)
    policy = {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "backup:StartRestoreJob", "Resource": "*"}]}
    backup.put_backup_vault_access_policy(**vault, Policy=json.dumps(policy))
    backup.get_backup_vault_access_policy(**vault)
    backup.delete_backup_vault_access_policy(**vault)
    backup.put_backup_vault_lock_configuration(**vault, MinRetentionDays=1, MaxRetentionDays=9, ChangeableForDays=3)
    backup.describe_backup_vault(**vault)
    backup.list_backup_vaults()
    backup.delete_backup_vault_lock_configuration(**vault)
    backup.tag_resource(ResourceArn=world.vault_arn, Tags={"a": "b"})
    backup.list_tags(ResourceArn=world.vault_arn)
    backup.untag_resource(ResourceArn=world.vault_arn, TagKeyList=["a"])


def use_jobs(world: Any) -> None:
    """Call every operation of jobs and recovery points, and delete the vault."""
    backup = world.backup
    job = world.finished(Lifecycle={"DeleteAfterDays": 1}, RecoveryPointTags={"a": "b"})
    world.finished(ResourceArn=world.sandbox.client("efs").create_file_system(CreationToken="fs")["FileSystemArn"])
    world.finished(ResourceArn=world.new_instance(Name="web"), BackupOptions={"WindowsVSS": "enabled"})
    world.set_outcome(hold=True)
    held = world.start()
    world.wait(held, "RUNNING")
    backup.list_backup_jobs()
    world.points()
    backup.stop_backup_job(BackupJobId=held)
    world.wait(held)
    point = {"BackupVaultName": "vault", "RecoveryPointArn": job["RecoveryPointArn"]}
    backup.describe_recovery_point(**point)
    backup.get_recovery_point_restore_metadata(**point)
    backup.update_recovery_point_lifecycle(**point, Lifecycle={"DeleteAfterDays": 2})
    backup.list_recovery_points_by_resource(ResourceArn=world.table_arn)
    backup.describe_protected_resource(ResourceArn=world.table_arn)
    backup.list_protected_resources()
    backup.list_protected_resources_by_backup_vault(BackupVaultName="vault")
    for known in world.points():
        backup.delete_recovery_point(BackupVaultName="vault", RecoveryPointArn=known["RecoveryPointArn"])
    world.wait_for(world.points, lambda points: not points)
    backup.delete_backup_vault(BackupVaultName="vault")
    backup.create_backup_vault(BackupVaultName="vault")


def use_special_points(world: Any) -> None:
    """Call every operation of legal holds, of composite and continuous points and of logically air-gapped vaults."""
    backup, vault = world.backup, {"BackupVaultName": "vault"}

    def load(**order: Any) -> list[str]:
        arns: list[str] = world.sandbox.control("POST", "/backup/recovery-points", {"backup_vault_name": "vault", **order})[
            "recovery_point_arns"
        ]
        return arns

    _, nested, _ = load(composite=True, nested=2, backup_plan_id="plan")
    backup.disassociate_recovery_point_from_parent(**vault, RecoveryPointArn=nested)
    backup.disassociate_recovery_point(**vault, RecoveryPointArn=load(continuous=True, resource_type="S3")[0])
    dates = {"FromDate": 1.0, "ToDate": 2.5}
    selection = {"VaultNames": ["vault"], "ResourceIdentifiers": ["EBS"], "DateRange": dates}
    hold = backup.create_legal_hold(Title="t", Description="d", RecoveryPointSelection=selection)["LegalHoldId"]
    everything = backup.create_legal_hold(Title="t", Description="d")["LegalHoldId"]
    backup.list_recovery_points_by_legal_hold(LegalHoldId=everything)
    backup.cancel_legal_hold(LegalHoldId=hold, CancelDescription="c", RetainRecordInDays=1)
    backup.get_legal_hold(LegalHoldId=hold)
    backup.list_legal_holds()
    backup.create_logically_air_gapped_backup_vault(BackupVaultName="gapped", MinRetentionDays=7, MaxRetentionDays=8)
    backup.describe_backup_vault(BackupVaultName="gapped")
    backup.list_backup_vaults()
    world.points()


def use_account(world: Any) -> None:
    """Call every operation of the account."""
    backup = world.backup
    backup.get_supported_resource_types()
    backup.update_region_settings(ResourceTypeOptInPreference={"EC2": True}, ResourceTypeManagementPreference={"DynamoDB": True})
    backup.describe_region_settings()
    backup.describe_global_settings()


def use_restore_testing(world: Any) -> None:
    """Call every operation of restore testing."""
    backup = world.backup
    choice = {"Algorithm": "RANDOM_WITHIN_WINDOW", "IncludeVaults": [world.vault_arn]}
    plan = {"RestoreTestingPlanName": "p", "ScheduleExpression": "rate(1 day)", "RecoveryPointSelection": choice}
    backup.create_restore_testing_plan(RestoreTestingPlan=plan, Tags={"a": "b"}, CreatorRequestId="r")
    backup.update_restore_testing_plan(RestoreTestingPlanName="p", RestoreTestingPlan={"StartWindowHours": 1})
    backup.get_restore_testing_plan(RestoreTestingPlanName="p")
    backup.list_restore_testing_plans()
    selection = {"RestoreTestingSelectionName": "s", "ProtectedResourceType": "DynamoDB", "IamRoleArn": world.role_arn}
    selection["ProtectedResourceConditions"] = {"StringEquals": [{"Key": "aws:ResourceTag/a", "Value": "b"}]}
    backup.create_restore_testing_selection(RestoreTestingPlanName="p", RestoreTestingSelection=selection)
    named = {"RestoreTestingPlanName": "p", "RestoreTestingSelectionName": "s"}
    backup.update_restore_testing_selection(**named, RestoreTestingSelection={"ValidationWindowHours": 1})
    backup.get_restore_testing_selection(**named)
    backup.list_restore_testing_selections(RestoreTestingPlanName="p")
    backup.delete_restore_testing_selection(**named)
    backup.delete_restore_testing_plan(RestoreTestingPlanName="p")
    order = {"backup_vault_name": "vault", "resource_type": "DynamoDB"}
    (point,) = world.sandbox.control("POST", "/backup/recovery-points", order)["recovery_point_arns"]
    backup.get_restore_testing_inferred_metadata(BackupVaultName="vault", RecoveryPointArn=point)


def use_other_jobs(world: Any) -> None:
    """Call every operation of copy and restore jobs, in every state."""
    backup = world.backup
    _start_copy(world)
    _start_restore(world)
    for kind, read in (("copy_job", _read_copy), ("restore_job", _read_restore)):
        for state in KINDS[kind]:
            order = {"kind": kind, "state": state, "region": "us-west-2", "parent_job_id": "p", "restore_testing_plan_arn": "arn:plan"}
            for job_id in world.sandbox.control("POST", "/backup/events", order)["job_ids"]:
                read(backup, job_id)
    for state in KINDS["backup_job"]:
        order = {"kind": "backup_job", "state": state, "region": "us-west-2", "vault": "missing", "parent_job_id": "p"}
        for job_id in world.sandbox.control("POST", "/backup/events", order)["job_ids"]:
            backup.describe_backup_job(BackupJobId=job_id)
    backup.list_backup_jobs(ByParentJobId="p")
    backup.list_copy_jobs()
    backup.list_restore_jobs()


def _start_restore(world: Any) -> None:
    backup = world.backup
    world.sandbox.let_restore("service")
    world.set_outcome()
    point = world.finished()["RecoveryPointArn"]
    started = backup.start_restore_job(
        RecoveryPointArn=point,
        Metadata={"targetTableName": "copy"},
        IamRoleArn=world.role_arn,
        ResourceType="DynamoDB",
        CopySourceTagsToRestoredResource=True,
    )["RestoreJobId"]
    world.wait_for(lambda: backup.describe_restore_job(RestoreJobId=started), lambda job: job["Status"] == "COMPLETED")
    backup.put_restore_validation_result(RestoreJobId=started, ValidationStatus="SUCCESSFUL", ValidationStatusMessage="m")
    backup.list_restore_jobs_by_protected_resource(ResourceArn=world.table_arn)


def _start_copy(world: Any) -> None:
    body = {"backup_vault_name": "vault", "resource_type": "EFS"}
    (arn,) = world.sandbox.control("POST", "/backup/recovery-points", body)["recovery_point_arns"]
    started = world.backup.start_copy_job(
        RecoveryPointArn=arn,
        SourceBackupVaultName="vault",
        DestinationBackupVaultArn=world.vault_arn,
        IamRoleArn=world.role_arn,
        Lifecycle={"DeleteAfterDays": 1},
    )
    described = world.wait_for(
        lambda: world.backup.describe_copy_job(CopyJobId=started["CopyJobId"])["CopyJob"], lambda job: job["State"] == "COMPLETED"
    )
    copy = {"BackupVaultName": "vault", "RecoveryPointArn": described["DestinationRecoveryPointArn"]}
    assert world.backup.describe_recovery_point(**copy)["SourceBackupVaultArn"] == world.vault_arn


def _read_copy(backup: Any, job_id: str) -> None:
    backup.describe_copy_job(CopyJobId=job_id)


def _read_restore(backup: Any, job_id: str) -> None:
    backup.describe_restore_job(RestoreJobId=job_id)


def test_every_answer_is_what_the_model_says(world: Any, watch: Watch) -> None:
    for name in sandbox_backup.OPERATIONS:
        import_module(f"sandbox.backup.{name}")
    for use in (use_plans, use_vault_settings, use_jobs, use_special_points, use_restore_testing, use_account, use_other_jobs):
        use(world)
    assert watch.found == []
    assert watch.answered == set(handlers)


MISSING = "arn:aws:backup:us-west-2:123456789012:recovery-point:missing"
OF_NOTHING: dict[str, Any] = {
    "BackupVaultName": "missing",
    "RecoveryPointArn": MISSING,
    "ResourceArn": MISSING,
    "BackupJobId": "missing",
    "CopyJobId": "missing",
    "SourceBackupVaultName": "missing",
    "DestinationBackupVaultArn": "missing",
    "RestoreJobId": "missing",
    "ByAccountId": "000000000000",
    "LegalHoldId": "missing",
    "CancelDescription": "c",
    "Title": "t",
    "Description": "d",
    "MinRetentionDays": 1,
    "MaxRetentionDays": 1,
    "BackupPlanId": "missing",
    "SelectionId": "missing",
    "ReportPlanName": "missing",
    "IamRoleArn": "missing",
    "SNSTopicArn": "missing",
    "BackupVaultEvents": ["missing"],
    "TagKeyList": ["missing"],
    "Tags": {"aws:a": "b"},
    "BackupPlan": {"BackupPlanName": "p", "Rules": []},
    "BackupSelection": {"SelectionName": "s", "IamRoleArn": "missing"},
    "ReportDeliveryChannel": {"S3BucketName": "b"},
    "ReportSetting": {"ReportTemplate": "t"},
    "RestoreTestingPlanName": "missing",
    "RestoreTestingSelectionName": "missing",
    "RestoreTestingPlan": {},
    "RestoreTestingSelection": {},
    "Metadata": {"a": "b"},
    "ValidationStatus": "SUCCESSFUL",
    "ByStatus": "missing",
    "MaxResults": 1001,
}
"""Members of inputs, with values that belong to nothing or are wrong."""

CREATIONS = ("CreateBackupVault", "CreateReportPlan", "CreateRestoreTestingPlan", "CreateRestoreTestingSelection")


def ask_for_nothing(world: Any) -> None:
    """Call every operation that creates nothing, about what does not exist."""
    model = world.backup.meta.service_model
    for method, operation in world.backup.meta.method_to_api_mapping.items():
        if operation in handlers and operation not in CREATIONS:
            members = model.operation_model(operation).input_shape
            given = {name: OF_NOTHING[name] for name in (members.members if members else {}) if name in OF_NOTHING}
            try:
                getattr(world.backup, method)(**given)
            except ClientError:
                continue


def create_wrongly(world: Any) -> None:
    """Create what cannot be."""
    plan = {"RestoreTestingPlanName": "p", "ScheduleExpression": "never", "RecoveryPointSelection": {"IncludeVaults": ["*"]}}
    selection = {"RestoreTestingSelectionName": "s", "ProtectedResourceType": "EC2", "IamRoleArn": "x"}
    for call, given in (
        (world.backup.create_backup_vault, {"BackupVaultName": "vault"}),
        (world.backup.start_backup_job, {"BackupVaultName": "vault", "ResourceArn": "x", "IamRoleArn": "x"}),
        (world.backup.create_restore_testing_plan, {"RestoreTestingPlan": plan}),
        (world.backup.create_restore_testing_selection, {"RestoreTestingPlanName": "missing", "RestoreTestingSelection": selection}),
    ):
        with pytest.raises(ClientError):
            call(**given)


def test_every_error_is_what_the_model_says(world: Any, watch: Watch) -> None:
    ask_for_nothing(world)
    create_wrongly(world)
    assert watch.found == []
    assert len(watch.failed) > 40
