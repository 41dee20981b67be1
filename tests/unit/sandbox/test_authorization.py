"""Functions may do what their roles' policies allow, and nothing else."""

from __future__ import annotations

import json
import timeit
from typing import Any

import pytest
from sandbox.authorization import callers, refusal
from sandbox.resource_policy import role_allows, role_denies

ROLE = "caller"
SESSION = f"arn:aws:sts::123456789012:assumed-role/{ROLE}/fn"
SCOPE = "us-west-2:123456789012"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
CALLER = """
import boto3
from botocore.exceptions import ClientError
def handler(calls, context):
    return [attempt(*call) for call in calls]
def attempt(service, method, parameters):
    try:
        getattr(boto3.client(service), method)(**parameters)
    except ClientError as error:
        return [error.response["Error"]["Code"], error.response["Error"]["Message"]]
"""
TABLE = f"arn:aws:dynamodb:{SCOPE}:table/known"
KEY = {"pk": {"S": "a"}}
ITEM = {"TableName": "known", "Key": KEY}
QUERY = {"TableName": "known", "KeyConditionExpression": "pk = :a", "ExpressionAttributeValues": {":a": {"S": "a"}}}
PUT = {"Put": {"TableName": "known", "Item": {"pk": {"S": "b"}}}}
QUEUE = "{endpoint}/123456789012/letters"
# Service, method, parameters; action, and the resource of the only statement that allows it.
CALLS: list[tuple[str, str, dict[str, Any], str, str]] = [
    (
        "ssm",
        "get_parameter",
        {"Name": "/notifier/slack", "WithDecryption": True},
        "ssm:GetParameter",
        f"arn:aws:ssm:{SCOPE}:parameter/notifier/*",
    ),
    (
        "secretsmanager",
        "get_secret_value",
        {"SecretId": "teams"},
        "secretsmanager:GetSecretValue",
        f"arn:aws:secretsmanager:{SCOPE}:secret:teams-??????",
    ),
    ("dynamodb", "get_item", ITEM, "dynamodb:GetItem", TABLE),
    ("dynamodb", "put_item", {"TableName": "known", "Item": KEY}, "dynamodb:PutItem", TABLE),
    ("dynamodb", "update_item", {**ITEM, "UpdateExpression": "REMOVE n"}, "dynamodb:UpdateItem", TABLE),
    ("dynamodb", "delete_item", ITEM, "dynamodb:DeleteItem", TABLE),
    ("dynamodb", "query", QUERY, "dynamodb:Query", TABLE),
    ("dynamodb", "transact_write_items", {"TransactItems": [PUT]}, "dynamodb:PutItem", TABLE),
    ("sqs", "send_message", {"QueueUrl": QUEUE, "MessageBody": "x"}, "sqs:SendMessage", f"arn:aws:sqs:{SCOPE}:letters"),
    ("sns", "publish", {"TopicArn": f"arn:aws:sns:{SCOPE}:news", "Message": "x"}, "sns:Publish", f"arn:aws:sns:{SCOPE}:news"),
    ("backup", "describe_backup_job", {"BackupJobId": "1"}, "backup:DescribeBackupJob", "*"),
    ("backup", "describe_copy_job", {"CopyJobId": "1"}, "backup:DescribeCopyJob", "*"),
    ("backup", "describe_restore_job", {"RestoreJobId": "1"}, "backup:DescribeRestoreJob", "*"),
    ("resourcegroupstaggingapi", "get_resources", {}, "tag:GetResources", "*"),
    ("ec2", "describe_instances", {}, "ec2:DescribeInstances", "*"),
    ("lambda", "list_functions", {}, "lambda:ListFunctions", "*"),
    ("lambda", "get_function", {"FunctionName": "fn"}, "lambda:GetFunction", f"arn:aws:lambda:{SCOPE}:function:fn"),
    ("s3", "list_objects_v2", {"Bucket": "files"}, "s3:ListBucket", "arn:aws:s3:::files"),
    ("s3", "get_object", {"Bucket": "files", "Key": "a/b.txt"}, "s3:GetObject", "arn:aws:s3:::files/*"),
    ("rds", "describe_db_instances", {"DBInstanceIdentifier": "orders"}, "rds:DescribeDBInstances", f"arn:aws:rds:{SCOPE}:db:orders"),
    ("rds", "describe_db_clusters", {"DBClusterIdentifier": "shop"}, "rds:DescribeDBClusters", f"arn:aws:rds:{SCOPE}:cluster:shop"),
]
# How the services name their refusals, where it is not AccessDeniedException.
CODES = {"ec2": "UnauthorizedOperation", "rds": "AccessDenied", "s3": "AccessDenied", "sns": "AuthorizationError", "sqs": "AccessDenied"}
MISSING = ("ResourceNotFoundException", "DBInstanceNotFound", "DBClusterNotFoundFault")
SPELT = {"sns:Publish": "SNS:Publish", "sqs:SendMessage": "sqs:sendmessage"}


