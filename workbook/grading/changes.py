"""What a new grading changed: old and new, per learner and exercise, and why.

Two writings of `grades.json` are compared. What changed a result is the answer, the check or a new
run; what changed a mark alone is a rule of the teacher's, or points given by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from workbook.grading.marks import figure
from workbook.grading.verdicts import Status
from workbook.grading.words import LOOKS, document
from workbook.views.canvas.words import NBSP, plural

HEAD = ("date", "par", "apprenant", "exercice", "avant", "après", "pourquoi", "raison")
TOTAL = "total"
ANSWER = "réponse changée"
CHECK = "vérification changée"
RUN = "noté à nouveau, même réponse et même vérification"
NEW_EXERCISE = "exercice ajouté à la notation"
STYLE = """
table { border-collapse: collapse; width: 100%; margin: .6em 0 1.6em; }
th, td { text-align: left; padding: .35em .6em; border-bottom: 1px solid var(--line); }
.wide { overflow-x: auto; }
td.figure { white-space: nowrap; font-variant-numeric: tabular-nums; }
"""


@dataclass(frozen=True)
class Change:
    """One line of it: `what` is an exercise, a chapter whose mark alone changed, or the total."""

    learner: str
    what: str
    old: str
    new: str
    why: str


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """What differs between two `grades.json`, in the order of the learners in the new one."""
    before = {(one["learner"], one["moodle"]): one for one in old.get("learners", ())}
    digests = [{c["key"]: c.get("digest") for c in one.get("chapters", ())} for one in (old, new)]
    found = []
    for one in new["learners"]:
        if (known := before.get((one["learner"], one["moodle"]))) is not None:
            found += _of_learner(known, one, digests[0], digests[1])
    return found


def _of_learner(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    digests: Mapping[str, Any],
    now: Mapping[str, Any],
) -> Iterator[Change]:
    name, told = new["learner"], []
    for key in new["chapters"].keys() & old["chapters"].keys():
        again = digests.get(key) != now.get(key)
        exercises = list(_of_exercises(name, old["chapters"][key], new["chapters"][key], again))
        told += exercises
        if why := _rules(old, new, key):
            points = [_mark(one, key) for one in (old, new)]
            if points[0] != points[1]:
                told.append(Change(name, key, *points, why))
    yield from sorted(told, key=lambda one: one.what)
    totals = [_total(one) for one in (old, new)]
    if totals[0] != totals[1]:
        yield Change(name, TOTAL, *totals, "")


def _of_exercises(
    name: str, old: Mapping[str, Any], new: Mapping[str, Any], checks_changed: bool
) -> Iterator[Change]:
    before = {one["exercise"]: one for one in old["exercises"]}
    for one in new["exercises"]:
        known = before.get(one["exercise"])
        if known is None:
            yield Change(name, one["exercise"], "", _said(one), NEW_EXERCISE)
        elif _said(known) != _said(one):
            why = RUN
            if known["answer"] != one["answer"]:
                why = ANSWER
            elif checks_changed:
                why = CHECK
            yield Change(name, one["exercise"], _said(known), _said(one), why)


def _said(one: Mapping[str, Any]) -> str:
    look = LOOKS[Status(one["status"])]
    return f"{one['points']}/{one['total']} {look.words}"


def _rules(old: Mapping[str, Any], new: Mapping[str, Any], key: str) -> str:
    """Which of the facts that a chapter's mark comes from are no longer the same."""
    one, other = (whole.get("marks", {}).get(key, {}) for whole in (old, new))
    told = []
    if one.get("weight", 1) != other.get("weight", 1) or one.get("weights") != other.get("weights"):
        told.append("poids changé")
    if one.get("due") != other.get("due"):
        told.append(f"échéance changée{NBSP}: {one.get('due')} → {other.get('due')}")
    if one.get("handed_in") != other.get("handed_in"):
        told.append(f"remise{NBSP}: {one.get('handed_in')} → {other.get('handed_in')}")
    if one.get("rate", 0) != other.get("rate", 0) and not told:
        told.append("règle de retard changée")
    if one.get("by_hand") != other.get("by_hand"):
        told.append("points à la main")
    return ", ".join(told).replace("None", "aucune")


def _mark(whole: Mapping[str, Any], key: str) -> str:
    mark = whole.get("marks", {}).get(key)
    return f"{figure(mark['points'])}/{figure(mark['total'])}" if mark else ""


def _total(whole: Mapping[str, Any]) -> str:
    points = f"{figure(whole['points'])}/{figure(whole['total'])}"
    note = whole.get("note")
    return points if note is None else f"{points} (note{NBSP}: {figure(note)})"


def lines(found: Sequence[Change], date: str, by: str, reason: str) -> Iterator[list[str]]:
    """The lines that the log of changes gains; `by` regraded, and said for which reason."""
    for one in found:
        yield [date, by, one.learner, one.what, one.old, one.new, one.why, reason]


def page(found: Sequence[Change], date: str, reason: str) -> str:
    """The page of one regrading."""
    learners = len({one.learner for one in found})
    told = (
        f'<h1>Ce qui a changé</h1><p class="sub">{escape(date)}. '
        f"{plural(learners, 'apprenant')}. {escape(reason)}</p>"
    )
    rows = "".join(
        f"<tr><th scope='row'>{escape(one.learner)}</th><td><code>{escape(one.what)}</code></td>"
        f"<td class='figure'>{escape(one.old)}</td><td class='figure'>{escape(one.new)}</td>"
        f"<td>{escape(one.why)}</td></tr>\n"
        for one in found
    )
    head = "".join(
        f"<th scope='col'>{name}</th>"
        for name in ("Apprenant", "Exercice", "Avant", "Après", "Pourquoi")
    )
    table = (
        '<div class="wide" tabindex="0" role="region" aria-label="Changements"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    return document("Ce qui a changé", told + (table if found else "<p>Rien.</p>"), STYLE)


def never_lower(old: Mapping[str, Any] | None, new: dict[str, Any]) -> dict[str, Any]:
    """The new result, in which no exercise has fewer points than in the old one."""
    if old is None:
        return new
    chapters = {
        key: {**chapter, "exercises": _better(old["chapters"].get(key), chapter["exercises"])}
        for key, chapter in new["chapters"].items()
    }
    return {**new, "chapters": chapters}


def _better(old: Mapping[str, Any] | None, new: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    before = {one["exercise"]: one for one in (old or {}).get("exercises", ())}
    return [_kept(before.get(one["exercise"]), one) for one in new]


def _kept(old: dict[str, Any] | None, new: dict[str, Any]) -> dict[str, Any]:
    if old is None or _part(old) <= _part(new):
        return new
    points = f"{old['points']} sur {old['total']}"
    remark = f"note d’avant gardée ({points}), la nouvelle était plus basse"
    return {**old, "remarks": [*(r for r in old["remarks"] if r != remark), remark]}


def _part(one: Mapping[str, Any]) -> float:
    """Its part of the points; what could not be checked has none, and stays nobody's fault."""
    return one["points"] / one["total"] if one["total"] else 0.0
