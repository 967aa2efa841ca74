"""What a learner takes away from a chapter, in two sentences of their own: kept, never graded."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from workbook import frontend, logbook
from workbook.bets.book import RECORD
from workbook.bets.told import BLUE, GREEN, said
from workbook.checks.chapter import chapter_name
from workbook.checks.registry import UnknownExercise, chapters
from workbook.views.canvas.words import NBSP

if TYPE_CHECKING:
    from IPython.display import DisplayHandle

KIND = "takeaway"
LONGEST = 1000
ASKED = f"Ce chapitre en deux phrases, avec vos mots{NBSP}:"


def takeaway(chapter: str, words: str | None = None) -> None:
    """Ask for two sentences on `chapter` (`"ch07"`), or keep `words`; the last ones count.

    They stay in the logbook and in the saved notebook. Raises `UnknownExercise`.
    """
    if chapter not in chapters():
        raise UnknownExercise(f"Le cours n’a pas de chapitre « {chapter} ».")
    if words is not None:
        note = _keep(chapter, words)
        frontend.show(_kept(chapter, note))
    elif frontend.in_a_notebook():
        _ask(chapter)
    else:
        frontend.show(_kept(chapter))


def taken_from(chapter: str) -> str:
    """The learner's last words on `chapter`; empty while there are none."""
    words = ""
    for entry in logbook.records():
        if (entry["kind"], entry["exercise"]) == (KIND, chapter):
            words = entry["words"] if isinstance(entry.get("words"), str) else words
    return words


def _ask(chapter: str) -> None:
    from workbook.bets.form import NoteField

    receipt = frontend.show(_kept(chapter))
    record = partial(_from_form, chapter, receipt)
    field = NoteField(ASKED, taken_from(chapter), record, "deux phrases, facultatives", rows=3)
    frontend.show(frontend.view(field) | said(ASKED, BLUE))


def _from_form(chapter: str, receipt: DisplayHandle, words: str) -> str:
    note = _keep(chapter, words)
    receipt.update(_kept(chapter, note), raw=True)
    return note or "C’est noté."


def _keep(chapter: str, words: str) -> str:
    """Record the words; what to tell where the disk refuses them."""
    try:
        logbook.record(KIND, chapter, words=words.strip()[:LONGEST])
    except OSError as error:
        return logbook.explain(error)
    return ""


def _kept(chapter: str, note: str = "") -> dict[str, object]:
    words = taken_from(chapter)
    if not words:
        return said(note or f"{chapter_name(chapter)}{NBSP}: rien de noté pour l’instant.")
    record = {RECORD: [{"kind": KIND, "exercise": chapter, "words": words}]}
    return said(f"{chapter_name(chapter)}, avec vos mots{NBSP}: {words}", GREEN, note) | record