class Caller:
    """A function that calls what it is told to, with a role that may do nothing."""

    def __init__(self, functions: Any) -> None:
        self.functions = functions
        self.iam = functions.sandbox.client("iam")
        role = self.iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        functions.deploy(CALLER, Role=role, Timeout=60)

    def grant(self, *statements: dict[str, Any]) -> None:
        """Let the role do this and no more."""
        self.iam.put_role_policy(RoleName=ROLE, PolicyName="only", PolicyDocument=policy(*statements))

    def call(self, service: str, method: str, parameters: dict[str, Any]) -> Any:
        """Make a call; returns None or the error's code and message."""
        given = json.loads(json.dumps(parameters).replace("{endpoint}", self.functions.sandbox.endpoint_url))
        (answer,) = self.functions.invoke([[service, method, given]])
        return answer


@pytest.fixture
def caller(functions: Any) -> Caller:
    """A function with a role of its own."""
    return Caller(functions)


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement} for statement in statements]})


def allow(action: str, resource: str) -> dict[str, Any]:
    return {"Action": action, "Resource": resource}


def create_everything(sandbox: Any) -> None:
    """Create what the calls are about, as far as they fail without."""
    sandbox.client("ssm").put_parameter(Name="/notifier/slack", Value="x", Type="SecureString")
    sandbox.client("secretsmanager").create_secret(Name="teams", SecretString="x")
    sandbox.client("sqs").create_queue(QueueName="letters")
    sandbox.client("sns").create_topic(Name="news")
    sandbox.client("s3").create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    sandbox.client("s3").put_object(Bucket="files", Key="a/b.txt", Body=b"x")
    sandbox.client("dynamodb").create_table(
        TableName="known",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def test_every_statement_is_needed_and_enough(caller: Caller) -> None:
    create_everything(caller.functions.sandbox)
    for service, method, parameters, action, resource in CALLS:
        others = [allow(other, where) for *_, other, where in CALLS if other != action]
        caller.grant(*others, allow(action, "arn:aws:other:::thing"))
        code, message = caller.call(service, method, parameters)
        spelt = SPELT.get(action, action)
        assert code == CODES.get(service, "AccessDeniedException"), message
        assert f"User: {SESSION} is not authorized to perform: {spelt} on resource: {resource.rstrip('?*')}" in message
        assert message.endswith(f" because no identity-based policy allows the {spelt} action")
        caller.grant(allow(action, resource))
        answer = caller.call(service, method, parameters)
        assert answer is None or answer[0] in MISSING, (action, answer)


def test_a_customers_key_needs_a_statement_of_its_own(caller: Caller) -> None:
    sandbox = caller.functions.sandbox
    key = sandbox.client("kms").create_key()["KeyMetadata"]["Arn"]
    sandbox.client("kms").create_alias(AliasName="alias/own", TargetKeyId=key)
    sandbox.client("ssm").put_parameter(Name="own", Value="x", Type="SecureString", KeyId="alias/own")
    sandbox.client("secretsmanager").create_secret(Name="own", SecretString="x", KmsKeyId=key)
    parameter = ("ssm", "get_parameter", {"Name": "own", "WithDecryption": True})
    secret = ("secretsmanager", "get_secret_value", {"SecretId": "own"})
    reading = [allow("ssm:GetParameter", "*"), allow("secretsmanager:GetSecretValue", "*")]
    caller.grant(*reading)
    code, message = caller.call(*parameter)
    assert (code, f"kms:Decrypt on resource: {key}" in message) == ("AccessDeniedException", True)
    assert caller.call(*secret) == ["AccessDeniedException", "Access to KMS is not allowed"]
    assert caller.call("ssm", "get_parameter", {"Name": "own"}) is None
    caller.grant(*reading, allow("kms:Decrypt", key))
    assert (caller.call(*parameter), caller.call(*secret)) == (None, None)


def test_what_a_customers_key_encrypts_is_read_only_with_the_key(caller: Caller) -> None:
    sandbox = caller.functions.sandbox
    key = sandbox.client("kms").create_key()["KeyMetadata"]["Arn"]
    create_everything(sandbox)
    sandbox.client("s3").put_object(Bucket="files", Key="own.txt", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    sandbox.client("dynamodb").create_table(
        TableName="own",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key},
    )
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("dynamodb", "get_item", {"TableName": "own", "Key": KEY}),
        ("dynamodb", "scan", {"TableName": "own"}),
        ("s3", "get_object", {"Bucket": "files", "Key": "own.txt"}),
    ]
    reading = [allow("dynamodb:*", "*"), allow("s3:*", "*")]
    caller.grant(*reading)
    assert all(f"kms:Decrypt on resource: {key}" in caller.call(*call)[1] for call in calls)
    assert caller.call("dynamodb", "get_item", ITEM) is None
    caller.grant(*reading, allow("kms:Decrypt", key))
    assert [caller.call(*call) for call in calls] == [None, None, None]


