"""Makes a mistake that nobody knew one that the course knows: a new wrong answer of the zoo."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from workbook.checks.card import LOOKS
from workbook.checks.exercise import Exercise
from workbook.checks.outcome import Outcome, Result
from workbook.checks.registry import find
from workbook.errors import WorkbookError
from workbook.grading import catalogue
from workbook.grading.anonymous import without_names
from workbook.grading.catalogue import FEEDBACK, MISTAKE, with_runs
from workbook.grading.mirror import nearest
from workbook.grading.pristine import pristine
from workbook.grading.signatures import MASKED, signature
from workbook.grading.submissions import Submission
from workbook.grading.verdicts import Graded, Status, exercises_of
from workbook.views.canvas.words import NBSP

NAME = re.compile(r"[a-z0-9_]+")
LONGEST_NAME = 40
SHORTEST_WORDS, LONGEST_WORDS = 8, 60  # characters of what the card must contain


class NotAdopted(WorkbookError):
    """Why an answer does not become one of the zoo's, in French."""


def adopt(
    report: Path, learner: str, exercise: str, root: Path, *, name: str = "", mistake: str = ""
) -> Path:
    """Write the answer of `learner` to `exercise` as `wrong_<name>.py`; return its path.

    `report` is the folder of a graded class, `learner` a name or the slug of a feedback page.
    `mistake` names it in words, as `catalogue` says. Without a `name`, it bears that of its first
    failing step. The signature already measured is kept with it. Raises `NotAdopted`.
    """
    who, graded = _answer_of(_read(report), learner, exercise)
    asked = find(exercise)
    result = _require_wrong(graded, asked)
    folder = _folder(root, exercise)
    known = catalogue.read(folder, asked)
    found = signature(graded.verdict, asked.asks)
    match = nearest(found, known)
    if match.known and known.holds_for(asked):
        alike = ", ".join(match.answers[:3])
        raise NotAdopted(f"Cette erreur est déjà connue{NBSP}: {alike}.")
    path = folder / f"wrong_{_name(name, result)}.py"
    if path.exists():
        raise NotAdopted(f"{path.name} existe déjà{NBSP}: donnez un autre nom avec --name.")
    text = catalogue.below_magic(without_names(graded.answer, [who]))[1]
    head = [f"# {FEEDBACK}: {' | '.join(words_of(result))}"]
    head += [f"# {MISTAKE}: {mistake}"] * bool(mistake)
    path.write_text("\n".join([*head, text.strip("\n"), ""]), encoding="utf-8", newline="\n")
    catalogue.write(with_runs(known, asked, [(path.stem, found)]))
    return path


def _read(report: Path) -> dict[str, Any]:
    try:
        return json.loads((report / "grades.json").read_bytes())
    except (OSError, ValueError) as error:
        raise NotAdopted(f"« {report} » n’est pas le rapport d’une classe notée.") from error


def _answer_of(grades: Mapping[str, Any], learner: str, exercise: str) -> tuple[str, Graded]:
    found = [result for result in grades["learners"] if learner in _names(result)]
    if not found:
        raise NotAdopted(f"Personne ne s’appelle « {learner} » dans ce rapport.")
    if len(found) > 1:
        slugs = " ou ".join(_names(result)[1] for result in found)
        raise NotAdopted(f"Plusieurs s’appellent « {learner} »{NBSP}: dites {slugs}.")
    (result,) = found
    for chapter in result["chapters"].values():
        for one in exercises_of(chapter):
            if one.exercise == exercise:
                return result["learner"], one
    raise NotAdopted(f"« {exercise} » n’a pas été noté dans ce rapport.")


def _names(result: Mapping[str, Any]) -> tuple[str, str]:
    return result["learner"], Submission(result["learner"], result["moodle"]).slug


def _require_wrong(graded: Graded, exercise: Exercise) -> Result:
    """The verdict of an answer that was judged and refused; raises `NotAdopted` for all others."""
    if graded.status is Status.PASSED:
        raise NotAdopted("Cette réponse est juste.")
    result = graded.result(exercise)
    refused = result is not None and result.outcome in (Outcome.INCORRECT, Outcome.ERROR)
    if not refused or graded.suspect:
        raise NotAdopted("Cette réponse n’a pas reçu de verdict qui puisse la faire reconnaître.")
    return result


def _folder(root: Path, exercise: str) -> Path:
    key = exercise.partition(".")[0]
    chapter = next(iter(pristine(root, [key])), None)
    folder = chapter.answers(exercise) if chapter else None
    if folder is None or not folder.is_dir():
        raise NotAdopted(f"Les réponses connues de « {exercise} » ne sont pas sur cette machine.")
    return folder


def _name(name: str, result: Result) -> str:
    if name:
        if not NAME.fullmatch(name):
            raise NotAdopted("Un nom est fait de minuscules sans accent, de chiffres et de _.")
        return name
    title = result.decisive.title if result.decisive else ""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words, found = re.findall(r"[a-z0-9]+", plain), ""
    for word in words:
        if len(found) + len(word) < LONGEST_NAME:
            found += f"_{word}" if found else word
    return found or "answer"


def words_of(result: Result) -> list[str]:
    """Words of the card that every run shows: what an author wrote, between the figures."""
    finding = result.decisive.finding
    found = [words for text in (finding.seen, finding.meaning) for words in _longest(text)]
    return found or [LOOKS[result.outcome].words]


def _longest(text: str) -> Iterator[str]:
    """The longest part of `text` that holds no figure, quotation or code, cut after a word."""
    parts = (
        part.strip(" \u00a0\u202f:;,.()`")
        for whole in MASKED.split(text)
        for part in re.split(r"[`|\n]", whole)
    )
    best = max(parts, key=len, default="")
    if len(best) >= SHORTEST_WORDS:
        yield best if len(best) <= LONGEST_WORDS else best[:LONGEST_WORDS].rpartition(" ")[0]
