"""Objects, read and written with the permissions of a job's role."""

from __future__ import annotations

from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeKey, S3Backend, s3_backends

from scripts.local_aws.account import ACCOUNT, PARTITION
from scripts.local_aws.iam.decisions import may
from scripts.local_aws.iam.sessions import Session


class DeniedError(Exception):
    """The role may not do it; the message is AWS's."""


def backend() -> S3Backend:
    """All buckets of the account."""
    found: S3Backend = s3_backends[ACCOUNT][PARTITION]
    return found


def ask(session: Session, action: str, bucket: str, key: str) -> None:
    """Make sure that a role may do something with an object.

    Raises:
        DeniedError: It may not.
    """
    resource = f"arn:{PARTITION}:s3:::{bucket}/{key}"
    refusal = may(session, action, resource)
    if refusal:
        raise DeniedError(
            f"User: {session.arn} is not authorized to perform: {action} "
            f"on resource: {resource} {refusal}"
        )


def read(session: Session, bucket: str, key: str, version: str | None = None) -> FakeKey | None:
    """An object, or None if there is none.

    Raises:
        DeniedError: The role may not read it.
    """
    ask(session, "s3:GetObjectVersion" if version else "s3:GetObject", bucket, key)
    try:
        return backend().get_object(bucket, key, version_id=version)
    except S3ClientError:
        return None


def write(session: Session, bucket: str, key: str, content: bytes) -> None:
    """Write an object.

    Raises:
        DeniedError: The role may not.
        S3ClientError: There is no such bucket.
    """
    ask(session, "s3:PutObject", bucket, key)
    backend().put_object(bucket, key, content)


def name_in(arn: str) -> str:
    """Bucket, or bucket and key, of an ARN of S3."""
    return arn.split(":", 5)[-1]
