"""What a generated file is about, and what it is called."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

TOPICS = {
    "見積書": "御引合いを賜りました案件の見積書です。金額は税抜、有効期限は三十日間です。",
    "請求書": "今月分の請求書をお送りします。月末までに指定の口座へお振込みください。",
    "議事録": "定例会議の議事録です。決定事項と宿題を確認のうえ、次回までに対応をお願いします。",
    "契約書": "甲と乙は、業務委託に関する契約書をここに締結し、各一通を保有するものとする。",
    "仕様書": "画面と帳票の仕様書です。入力項目の桁数と初期値は別表に示すとおりとします。",
    "報告書": "出張の報告書を提出します。現地の状況と今後の進め方について以下にまとめました。",
    "稟議書": "設備の更新について稟議書を提出します。費用対効果をご確認のうえ御承認ください。",
    "手順書": "夜間作業の手順書です。開始前に担当者へ連絡し、終了後は記録を残してください。",
    "就業規則": "従業員が守るべき就業規則を定める。始業は午前九時、終業は午後五時三十分とする。",
    "点検表": "毎朝の点検表に記入してください。異常を見つけたときは運転を止めて連絡します。",
}
"""What files are about, with a sentence. No topic is named in the sentence of another."""

PHOTOGRAPH = "現場写真"
PROJECTS = ("アオゾラ", "コモレビ", "ミナモト")
REVISED = "アカツキ"
"""The project of files that changed within a month: named nowhere before."""
ADDED = "ヒナギク"
"""The project of files that came within a month."""

_DEPARTMENTS = ("営業部", "経理部", "総務部", "人事部", "製造部", "開発部", "法務部", "広報室")
_YEARS = ("平成30年度", "2019年度", "2020年度", "2021年度", "２０２２年度", "2023年度", "2024年度")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_ORDINARY = 12  # names of twenty that are plain


@dataclass(frozen=True)
class Subject:
    """What one file is about.

    Args:
        number: of the file in its share; in its name and its text.
        folder: department and year.
        topic: in its name and its text.
        project: in its text only.
        chance: what else may vary.
    """

    number: int
    folder: str
    topic: str
    project: str
    chance: random.Random


def draw(seed: int, number: int, project: str | None = None) -> Subject:
    """The subject of a file of a share, always the same."""
    chance = random.Random(f"{seed}/{number}/{project}")  # noqa: S311 - nobody guards anything
    folder = f"{chance.choice(_DEPARTMENTS)}/{chance.choice(_YEARS)}"
    topic, drawn = chance.choice(list(TOPICS)), chance.choice(PROJECTS)
    return Subject(number, folder, topic, project or drawn, chance)


def file_name(subject: Subject, topic: str, extension: str) -> str:
    """What people call such a file, awkward characters included; at most 255 bytes."""
    plain = f"{topic}_{subject.number:05}"
    style = subject.chance.randrange(_ORDINARY + len(_STYLES)) - _ORDINARY
    return (_STYLES[style](plain) if style >= 0 else plain) + extension


def _long(name: str) -> str:
    return f"{name}_" + "とても長い名前" * ((230 - len(name.encode())) // 21)


_STYLES: tuple[Callable[[str], str], ...] = (
    lambda name: f"ｺﾋﾟｰ ~ {name}",
    lambda name: name.translate(_FULL_WIDTH),
    lambda name: f"{name} (最終版)　改",
    lambda name: f"髙橋様・山﨑様_{name}",
    lambda name: f"📊{name}👍🏽",
    lambda name: f"R&D+100% #1 'a' [済]_{name}",
    lambda name: unicodedata.normalize("NFD", f"ガイドブック_{name}"),
    _long,
)
