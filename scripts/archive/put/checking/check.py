"""Everything that is looked at before anything is sent."""

from __future__ import annotations

import errno
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from scripts.archive import archive_list, object_metadata, shares
from scripts.archive.archive_list import Entry
from scripts.archive.batches import batched
from scripts.archive.object_metadata import Carried
from scripts.archive.parallel import mapped
from scripts.archive.put.checking.named import EmptyFolder, File, Link, Named, Problem
from scripts.archive.put.checking.walk import open_problem
from scripts.archive.put.originals import Original, Request

_FILES = 1000  # that the archive list is asked for at once
_REQUEST_ID_LIMIT = 255  # characters, of its column
_JAPANESE_CHARACTER = 9  # bytes, percent-encoded


class Skipped(StrEnum):
    """Why a file that a list names is not archived by this run."""

    UNCHANGED = "アーカイブ済みで、その後の変更なし"
    DELETED = "アーカイブ済みで、元のファイルは削除済み"
    TWICE = "リスト内で重複"
    MARKER = "マーカー（アーカイブ済みの印）"
    LINK = "リンク（リンク先はアーカイブしません）"


@dataclass
class Findings:
    """What the check saw.

    Args:
        problems: any of them refuses the list.
        originals: what is to be archived, each file once.
        skipped: how many files are not, by reason.
        unchanged: those that are archived as they are.
        unmarked: those of them whose marker is missing.
        links: what was not followed.
        empty: folders that hold nothing.
    """

    problems: list[Problem] = field(default_factory=list)
    originals: list[Original] = field(default_factory=list)
    skipped: Counter[Skipped] = field(default_factory=Counter)
    unchanged: list[Original] = field(default_factory=list)
    unmarked: list[Original] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    empty: list[EmptyFolder] = field(default_factory=list)

    @property
    def requested(self) -> int:
        """How many files the list names, each as often as it does."""
        return len(self.originals) + self.skipped.total()


def check(
    seen: Iterable[Named],
    request: Request,
    bucket: str,
    connection: Connection,
    pool: Executor,
    *,
    deletes: bool = False,
) -> Findings:
    """Look at everything that a list names, in the file system and in the archive list.

    Args:
        seen: what the rows name.
        request: what is recorded with each file.
        bucket: where the files would go.
        connection: to the archive list.
        pool: looks at several files at once.
        deletes: whether originals are deleted once they are archived: then those that are
            archived and no longer there are no problem.
    """
    findings = Findings(problems=_request_problems(request))
    for batch in batched(_each_once(seen, findings), _FILES):
        _ask(batch, bucket, connection, pool, findings)
    if deletes:
        _forgive_deleted(findings, bucket, connection)
    return findings


def _each_once(seen: Iterable[Named], findings: Findings) -> Iterator[File]:
    keys: set[str] = set()
    for found in seen:
        match found:
            case Problem():
                findings.problems.append(found)
            case Link():
                findings.links.append(found)
                findings.skipped[Skipped.LINK] += 1
            case EmptyFolder():
                findings.empty.append(found)
            case File() if found.place.key in keys:
                findings.skipped[Skipped.TWICE] += 1
            case File():
                keys.add(found.place.key)
                yield found


def _ask(
    files: list[File], bucket: str, connection: Connection, pool: Executor, findings: Findings
) -> None:
    entries = archive_list.newest(connection, bucket, [file.place.key for file in files])
    hollow = [file.place.key for file in files if file.place.status.st_size == 0]
    markers = archive_list.markers(connection, bucket, hollow) if hollow else set()
    unknown = []
    archived = []
    for file in files:
        if file.place.key in markers:
            findings.skipped[Skipped.MARKER] += 1
        elif _is_archived(file, entries.get(file.place.key)):
            archived.append(file)
        else:
            unknown.append(file)
    _take_unknown(unknown, pool, findings)
    _take_archived(archived, entries, pool, findings)


def _forgive_deleted(findings: Findings, bucket: str, connection: Connection) -> None:
    missing = {problem.missing for problem in findings.problems if problem.missing}
    archived: set[str] = set()
    for batch in batched(missing, _FILES):
        archived |= archive_list.newest(connection, bucket, batch).keys()
    remaining = [problem for problem in findings.problems if problem.missing not in archived]
    findings.skipped[Skipped.DELETED] += len(findings.problems) - len(remaining)
    findings.problems = remaining


def _is_archived(file: File, entry: Entry | None) -> bool:
    status = file.place.status
    return entry is not None and (entry.size, entry.modified) == (
        status.st_size,
        object_metadata.moment(status.st_mtime_ns),
    )


def _take_unknown(files: list[File], pool: Executor, findings: Findings) -> None:
    problems = mapped(pool, open_problem, [file.place for file in files])
    for file, wrong in zip(files, problems, strict=True):
        if wrong is None:
            findings.originals.append(_original(file))
        else:
            path = shares.unc(file.place.key)
            findings.problems.append(Problem(file.line, path, wrong.reason, wrong.remedy))


def _take_archived(
    files: list[File], entries: dict[str, Entry], pool: Executor, findings: Findings
) -> None:
    marked = mapped(pool, lambda file: _is_marked(file, entries[file.place.key]), files)
    for file, is_marked in zip(files, marked, strict=True):
        findings.skipped[Skipped.UNCHANGED] += 1
        findings.unchanged.append(_original(file))
        if not is_marked:
            findings.unmarked.append(_original(file))


def _is_marked(file: File, entry: Entry) -> bool:
    """Whether its marker is there, or none can be."""
    if entry.marker is None:
        return True
    folder = os.path.dirname(file.place.local)  # noqa: PTH120 - no Path per file
    try:
        os.lstat(os.path.join(folder, entry.marker))  # noqa: PTH118
    except OSError as error:
        return error.errno == errno.ENAMETOOLONG
    return True


def _original(file: File) -> Original:
    status = file.place.status
    return Original(file.place.key, status.st_size, status.st_mtime_ns)


def _request_problems(request: Request) -> list[Problem]:
    options = {
        "--request-id": request.request_id,
        "--requester": request.requester,
        "--comment": request.comment,
    }
    problems = [
        Problem(None, option, *wrong)
        for option, value in options.items()
        if value is not None and (wrong := _text_problem(option, value))
    ]
    return problems or _length_problems(request)


def _length_problems(request: Request) -> list[Problem]:
    over = object_metadata.size(object_metadata.describe(_longest(request))) - object_metadata.LIMIT
    if over <= 0:
        return []
    reason = "依頼ID、依頼者、コメントを合わせた長さが S3 のメタデータの上限を超えています"
    characters = -(-over // _JAPANESE_CHARACTER)
    return [Problem(None, "--comment", reason, f"日本語で約 {characters} 文字短くしてください")]


def _text_problem(option: str, value: str) -> tuple[str, str] | None:
    if not value.strip():
        return "空です", "値を書くか、この指定を外してください"
    if re.search(r"[\0-\x1f\x7f\ud800-\udfff]", value):
        return "改行などの制御文字か、文字として読めないバイトがあります", "それらを除いてください"
    if option == "--request-id" and len(value) > _REQUEST_ID_LIMIT:
        return f"{len(value)} 文字あります", f"{_REQUEST_ID_LIMIT} 文字以内にしてください"
    return None


def _longest(request: Request) -> Carried:
    """What an object of the request carries at most."""
    now = datetime.now(UTC).replace(microsecond=1)
    return Carried(now, request.request_id, request.requester, request.comment, now, 5 * 1024**3)
