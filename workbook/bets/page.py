"""The bets of a class on one page to be projected: no network, no script, no name.

The questions where most were sure and wrong come first. Each histogram has its data in a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from workbook.bets.book import Bet
from workbook.bets.certainty import IGNORANCE, LUCIDITY, Certainty
from workbook.bets.collect import Classroom
from workbook.bets.histogram import Bar, histogram
from workbook.bets.question import Question
from workbook.bets.tally import NOTHING, Tally, signed
from workbook.tables import html_table
from workbook.views.canvas.words import NBSP, percent, plural

CERTAINTIES = (Certainty.SURE, Certainty.RATHER, Certainty.RANDOM)
CLASSES = {Certainty.SURE: "sure", Certainty.RATHER: "rather", Certainty.RANDOM: "random"}
MOST_WHYS = 40
CSS = """
:root { color-scheme: light dark; --ink: #17212b; --sub: #52606d; --page: #f7f9fb; --card: #fff;
  --line: #c9d3dd; --sure: #1f5c99; --rather: #6fa3d6; --random: #c9d3dd; --measure: #a8500f; }
@media (prefers-color-scheme: dark) { :root { --ink: #eef3f8; --sub: #a9b7c6; --page: #14191f;
  --card: #1f2730; --line: #3a4654; --sure: #5ea4e6; --rather: #2f5d93; --random: #4a5563;
  --measure: #ffad70; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem clamp(.7rem, 3vw, 3rem) 3rem; background: var(--page);
  color: var(--ink); font: clamp(16px, 1.55vw, 24px)/1.45 system-ui, sans-serif; }
main { max-width: 72em; margin: auto; }
h1 { font-size: 1.6em; margin: .2em 0; }
h2 { font-size: 1.25em; margin: 0 0 .3em; overflow-wrap: anywhere; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: clamp(.7rem, 2vw, 1.6rem); margin: 1.2rem 0; break-inside: avoid; }
p { margin: .3em 0; }
.sub { color: var(--sub); }
.strong { font-weight: 700; }
.bars { list-style: none; margin: .9em 0 .5em; padding: 0; display: grid; gap: .35em; }
.bars li { display: grid; align-items: center; gap: 0 .8em;
  grid-template-columns: minmax(4em, var(--names)) 1fr; }
.bars .name { text-align: right; overflow-wrap: anywhere; line-height: 1.25; }
.bars .seen .name { font-weight: 700; color: var(--measure); }
.bars .track { display: flex; align-items: center; min-height: 1.7em; gap: .5em; }
.bar { display: flex; height: 1.6em; min-width: 2px; border-radius: 4px; overflow: hidden;
  background: var(--line); }
.sure { background: var(--sure); }
.rather { background: repeating-linear-gradient(135deg, var(--rather) 0 7px,
  var(--sure) 7px 9px); }
.random { background: var(--random); }
.seen .track::after { content: "● mesuré"; color: var(--measure); white-space: nowrap;
  font-size: .85em; font-weight: 700; }
.legend { display: flex; flex-wrap: wrap; gap: .2em 1.4em; font-size: .85em; }
.legend i { display: inline-block; width: 1.3em; height: .9em; border-radius: 3px;
  margin-right: .4em; vertical-align: -.1em; }
details { margin-top: .5em; }
summary { cursor: pointer; color: var(--sub); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: .5em 0; font-variant-numeric: tabular-nums; }
th, td { padding: .2em .7em; border-bottom: 1px solid var(--line); }
:focus-visible { outline: 2px solid var(--measure); outline-offset: 2px; }
@media (max-width: 640px) { .bars li { grid-template-columns: 1fr; }
  .bars .name { text-align: left; } }
"""


@dataclass(frozen=True)
class _Asked:
    """A question and what the class bet on it."""

    id: str
    question: Question
    tally: Tally

    @property
    def rank(self) -> tuple[int, int, str]:
        """Most sure and wrong first, then most wrong."""
        wrong = len(self.tally.settled) - len(self.tally.good)
        return -len(self.tally.sure_and_wrong), -wrong, self.id


def page(classroom: Classroom, questions: Mapping[str, Question], titles: Mapping[str, str]) -> str:
    """The whole HTML page; `titles` names each chapter by its key."""
    size = len(classroom.bets)
    asked = [_Asked(id, q, Tally(size, classroom.on(id))) for id, q in questions.items()]
    shown = sorted((a for a in asked if a.tally.made), key=lambda a: a.rank)
    sections = "".join(_section(one, titles) for one in shown) or "<p>Aucun pari à montrer.</p>"
    head = f"{plural(size, 'apprenant')}, {plural(len(shown), 'question')}"
    return (
        '<!doctype html>\n<html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Les paris de la classe</title><style>{CSS}</style></head>\n<body><main>"
        f'<h1>Les paris de la classe</h1><p class="sub">{head}. D’abord les questions où l’on '
        f"était le plus souvent certain, et où la mesure a dit autre chose.</p>{_legend()}"
        f"{sections}{_summary(shown, titles)}</main></body></html>\n"
    )


def _section(one: _Asked, titles: Mapping[str, str]) -> str:
    bars = histogram(one.question, one.tally.made)
    shown = _bars(bars, one.question) + _table(bars, one.question)
    return (
        f'<section><p class="sub">{escape(titles[one.id.partition(".")[0]])}</p>'
        f"<h2>{escape(one.question.text)}</h2><p>{escape(_counts(one.tally))}</p>"
        f"{shown}{_whys(one.tally.made)}</section>\n"
    )


def _counts(tally: Tally) -> str:
    told = [plural(len(tally.made), "pari")]
    if tally.settled:
        told.append(plural(len(tally.good), "juste ou proche", "justes ou proches"))
        told.append(plural(len(tally.sure_and_wrong), "certain et faux", "certains et faux"))
    if passed := tally.asked - len(tally.made):
        told.append(f"{passed} sans pari")
    return " · ".join(told)


def _bars(bars: list[Bar], question: Question) -> str:
    most = max(bar.total for bar in bars)
    longest = max(len(bar.label) for bar in bars)
    rows = "".join(_bar(bar, most) for bar in bars)
    unit = getattr(question, "unit", ("", ""))[1]
    axis = f'<p class="sub">{escape(unit)}</p>' if unit else ""
    names = f"--names:{min(longest * 0.62, 24):.1f}em"
    return f'{axis}<ul class="bars" style="{names}">{rows}</ul>'


def _bar(bar: Bar, most: int) -> str:
    parts = "".join(
        f'<span class="{CLASSES[degree]}" style="flex:{bar.counts[degree]}"></span>'
        for degree in CERTAINTIES
        if bar.counts[degree]
    )
    width = 100 * bar.total / most * 0.8
    drawn = f'<span class="bar" aria-hidden="true" style="width:{width:.1f}%">{parts}</span>'
    seen = ' class="seen"' if bar.measured else ""
    return (
        f'<li{seen}><span class="name">{escape(bar.label)}</span>'
        f'<span class="track">{drawn}<span class="strong">{bar.total}</span></span></li>'
    )


def _table(bars: list[Bar], question: Question) -> str:
    unit = getattr(question, "unit", ("", "Réponse"))[1].capitalize()
    head = (unit, *map(str.capitalize, CERTAINTIES), "Paris", "L’ont mesuré")
    rows = [
        (bar.label, *(bar.counts[degree] for degree in CERTAINTIES), bar.total, bar.measured)
        for bar in bars
    ]
    table = html_table(head, rows)
    return (
        "<details><summary>Les données de cette image</summary>"
        f'<div class="wide" tabindex="0" role="group" aria-label="Données">{table}</div></details>'
    )


def _whys(bets: list[Bet]) -> str:
    whys = [bet.why for bet in bets if bet.why][:MOST_WHYS]
    if not whys:
        return ""
    items = "".join(f"<li>{escape(why)}</li>" for why in whys)
    summary = f"Pourquoi, dit la classe ({len(whys)})"
    return f"<details><summary>{summary}</summary><ul>{items}</ul></details>"


def _legend() -> str:
    items = "".join(f'<span><i class="{CLASSES[c]}"></i>{c}</span>' for c in CERTAINTIES)
    return (
        f'<p class="legend"><span class="sub">Certitude{NBSP}:</span>{items}'
        '<span style="color:var(--measure)">● ce qui a été mesuré, sur leurs machines</span></p>'
    )


def _summary(shown: list[_Asked], titles: Mapping[str, str]) -> str:
    """The indicators of each chapter, and their definitions."""
    keys = dict.fromkeys(sorted(one.id.partition(".")[0] for one in shown))
    rows = [(titles[key], *_indicators(_together(shown, key))) for key in keys]
    if not rows:
        return ""
    table = html_table(("Chapitre", "Certain et faux", "Lucidité", "Ignorance déclarée"), rows)
    legend = "".join(f'<p class="sub">{escape(text)}</p>' for text in (LUCIDITY, IGNORANCE))
    wide = f'<div class="wide" tabindex="0" role="group" aria-label="Indicateurs">{table}</div>'
    return f"<section><h2>Ce que la classe sait de ce qu’elle sait</h2>{wide}{legend}</section>"


def _together(shown: list[_Asked], key: str) -> Tally:
    bets = [b for one in shown if one.id.partition(".")[0] == key for b in one.tally.bets]
    return Tally(len(bets), bets)


def _indicators(tally: Tally) -> tuple[str, str, str]:
    if not tally.settled:
        return NOTHING, NOTHING, NOTHING
    return str(len(tally.sure_and_wrong)), signed(tally.lucidity), percent(tally.ignorance)
