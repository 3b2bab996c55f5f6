"""A container's entry point: `python -m efs_mounts -- application arguments…`.

Mounts the file system by every mount target of the list, then starts the application and stands in
for init. Exit codes: the application's; 1 when no mount works, 2 for wrong settings.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from . import mounting, settings, supervise, targets
from .router import VARIABLE
from .settings import EC2, Settings, SettingsError
from .targets import ListError, Target

NO_MOUNT = 1
WRONG_SETTINGS = 2

_PATIENCE = Config(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 3})
_WATCHDOG = "amazon-efs-mount-watchdog"
_log = logging.getLogger("efs_mounts")


class JsonLines(logging.Formatter):
    """One object a line, which CloudWatch Logs Insights reads."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "level": record.levelname,
            "service": "efs-mounts",
            "message": record.getMessage(),
            "timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
        }
        return json.dumps(line, ensure_ascii=False)


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    supervise.end_on_signals()
    command = list(arguments[1:] if arguments[:1] == ["--"] else arguments)
    if not command:
        _log.error("no application is named: give its command after “--”")
        return WRONG_SETTINGS
    try:
        given = settings.read(environment)
        mounts = _mounts(given)
    except SettingsError as error:
        _log.error("%s", error)
        return WRONG_SETTINGS
    if not mounts:
        _log.error(
            "no mount works, so that %s is not started: the lines above say why for each; "
            "ECS starts the task again",
            command[0],
        )
        return NO_MOUNT
    joined = ":".join(map(str, mounts))
    _log.info("%s=%s", VARIABLE, joined)
    return supervise.run(command, {**environment, VARIABLE: joined}, given.user)


def _mounts(given: Settings) -> list[Path]:
    """Mount points that work, those that the platform made or those that are made now."""
    if given.launch_type != EC2:
        found = mounting.mounted_under(given.mount_root)
        for place in found:
            _log.info("%s is mounted by the platform", place)
        if not found:
            _log.error("%s has no mount point: mount the volume at …/efs-0", given.mount_root)
        return found
    listed = _targets(given)
    file_system = mounting.FileSystem(given.file_system, given.access_point, given.region)
    made = mounting.mount_all(file_system, listed, given.mount_root, given.mount_seconds)
    if made:
        _start_watchdog()
    return made


def _targets(given: Settings) -> Sequence[Target]:
    """The list in SSM, or the one of the settings while that can't be read."""
    try:
        listed = targets.read(boto3.client("ssm", config=_PATIENCE), given.parameter)
    except (BotoCoreError, ClientError, ListError) as error:
        if not given.default_targets:
            raise SettingsError(
                f"{given.parameter} can't be read ({error}), and EFS_DEFAULT_TARGETS is empty"
            ) from None
        _log.warning("%s can't be read, so EFS_DEFAULT_TARGETS count: %s", given.parameter, error)
        return given.default_targets
    _log.info("%s lists %s mount targets", given.parameter, len(listed))
    return listed


def _start_watchdog() -> None:
    """Let amazon-efs-utils keep its tunnels alive and their certificates fresh.

    Its mount helper starts the watchdog by systemd or init, and only warns where neither is process
    1, as in a container. Source: https://github.com/aws/efs-utils/issues/23
    """
    if found := shutil.which(_WATCHDOG):
        subprocess.Popen([found], stdin=subprocess.DEVNULL, process_group=0)
        return
    _log.warning("%s is not installed: a TLS tunnel that ends stays away", _WATCHDOG)


if __name__ == "__main__":
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for noisy in ("boto3", "botocore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    sys.exit(main(sys.argv[1:], os.environ))
