"""The page of a class: who passed what, exercise by exercise, and what the teacher should read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from html import escape
from typing import Any

from workbook.grading.hand_in import Key
from workbook.grading.ledger import Ledger
from workbook.grading.marks import Mark, figure
from workbook.grading.pairs import key_of
from workbook.grading.verdicts import Graded, Status, exercises_of
from workbook.grading.words import LOOKS, document
from workbook.views.canvas.words import NBSP, plural

STYLE = """
main { max-width: none; }
.wide { position: relative; overflow-x: auto; border: 1px solid var(--line); border-radius: 10px;
  background: var(--card); margin: 1rem 0; }
table { border-collapse: separate; border-spacing: 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: .6em .8em; color: var(--sub); }
th, td { padding: .35em .6em; border-bottom: 1px solid var(--line); text-align: center;
  white-space: nowrap; }
td { border-left: 1px solid var(--line); color: var(--ink); }
tbody th, thead th:first-child, tfoot th { position: sticky; left: 0; background: var(--card);
  text-align: left; font-weight: 600; max-width: 11em; overflow: hidden; text-overflow: ellipsis;
  z-index: 1; }
thead th { vertical-align: bottom; font-size: .85em; }
thead small { display: block; font-weight: 400; color: var(--sub); }
tfoot td { font-size: .85em; color: var(--sub); text-align: left; vertical-align: top; }
.legend { display: flex; flex-wrap: wrap; gap: .4em .9em; list-style: none; padding: 0; }
@media (max-width: 640px) { tbody th { max-width: 7.5em; } }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
"""


def page(ledger: Ledger, titles: Mapping[str, str], links: Mapping[Key, str]) -> str:
    """The whole page; `links` leads from a learner's place in the class to their feedback."""
    class_ = ledger.class_
    rows = [_graded(result) for result in class_.results]
    head = (
        f'<h1>La classe</h1><p class="sub">{plural(len(rows), "apprenant")}. '
        f'{escape(class_.sandbox)}</p><p><a href="miroir.html">Le miroir</a>{NBSP}: ce que la '
        f"classe a cru, erreur par erreur, et cinq minutes pour chacune.</p>{_legend()}"
    )
    body = _heat_map(ledger, rows, titles, links) + _to_read(ledger, rows)
    return document("La classe", head + body, STYLE)


def _graded(result: dict[str, Any]) -> list[Graded]:
    return [one for chapter in result["chapters"].values() for one in exercises_of(chapter)]


def _legend() -> str:
    items = "".join(
        f'<li><span class="tag {status.value}">{look.sign} {look.words}</span></li>'
        for status, look in LOOKS.items()
    )
    return f'<ul class="legend" aria-label="Légende">{items}</ul>'


def _heat_map(
    ledger: Ledger, rows: list[list[Graded]], titles: Mapping[str, str], links: Mapping[Key, str]
) -> str:
    class_ = ledger.class_
    exercises = [slot.exercise for chapter in class_.chapters for slot in chapter.slots]
    groups = "".join(
        f'<th scope="colgroup" colspan="{len(chapter.slots)}">'
        f"{escape(titles.get(chapter.key, chapter.key))}</th>"
        for chapter in class_.chapters
    )
    heads = "".join(
        f'<th scope="col">{escape(id.partition(".")[2])}<small>{_total(rows, n)} pt</small></th>'
        for n, id in enumerate(exercises)
    )
    lines = "".join(
        _line(result, found, links.get(key_of(result), ""), ledger.marks[key_of(result)])
        for result, found in zip(class_.results, rows, strict=True)
    )
    foot = "".join(f"<td>{_counts([row[n] for row in rows])}</td>" for n in range(len(exercises)))
    return (
        '<div class="wide" tabindex="0" role="region" aria-label="Notes de la classe"><table>'
        "<caption>Un apprenant par ligne, un exercice par colonne.</caption>"
        f'<thead><tr><td></td>{groups}<td></td></tr><tr><th scope="col">Apprenant</th>{heads}'
        f'<th scope="col">Total</th></tr></thead><tbody>{lines}</tbody>'
        f'<tfoot><tr><th scope="row">En tout</th>{foot}<td></td></tr></tfoot></table></div>'
    )


def _total(rows: list[list[Graded]], column: int) -> int:
    return rows[0][column].total


def _line(result: dict[str, Any], found: list[Graded], link: str, mark: Mark) -> str:
    name = escape(result["learner"])
    named = f'<a href="{escape(link)}">{name}</a>' if link else name
    cells = "".join(map(_cell, found))
    total = f"{figure(mark.points)}/{figure(mark.total)}"
    if mark.note is not None:
        total += f" · {figure(mark.note)}/{figure(mark.out_of)}"
    return f'<tr><th scope="row">{named}</th>{cells}<td>{total}</td></tr>\n'


def _cell(one: Graded) -> str:
    look = LOOKS[one.status]
    doubt = ' <span title="à lire">⚑</span>' if one.suspect else ""
    return (
        f'<td class="{one.status.value}" title="{look.words}"><span aria-hidden="true">{look.sign}'
        f'</span> {one.points}/{one.total}<span class="hidden"> {look.words}</span>{doubt}</td>'
    )


def _counts(column: list[Graded]) -> str:
    counted = Counter(one.status for one in column)
    lines = [f"{LOOKS[status].sign} {counted[status]}" for status in Status if counted[status]]
    return "<br>".join(lines)


def _to_read(ledger: Ledger, rows: list[list[Graded]]) -> str:
    """What no count says: doubts, what could not be checked, odd or late hand-ins."""
    notes = "".join(f"<li>{escape(note)}</li>" for note in ledger.notes)
    items = [f"<ul>{notes}</ul>"] if notes else []
    for result, found in zip(ledger.class_.results, rows, strict=True):
        told = [
            f"{one.exercise}{NBSP}: {one.told or LOOKS[one.status].words}"
            for one in found
            if one.suspect or one.status is Status.CANNOT_CHECK
        ]
        told += result["remarks"]
        told += [text for chapter in result["chapters"].values() for text in chapter["remarks"]]
        chapters = ledger.marks[key_of(result)].chapters.values()
        told += [f"{mark.key}{NBSP}: {mark.told}" for mark in chapters if mark.told]
        told += [f"{one.exercise}{NBSP}: {text}" for one in found for text in one.remarks]
        if told:
            lines = "".join(f"<li>{escape(text)}</li>" for text in told)
            items.append(f"<h3>{escape(result['learner'])}</h3><ul>{lines}</ul>")
    return f"<h2>À lire</h2>{''.join(items)}" if items else ""
