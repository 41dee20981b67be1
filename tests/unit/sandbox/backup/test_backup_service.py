"""How AWS Backup behaves as a service: latency, limits and faults, over HTTP."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from sandbox.backup.service.limits import Limits

from tests.conftest import ACCESS_KEY, REGION, SECRET_KEY

CodeOf = Callable[..., str]
PATIENCE_SECONDS = 20


def outcome(call: Callable[..., Any], **parameters: Any) -> str:
    """What becomes of a call: ok, the error's code, or the kind of failure."""
    try:
        call(**parameters)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    except BotoCoreError as error:
        return type(error).__name__
    return "ok"


def client_of(points: Any, **config: Any) -> Any:
    """A client that never retries, configured otherwise, too."""
    return boto3.client(
        "backup",
        region_name=REGION,
        endpoint_url=points.sandbox.endpoint_url,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        config=Config(retries={"total_max_attempts": 1}, **config),
    )


def test_slow_calls_wait_side_by_side(points: Any) -> None:
    latency, calls = 1.0, 16
    points.behave(latency_ms={"ListBackupVaults": latency * 1000})
    client = client_of(points, max_pool_connections=calls)
    start = time.monotonic()
    with ThreadPoolExecutor(calls) as pool:
        assert list(pool.map(lambda _: outcome(client.list_backup_vaults), range(calls))) == ["ok"] * calls
    assert latency <= time.monotonic() - start < latency * calls
    assert outcome(client.list_backup_plans) == "ok"


def test_calls_beyond_a_limit_are_throttled_as_aws_does(points: Any) -> None:
    points.behave(limits={"DescribeBackupVault": 0.01})
    describe = points.backup.describe_backup_vault
    describe(BackupVaultName="vault")
    with pytest.raises(ClientError) as caught:
        describe(BackupVaultName="vault")
    answer = caught.value.response
    assert answer["Error"] == {"Code": "ThrottlingException", "Message": "Rate exceeded"}
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert outcome(points.backup.list_backup_vaults) == "ok"
    points.sandbox.control("DELETE", "/backup/service")
    describe(BackupVaultName="vault")


def test_the_limit_of_all_calls_counts_every_operation(points: Any) -> None:
    points.behave(limits={"*": 0.01, "ListBackupPlans": 100})
    assert outcome(points.backup.list_backup_plans) == "ok"
    assert outcome(points.backup.list_backup_vaults) == outcome(points.backup.list_backup_plans) == "ThrottlingException"


def test_each_region_has_limits_of_its_own(points: Any) -> None:
    points.behave(limits={"*": 0.01})
    points.behave(region="eu-west-1", latency_ms=1)
    for region, expected in (("us-west-2", "ThrottlingException"), ("us-east-1", "ThrottlingException"), ("eu-west-1", "ok")):
        client = points.sandbox.client("backup", region)
        assert outcome(client.list_backup_vaults) == "ok"
        assert outcome(client.list_backup_vaults) == expected


def test_a_client_that_waits_gets_through(points: Any) -> None:
    points.behave(limits={"ListBackupVaults": 20})
    client, done = points.backup, 0
    give_up = time.monotonic() + PATIENCE_SECONDS
    while done < 40 and time.monotonic() < give_up:
        done += outcome(client.list_backup_vaults) == "ok"
    assert done == 40


def test_a_bucket_holds_a_second_of_calls_and_refills_evenly() -> None:
    now = [0.0]
    limits = Limits({"DeleteRecoveryPoint": 10, "*": 12}, clock=lambda: now[0])
    assert [limits.allow("DeleteRecoveryPoint") for _ in range(12)] == [True] * 10 + [False] * 2
    assert [limits.allow("ListBackupVaults") for _ in range(3)] == [True, True, False]
    now[0] = 0.25
    assert [limits.allow("DeleteRecoveryPoint") for _ in range(3)] == [True, True, False]
    assert limits.allow("ListBackupVaults")
    now[0] = 100.0
    assert sum(limits.allow("DeleteRecoveryPoint") for _ in range(20)) == 10


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"kind": "500"}, "ServiceUnavailableException"),
        ({"kind": "throttle"}, "ThrottlingException"),
        ({"kind": "reset"}, "ConnectionClosedError"),
        ({"kind": "hang", "seconds": 0.2}, "ConnectionClosedError"),
    ],
)
@pytest.mark.parametrize("applied", [False, True])
def test_a_call_fails_before_or_after_it_was_carried_out(points: Any, fault: dict[str, Any], expected: str, applied: bool) -> None:
    (arn,) = points.load(on_delete="stays")
    points.behave(faults=[{**fault, "operation": "DeleteRecoveryPoint", "applied": applied}])
    assert outcome(points.delete, arn=arn) == expected
    assert points.point(arn)["Status"] == ("DELETING" if applied else "COMPLETED")


