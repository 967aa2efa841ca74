"""The page of the mirror: what the class believed, exercise by exercise, and five minutes for each.

It is the teacher's: it shows right answers, folded. No name is on it but in its last part, folded
too. All that comes from a learner is escaped.
"""

from __future__ import annotations

import difflib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

from workbook.bets.collect import Classroom
from workbook.bets.registry import all_bets
from workbook.bets.tally import Tally
from workbook.checks.card import Card
from workbook.checks.exercise import Exercise
from workbook.checks.outcome import Finding
from workbook.grading import catalogue
from workbook.grading.anonymous import without_names
from workbook.grading.catalogue import CHANGE, Catalogue
from workbook.grading.grading import Class
from workbook.grading.mirror import Group, Held, Kind, Reflection, reflected
from workbook.grading.pristine import Pristine
from workbook.grading.remedy import Remedy, remedy
from workbook.grading.words import document
from workbook.views.canvas.words import NBSP, plural

MOST_BETS = 8
STYLE = """
main { max-width: 88em; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: clamp(.7rem, 2.5vw, 1.3rem); margin: .9rem 0; }
.sentence { font-size: 1.2em; line-height: 1.4; }
.group { border-top: 1px solid var(--line); padding: .3em 0; }
.group > summary { color: var(--ink); font-weight: 600; padding: .45em 0; }
.group > summary .sub { font-weight: 400; }
.sides { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 1.4em; }
.sides pre { max-height: 32em; overflow-y: auto; }
h4 { margin: .7em 0 .2em; font-size: 1em; }
.remedy { padding-left: 1.3em; max-width: 60em; }
.remedy li { margin: .25em 0; }
.names td, .names th { text-align: left; vertical-align: top; padding: .3em .8em .3em 0;
  border-bottom: 1px solid var(--line); }
.names { border-collapse: collapse; }
@media (max-width: 760px) { .sides { grid-template-columns: minmax(0, 1fr); }
  .names, .names tbody, .names tr, .names th, .names td { display: block; border: 0; }
  .names tr { border-bottom: 1px solid var(--line); }
  dl { display: block !important; } dd { margin: 0 0 .5em !important; } }
"""
INTRODUCTION = (
    "Chaque réponse fausse est rapprochée de l’erreur connue qui fait la même chose : les mêmes "
    "étapes échouent, avec les mêmes mots. Deux erreurs peuvent se ressembler : lisez la réponse "
    "montrée avant d’en parler. Une réponse réussie n’est jamais rapprochée d’une erreur."
)
NOTHING = "<p>Aucune réponse fausse à rapprocher.</p>"


@dataclass(frozen=True)
class _Shown:
    """What a section is drawn from."""

    chapter: Pristine
    reflection: Reflection
    folder: Path
    remedy: Remedy
    learners: Sequence[str]
    notebook: str

    @property
    def exercise(self) -> Exercise:
        return self.reflection.exercise


def page(
    class_: Class,
    titles: Mapping[str, str],
    slug: Callable[[dict[str, Any]], str],
    out: Path,
) -> str:
    """The whole page, to be written in `out`; `slug` names the feedback page of a result."""
    catalogues = catalogues_of(class_.chapters)
    found = {one.exercise.id: one for one in reflected(class_.results, catalogues, slug)}
    names = [result["learner"] for result in class_.results]
    shown = [
        _shown(chapter, found[slot.exercise], names, out)
        for chapter in class_.chapters
        for slot in chapter.slots
        if slot.exercise in found and found[slot.exercise].groups
    ]
    head = (
        f'<h1>Le miroir</h1><p class="sub">Ce que la classe a cru, d’après ce que font ses '
        f'réponses. <a href="classe.html">La classe</a></p><p class="sub">{INTRODUCTION}</p>'
    )
    body = "".join(_chapter(titles.get(key, key), ones) for key, ones in _by_chapter(shown))
    end = _bets(class_.bets, titles) + _for_you(shown)
    return document("Le miroir", head + (body or NOTHING) + end, STYLE)


def catalogues_of(chapters: Iterable[Pristine]) -> dict[str, Catalogue]:
    """The known mistakes of each exercise of these chapters."""
    return {
        exercise.id: catalogue.read(chapter.answers(exercise.id), exercise)
        for chapter in chapters
        for exercise in chapter.exercises
    }


