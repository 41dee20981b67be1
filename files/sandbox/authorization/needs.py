"""What a call needs: actions, each on a resource, as the service authorization reference has them.

Resources are known for the services of RESOURCES; a call of any other needs its action on "*".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from moto.core import DEFAULT_ACCOUNT_ID
from moto.secretsmanager.models import secretsmanager_backends
from moto.utilities.utils import get_partition

from . import keys
from .calls import Call

Need = tuple[str, str]

# Services whose actions have another prefix than their signature.
PREFIXES = {"email": "ses", "monitoring": "cloudwatch", "tagging": "tag"}
# Calls that AWS allows to everybody.
FREE = {("sts", "GetCallerIdentity"), ("sts", "GetSessionToken")}
# Operations whose action has another name.
ACTIONS = {
    ("lambda", "Invoke"): "InvokeFunction",
    ("s3", "HeadObject"): "GetObject",
    ("s3", "ListBuckets"): "ListAllMyBuckets",
    ("s3", "ListObjects"): "ListBucket",
    ("s3", "ListObjectsV2"): "ListBucket",
    ("sns", "PublishBatch"): "Publish",
    ("sqs", "ChangeMessageVisibilityBatch"): "ChangeMessageVisibility",
    ("sqs", "DeleteMessageBatch"): "DeleteMessage",
    ("sqs", "SendMessageBatch"): "SendMessage",
}
TRANSACTIONS = ("TransactGetItems", "TransactWriteItems")
TRANSACTION_ACTIONS = {
    "Get": "GetItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


def needs(call: Call) -> list[Need]:
    """Everything that a role must be allowed for this call, the call's own action first."""
    if (call.service, call.operation) in FREE:
        return []
    if call.service == "dynamodb" and call.operation in TRANSACTIONS:
        return _of_transaction(call)
    prefix = PREFIXES.get(call.service, call.service)
    action = f"{prefix}:{ACTIONS.get((call.service, call.operation), call.operation)}"
    resources = RESOURCES.get(call.service, _unknown)(call)
    return [(action, resource) for resource in resources or ["*"]] + [("kms:Decrypt", key) for key in keys.to_decrypt(call)]


def _unknown(_call: Call) -> list[str]:
    return []


def _parameters(call: Call) -> list[str]:
    names = [*_texts(call, "Name", "Path"), *call.parameters.get("Names", [])]
    return [_parameter(call, str(name)) for name in names]


def _parameter(call: Call, name: str) -> str:
    if name.startswith("arn:"):
        return ":".join(name.split(":")[:6])
    return call.arn("ssm", f"parameter/{name.split(':')[0].strip('/')}")


def _secrets(call: Call) -> list[str]:
    return [_secret(call, name) for name in _texts(call, "SecretId")]


def _secret(call: Call, name: str) -> str:
    secret = secretsmanager_backends[DEFAULT_ACCOUNT_ID][call.region].secrets.get(name)
    if secret:
        return str(secret.arn)
    return name if name.startswith("arn:") else call.arn("secretsmanager", f"secret:{name}")


def _tables(call: Call) -> list[str]:
    names = _texts(call, "TableName") or list(call.parameters.get("RequestItems", {}))
    index = call.parameters.get("IndexName")
    return [_table(call, name) + (f"/index/{index}" if index else "") for name in names]


def _table(call: Call, name: str) -> str:
    return name if name.startswith("arn:") else call.arn("dynamodb", f"table/{name}")


def _of_transaction(call: Call) -> list[Need]:
    """A transaction needs the action of each of its items."""
    items = [item for each in call.parameters.get("TransactItems", []) for item in each.items()]
    found = [(TRANSACTION_ACTIONS.get(kind, kind), _table(call, str(item.get("TableName", "*")))) for kind, item in items]
    return [(f"dynamodb:{action}", table) for action, table in found]


def _queues(call: Call) -> list[str]:
    urls = _texts(call, "QueueUrl")
    return [call.arn("sqs", name) for name in [urlsplit(url).path.rpartition("/")[2] for url in urls] or _texts(call, "QueueName")]


def _topics(call: Call) -> list[str]:
    return _texts(call, "TopicArn", "TargetArn")


def _databases(call: Call) -> list[str]:
    return [
        *(name if name.startswith("arn:") else call.arn("rds", f"db:{name}") for name in _texts(call, "DBInstanceIdentifier")),
        *(name if name.startswith("arn:") else call.arn("rds", f"cluster:{name}") for name in _texts(call, "DBClusterIdentifier")),
    ]


def _functions(call: Call) -> list[str]:
    return [name if name.startswith("arn:") else call.arn("lambda", f"function:{name}") for name in _texts(call, "FunctionName")]


def _instances(call: Call) -> list[str]:
    """The instance of a call about one; descriptions of several are on "*"."""
    return [call.arn("ec2", f"instance/{name}") for name in _texts(call, "InstanceId")]


def _buckets(call: Call) -> list[str]:
    """A bucket, or an object of it."""
    path = "/".join(_texts(call, "Bucket", "Key"))
    return [f"arn:{get_partition(call.region)}:s3:::{path}"] if path else []


def _backups(call: Call) -> list[str]:
    """A recovery point or whatever is tagged, each by its own ARN; else the vault, where the path names one."""
    named = _texts(call, "recoveryPointArn") or _texts(call, "resourceArn")
    return named or [call.arn("backup", f"backup-vault:{name}") for name in _texts(call, "backupVaultName")]


def _texts(call: Call, *names: str) -> list[str]:
    """The parameters of these names that are texts."""
    values: list[Any] = [call.parameters.get(name) for name in names]
    return [value for value in values if isinstance(value, str) and value]


RESOURCES: dict[str, Callable[[Call], list[str]]] = {
    "backup": _backups,
    "dynamodb": _tables,
    "ec2": _instances,
    "lambda": _functions,
    "rds": _databases,
    "s3": _buckets,
    "secretsmanager": _secrets,
    "sns": _topics,
    "sqs": _queues,
    "ssm": _parameters,
}
