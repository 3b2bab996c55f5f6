"""nas-sync: the text of PDFs."""

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import matplotlib_fontja  # type: ignore[import-untyped]
import pdfplumber
import pypdfium2  # type: ignore[import-untyped]
from fpdf import FPDF

from nas_sync.text import extractor
from tests.bench.frame import Figure, seconds, times_faster

_FONT = next(Path(matplotlib_fontja.__file__).parent.rglob("ipaexg.ttf"))
_FILES, _PAGES, _CHARACTERS = 3, 20, 1_200  # of a page
_ROUNDS = 5
_WORDS = (  # noqa: SIM905 - read as words
    "見積書 請求書 株式会社 東京都 大阪府 令和八年 議事録 作成 保存 確認 担当 部長 "
    "の は が を に で と も から です。 ます。 している こと について データ システム 2026年"
).split()

_Reader = Callable[[Path], str]


def reading(home: Path) -> Iterator[Figure]:
    """Read 60 pages of Japanese PDFs with embedded fonts, as TextExtractor does (a minute)."""
    files = [_pdf(home / f"{number}.pdf", random.Random(number)) for number in range(_FILES)]
    extract = extractor.start({"characters": 50_000})

    def ours(file: Path) -> str:
        return extract(file, file.name)["text"]

    _require_same_text(files[0], [ours, _plumber, _pdfium])
    theirs = _seconds(_plumber, files)
    rounds = [(_seconds(_pdfium, files), _seconds(ours, files)) for _ in range(_ROUNDS)]
    fastest, own = (min(column) for column in zip(*rounds, strict=True))
    subject = f"text of {_FILES * _PAGES} pages of PDF"
    yield times_faster(subject, own, "pdfplumber", theirs, at_least=15)
    yield times_faster(subject, own, "pypdfium2", fastest, at_least=0.8)


BENCHMARKS = (reading,)


def _pdf(path: Path, chance: random.Random) -> Path:
    file = FPDF()
    file.add_font("ja", "", _FONT)
    for _ in range(_PAGES):
        file.add_page()
        file.set_font("ja", size=10)
        words = (chance.choice(_WORDS) for _ in range(_CHARACTERS))
        file.multi_cell(0, 6, "".join(words)[:_CHARACTERS])
    file.output(str(path))
    return path


def _plumber(file: Path) -> str:
    with pdfplumber.open(file) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages)


def _pdfium(file: Path) -> str:
    pdf = pypdfium2.PdfDocument(file)
    return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def _seconds(reader: _Reader, files: Sequence[Path]) -> float:
    return seconds(lambda: [reader(file) for file in files])


def _require_same_text(file: Path, readers: Sequence[_Reader]) -> None:
    texts = {"".join(reader(file).split()) for reader in readers}
    if len(texts) > 1:
        raise AssertionError(f"{file}: not everybody reads the same text")
