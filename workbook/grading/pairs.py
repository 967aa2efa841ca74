"""Learners who hand in together: one hand-in, judged once, and a line for each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbook.grading import verdicts
from workbook.grading.hand_in import Key, Moment
from workbook.grading.pristine import Pristine
from workbook.grading.rules import Pair, Rules
from workbook.views.canvas.words import NBSP

TOGETHER = "remis avec {others}"
CLASH = (
    "le binôme a remis deux versions différentes{space}: celle de {name} compte, "
    "parce qu’elle est {why}"
)
LATEST, BEST = "la dernière", "la mieux notée, et que les deux dates ne sont pas connues"
ABSENT = "N’a rien remis en son nom{space}: sa note est celle de son binôme."
Result = dict[str, Any]


@dataclass(frozen=True)
class Paired:
    """The results of all, and whose hand-in each learner's chapter is."""

    results: list[Result]
    origin: dict[Key, dict[str, Key]]


def key_of(result: Mapping[str, Any]) -> Key:
    """A learner's name and number: two may have one name."""
    return result["learner"], result["moodle"]


def handed_in(chapter: Mapping[str, Any]) -> bool:
    """Whether anything of a chapter was: an answer, were it the stub, or a notebook unread."""
    exercises = chapter["exercises"]
    return any(one["answer"] or one["told"] or one["remarks"] for one in exercises)


def paired(
    results: Sequence[Result],
    rules: Rules,
    moments: Mapping[Key, Mapping[str, Moment]],
    chapters: Sequence[Pristine],
    numbers: Mapping[str, str] | None = None,
) -> Paired:
    """The results, members of pairs who handed in nothing added, their chapters shared.

    `numbers` are those by which Moodle knows learners, by name. No result given is changed.
    """
    found = {key_of(result): _copied(result) for result in results}
    origin = {key: {chapter.key: key for chapter in chapters} for key in found}
    for pair in rules.pairs:
        members = [_member(found, name, chapters, numbers or {}) for name in pair.members]
        for key in members:
            origin.setdefault(key, {chapter.key: key for chapter in chapters})
        for chapter in chapters:
            if pair.works_on(chapter.key):
                _share(found, origin, members, chapter.key, moments)
    _say_absent(found, rules.pairs, {key_of(result) for result in results})
    ordered = sorted(found, key=lambda key: (key[0].casefold(), key[1]))
    return Paired([found[key] for key in ordered], origin)


def _copied(result: Result) -> Result:
    """Its own lists of remarks, and its own dictionary of chapters."""
    return {**result, "remarks": [*result["remarks"]], "chapters": {**result["chapters"]}}


def _member(
    found: dict[Key, Result], name: str, chapters: Sequence[Pristine], numbers: Mapping[str, str]
) -> Key:
    """The key of the learner of that name, who gets an empty result where there is none."""
    for key in found:
        if key[0] == name:
            return key
    nothing = {
        chapter.key: {
            "remarks": [],
            "exercises": [verdicts.not_run(e, None).as_json() for e in chapter.exercises],
        }
        for chapter in chapters
    }
    key = (name, numbers.get(name, ""))
    found[key] = {
        "learner": key[0],
        "moodle": key[1],
        "digest": "",
        "remarks": [],
        "chapters": nothing,
    }
    return key


def _share(
    found: dict[Key, Result],
    origin: dict[Key, dict[str, Key]],
    members: Sequence[Key],
    chapter: str,
    moments: Mapping[Key, Mapping[str, Moment]],
) -> None:
    theirs = [key for key in members if handed_in(found[key]["chapters"][chapter])]
    if not theirs:
        return
    counts, why = _which(found, theirs, chapter, moments)
    kept = found[counts]["chapters"][chapter]
    clash = len({_answers(found[key]["chapters"][chapter]) for key in theirs}) > 1
    for key in members:
        others = ", ".join(name for name, _ in members if name != key[0])
        told = [TOGETHER.format(others=others)]
        if clash:
            told.append(CLASH.format(name=counts[0], why=why, space=NBSP))
        found[key]["chapters"][chapter] = {**kept, "remarks": [*kept["remarks"], *told]}
        origin[key][chapter] = counts


def _which(
    found: Mapping[Key, Result],
    theirs: Sequence[Key],
    chapter: str,
    moments: Mapping[Key, Mapping[str, Moment]],
) -> tuple[Key, str]:
    """Whose counts: the one handed in last, or the better one where a date is missing."""
    dates = {key: moments.get(key, {}).get(chapter) for key in theirs}
    known = {key: moment.at for key, moment in dates.items() if moment}
    if len(known) == len(theirs) and len({*known.values()}) == len(known):
        return max(known, key=known.__getitem__), LATEST

    def points(key: Key) -> int:
        return sum(one["points"] for one in found[key]["chapters"][chapter]["exercises"])

    return max(theirs, key=points), BEST


def _answers(chapter: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(one["answer"].strip() for one in chapter["exercises"])


def _say_absent(found: Mapping[Key, Result], pairs: Sequence[Pair], present: set[Key]) -> None:
    named = {name for pair in pairs for name in pair.members}
    for key, result in found.items():
        if key not in present and key[0] in named:
            result["remarks"].append(ABSENT.format(space=NBSP))
