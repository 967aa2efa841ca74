"""The class as the teacher's rules make it: pairs, marks, points by hand, names or pseudonyms."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from workbook.grading import hand_in, pseudonyms, rubric
from workbook.grading.grading import Class
from workbook.grading.hand_in import Key, Moment, Sheet
from workbook.grading.marks import Mark, marks_of
from workbook.grading.pairs import Paired, key_of, paired
from workbook.grading.rules import Rules, chapter_of
from workbook.views.canvas.words import NBSP, plural


@dataclass(frozen=True)
class Ledger:
    """What is written of a class; `class_` and `marks` are by the names that are shown.

    `rubric` is the table to be filled in by hand, empty where nothing is. `notes` is what the
    teacher should know of their own rules.
    """

    class_: Class
    marks: dict[Key, Mark]
    rules: Rules = field(default_factory=Rules)
    rubric: str = ""
    notes: tuple[str, ...] = ()


def plain(class_: Class) -> Ledger:
    """A class without any rule: points as they are."""
    return Ledger(class_, marks_of(class_.results))


def ledger(class_: Class, rules: Rules, out: Path, sheet: Path | None = None) -> Ledger:
    """The class under `rules`, computed anew from the facts; `sheet` is Moodle's.

    Reads in `out` the pseudonyms and the points given by hand. Raises `BadTable`.
    """
    from_moodle = hand_in.read_sheet(sheet) if sheet else Sheet()
    moments = hand_in.moments(class_.taken, rules, from_moodle)
    together = paired(class_.results, rules, moments, class_.chapters, from_moodle.numbers)
    names = _pseudonyms(together, rules, out)
    rules = _of_graded(rules, class_)
    given = rubric.read(out / rubric.FILE, rules)
    own = [result for result in together.results if _counts(together, key_of(result))]
    by_hand = rubric.by_hand(own, rules, names, given)
    marks = marks_of(together.results, rules, moments, by_hand, together.origin)
    notes = [*_unknown(rules, class_), *_undated(rules, class_, moments), *_waiting(marks)]
    table = ""
    if rules.rubric:
        texts = {key_of(r): rubric.texts_of(r, _submission(class_, key_of(r)), rules) for r in own}
        table = rubric.prepared(own, rules, names, given, texts)
    made = replace(class_, results=together.results)
    if rules.anonymous:
        made, marks = _renamed(made, marks, names)
    return Ledger(made, marks, rules, table, tuple(notes))


def _of_graded(rules: Rules, class_: Class) -> Rules:
    """The rules, their rubric that of the chapters that are graded now."""
    graded = {chapter.key for chapter in class_.chapters}
    return replace(rules, rubric={i: c for i, c in rules.rubric.items() if chapter_of(i) in graded})


def _pseudonyms(together: Paired, rules: Rules, out: Path) -> dict[Key, str]:
    found = pseudonyms.aliases(out, together.origin, rules)
    return {key: alias.pseudonym for key, alias in found.items()}


def _counts(together: Paired, key: Key) -> bool:
    """Whether some chapter is read under that learner's own name."""
    return key in together.origin[key].values()


def _submission(class_: Class, key: Key) -> Any:
    taken = {(one.submission.name, one.submission.moodle): one for one in class_.taken}
    return taken[key].submission if key in taken else None


def _unknown(rules: Rules, class_: Class) -> Iterator[str]:
    """Names that the teacher wrote and that nobody has: a grant that would be lost in silence."""
    present = {result["learner"] for result in class_.results}
    paired_with = {n for p in rules.pairs if present & {*p.members} for n in p.members}
    table = {name for name, _ in hand_in.read_table(rules)}
    for name in sorted((rules.named | table) - present - paired_with):
        near = difflib.get_close_matches(name, present, 1, 0.6)
        meant = f" Vouliez-vous dire « {near[0]} »{NBSP}?" if near else ""
        source = rules.name if name in rules.named else rules.handed_in.name  # type: ignore[union-attr]
        yield f"{source}{NBSP}: personne ne s’appelle « {name} » dans ces envois.{meant}"


def _undated(
    rules: Rules, class_: Class, moments: Mapping[Key, Mapping[str, Moment]]
) -> Iterator[str]:
    lost = sum(
        key in rules.deadlines and key not in moments[one.submission.name, one.submission.moodle]
        for one in class_.taken
        for key in one.picked
    )
    if lost:
        told = plural(lost, "carnet sans date de remise", "carnets sans date de remise")
        yield f"{told}{NBSP}: aucun retard compté. Donnez ces dates par « remises »."


def _waiting(marks: Mapping[Key, Mark]) -> Iterator[str]:
    waiting = sum(bool(mark.waits) for mark in marks.values())
    if waiting:
        told = plural(waiting, "apprenant attend", "apprenants attendent")
        yield f"{told} des points à la main{NBSP}: remplissez {rubric.FILE}, puis relancez."


def _renamed(
    class_: Class, marks: dict[Key, Mark], names: Mapping[Key, str]
) -> tuple[Class, dict[Key, Mark]]:
    """The same class under pseudonyms, in their order; remarks that hold a name too."""
    by_name = sorted(((key[0], name) for key, name in names.items()), key=lambda one: -len(one[0]))

    def without(text: str) -> str:
        for name, pseudonym in by_name:
            text = text.replace(name, pseudonym)
        return text

    def renamed(result: dict[str, Any]) -> dict[str, Any]:
        chapters = {
            key: {**chapter, "remarks": [*map(without, chapter["remarks"])]}
            for key, chapter in result["chapters"].items()
        }
        remarks = [*map(without, result["remarks"])]
        name = names[key_of(result)]
        return {**result, "learner": name, "remarks": remarks, "chapters": chapters}

    results = sorted(map(renamed, class_.results), key=lambda one: one["learner"])
    return (
        replace(class_, results=results),
        {(names[key], key[1]): mark for key, mark in marks.items()},
    )