def _shown(chapter: Pristine, found: Reflection, names: Sequence[str], out: Path) -> _Shown:
    offered = remedy(chapter, found.exercise)
    root = chapter.folder.parents[1]
    notebook = Path(os.path.relpath(root / offered.notebook, out)).as_posix()
    return _Shown(chapter, found, chapter.answers(found.exercise.id), offered, names, notebook)


def _by_chapter(shown: Sequence[_Shown]) -> list[tuple[str, list[_Shown]]]:
    keys = dict.fromkeys(one.chapter.key for one in shown)
    return [(key, [one for one in shown if one.chapter.key == key]) for key in keys]


def _chapter(title: str, shown: Sequence[_Shown]) -> str:
    return f"<h2>{escape(title)}</h2>" + "".join(map(_exercise, shown))


def _exercise(shown: _Shown) -> str:
    found = shown.reflection
    others = [
        plural(found.right, "juste") if found.right else "",
        f"{found.unwritten}{NBSP}sans réponse" if found.unwritten else "",
        f"{found.doubtful}{NBSP}à lire (⚑ ou vérification impossible)" if found.doubtful else "",
    ]
    told = " · ".join(filter(None, others))
    groups = "".join(_group(group, shown) for group in found.groups)
    return (
        f'<section><h3>{escape(shown.exercise.title)} <code class="sub">{shown.exercise.id}</code>'
        f'</h3><p class="sentence">{escape(found.sentence)}.</p><p class="sub">{told}</p>'
        f"{groups}</section>\n"
    )


def _group(group: Group, shown: _Shown) -> str:
    words = escape(group.words())
    if group.kind is Kind.UNKNOWN:
        words = f'{words} <span class="sub">· inconnu, à lire</span>'
    sample = group.sample
    return (
        f'<details class="group"><summary>{words}</summary>'
        f'<div class="sides"><div>{_theirs(sample, shown)}</div>'
        f"<div>{_right(sample, shown)}</div></div>{_remedy(sample, shown)}</details>"
    )


def _theirs(held: Held, shown: _Shown) -> str:
    code = without_names(held.graded.answer, shown.learners)
    said = f"<p>{escape(held.graded.told)}</p>" if held.graded.told else ""
    result = held.graded.result(shown.exercise)
    if result is not None:
        steps = tuple(
            replace(step, finding=_nameless(step.finding, shown.learners)) for step in result.steps
        )
        said += Card(replace(result, steps=steps)).html()
    return f"<h4>Une réponse de ce groupe</h4>{_code(code)}<h4>Ce qu’elle fait</h4>{said}"


def _nameless(finding: Finding, learners: Sequence[str]) -> Finding:
    return replace(finding, code=without_names(finding.code, learners), log=())


def _right(held: Held, shown: _Shown) -> str:
    code = right_answer(held.graded.answer, shown.folder)
    if not code:
        return ""
    steps = "".join(
        f"<li>✓ {escape(step.title)}{NBSP}: réussi</li>" for step in shown.exercise.steps
    )
    return (
        "<h4>Une réponse juste</h4><details><summary>Montrer la plus proche que le cours connaisse"
        f"</summary>{_code(code)}<h4>Ce qu’elle fait</h4>"
        f'<ul class="sub" style="list-style:none;padding:0">{steps}</ul></details>'
    )


def _code(text: str) -> str:
    return f'<pre tabindex="0"><code>{escape(text.strip())}</code></pre>'


def right_answer(answer: str, folder: Path) -> str:
    """The right answer in `folder` whose text is nearest to `answer`; empty where there is none."""
    words = catalogue.below_magic(answer)[1].split()
    found = [catalogue.header(path) for path in sorted(folder.glob("right_*.py"))]
    texts = [text for said, text in found if CHANGE not in said]

    def nearness(text: str) -> float:
        return difflib.SequenceMatcher(None, words, text.split(), autojunk=False).ratio()

    return max(texts, key=nearness, default="")


