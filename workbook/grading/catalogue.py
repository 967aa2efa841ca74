"""The known mistakes of an exercise: the measured signature of each of its wrong answers.

    course/ch07/answers/publish/wrong_*.py        the answers, each naming its mistake in words
    course/ch07/answers/publish/signatures.json   what their checks said, written by the tests' zoo

A wrong answer names its mistake in a line at its top, as a verb that may follow a number:

    # mistake: acquitte(nt) avant d’avoir travaillé
    # mistake: (fait|font) confiance à l’en-tête du client

An answer has several signatures where its runs differ; several answers share one where a check
sees no difference between them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from workbook.checks.exercise import Exercise
from workbook.grading.signatures import Failure, Signature, likeness, steadied

FILE = "signatures.json"
FEEDBACK, CHANGE, MISTAKE = "feedback", "change of", "mistake"
HEADER = re.compile(rf"# ({FEEDBACK}|{CHANGE}|{MISTAKE}): (.*)\n")
ENDINGS = re.compile(r"\(([^()|]*)\|([^()|]*)\)|\((nt|ent|s)\)")
SAME = 0.9  # likeness from which two runs of one answer are one signature


@dataclass(frozen=True)
class Known:
    """One signature, and the wrong answers that have it."""

    answers: tuple[str, ...]
    signature: Signature


@dataclass(frozen=True)
class Catalogue:
    """What is known of an exercise: its answers' folder, and the steps it was measured with."""

    folder: Path
    steps: tuple[str, ...]
    known: tuple[Known, ...] = ()

    def holds_for(self, exercise: Exercise) -> bool:
        """Whether the check still has the steps that were measured."""
        return self.steps == titles(exercise)

    @property
    def measured(self) -> set[str]:
        """The answers that have a signature."""
        return {name for known in self.known for name in known.answers}

    @cached_property
    def phrases(self) -> dict[str, str]:
        """How each wrong answer that says it names its mistake."""
        said = {path.stem: header(path)[0] for path in wrong_answers(self.folder)}
        return {name: lines[MISTAKE] for name, lines in said.items() if lines.get(MISTAKE)}


def titles(exercise: Exercise) -> tuple[str, ...]:
    """The titles of its steps, in their order."""
    return tuple(step.title for step in exercise.steps)


def wrong_answers(folder: Path) -> list[Path]:
    """The files of an exercise's wrong answers."""
    return sorted(folder.glob("wrong_*.py"))


def header(path: Path) -> tuple[dict[str, str], str]:
    """The lines `# name: value` that start a file of the zoo, and the text below them."""
    said, text = {}, path.read_text(encoding="utf-8")
    while line := HEADER.match(text):
        said[line[1]] = line[2].strip()
        text = text[line.end() :]
    return said, text


def below_magic(text: str) -> tuple[str, str]:
    """The line `%%service products` of a cell, if it has one, and the program below it."""
    first, end, rest = text.partition("\n")
    return (first + end, rest) if first.startswith("%%") else ("", text)


def in_words(phrase: str, count: int) -> str:
    """`acquitte(nt) trop tôt`, `(fait|font) …`: in the singular, or in the plural from two on."""
    few = count < 2
    return ENDINGS.sub(
        lambda m: (m[1] if few else m[2]) if m[3] is None else m[3] * (not few), phrase
    )


def read(folder: Path, exercise: Exercise) -> Catalogue:
    """The catalogue kept in `folder`; an empty one of this exercise where none was measured."""
    path = folder / FILE
    if not path.is_file():
        return Catalogue(folder, titles(exercise))
    kept = json.loads(path.read_text(encoding="utf-8"))
    known = tuple(
        Known(tuple(one["answers"]), tuple(map(failure, one["failures"]))) for one in kept["known"]
    )
    return Catalogue(folder, tuple(kept["steps"]), known)


def failure(kept: Mapping[str, Any]) -> Failure:
    """A failure, from the JSON that it was written as."""
    return Failure(**kept | {"values": tuple(kept.get("values", ()))})


def with_runs(
    catalogue: Catalogue, exercise: Exercise, runs: Iterable[tuple[str, Signature]]
) -> Catalogue:
    """The catalogue once `runs`, (answer, signature) pairs, were seen too.

    Answers whose files are gone are left out. All that was measured with other steps is, too.
    """
    present = {path.stem for path in wrong_answers(catalogue.folder)}
    old = catalogue.known if catalogue.holds_for(exercise) else ()
    seen = {name: [k.signature for k in old if name in k.answers] for name in present}
    for name, found in runs:
        if name in present and found:
            seen[name] = _with_run(seen[name], found)
    shared: dict[Signature, list[str]] = {}
    for name in sorted(present):
        for found in seen[name]:
            shared.setdefault(found, []).append(name)
    known = tuple(Known(tuple(names), found) for found, names in shared.items())
    return replace(catalogue, steps=titles(exercise), known=known)


def _with_run(kept: list[Signature], found: Signature) -> list[Signature]:
    nearest = max(kept, key=lambda one: likeness(one, found), default=None)
    if nearest is None or likeness(nearest, found) < SAME:
        return [*kept, found]
    return [steadied(one, found) if one is nearest else one for one in kept]


def write(catalogue: Catalogue) -> Path:
    """Keep it beside its answers; a field that is empty is left out."""
    kept = {
        "steps": catalogue.steps,
        "known": [
            {"answers": one.answers, "failures": [_kept(failure) for failure in one.signature]}
            for one in catalogue.known
        ],
    }
    path = catalogue.folder / FILE
    text = json.dumps(kept, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path


def _kept(failure: Failure) -> dict[str, Any]:
    return {name: value for name, value in asdict(failure).items() if value or name == "step"}