def test_a_hanging_call_times_out(points: Any) -> None:
    points.behave(faults=[{"kind": "hang", "seconds": 5}])
    assert outcome(client_of(points, read_timeout=0.2).list_backup_vaults) == "ReadTimeoutError"


def test_the_rate_says_how_many_calls_fail_and_the_seed_which(points: Any) -> None:
    def outcomes(seed: int) -> list[str]:
        points.behave(faults=[{"operation": "ListBackupVaults", "kind": "500", "rate": 0.3}], seed=seed)
        return [outcome(points.backup.list_backup_vaults) for _ in range(100)]

    first = outcomes(1)
    assert 15 <= Counter(first)["ServiceUnavailableException"] <= 45
    assert outcomes(1) == first != outcomes(2)
    assert outcome(points.backup.list_backup_plans) == "ok"


def test_how_long_deletion_takes_can_be_set(points: Any) -> None:
    slow, fast = points.load(count=2)
    points.sandbox.settings(time_scale=1)
    points.delete(slow)
    points.behave(deleting_seconds=0)
    points.delete(fast)
    points.wait_for(points.listed, [slow])
    assert points.point(slow)["Status"] == "DELETING"


def test_a_vault_counts_points_that_are_gone_for_a_while(points: Any) -> None:
    (arn,) = points.load()
    points.behave(vault_lag_seconds=12_000)
    points.delete(arn)
    points.wait_for(points.listed, [])
    assert points.backup.describe_backup_vault(BackupVaultName="vault")["NumberOfRecoveryPoints"] == 1
    assert outcome(points.backup.delete_backup_vault, BackupVaultName="vault") == "InvalidRequestException"
    points.wait_for(lambda: outcome(points.backup.delete_backup_vault, BackupVaultName="vault"), "ok")


@pytest.mark.parametrize(
    ("behaviour", "message"),
    [
        ({"delay": 1}, "unknown members: delay; known: region, latency_ms"),
        ({"region": "mars-1"}, "there is no Region mars-1"),
        ({"latency_ms": -1}, "latency_ms of * must be a number from 0 to inf, not -1"),
        ({"latency_ms": {"DeleteEverything": 1}}, "latency_ms: AWS Backup has no operation 'DeleteEverything'"),
        ({"limits": {"*": 0}}, "limits of * must be a number from 0.001 to inf, not 0"),
        ({"limits": 5}, "limits must be an object, not 5"),
        ({"deleting_seconds": "long"}, "deleting_seconds must be a number from 0 to inf, not 'long'"),
        ({"faults": [{"kind": "fire"}]}, "kind of a fault must be one of 500, throttle, reset, hang, not 'fire'"),
        ({"faults": [{"kind": "500", "rate": 2}]}, "rate of a fault must be a number from 0 to 1, not 2"),
        ({"faults": [{"kind": "500", "often": True}]}, "unknown members of a fault: often; known: operation, kind"),
        ({"faults": {"kind": "500"}}, "faults must be a list"),
    ],
)
def test_bad_behaviour_is_refused_and_changes_nothing(points: Any, behaviour: dict[str, Any], message: str) -> None:
    status, text = points.sandbox.request("PUT", "/_sandbox/backup/service", behaviour)
    assert (status, message in json.loads(text)["error"]) == (400, True), text
    assert outcome(points.backup.list_backup_vaults) == "ok"


def test_a_reset_ends_it(points: Any) -> None:
    points.behave(faults=[{"kind": "500"}])
    points.sandbox.control("POST", "/reset")
    assert outcome(points.backup.list_backup_vaults) == "ok"
