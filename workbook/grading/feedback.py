"""The feedback page of one learner: each answer, its card, what was remarked. Never a solution.

All that comes from the learner is escaped: the teacher opens this page too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

from workbook.checks.card import Card
from workbook.checks.outcome import Outcome, StepResult
from workbook.checks.registry import find
from workbook.grading.marks import ByHand, ChapterMark, Mark, figure, marks_of
from workbook.grading.pairs import key_of
from workbook.grading.verdicts import Graded, exercises_of
from workbook.grading.words import LOOKS, document, tag
from workbook.views.canvas.words import NBSP

STYLE = """
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: clamp(.7rem, 2.5vw, 1.3rem); margin: .9rem 0; break-inside: avoid; }
section > p.tagline { display: flex; flex-wrap: wrap; gap: .3em .8em; align-items: baseline; }
@media (max-width: 640px) { dl { display: block !important; } dd { margin: 0 0 .5em !important; } }
"""


def page(result: dict[str, Any], titles: Mapping[str, str], mark: Mark | None = None) -> str:
    """The whole page; `titles` names each chapter by its key, `mark` is plain points if absent."""
    mark = mark or marks_of([result])[key_of(result)]
    name = escape(result["learner"])
    note = ""
    if mark.note is not None:
        note = f" Note{NBSP}: {figure(mark.note)} sur {figure(mark.out_of)}."
    head = (
        f'<h1>{name}</h1><p class="sub">{_points(mark.points)} sur {figure(mark.total)}.{note} '
        "Une vérification regarde ce que fait votre code, jamais comment il est écrit.</p>"
    )
    told = "".join(f"<li>{escape(remark)}</li>" for remark in result["remarks"])
    head += f"<ul>{told}</ul>" if told else ""
    body = "".join(
        _chapter(titles.get(key, key), chapter, mark.chapters[key])
        for key, chapter in result["chapters"].items()
    )
    return document(f"Retour · {name}", head + body, STYLE)


def _points(points: float) -> str:
    return f"{figure(points)}{NBSP}point{'s' if points >= 2 else ''}"


def _chapter(title: str, chapter: dict[str, Any], mark: ChapterMark) -> str:
    remarks = [*chapter["remarks"], *filter(None, [mark.told])]
    told = "".join(f"<li>{escape(remark)}</li>" for remark in remarks)
    listed = f'<ul class="sub">{told}</ul>' if told else ""
    score = f'<span class="sub">· {figure(mark.points)} sur {figure(mark.total)}</span>'
    weights = mark.weights
    sections = "".join(_exercise(one, weights[one.exercise]) for one in exercises_of(chapter))
    sections += "".join(map(_by_hand, mark.by_hand))
    return f"<h2>{escape(title)} {score}</h2>{listed}{sections}"


def _by_hand(one: ByHand) -> str:
    """Points given by hand, criterion by criterion, and the teacher's words."""
    if one.waits:
        return "<section><h3>Lu par l’enseignant</h3><p>Pas encore noté.</p></section>\n"
    lines = "".join(
        f"<li>{escape(name)}{NBSP}: {figure(one.given[name] or 0)} sur {figure(worth)}</li>"
        for name, worth in one.worth.items()
    )
    comment = f"<p>{escape(one.comment)}</p>" if one.comment else ""
    points = f"{figure(one.points)} sur {figure(one.total)} · <code>{escape(one.id)}</code>"
    return (
        f'<section><h3>Lu par l’enseignant</h3><p class="sub">{points}</p>'
        f"<ul>{lines}</ul>{comment}</section>\n"
    )


def _exercise(one: Graded, weight: float) -> str:
    counts = "" if weight == 1 else f" · poids {figure(weight)}"
    told = "".join(f'<p class="sub">{escape(remark)}.</p>' for remark in one.remarks)
    points = f"{one.points} sur {one.total} · <code>{one.exercise}</code>{counts}"
    return (
        f'<section><h3>{escape(one.title)}</h3><p class="tagline">{tag(one.status)}'
        f'<span class="sub">{points}</span></p>'
        f"{_why(one)}{told}{_answer(one.answer)}</section>\n"
    )


def _why(one: Graded) -> str:
    advice = LOOKS[one.status].advice
    texts = [text for text in (one.told, advice) if text]
    said = "".join(f"<p>{escape(text)}</p>" for text in texts)
    exercise = find(one.exercise)
    result = one.result(exercise)
    if result is None:
        return said
    if exercise.shown is None:
        return said + Card(result).html()
    known = replace(result, steps=result.steps[: exercise.shown])
    return said + Card(known).html() + _hidden(result.steps[exercise.shown :])


def _hidden(steps: Sequence[StepResult]) -> str:
    """How many of the steps that learners do not know passed, and what they are worth."""
    passed = sum(step.outcome is Outcome.PASSED for step in steps)
    points, total = (sum(one) for one in zip(*((s.points, s.worth) for s in steps), strict=True))
    told = f"{passed} réussie{'s' if passed > 1 else ''} sur {len(steps)}, {points} sur {total}"
    return f"<p>Vérifications cachées{NBSP}: {told}{NBSP}point{'s' if total > 1 else ''}.</p>"


def _answer(source: str) -> str:
    if not source.strip():
        return ""
    code = f"<pre><code>{escape(source)}</code></pre>"
    return f"<details><summary>Votre réponse</summary>{code}</details>"
