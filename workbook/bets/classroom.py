"""`workbook bets`: what a teacher gets of a class, and the questions for quizzes, as files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from workbook.bets import exports
from workbook.bets.collect import NoFolder, collect
from workbook.bets.page import page
from workbook.bets.registry import all_bets
from workbook.views.canvas.words import NBSP, plural

NOTHING_ASKED = "Donnez le dossier d’une classe, ou bien --gift ou --wooclap pour les questions."


def report(
    folder: Path | None, out: Path, titles: Mapping[str, str], gift: bool, wooclap: bool
) -> Iterator[str]:
    """Write into `out` what is asked for; yield what to tell.

    Raises `NoFolder`, `NoAnswers`, `OSError`.
    """
    if not (folder or gift or wooclap):
        raise NoFolder(NOTHING_ASKED)
    questions = all_bets()
    if gift or wooclap:
        exports.require_answers(questions)
    files = {}
    if folder:
        classroom = collect(folder)
        count = plural(len(classroom.bets), "apprenant")
        yield from classroom.remarks
        yield f"{count} avec des paris."
        files["paris.html"] = page(classroom, questions, titles)
        # Its mark tells a spreadsheet that the file is in UTF-8.
        files["paris.csv"] = "\ufeff" + exports.bets_csv(classroom)
    if gift:
        files["paris.gift.txt"] = exports.gift(questions)
    if wooclap:
        files["paris.wooclap.csv"] = exports.wooclap(questions)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (out / name).write_text(content, encoding="utf-8", newline="")
        yield f"Écrit{NBSP}: {out / name}"