def test_managed_policies_count_and_a_deny_wins(caller: Caller) -> None:
    call = ("sns", "list_topics", {})
    assert caller.call(*call)[0] == "AuthorizationError"
    caller.iam.attach_role_policy(RoleName=ROLE, PolicyArn="arn:aws:iam::aws:policy/AmazonSNSReadOnlyAccess")
    assert caller.call(*call) is None
    caller.grant({"Effect": "Deny", "Action": "sns:*", "Resource": "*"})
    assert caller.call(*call)[1].endswith("with an explicit deny in an identity-based policy")
    caller.functions.sandbox.client("sns").list_topics()


def test_everybody_may_ask_who_they_are(caller: Caller) -> None:
    assert caller.call("sts", "get_caller_identity", {}) is None


def test_log_is_dropped_without_its_permissions(caller: Caller) -> None:
    functions = caller.functions
    writing = {"Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": f"arn:aws:logs:{SCOPE}:log-group:/aws/lambda/fn:*"}
    caller.grant(writing)
    functions.invoke([])
    assert functions.log() == []
    functions.sandbox.client("logs").create_log_group(logGroupName="/aws/lambda/fn")
    for action in writing["Action"]:
        caller.grant({**writing, "Action": action})
        functions.invoke([])
        assert functions.log() == []
    caller.grant(writing)
    functions.invoke([])
    assert functions.log("REPORT")


def test_failed_event_is_lost_when_the_role_may_no_longer_send_it(functions: Any) -> None:
    sqs = functions.sandbox.client("sqs")
    url = sqs.create_queue(QueueName="letters")["QueueUrl"]
    arn = f"arn:aws:sqs:{SCOPE}:letters"
    functions.deploy("def handler(event, context):\n    raise ValueError(event)\n", DeadLetterConfig={"TargetArn": arn})
    functions.api.put_function_event_invoke_config(FunctionName="fn", MaximumRetryAttempts=0)
    iam = functions.sandbox.client("iam")
    iam.delete_role_policy(RoleName="function", PolicyName="send")
    functions.api.invoke(FunctionName="fn", InvocationType="Event", Payload=b'"lost"')
    functions.wait_for(lambda: functions.log('"REPORT"'))
    iam.put_role_policy(RoleName="function", PolicyName="send", PolicyDocument=policy(allow("sqs:SendMessage", arn)))
    functions.api.invoke(FunctionName="fn", InvocationType="Event", Payload=b'"kept"')
    letters = functions.wait_for(lambda: sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"))
    assert [letter["Body"] for letter in letters] == ['"kept"']


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ({"NotAction": "iam:*", "Resource": "*"}, True),
        ({"NotAction": ["SSM:Get*"], "Resource": "*"}, False),
        ({"Action": "*", "NotResource": "arn:aws:ssm:*"}, False),
        ({"Action": "ssm:get?arameter", "Resource": "*:parameter/a"}, True),
        ({"Action": "ssm:*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "a"}}}, False),
    ],
)
def test_statements(statement: dict[str, Any], allowed: bool) -> None:
    request = ("ssm:GetParameter", f"arn:aws:ssm:{SCOPE}:parameter/a")
    assert role_allows([{"Statement": {"Effect": "Allow", **statement}}], *request) is allowed
    assert role_denies([{"Statement": {"Effect": "Deny", **statement}}], *request) is allowed


@pytest.mark.parametrize(
    ("environ", "credential"),
    [
        (
            {"HTTP_AUTHORIZATION": "AWS4-HMAC-SHA256 Credential=ASIA1/20260101/us-west-2/ssm/aws4_request, Signature=0"},
            callers.Credential("ASIA1", "us-west-2", "ssm"),
        ),
        (
            {"QUERY_STRING": "X-Amz-Credential=ASIA1%2F20260101%2Fus-west-2%2Fs3%2Faws4_request&X-Amz-Signature=0"},
            callers.Credential("ASIA1", "us-west-2", "s3"),
        ),
        ({"HTTP_AUTHORIZATION": "Bearer xoxb", "QUERY_STRING": "a=1"}, None),
        ({}, None),
    ],
)
def test_credential_of_a_request(environ: dict[str, str], credential: Any) -> None:
    assert callers.credential(environ) == credential


def test_a_users_call_costs_next_to_nothing_and_stays_unread() -> None:
    environ = {"HTTP_AUTHORIZATION": "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-west-2/ssm/aws4_request, Signature=0"}
    assert refusal(environ) is None
    assert min(timeit.repeat(lambda: refusal(environ), number=100, repeat=5)) / 100 < 0.0001
