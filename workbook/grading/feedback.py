"""The feedback page of one learner: each answer, its card, what was remarked. Never a solution.

All that comes from the learner is escaped: the teacher opens this page too.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from workbook.checks.card import Card
from workbook.checks.registry import find
from workbook.grading.verdicts import Graded, earned
from workbook.grading.words import LOOKS, document, tag
from workbook.views.canvas.words import plural

STYLE = """
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: clamp(.7rem, 2.5vw, 1.3rem); margin: .9rem 0; break-inside: avoid; }
section > p.tagline { display: flex; flex-wrap: wrap; gap: .3em .8em; align-items: baseline; }
@media (max-width: 640px) { dl { display: block !important; } dd { margin: 0 0 .5em !important; } }
"""


def page(result: dict[str, Any], titles: Mapping[str, str]) -> str:
    """The whole page; `titles` names each chapter by its key."""
    graded = {key: exercises_of(chapter) for key, chapter in result["chapters"].items()}
    points, total = earned([one for found in graded.values() for one in found])
    name = escape(result["learner"])
    head = (
        f'<h1>{name}</h1><p class="sub">{plural(points, "point")} sur {total}. '
        "Une vérification regarde ce que fait votre code, jamais comment il est écrit.</p>"
    )
    told = "".join(f"<li>{escape(remark)}</li>" for remark in result["remarks"])
    head += f"<ul>{told}</ul>" if told else ""
    body = "".join(
        _chapter(titles.get(key, key), result["chapters"][key]["remarks"], found)
        for key, found in graded.items()
    )
    return document(f"Retour · {name}", head + body, STYLE)


def exercises_of(chapter: dict[str, Any]) -> list[Graded]:
    """The grades that a result file keeps of one chapter."""
    return [Graded.from_json(kept) for kept in chapter["exercises"]]


def _chapter(title: str, remarks: list[str], found: list[Graded]) -> str:
    points, total = earned(found)
    told = "".join(f"<li>{escape(remark)}</li>" for remark in remarks)
    listed = f'<ul class="sub">{told}</ul>' if told else ""
    score = f'<span class="sub">· {points} sur {total}</span>'
    sections = "".join(map(_exercise, found))
    return f"<h2>{escape(title)} {score}</h2>{listed}{sections}"


def _exercise(one: Graded) -> str:
    told = "".join(f'<p class="sub">{escape(remark)}.</p>' for remark in one.remarks)
    return (
        f'<section><h3>{escape(one.title)}</h3><p class="tagline">{tag(one.status)}'
        f'<span class="sub">{one.points} sur {one.total} · <code>{one.exercise}</code></span></p>'
        f"{_why(one)}{told}{_answer(one.answer)}</section>\n"
    )


def _why(one: Graded) -> str:
    advice = LOOKS[one.status].advice
    texts = [text for text in (one.told, advice) if text]
    said = "".join(f"<p>{escape(text)}</p>" for text in texts)
    result = one.result(find(one.exercise))
    return said + (Card(result).html() if result is not None else "")


def _answer(source: str) -> str:
    if not source.strip():
        return ""
    code = f"<pre><code>{escape(source)}</code></pre>"
    return f"<details><summary>Votre réponse</summary>{code}</details>"
