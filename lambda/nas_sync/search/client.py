"""How OpenSearch is reached, and what its refusals mean."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from opensearchpy import OpenSearch, Urllib3AWSV4SignerAuth, Urllib3HttpConnection
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import SSLError, TransportError

from batchworks.errors import SettingsError
from nas_sync.errors import SearchError, SearchUnavailable
from nas_sync.messages import shortened

SECONDS = 60  # that one request may take
_SERVICE = "es"  # as signatures for a domain name it
_BUSY = 429
_BROKEN = 500
_LONGEST = 300  # characters of an answer: a load balancer's is a page of HTML

logging.getLogger("opensearch").setLevel(logging.ERROR)  # what fails is told where it is handled


def connect(
    endpoint: str, region: str, *, seconds: float = SECONDS, at_once: int = 8
) -> OpenSearch:
    """A client that signs each request with this process's credentials and never repeats one.

    Args:
        endpoint: the domain's URL; `https://` where it names no scheme, as Terraform gives it.
        region: the one that requests are signed for.
        seconds: that one request may take.
        at_once: connections that are kept, one for each thread.

    Raises:
        SettingsError: there are no credentials.
    """
    credentials = boto3.Session().get_credentials()
    if credentials is None:
        raise SettingsError(
            f"there are no credentials to sign requests to {endpoint} with: give the function a "
            "role, or log in to AWS"
        )
    return OpenSearch(
        endpoint if "://" in endpoint else f"https://{endpoint}",
        http_auth=Urllib3AWSV4SignerAuth(credentials, region, _SERVICE),
        connection_class=Urllib3HttpConnection,
        pool_maxsize=at_once,
        timeout=seconds,
        max_retries=0,
        retry_on_timeout=False,
    )


@contextmanager
def telling(doing: str) -> Iterator[None]:
    """Turn OpenSearch's errors into this job's.

    Args:
        doing: what is done to which item, such as `look into the index files`.

    Raises:
        SearchUnavailable: no answer in time, or one that says "not now" (429, 5xx).
        SearchError: a refusal.
    """
    try:
        yield
    except SSLError as error:
        raise SearchError(f"could not {doing}: OpenSearch's certificate: {error}") from error
    except NoConnection as error:
        raise SearchUnavailable(
            f"could not {doing}: OpenSearch gave no answer ({error}). Is the domain up, and does "
            "the network lead there?"
        ) from error
    except TransportError as error:
        raise _of_answer(error, doing) from error


def reason_of(error: Any) -> str:
    """What OpenSearch says about an error, in a few words.

    Args:
        error: the `error` of its answer: an object with type and reason, or a text.
    """
    if not isinstance(error, dict):
        return str(error)
    cause = error.get("caused_by") or {}
    told = [f"{error.get('type', 'error')}: {error.get('reason', '')}"]
    if isinstance(cause, dict) and cause.get("reason"):
        told.append(str(cause["reason"]))
    return "; ".join(told)


def gave_no_answer(error: SearchUnavailable) -> bool:
    """Whether nothing came back, rather than a refusal for now."""
    return isinstance(error.__cause__, NoConnection)


def is_too_large(error: SearchError) -> bool:
    """Whether a request has more bytes than OpenSearch takes."""
    return isinstance(error.__cause__, TransportError) and error.__cause__.status_code == 413


def _of_answer(error: TransportError, doing: str) -> SearchUnavailable | SearchError:
    status = int(error.status_code)
    told = error.info.get("error", error.error) if isinstance(error.info, dict) else error.error
    what = shortened(reason_of(told), _LONGEST)
    text = f"could not {doing}: OpenSearch answered {status} ({what})"
    if status == _BUSY or status >= _BROKEN:
        return SearchUnavailable(f"{text}. It is overloaded or starting: try again later.")
    if status in {401, 403}:
        return SearchError(f"{text}. Let the domain's access policy allow this role.")
    return SearchError(text)