def _remedy(held: Held, shown: _Shown) -> str:
    """One minute to say what it costs, two to see it again, two to correct."""
    offered, result = shown.remedy, held.graded.result(shown.exercise)
    finding = result.decisive.finding if result and result.decisive else Finding()
    place = f'<a href="{escape(shown.notebook)}">{escape(shown.notebook.rpartition("/")[2])}</a>'
    if offered.section:
        place += f", section « {_text(offered.section)} »"
    costs = finding.meaning or finding.seen or held.graded.told
    lines = [
        f"<b>1 min, demandez</b>{NBSP}: que verrait un client de la boutique{NBSP}? {_text(costs)}",
        _again(offered, place),
        f"<b>2 min, corrigez</b>{NBSP}: {_text(offered.hint) or 'reprenez l’énoncé.'} "
        f"Puis <code>{escape(shown.exercise.call)}</code>.",
    ]
    items = "".join(f"<li>{line}</li>" for line in lines)
    return f'<h4>Cinq minutes pour en parler</h4><ul class="remedy">{items}</ul>'


def _again(offered: Remedy, place: str) -> str:
    id, question = offered.bet
    if not id:
        return f"<b>2 min, relisez ensemble</b>{NBSP}: {place}."
    return (
        f"<b>2 min, pariez à nouveau</b>{NBSP}: {_text(question)} <code>{escape(id)}</code>, dans "
        f"{place}. Puis mesurez."
    )


def _text(text: str) -> str:
    """Escaped, where back quotes mean code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return "".join(
        f"<code>{escape(part)}</code>" if n % 2 else escape(part) for n, part in enumerate(parts)
    )


# -- the bets -------------------------------------------------------------------------------------


def _bets(bets: Classroom, titles: Mapping[str, str]) -> str:
    """What the class was sure of, and wrong about; nothing where no bet was handed in."""
    tallies = {id: Tally(len(bets.bets), bets.on(id)) for id in all_bets()} if bets.bets else {}
    wrong = {id: tally for id, tally in tallies.items() if tally.sure_and_wrong}
    if not wrong:
        return ""
    ordered = sorted(wrong.items(), key=lambda one: (-len(one[1].sure_and_wrong), one[0]))
    sections = "".join(_bet(id, tally, titles) for id, tally in ordered[:MOST_BETS])
    told = f"{plural(len(bets.bets), 'apprenant')} avec des paris dans leur envoi."
    return (
        "<h2>Ce dont la classe était sûre, à tort</h2>"
        f'<p class="sub">{told} Un pari ne compte dans aucune note.</p>{sections}'
    )


def _bet(id: str, tally: Tally, titles: Mapping[str, str]) -> str:
    wrong = tally.sure_and_wrong
    question = wrong[0].question
    said = Counter(question.say(bet.answer) for bet in wrong).most_common(3)
    seen = Counter(question.say(bet.measure) for bet in tally.settled).most_common(1)[0][0]
    answers = ", ".join(f"{text} ({count})" for text, count in said)
    key = id.partition(".")[0]
    sure = catalogue.in_words("(était|étaient) certain(s), à tort", len(wrong))
    return (
        f'<section><p class="sub">{escape(titles.get(key, key))} · <code>{escape(id)}</code></p>'
        f"<h3>{_text(question.text)}</h3>"
        f'<p class="sentence">{len(wrong)} sur {len(tally.settled)} {sure}.</p>'
        f"<p>Ils disaient{NBSP}: {_text(answers)}. Le plus souvent mesuré{NBSP}: {_text(seen)}.</p>"
        "</section>\n"
    )


# -- for the teacher alone ------------------------------------------------------------------------


def _for_you(shown: Sequence[_Shown]) -> str:
    rows = "".join(_row(group, one) for one in shown for group in one.reflection.groups)
    if not rows:
        return ""
    how = (
        "Une erreur inconnue, et pas seulement distraite ? Ajoutez-la à celles que le cours "
        "connaît, nommez-la, et relancez la même notation : "
        "`workbook adopt RAPPORT APPRENANT EXERCICE`."
    )
    return (
        "<h2>Pour vous seul</h2><details><summary>Qui est dans quel groupe (ne pas projeter)"
        f'</summary><p>{_text(how)}</p><table class="names">{rows}</table></details>'
    )


def _row(group: Group, shown: _Shown) -> str:
    who = ", ".join(
        f'<a href="feedback/{escape(held.slug)}.html">{escape(held.learner)}</a>'
        for held in group.answers
    )
    unknown = " (inconnu)" if group.kind is Kind.UNKNOWN else ""
    return (
        f'<tr><th scope="row"><code>{shown.exercise.id}</code></th>'
        f"<td>{escape(group.words())}{unknown}</td><td>{who}</td></tr>"
    )
