"""The workflows as GitHub reads them, and their scripts as its runners run them."""

import os
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / ".github" / "workflows"
NAMES = sorted(path.name for path in FOLDER.glob("*.yml"))

Job = dict[str, Any]
Step = dict[str, Any]


@cache
def load(name: str) -> dict[Any, Any]:
    """Return a workflow; YAML 1.1 takes its key `on` for a boolean."""
    workflow: dict[Any, Any] = yaml.safe_load((FOLDER / name).read_text())
    workflow["on"] = workflow.pop(True)
    return workflow


def _jobs() -> dict[str, Job]:
    return {f"{name}/{job_id}": job for name in NAMES for job_id, job in load(name)["jobs"].items()}


JOBS = _jobs()


def steps(job: Job) -> list[Step]:
    """Return the steps of a job; one that calls another workflow has none."""
    found: list[Step] = job.get("steps", [])
    return found


def position(job: Job, text: str) -> int:
    """Return which step of a job runs or uses what contains the text."""
    return next(
        number
        for number, step in enumerate(steps(job))
        if text in step.get("run", "") or text in step.get("uses", "")
    )


def run(
    job: Job, text: str, variables: Mapping[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    """Run the script that contains the text as a runner does, in a folder of its own."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script(job, text)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **variables},
        check=False,
        capture_output=True,
        text=True,
    )


def script(job: Job, text: str) -> str:
    """Return the script of a job that contains the text."""
    found: str = steps(job)[position(job, text)]["run"]
    return found
