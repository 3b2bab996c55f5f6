"""Runs jobs, each in a thread of its own, with the permissions of its role."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Iterator
from typing import Any

from moto.s3.exceptions import S3ClientError

from scripts.local_aws.account import ACCOUNT
from scripts.local_aws.batch_operations import manifest, objects, report
from scripts.local_aws.batch_operations.job import Job, Status
from scripts.local_aws.batch_operations.manifest import ManifestError, Task
from scripts.local_aws.batch_operations.report import Result
from scripts.local_aws.extensions.s3.restores import Wish, restore
from scripts.local_aws.iam import grants
from scripts.local_aws.iam.sessions import Session

PRINCIPAL = "batchoperations.s3.amazonaws.com"
_ERRORS = {"InvalidObjectState": 403, "NoSuchBucket": 404, "NoSuchKey": 404, "NoSuchVersion": 404}
_RESTORED = {200: "", 202: "", 409: "RestoreAlreadyInProgress"}

log = logging.getLogger(__name__)


class IdempotencyError(Exception):
    """A ClientRequestToken came with another request than before."""


class Jobs:
    """Every job since the start."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._tokens: dict[str, Job] = {}
        self._creating = threading.Lock()

    def create(self, region: str, asked: dict[str, Any]) -> Job:
        """Create a job and let it run; a request that came before makes no second one.

        Raises:
            IdempotencyError: The token is that of another request.
        """
        token = asked["ClientRequestToken"]
        with self._creating:
            if known := self._tokens.get(token):
                if known.asked != asked:
                    raise IdempotencyError(f"the request with the token {token} was another one")
                return known
            job = Job(str(uuid.uuid4()), region, asked)
            self._jobs[job.id] = self._tokens[token] = job
        threading.Thread(target=run, args=(job,), daemon=True).start()
        return job

    def find(self, job_id: str) -> Job | None:
        """A job, or None."""
        return self._jobs.get(job_id)

    def all(self) -> list[Job]:
        """Every job, the newest first."""
        return list(reversed(self._jobs.values()))


JOBS = Jobs()


def confirm(job: Job) -> None:
    """Let a job run that waits for it."""
    job.becomes(Status.READY)
    threading.Thread(target=_perform, args=(job,), daemon=True).start()


def run(job: Job) -> None:
    """Read the manifest of a job, and do what it lists unless that needs a confirmation."""
    job.becomes(Status.PREPARING)
    try:
        job.total = sum(1 for _ in manifest.tasks(_session(job), job.asked["Manifest"]))
    except ManifestError as error:
        job.fails(error.code, str(error))
        return
    if job.needs_confirmation:
        job.becomes(Status.SUSPENDED)
    else:
        _perform(job)


def _perform(job: Job) -> None:
    job.becomes(Status.ACTIVE)
    session = _session(job)
    try:
        results = list(_results(job, session))
        report.write(session, job.asked["Report"], job.id, results)
    except (ManifestError, objects.DeniedError, S3ClientError) as error:
        job.fails(getattr(error, "code", "AccessDenied"), f"the job could not be reported: {error}")
    except Exception:
        log.exception("the job %s crashed", job.id)
        job.fails("InternalError", "the job crashed in the local AWS")
    else:
        job.becomes(Status.COMPLETE)


def _results(job: Job, session: Session) -> Iterator[Result]:
    wanted = job.asked["Operation"]["S3InitiateRestoreObject"]
    for task in manifest.tasks(session, job.asked["Manifest"]):
        if job.status is Status.CANCELLED:
            return
        result = _restore(session, task, wanted)
        if result.code:
            job.failed += 1
        else:
            job.succeeded += 1
        yield result


def _restore(session: Session, task: Task, wanted: dict[str, Any]) -> Result:
    tier = wanted.get("GlacierJobTier", "BULK").capitalize()
    wish = Wish(task.version, int(wanted["ExpirationInDays"]), tier)
    try:
        objects.ask(session, "s3:RestoreObject", task.bucket, task.key)
        status = restore(objects.backend(), task.bucket, task.key, wish)
    except objects.DeniedError as denied:
        return Result(task, 403, "AccessDenied", str(denied))
    except S3ClientError as error:
        return Result(task, _ERRORS.get(error.code, 400), error.code, error.message)
    code = _RESTORED[status]
    return Result(task, status, code, "Object restore is already in progress" if code else "")


def _session(job: Job) -> Session:
    role = job.asked["RoleArn"]
    session = Session(role, f"s3-batch-operations_{job.id}")
    if not grants.trusts(session.role_name, PRINCIPAL):
        raise ManifestError(
            "AccessDenied", f"the role {role} of account {ACCOUNT} doesn't trust {PRINCIPAL}"
        )
    return session
