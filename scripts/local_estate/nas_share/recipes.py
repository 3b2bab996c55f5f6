"""Which files a share is made of, and how many of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from nas_sync.records import kind_of
from scripts.local_estate.nas_share import documents, oddities, pictures
from scripts.local_estate.nas_share.expected import Expected, Status
from scripts.local_estate.nas_share.subject import PHOTOGRAPH, Subject, file_name

EXCLUDED = ("~$見積書.docx", "Thumbs.db", "作業中.tmp", ".DS_Store")
"""Names that are never transferred."""


@dataclass(frozen=True)
class Recipe:
    """One sort of file.

    Args:
        weight: how many there are of a thousand.
        extension: as in its name.
        content: makes it.
        status: what should become of it.
        reason: why not indexed.
        scene: whether it is an image that shows the scene of its number.
    """

    weight: int
    extension: str
    content: Callable[[Subject], bytes]
    status: Status = "indexed"
    reason: str | None = None
    scene: bool = False


def _text(weight: int, encoding: str) -> Recipe:
    return Recipe(weight, ".txt", partial(documents.text, encoding=encoding))


def _image(weight: int, extension: str, content: Callable[[Subject], bytes]) -> Recipe:
    return Recipe(weight, extension, content, scene=True)


RECIPES = (
    Recipe(210, ".pdf", documents.pdf),
    Recipe(140, ".docx", documents.word),
    Recipe(140, ".xlsx", documents.excel),
    Recipe(50, ".pptx", documents.slides),
    _text(70, "cp932"),
    _text(50, "utf-8"),
    _text(10, "utf-8-sig"),
    _text(8, "utf-16"),
    _text(12, "euc_jp"),
    _text(8, "iso2022_jp"),
    _image(81, ".jpg", pictures.jpeg),
    _image(20, ".JPG", pictures.turned_jpeg),
    _image(10, ".jpeg", pictures.cmyk_jpeg),
    _image(1, ".jpg", pictures.large_jpeg),
    _image(30, ".png", pictures.png),
    _image(8, ".png", pictures.palette_png),
    _image(10, ".gif", pictures.animated_gif),
    _image(8, ".bmp", pictures.bmp),
    Recipe(6, ".tif", pictures.deep_tiff),
    _image(10, ".webp", pictures.webp),
    _image(3, ".jpg", pictures.png),  # the wrong extension
    Recipe(3, ".docx", documents.pdf),  # the wrong extension
    Recipe(26, ".zip", oddities.archive),
    Recipe(30, ".csv", oddities.table),
    Recipe(10, ".mp4", oddities.film),
    Recipe(5, ".pdf", oddities.scanned_pdf, "skipped", "no_text"),
    Recipe(4, ".pdf", oddities.locked_pdf, "skipped", "encrypted"),
    Recipe(2, ".docx", oddities.locked_word, "skipped", "encrypted"),
    Recipe(2, ".xlsx", oddities.locked_excel, "skipped", "encrypted"),
    Recipe(1, ".pdf", pictures.jpeg, "skipped", "wrong_extension"),
    Recipe(1, ".jpg", documents.pdf, "skipped", "wrong_extension"),
    Recipe(3, ".txt", oddities.empty, "skipped", "empty"),
    Recipe(1, ".pdf", oddities.empty, "skipped", "empty"),
    Recipe(1, ".jpg", oddities.empty, "skipped", "empty"),
    Recipe(5, ".docx", oddities.cut_word, "failed", "corrupt"),
    Recipe(5, ".pdf", oddities.broken_pdf, "failed", "corrupt"),
    Recipe(2, ".xlsx", oddities.noise, "failed", "corrupt"),
    Recipe(5, ".jpg", oddities.cut_jpeg, "failed", "corrupt"),
    Recipe(2, ".png", oddities.noise, "failed", "corrupt"),
    Recipe(1, ".docx", oddities.word_bomb, "failed", "bomb"),
    Recipe(1, ".png", oddities.png_bomb, "failed", "bomb"),
    Recipe(6, "", oddities.noise, "excluded"),
)


def recipes() -> Iterator[Recipe]:
    """Endlessly, each as often as its weight says, spread as evenly as can be.

    Source: smooth weighted round-robin, https://github.com/nginx/nginx/commit/52327e0627f4
    """
    total = sum(recipe.weight for recipe in RECIPES)
    credit = [0] * len(RECIPES)
    while True:
        for index, recipe in enumerate(RECIPES):
            credit[index] += recipe.weight
        best = credit.index(max(credit))
        credit[best] -= total
        yield RECIPES[best]


def expect(recipe: Recipe, subject: Subject) -> Expected:
    """Where a file lies, and what should become of it."""
    if recipe.status == "excluded":
        name = EXCLUDED[subject.number % len(EXCLUDED)]
        return Expected(f"{subject.folder}/{subject.number}/{name}", "other", "excluded")
    kind = kind_of(f"a{recipe.extension}")
    topic = PHOTOGRAPH if kind == "image" else subject.topic
    name = file_name(subject, topic, recipe.extension)
    told = kind == "document" and recipe.status == "indexed"
    return Expected(
        path=f"{subject.folder}/{name}",
        kind=kind,
        status=recipe.status,
        reason=recipe.reason,
        words=(topic, subject.project) if told else (topic,),
        scene=pictures.scene_of(subject) if recipe.scene else None,
    )
