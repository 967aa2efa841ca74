"""`workbook export-answers`: the answers of a class for JPlag and Dolos, under pseudonyms.

    DIR/ch07.publish/copies/E-7K3M2/reponse.py    one folder a hand-in: the answer, and no more
    DIR/ch07.publish/base/reponse.py              the stub that everybody was given
    DIR/ch07.publish/info.csv                     the copies, as Dolos reads them

Nothing is compared here: what looks alike is for a person to judge.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from workbook.errors import WorkbookError
from workbook.grading.pristine import pristine
from workbook.grading.pseudonyms import aliases
from workbook.grading.rules import Rules
from workbook.grading.verdicts import Status
from workbook.grading.writing import write
from workbook.views.canvas.words import NBSP, plural

ANSWER, COPIES, BASE, INFO = "reponse.py", "copies", "base", "info.csv"
WRITTEN = "results/*.json"
MAGICS = ("%", "!")


class NoReport(WorkbookError):
    """There is no graded class in this folder, or something is already where to write."""


def export(report: Path, out: Path, root: Path) -> Iterator[str]:
    """Write the answers of the class graded in `report` into `out`; yield what to tell.

    A stub left as it was is no answer. Raises `NoReport`, `BadTable`.
    """
    results = [json.loads(path.read_bytes()) for path in sorted(report.glob(WRITTEN))]
    if not results:
        raise NoReport(f"« {report} » ne contient aucune classe notée.")
    if out.exists() and any(out.iterdir()):
        raise NoReport(f"« {out} » n’est pas vide{NBSP}: choisissez un autre dossier.")
    names = aliases(report, [(one["learner"], one["moodle"]) for one in results], Rules())
    stubs = {slot.exercise: slot.stub for chapter in pristine(root) for slot in chapter.slots}
    copies: dict[str, dict[str, str]] = {}
    for result in results:
        pseudonym = names[result["learner"], result["moodle"]].pseudonym
        for exercise, answer in _answers(result):
            copies.setdefault(exercise, {})[pseudonym] = answer
    for exercise, answers in sorted(copies.items()):
        _write(out / exercise, answers, stubs.get(exercise, ""))
        yield f"{out / exercise}{NBSP}: {plural(len(answers), 'réponse')}"


def _answers(result: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for chapter in result["chapters"].values():
        for one in chapter["exercises"]:
            if one["status"] != Status.NOT_ATTEMPTED and one["answer"].strip():
                yield one["exercise"], one["answer"]


def _write(folder: Path, answers: Mapping[str, str], stub: str) -> None:
    files = {Path(COPIES, name, ANSWER): text for name, text in sorted(answers.items())}
    for path, text in {**files, Path(BASE, ANSWER): stub}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        write(folder / path, python(text))
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(("filename", "full_name"))
    lines.writerows((path.as_posix(), path.parts[1]) for path in files)
    write(folder / INFO, written.getvalue())


def python(text: str) -> str:
    """An answer that a parser of Python reads: what is Jupyter's own becomes a comment."""
    lines = (f"# {one}" if one.startswith(MAGICS) else one for one in text.splitlines())
    return "\n".join(lines) + "\n"
