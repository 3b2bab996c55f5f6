"""The NAS of the tests: small, Japanese, with a file of most sorts, and people who change it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from scripts.local_estate.nas_share import Expected, make_share, oddities, pictures
from scripts.local_estate.nas_share.recipes import Recipe, expect
from scripts.local_estate.nas_share.subject import draw

FILES = 48
ODDITIES = (
    Recipe(1, ".pdf", oddities.scanned_pdf, "skipped", "no_text"),
    Recipe(1, ".pdf", oddities.locked_pdf, "skipped", "encrypted"),
    Recipe(1, ".xlsx", oddities.locked_excel, "skipped", "encrypted"),
    Recipe(1, ".txt", oddities.empty, "skipped", "empty"),
    Recipe(1, ".jpg", oddities.cut_jpeg, "failed", "corrupt"),
    Recipe(1, ".png", pictures.png, scene=True),
)
_SEED = 20240401
_numbers = count(1)

Fate = tuple[str, str | None]
"""Status and reason."""


class Share:
    """The files on the NAS, and what should become of each."""

    def __init__(self, folder: Path) -> None:
        """Take a folder as it is, or fill it.

        Args:
            folder: of the NAS.
        """
        self.folder = folder
        self.fates: dict[str, Fate] = {}
        shutil.rmtree(folder, ignore_errors=True)
        self._know(make_share(folder, FILES))
        self._know(self._write_oddities())

    def _know(self, files: list[Expected]) -> None:
        self.fates |= {
            file.path: (file.status, file.reason) for file in files if file.status != "excluded"
        }

    def _write_oddities(self) -> list[Expected]:
        written = []
        for number, recipe in enumerate(ODDITIES, 10_000):
            subject = draw(_SEED, number)
            wanted = expect(recipe, subject)
            path = self.folder / wanted.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(recipe.content(subject))
            written.append(wanted)
        return written

    def add(self, text: str = "議事録。来月の見積書を確認した。") -> str:
        """Write a file that wasn't there; its path."""
        number = next(_numbers)
        path = f"追加/議事録-{number:03}.txt"
        self._write(path, f"{text} 第{number}号")
        return path

    def change(self, path: str) -> None:
        """Write other text into a file."""
        self._write(path, f"改訂した。{next(_numbers)}")

    def _write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, encoding="cp932")
        self.fates[path] = ("indexed", None)

    def move(self, path: str) -> str:
        """Put a file into another folder; its new path."""
        moved = f"整理済み/{path}"
        (self.folder / moved).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).rename(self.folder / moved)
        self.fates[moved] = self.fates.pop(path)
        return moved

    def delete(self, path: str) -> None:
        """Take a file away."""
        (self.folder / path).unlink()
        del self.fates[path]

    def some(self, status: str, ending: str) -> str:
        """A file with a fate and an extension."""
        return next(
            path
            for path, (found, _) in sorted(self.fates.items())
            if found == status and path.endswith(ending)
        )

    @contextmanager
    def without(self, path: str) -> Iterator[None]:
        """Nobody knows of a file while the block lasts; then it is there again."""
        fate = self.fates.pop(path)
        try:
            with self.away([path]):
                yield
        finally:
            self.fates[path] = fate

    @contextmanager
    def away(self, paths: list[str]) -> Iterator[None]:
        """Files are gone while the block lasts."""
        aside = self.folder.with_name("aside")
        for path in paths:
            (aside / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).rename(aside / path)
        try:
            yield
        finally:
            for path in paths:
                (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
                (aside / path).rename(self.folder / path)
