"""The glossary: each term of the field where a chapter first says it in both languages.

An author writes `**courtier** (*message broker*)` once; `notebooks/glossaire.md` lists them all,
each with a link to that place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from workbook.checks.chapter import chapter_name
from workbook.editions.notebook import linked_cells
from workbook.editions.opening import anchor
from workbook.editions.source import Source

PLACE = Path("notebooks", "glossaire.md")
TERM = re.compile(r"\*\*(?P<french>[^*\n]+)\*\*[\s\u00a0]\(\*(?P<english>[^*\n]+)\*[,)]")
_HEAD = (
    "# Glossaire\n\n"
    "Les mots du métier, en français et en anglais, et l’endroit où le cours les présente.\n\n"
    "| En français | En anglais | Où |\n|---|---|---|\n"
)


class Term(NamedTuple):
    """A word of the field, and the cell that introduces it."""

    french: str
    english: str
    key: str
    cell: str


def terms(found: Iterable[Source]) -> list[Term]:
    """Every term at its first use in reading order, sorted as a French reader looks them up."""
    first: dict[str, Term] = {}
    for term in (term for source in found for term in _introduced(source)):
        first.setdefault(_sorted_by(term.french), term)
    return [first[word] for word in sorted(first)]


def glossary(found: list[Source]) -> str:
    """The text of `notebooks/glossaire.md`."""
    names = {source.key: _seen_from(PLACE.parent, source) for source in found}
    rows = [
        f"| {term.french} | {term.english} | [{chapter_name(term.key)}]"
        f"({names[term.key]}{anchor(term.cell)}) |"
        for term in terms(found)
    ]
    return _HEAD + "\n".join(rows) + "\n"


def _introduced(source: Source) -> Iterator[Term]:
    for id, cell in linked_cells(source).items():
        if cell.kind == "markdown":
            for term in TERM.finditer(cell.text):
                yield Term(term["french"], term["english"], source.key, id)


def _seen_from(folder: Path, source: Source) -> str:
    kind, _, name = source.addresses[source.key].partition("/")
    return name if kind == folder.name else f"../{kind}/{name}"


def _sorted_by(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
