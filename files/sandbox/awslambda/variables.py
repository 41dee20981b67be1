"""The environment variables a function's process gets: AWS's own, and the function's."""

from __future__ import annotations

import os

from moto.sts.models import sts_backends
from moto.utilities.utils import get_partition

from ..authorization.callers import Caller, register
from .packages import runtime_folder
from .spec import FunctionSpec


def process_variables(spec: FunctionSpec, task_root: str, runtime_api: str, log_stream: str) -> dict[str, str]:
    """Every variable of the process, nothing of the sandbox's own environment."""
    overridable = {
        "AWS_ENDPOINT_URL": os.environ.get("SANDBOX_ENDPOINT_URL", ""),
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "LANG": "en_US.UTF-8",
        "PATH": "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
        "TZ": ":UTC",
    }
    reserved = {
        "_HANDLER": spec.handler,
        "AWS_DEFAULT_REGION": spec.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{spec.runtime}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(spec.memory_size),
        "AWS_LAMBDA_FUNCTION_NAME": spec.name,
        "AWS_LAMBDA_FUNCTION_VERSION": spec.version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": spec.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "AWS_REGION": spec.region,
        "LAMBDA_RUNTIME_DIR": str(runtime_folder()),
        "LAMBDA_TASK_ROOT": task_root,
    }
    return {**overridable, **dict(spec.variables), **reserved, **_credentials(spec)}


def _credentials(spec: FunctionSpec) -> dict[str, str]:
    """Temporary credentials of the function's role, whose policies decide what they are good for."""
    role = sts_backends[spec.account_id][get_partition(spec.region)].assume_role(
        region_name=spec.region,
        role_session_name=spec.name,
        role_arn=spec.role_arn,
        policy="",
        duration=3600,
        external_id="",
    )
    register(role.access_key_id, Caller(spec.role_arn, role.arn))
    return {
        "AWS_ACCESS_KEY_ID": role.access_key_id,
        "AWS_SECRET_ACCESS_KEY": role.secret_access_key,
        "AWS_SESSION_TOKEN": role.session_token,
    }
