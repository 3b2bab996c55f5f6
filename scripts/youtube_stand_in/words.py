"""Japanese names and texts: plausible, and now and then awkward to store."""

from typing import NamedTuple


class Theme(NamedTuple):
    """What a channel is about, with the things its videos show."""

    name: str
    latin: str
    category: str
    """YouTube's category id."""
    things: tuple[str, ...]


THEMES = (
    Theme("キッチン", "kitchen", "26", ("だし巻き卵", "肉じゃが", "冷やし中華", "塩むすび")),
    Theme("登山部", "tozan", "19", ("高尾山", "八ヶ岳", "富士山", "谷川岳")),
    Theme("鉄道旅", "tetsudo", "19", ("寝台特急", "秘境駅", "青春18きっぷ", "駅弁")),
    Theme("猫日記", "neko", "15", ("三毛猫", "子猫", "猫じゃらし", "段ボール箱")),
    Theme("プログラミング", "programming", "28", ("Python", "SQL", "C++", "正規表現")),
    Theme("ゲーム実況", "game", "20", ("RPG", "対戦格闘", "レトロゲーム", "謎解き")),
    Theme("園芸", "engei", "26", ("ミニトマト", "紫陽花", "多肉植物", "盆栽")),
    Theme("音楽室", "ongaku", "10", ("ピアノ", "三味線", "ボカロ曲", "弾き語り")),
    Theme("歴史講座", "rekishi", "27", ("関ヶ原", "縄文土器", "大政奉還", "源氏物語")),
    Theme("筋トレ", "kintore", "17", ("腕立て伏せ", "体幹", "スクワット", "懸垂")),
    Theme("DIY工房", "diy", "26", ("本棚", "ウッドデッキ", "電動ドリル", "漆喰")),
    Theme("科学実験", "kagaku", "28", ("液体窒素", "磁石", "シャボン玉", "顕微鏡")),
)

OWNERS = (
    ("白銀", "shirogane"), ("さくら", "sakura"), ("ゆるふわ", "yurufuwa"), ("週末", "shumatsu"),
    ("田中さんちの", "tanaka"), ("ひとり", "hitori"), ("北海道", "hokkaido"), ("深夜", "shinya"),
    ("父と娘の", "chichi"), ("まるごと", "marugoto"), ("下町", "shitamachi"),
)  # fmt: skip

TITLES = (
    "【{theme}】{thing}に挑戦してみた #{count}",
    "第{count}回 {thing}の話、そして「本音」",
    "{thing}を{count}日続けた結果…😳",
    "{thing}, {thing}, {thing}! 3つ比べてみた",
    "知らないと損する{thing}の選び方｜{theme}",
    '【ゆっくり解説】{thing}はなぜ"最高"なのか?',
    "{thing}まつり \\(^o^)/ 総集編{count}",
    "Vlog🎥 朝5時からの{thing}",
)

AWKWARD_TITLES = (
    "NULL", "NaN", "None", "007", "1e5", "true", "=SUM(A1:A9)", "\\N", "a,b;\tc", "'; --",
    "👨‍👩‍👧‍👦", "か\u3099", "－", "  前後に空白  ",
)  # fmt: skip
"""Titles that a careless CSV or COPY would lose or change."""

DESCRIPTION = (
    "今回は「{thing}」です。最後までご覧いただきありがとうございます!\n\n"
    '▼目次\n0:00 はじめに\n1:23 {thing}とは\n4:56 まとめ, そして"おまけ"\n\n'
    "▼お仕事のご依頼\nhttps://example.jp/contact?from={video}&lang=ja\n"
    "¯\\_(ツ)_/¯\tチャンネル登録お願いします\n#{theme} #{thing}"
)

CHANNEL_DESCRIPTION = (
    "{name}へようこそ。\n毎週金曜19時更新📅\n「好き」を、そのまま動画にしています。\n"
    "連絡先: info@example.jp"
)


def theme(seed: int, number: int) -> Theme:
    """What channel `number` is about."""
    return THEMES[(seed + number) % len(THEMES)]


def channel_name(seed: int, number: int) -> str:
    """The channel's title."""
    return _owner(seed, number)[0] + theme(seed, number).name + _counter(number, " ")


def handle(seed: int, number: int) -> str:
    """The channel's handle, unique in its world; every third is Japanese."""
    owner, latin = _owner(seed, number)
    if number % 3 == 2:
        return f"@{owner}{theme(seed, number).name}{_counter(number, '')}".lower()
    return f"@{latin}-{theme(seed, number).latin}{_counter(number, '-')}"


def _owner(seed: int, number: int) -> tuple[str, str]:
    return OWNERS[(seed + number) % len(OWNERS)]


def _counter(number: int, separator: str) -> str:
    """Tells channels apart once owners and themes, coprime in number, are used up."""
    repeats = number // (len(OWNERS) * len(THEMES))
    return f"{separator}{repeats + 1}" if repeats else ""
