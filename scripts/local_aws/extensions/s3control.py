"""S3 Control: moto lacks the jobs of S3 Batch Operations."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.s3control import urls
from moto.s3control.exceptions import S3ControlError
from moto.s3control.responses import S3ControlResponse

from scripts.local_aws.batch_operations.job import ENDED, Job, Status
from scripts.local_aws.batch_operations.service import JOBS, PRINCIPAL, IdempotencyError, confirm
from scripts.local_aws.iam.decisions import may
from scripts.local_aws.iam.enforcement import AccessDeniedError
from scripts.local_aws.iam.sessions import of_key
from scripts.local_aws.patching import add

_ASKED = (
    *("ClientRequestToken", "ConfirmationRequired", "Description", "Manifest", "Operation"),
    *("Priority", "Report", "RoleArn"),
)

for _path in ("", "/<job_id>", "/<job_id>/status"):
    urls.url_paths[f"/v20180820/jobs{_path}"] = S3ControlResponse.dispatch


@add(S3ControlResponse)
def create_job(self: S3ControlResponse) -> ActionResult:
    """Create a job that restores objects."""
    asked = {name: self._get_param(name) for name in _ASKED}
    if "S3InitiateRestoreObject" not in asked["Operation"]:
        [operation] = asked["Operation"]
        raise NotImplementedError(f"the operation {operation}")
    _pass_role(self, asked["RoleArn"])
    try:
        return ActionResult({"JobId": JOBS.create(self.region, asked).id})
    except IdempotencyError as error:
        raise S3ControlError("IdempotencyException", str(error)) from None


@add(S3ControlResponse)
def describe_job(self: S3ControlResponse) -> ActionResult:
    """How far a job is."""
    return ActionResult({"Job": _job(self).described()})


@add(S3ControlResponse)
def list_jobs(self: S3ControlResponse) -> ActionResult:
    """Every job, or those of some statuses."""
    wanted = self._get_param("JobStatuses") or list(Status)
    return ActionResult({"Jobs": [each.listed() for each in JOBS.all() if each.status in wanted]})


@add(S3ControlResponse)
def update_job_status(self: S3ControlResponse) -> ActionResult:
    """Let a job run that waits for it, or cancel it."""
    job, status = _job(self), Status(self._get_param("RequestedJobStatus"))
    if job.status in ENDED or (status is Status.READY and job.status is not Status.SUSPENDED):
        raise S3ControlError(
            "JobStatusException", f"a job that is {job.status} can't become {status}"
        )
    if status is Status.READY:
        confirm(job)
    else:
        job.becomes(status)
    return ActionResult({"JobId": job.id, "Status": str(status)})


def _job(request: S3ControlResponse) -> Job:
    job_id: Any = request._get_param("JobId")
    job = JOBS.find(job_id)
    if job is None:
        raise S3ControlError("NotFoundException", f"there is no job {job_id}")
    return job


def _pass_role(request: S3ControlResponse, role: str) -> None:
    """Make sure that the caller may hand this role to S3 Batch Operations."""
    session = of_key(request.get_access_key())
    if session is None:
        return
    refusal = may(session, "iam:PassRole", role, {"iam:passedtoservice": PRINCIPAL})
    if refusal:
        raise AccessDeniedError(
            "s3control",
            f"User: {session.arn} is not authorized to perform: iam:PassRole "
            f"on resource: {role} {refusal}",
        )
