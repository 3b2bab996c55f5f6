"""`search`: finds files by words, or images by what they look like."""

from __future__ import annotations

import base64
from array import array
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from batchworks.errors import JobError, SettingsError
from nas_sync import clients, reasons, settings
from nas_sync.search import client, finding
from nas_sync.search.finding import Filters, Hit, Page
from nas_sync.store import Store
from scripts.environments import Environment
from scripts.exits import Exit
from scripts.files import ROOT
from scripts.nas_sync import deployed
from scripts.runs import TOKYO
from scripts.terminal import harmless

_UNITS = ("バイト", "KB", "MB", "GB")
_THOUSAND = 1024
_MODELS = ROOT / ".local" / "models"  # not in /tmp, where others could put one


@dataclass(frozen=True)
class Question:
    """What is looked for."""

    text: str | None
    image: Path | None
    file_type: str | None
    folder: str | None
    since: str | None  # YYYY-MM-DD, in Tokyo
    page: int


def run(env: Environment, question: Question, console: Console) -> Exit:
    """Look, and show what was found.

    Args:
        env: whose files.
        question: what is looked for.
        console: where the table goes.

    Raises:
        SettingsError: it isn't said what is looked for, or nothing is deployed.
        JobError: OpenSearch or the image model can't answer.
    """
    if (question.text is None) == (question.image is None):
        raise SettingsError("give words (Q=見積書) or an image (IMAGE=photo.jpg), one of them")
    filters = Filters(question.file_type, question.folder, _since(question.since))
    deployed.enter(env)
    told = settings.search(deployed.variables(env, "BulkIndexer", "OPENSEARCH_ENDPOINT"))
    search = client.connect(told.endpoint, told.region)
    if question.image is not None:
        vector = _vector(env, question.image)
        page = finding.by_likeness(search, told.images_alias, vector, filters, question.page)
        show(console, page, question.image.name, likeness=True)
    else:
        words, aliases = question.text or "", [told.files_alias, told.images_alias]
        page = finding.by_words(search, aliases, words, filters, question.page)
        show(console, page, words, likeness=False)
    return Exit.DONE


def show(console: Console, page: Page, asked: str, *, likeness: bool) -> None:
    """Print a page of what was found."""
    if not page.hits:
        every = "" if page.total is None else f"（全 {page.total:,} 件）"
        console.print(f"「{asked}」に一致するファイルはありません{every}。")
        return
    first = (page.number - 1) * finding.ON_A_PAGE + 1
    last = first + len(page.hits) - 1
    of_all = "" if page.total is None else f"{page.total:,} 件中 "
    table = Table(title=f"「{asked}」 {of_all}{first:,}〜{last:,} 件目")
    for heading in ("名前", "フォルダー", "サイズ", "更新日"):
        table.add_column(heading, overflow="fold")
    table.add_column("類似度" if likeness else "一致した箇所", overflow="fold")
    for hit in page.hits:
        file = hit.file
        table.add_row(
            Text(harmless(file["file_name"])),
            Text(harmless(file["file_path"].rpartition("/")[0])),
            _size(file["file_size"]),
            _day(file.get("modified_date")),
            Text(f"{hit.score:.3f}") if likeness else _found(hit),
        )
    console.print(table)
    if page.more:
        console.print(f"続きは PAGE={page.number + 1} を付けて実行してください。")


def _found(hit: Hit) -> Text:
    """Where the words are, or why the content wasn't read."""
    shown = Text()
    for piece in hit.highlights:
        for part in harmless(" ".join(piece.splitlines())).split(finding.BEGIN):
            inside, end, outside = part.partition(finding.END)
            shown.append(inside, "bold yellow" if end else "")
            shown.append(outside)
        shown.append(" … ")
    if reason := hit.file.get("reason"):
        shown.append(reasons.explanation(reason), "dim")
    return shown


def _size(count: int) -> str:
    size, unit = float(count), 0
    while size >= _THOUSAND and unit < len(_UNITS) - 1:
        size, unit = size / _THOUSAND, unit + 1
    return f"{size:,.0f} {_UNITS[unit]}" if unit == 0 else f"{size:,.1f} {_UNITS[unit]}"


def _day(moment: str | None) -> str:
    if moment is None:
        return "不明"
    return f"{datetime.fromisoformat(moment).astimezone(TOKYO):%Y-%m-%d}"


def _since(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=TOKYO)
    except ValueError as error:
        raise SettingsError(f"FROM is {text!r}: give a day as YYYY-MM-DD") from error


def _vector(env: Environment, image: Path) -> list[float]:
    """What `ImageFeatureExtractor` would find, by the same code and the same model."""
    from nas_sync.extraction.answers import Unreadable  # noqa: PLC0415 - loads onnxruntime, 300 ms
    from nas_sync.images import extractor, model  # noqa: PLC0415

    if not image.is_file():
        raise SettingsError(f"IMAGE is {str(image)!r}: there is no such file")
    given = deployed.variables(env, "ImageFeatureExtractor", "MODEL_KEY")
    _MODELS.mkdir(parents=True, exist_ok=True)
    path = model.fetch(
        Store(clients.s3(), given.required("RAW_BUCKET", "the bucket with the model")),
        given.required("MODEL_KEY", "the image model's key in the raw bucket"),
        given.required("MODEL_SHA256", "the SHA-256 that `make model` printed"),
        _MODELS,
    )
    try:
        answer = extractor.start({"model": str(path), "threads": 1})(image, image.name)
    except Unreadable as error:
        told = reasons.explanation(error.reason)
        raise JobError(f"the image {image} can't be read: {told} {error.detail}") from error
    return list(array("f", base64.b64decode(answer["vector"])))
