"""The pages of the guide: the documents themselves, and the cards of the weights that are here.

Nothing of it needs a window: it is read on another thread. Headings get the anchors that GitHub gives them, so
that a link leads to the same place here and there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QImageReader

from app.domain.settings import Language
from app.i18n.language import say
from app.paths import guide_folder
from squid_core.bundle.card import WEIGHTS_NAME
from squid_core.bundle.library import Bundle, available
from squid_core.evaluation.model_card import cards_page

FIRST = "user-guide.md"
MESSAGES = "messages.md"
CARDS = "model-cards.md"
# What is shown, in this order: for radiologists, for whoever runs the computer, what is behind it.
PAGES = (
    FIRST, "your-hospital.md", MESSAGES, CARDS,
    "administration.md", "network.md", "command-line.md", "threat-model.md",
    "dicom.md", "reliability.md", "scale.md", "experiments.md",
)  # fmt: skip
MAX_HEADING = 3  # level of the finest headings among the contents

_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_HEADING = re.compile(r"^(#{1,6}) +(.*?)(?: +#+)?$")
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"[*`]|\\(?=\W)")
_WIDE = "\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"  # Chinese and its punctuation, which know no blanks
_BREAK_IN_CHINESE = re.compile(f"(?<=[{_WIDE}])\n(?=[{_WIDE}])")


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading of a page; its anchor is unique on it."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Page:
    """One document.

    Attributes:
        name: of its file, by which links call it, in whatever language it is.
        text: Markdown.
        headings: all of them, from above; the first is the title.
        anchors: those of the same headings in English, which links may use too.
    """

    name: str
    text: str
    headings: tuple[Heading, ...]
    anchors: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What it is called among the contents."""
        return self.headings[0].text if self.headings else self.name

    @property
    def pictures(self) -> tuple[str, ...]:
        """Names of the files that it shows."""
        return tuple(_PICTURE.findall(self.text))

    def place(self, anchor: str) -> int:
        """Number of the heading with this anchor; 0, the title, where there is none."""
        for anchors in ([heading.anchor for heading in self.headings], self.anchors):
            if anchor in anchors:
                return min(anchors.index(anchor), len(self.headings) - 1)
        return 0


@dataclass(frozen=True, slots=True)
class Guide:
    """All pages.

    Attributes:
        pages: in their order.
        pictures: by the name that pages use, how large each is in pixels. They are decoded once they are to be seen.
        folder: in which they lie.
    """

    pages: tuple[Page, ...]
    pictures: Mapping[str, QSize]
    folder: Path

    def page(self, name: str) -> Page | None:
        """The page of this name; None where the guide has none."""
        return next((page for page in self.pages if page.name == name), None)


@dataclass(frozen=True, slots=True)
class GuidePlace:
    """A page and a heading on it; '' for its beginning."""

    page: str
    anchor: str = ""

    @classmethod
    def of(cls, link: str, base: str = FIRST, language: str = Language.ENGLISH) -> GuidePlace | None:
        """Where a link leads; None where it leads out of the folder of the documents.

        Args:
            link: as it is written: `messages.md#who-it-is`, `#greys`.
            base: the page on which it stands.
            language: a link may name the file in this language.
        """
        name, _, anchor = unquote(link).partition("#")
        if ":" in name or "/" in name:
            return None
        return cls(name.replace(f".{language}.md", ".md") or base, anchor)


def read_guide(language: str) -> Guide:
    """Read all pages from the disk.

    Args:
        language: a page that there is not in it is shown in English.
    """
    folder = guide_folder()
    pages = tuple(_pages(folder, language))
    named = {name for page in pages for name in page.pictures if ".." not in PurePosixPath(name).parts}
    sizes = {name: QImageReader(str(folder / name)).size() for name in named}
    return Guide(pages, {name: size for name, size in sizes.items() if size.isValid()}, folder)


def read_pictures(guide: Guide, page: Page) -> dict[str, QImage]:
    """The pictures of a page, from the disk."""
    return {name: QImage(str(guide.folder / name)) for name in page.pictures if name in guide.pictures}


def _pages(folder: Path, language: str) -> Iterator[Page]:
    for name in PAGES:
        if name == CARDS:
            chests_first = sorted(available().values(), key=lambda bundle: bundle.card.subject != "chest")
            cards = [(bundle.card, _size(bundle)) for bundle in chests_first]
            yield page_of(name, cards_page(cards, say))
        elif (english := folder / name).is_file():
            text = english.read_text(encoding="utf-8")
            translated = english.with_suffix(f".{language}.md")
            if language != Language.ENGLISH and translated.is_file():
                yield page_of(name, translated.read_text(encoding="utf-8"), text)
            else:
                yield page_of(name, text)


def _size(bundle: Bundle) -> int:
    weights = bundle.folder / WEIGHTS_NAME
    return weights.stat().st_size if weights.is_file() else 0


def page_of(name: str, text: str, english: str = "") -> Page:
    """A page from its Markdown.

    Args:
        name: of the document in English.
        text: as it is shown; lines that are broken within Chinese are joined without a blank.
        english: the same document in English, whose anchors lead here too.
    """
    anchors = tuple(heading.anchor for heading in headings(english))
    return Page(name, _BREAK_IN_CHINESE.sub("", text), tuple(headings(text)), anchors)


def headings(text: str) -> Iterator[Heading]:
    """The headings of a document, code left out."""
    seen = Counter[str]()
    fenced = False
    for line in text.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and (found := _HEADING.match(line)):
            words = _MARKS.sub("", _LINK.sub(r"\1", found[2])).strip()
            anchor = slug(words)
            yield Heading(len(found[1]), words, f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
            seen[anchor] += 1


def slug(words: str) -> str:
    """The anchor of a heading as GitHub makes it: small letters, no punctuation, - for each blank."""
    return re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
