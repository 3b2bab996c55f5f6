"""The environment variables of a function's process: Lambda's, the function's, no others."""

from __future__ import annotations

import sys
from pathlib import Path

from scripts.local_aws.functions.function import Function
from scripts.local_aws.iam.sessions import Keys

_PATH = "/usr/local/bin:/usr/bin:/bin"


def variables(
    function: Function,
    *,
    task: Path,
    opt: Path | None,
    scratch: Path,
    bytecode: Path,
    runtime_api: str,
    endpoint: str,
    log_stream: str,
    keys: Keys,
) -> dict[str, str]:
    """Everything a function's process sees of the outside.

    Names: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    The function's own variables win over the ones Lambda lets it override.

    Args:
        task: The unpacked code, Lambda's `/var/task`.
        opt: The unpacked layers, Lambda's `/opt`; None without layers.
        scratch: An empty folder that the process may write to, Lambda's `/tmp`.
        bytecode: Where Python keeps what it compiled: `task` and `opt` are read-only.
        runtime_api: `host:port` of the Runtime API server of this process.
        endpoint: URL of the local AWS.
    """
    overridable = {
        "LANG": "en_US.UTF-8",
        "PATH": _PATH if opt is None else f"{_PATH}:{opt / 'bin'}",
        "PYTHONPATH": ":".join(map(str, _layer_paths(opt))),
        "PYTHONPYCACHEPREFIX": str(bytecode),
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "TZ": ":UTC",
    }
    reserved = {
        "_HANDLER": function.handler,
        "AWS_ACCESS_KEY_ID": keys.access_key_id,
        "AWS_SECRET_ACCESS_KEY": keys.secret_access_key,
        "AWS_SESSION_TOKEN": keys.session_token,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_REGION": function.region,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "LAMBDA_TASK_ROOT": str(task),
    }
    return overridable | dict(function.variables) | reserved


def _layer_paths(opt: Path | None) -> list[Path]:
    if opt is None:
        return []
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return [opt / "python" / "lib" / version / "site-packages", opt / "python"]
