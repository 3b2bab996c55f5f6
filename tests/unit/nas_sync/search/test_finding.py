"""What people type finds what they mean, however either is spelled."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from opensearchpy import OpenSearch

from nas_sync.errors import SearchError
from nas_sync.indexing.documents import Stamp, document
from nas_sync.search import bulk, finding, indices
from nas_sync.search.bulk import Target
from nas_sync.search.finding import Filters
from tests.unit.nas_sync.estate import result, vector

FILES = {
    "営業部/2025/見積書_東京都庁様.pdf": "東京都の取引先に送付した見積書です。金額を確認しました。",
    "営業部/2025/見積書_京都市.xlsx": "京都府の支店あて。",
    "営業部/2024/請求書.docx": "関西国際空港の売店への請求。見積は別紙。",
    "技術部/仕様/部品表_ABC-123.xlsx": "サーバーの部品。",
    "技術部/仕様/ＡＢＣ－１２４　図面.pdf": "ﾃﾞｰﾀｾﾝﾀｰの配線。",
    "技術部/仕様/XY2000型番一覧.txt": "型番 KX-77B と KX-77C の違い",
    "総務/名簿/髙橋・渡邉・山﨑.txt": "齋藤さんと佐々木さん、代々木公園で。",
    "総務/名簿/高田.txt": "斉藤さんは茅ヶ崎に住む。",
    "総務/りんごの注文.txt": "リンゴを一ヶ月分。",
    "総務/ヴァイオリン教室.txt": "バイオリンの先生",
    "総務/か\u3099っこう案内.txt": "濁点が別の文字になっている名前",
    "総務/㈱山田製作所_No①.txt": "株式会社と契約を締結する予定である。",
    "総務/プリンタ設定.txt": "プリンターの初期設定",
    "写真/2025/猫.jpg": "",
}


@pytest.fixture(scope="module")
def files(search: OpenSearch) -> Iterator[str]:
    """An index with these files."""
    alias = f"finding-{uuid.uuid4().hex}"
    indices.ensure(search, alias, indices.definition("files"))
    stamp = Stamp("arn", "2025-12-01T00:00:00Z")
    actions = []
    for number, (path, text) in enumerate(FILES.items()):
        read = result(path, text=text, modified=f"2025-10-{number + 1:02}T00:00:00Z")
        made = document(read, stamp)
        actions.append(bulk.write(made["file_id"], made))
    bulk.send(Target(search, alias, 1), actions)
    search.indices.refresh(index=alias)
    yield alias
    search.indices.delete(index=f"{alias}-v*")


def found(search: OpenSearch, alias: str, text: str, **filters: object) -> list[str]:
    """Names of what is found, the best first."""
    page = finding.by_words(search, [alias], text, Filters(**filters))  # type: ignore[arg-type]
    assert page.total == len(page.hits)
    return [hit.file["file_path"].rsplit("/", 1)[-1] for hit in page.hits]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("見積書", {"見積書_東京都庁様.pdf", "見積書_京都市.xlsx"}),
        ("東京都", {"見積書_東京都庁様.pdf"}),
        ("京都", {"見積書_京都市.xlsx"}),  # not 東京都
        ("見積書 金額", {"見積書_東京都庁様.pdf"}),  # a word in the name, one in the text
        ("確認する", {"見積書_東京都庁様.pdf"}),  # 確認しました
        ("空港", {"請求書.docx"}),  # within 関西国際空港
        ("国際空港", {"請求書.docx"}),
        ("ABC-123", {"部品表_ABC-123.xlsx"}),
        ("abc123", {"部品表_ABC-123.xlsx"}),
        ("ＡＢＣ‐１２３", {"部品表_ABC-123.xlsx"}),
        ("ABC-124", {"ＡＢＣ－１２４　図面.pdf"}),
        ("KX-77B", {"XY2000型番一覧.txt"}),
        ("2000型", {"XY2000型番一覧.txt"}),
        ("データセンター", {"ＡＢＣ－１２４　図面.pdf"}),
        ("ﾃﾞｰﾀｾﾝﾀ", {"ＡＢＣ－１２４　図面.pdf"}),
        ("サーバ", {"部品表_ABC-123.xlsx"}),
        ("サ−バ−", {"部品表_ABC-123.xlsx"}),  # a minus sign for the long vowel
        ("プリンター", {"プリンタ設定.txt"}),
        ("高橋", {"髙橋・渡邉・山﨑.txt"}),
        ("渡辺", {"髙橋・渡邉・山﨑.txt"}),
        ("渡邊", {"髙橋・渡邉・山﨑.txt"}),
        ("山崎", {"髙橋・渡邉・山﨑.txt"}),
        ("斎藤", {"髙橋・渡邉・山﨑.txt", "高田.txt"}),
        ("佐佐木", {"髙橋・渡邉・山﨑.txt"}),
        ("代々木", {"髙橋・渡邉・山﨑.txt"}),
        ("茅ケ崎", {"高田.txt"}),
        ("リンゴ", {"りんごの注文.txt"}),
        ("りんご", {"りんごの注文.txt"}),
        ("一ケ月", {"りんごの注文.txt"}),
        ("バイオリン", {"ヴァイオリン教室.txt"}),
        ("ｳﾞｧｲｵﾘﾝ", {"ヴァイオリン教室.txt"}),
        ("がっこう", {"か\u3099っこう案内.txt"}),
        ("(株)山田", {"㈱山田製作所_No①.txt"}),
        ("No1", {"㈱山田製作所_No①.txt"}),
        ("締結", {"㈱山田製作所_No①.txt"}),
        ("猫", {"猫.jpg"}),
        ("仕様", {"部品表_ABC-123.xlsx", "ＡＢＣ－１２４　図面.pdf", "XY2000型番一覧.txt"}),
        ("存在しない", set()),
    ],
)
def test_what_is_typed_finds_what_is_meant(
    search: OpenSearch, files: str, typed: str, expected: set[str]
) -> None:
    assert set(found(search, files, typed)) == expected


def test_names_come_before_texts(search: OpenSearch, files: str) -> None:
    assert found(search, files, "見積")[-1] == "請求書.docx"


def test_filters_narrow_the_answer(search: OpenSearch, files: str) -> None:
    assert found(search, files, "見積書", file_type=".PDF") == ["見積書_東京都庁様.pdf"]
    assert found(search, files, "見積", folder="営業部/2024") == ["請求書.docx"]
    assert found(search, files, "見積", folder="営業部\\２０２４\\") == ["請求書.docx"]
    assert found(search, files, "見積", folder="営業") == []
    second = datetime(2025, 10, 2, tzinfo=UTC)
    assert found(search, files, "見積書", since=second) == ["見積書_京都市.xlsx"]


def test_highlights_show_the_text_as_it_was_written(search: OpenSearch, files: str) -> None:
    hit = finding.by_words(search, [files], "データセンター", Filters()).hits[0]
    marked = f"{finding.BEGIN}ﾃﾞｰﾀｾﾝﾀｰ{finding.END}"
    assert hit.highlights == [f"{marked}の配線。"]
    assert "extracted_text" not in hit.file


def test_pages_follow_one_another(search: OpenSearch, alias: str) -> None:
    indices.ensure(search, alias, indices.definition("files"))
    stamp = Stamp("arn", "2025-12-01T00:00:00Z")
    made = [document(result(f"議事録{number:02}.txt"), stamp) for number in range(45)]
    bulk.send(Target(search, alias, 1), [bulk.write(each["file_id"], each) for each in made])
    search.indices.refresh(index=alias)

    pages = [finding.by_words(search, [alias], "議事録", Filters(), page) for page in (1, 2, 3)]

    paths = [hit.file["file_path"] for page in pages for hit in page.hits]
    assert [len(page.hits) for page in pages] == [20, 20, 5]
    assert {page.total for page in pages} == {45}
    assert [page.more for page in pages] == [True, True, False]
    assert len(set(paths)) == 45
    with pytest.raises(SearchError, match="no page 501"):
        finding.by_words(search, [alias], "議事録", Filters(), 501)


def test_where_no_image_was_ever_indexed_documents_are_found(
    search: OpenSearch, files: str, alias: str
) -> None:
    page = finding.by_words(search, [files, alias], "関西国際空港", Filters())
    assert [hit.file["file_name"] for hit in page.hits] == ["請求書.docx"]
    nothing = finding.by_likeness(search, alias, [1.0, *[0.0] * 2047], Filters())
    assert (nothing.hits, nothing.more) == ([], False)


def test_images_that_look_alike_are_found_with_their_likeness(
    search: OpenSearch, alias: str
) -> None:
    indices.ensure(search, alias, indices.definition("images"))
    stamp = Stamp("arn", "2025-12-01T00:00:00Z")
    seen = {"same": (1.0,), "similar": (0.8, 0.6), "other": (0.0, 1.0), "far/away": (-1.0,)}
    made = [
        document(result(f"{name}.jpg", vector=vector(*numbers), width=1, height=1), stamp)
        for name, numbers in seen.items()
    ]
    bulk.send(Target(search, alias, 1), [bulk.write(each["file_id"], each) for each in made])
    search.indices.refresh(index=alias)

    page = finding.by_likeness(search, alias, [1.0, *[0.0] * 2047], Filters())

    assert [hit.file["file_name"] for hit in page.hits] == [
        "same.jpg",
        "similar.jpg",
        "other.jpg",
        "away.jpg",
    ]
    assert [round(hit.score, 3) for hit in page.hits] == [1.0, 0.8, 0.0, -1.0]
    assert page.total is None
    only = finding.by_likeness(search, alias, [1.0, *[0.0] * 2047], Filters(folder="far"))
    assert [hit.file["file_path"] for hit in only.hits] == ["far/away.jpg"]
    last = finding.by_likeness(search, alias, [1.0, *[0.0] * 2047], Filters(), 500)
    assert last.hits == []
