"""What a learner reads of a bet, as MIME bundles: the question, the receipt, the comparison."""

from __future__ import annotations

from html import escape

from workbook.bets.book import RECORD, Bet
from workbook.bets.certainty import Certainty
from workbook.bets.question import Choice, Gap, Number, Ordering, Question, call
from workbook.views.canvas.words import NBSP, number, plural

STYLE = (
    "font-family:var(--jp-ui-font-family,system-ui,sans-serif);font-size:14px;line-height:1.45;"
    "color:var(--jp-ui-font-color1,inherit);max-width:728px;box-sizing:border-box;"
    "margin:.2em 0;padding:.4em .9em;"
    "border-left:5px solid {colour};background:rgba(128,128,128,.08);border-radius:4px"
)
GREY, BLUE, GREEN, ORANGE = "#7d8590", "#3f83d1", "#2e9d5b", "#cf7a22"
NOT_YET = "Pas encore de pari sur cette question."
NEVER_LATE = (
    "La mesure est faite, et un pari vient avant : celui-ci n’est pas retenu. Le prochain vous "
    "attend un peu plus loin."
)


def asked(id: str, question: Question) -> dict[str, object]:
    """The question in words, for whoever has no form: an exported page, a terminal, nbval."""
    options = getattr(question, "options", ())
    numbered = [f"{n}. {option}" for n, option in enumerate(options, 1)]
    code = call(id, question)
    how = f"Répondez par {question.asks}, avec votre certitude{NBSP}:"
    items = "".join(f"<li>{escape(option)}</li>" for option in options)
    return {
        "text/plain": "\n  ".join([question.text, *numbered, f"{how} {code}"]),
        "text/html": f'<div style="{STYLE.format(colour=BLUE)}"><strong>{escape(question.text)}'
        f"</strong>{f'<ol>{items}</ol>' if items else '<br>'}{escape(how)} "
        f"<code>{escape(code)}</code></div>",
    }


def receipt(bet: Bet, note: str = "") -> dict[str, object]:
    """What was recorded of the bet, and the record itself for machines."""
    record = {RECORD: bet.entries()} if bet.made else {}
    return said(_receipt(bet), GREEN if bet.made else GREY, note) | record


def compared(bet: Bet, first: bool, note: str = "") -> dict[str, object]:
    """How far the bet was from the measure, kindly, and the record of both."""
    if not bet.made:
        passed_by = (
            f"Vous n’avez pas parié sur cette question{NBSP}: on retient mieux ce que l’on a "
            "prédit d’abord, juste ou non. La prochaine fois, tentez un pari, même au hasard."
        )
        return said(passed_by if first else "Mesure faite, sans pari.", GREY, note)
    colour = ORANGE if bet.sure_and_wrong else GREEN if bet.gap is not Gap.FAR else BLUE
    return said(_remark(bet), colour, note) | {RECORD: bet.entries()}


def said(words: str, colour: str = GREY, note: str = "") -> dict[str, object]:
    """A line or two on a coloured edge, announced by screen readers."""
    lines = [words, *filter(None, [note])]
    paragraphs = "<br>".join(map(escape, lines))
    style = STYLE.format(colour=colour)
    return {
        "text/plain": "\n".join(lines),
        "text/html": f'<div role="status" class="workbook-bet-said" style="{style}">{paragraphs}'
        "</div>",
    }


def _receipt(bet: Bet) -> str:
    if bet.sealed:
        kept = f"votre pari, {bet.said()}, est scellé" if bet.made else "sans pari"
        return f"La mesure est faite{NBSP}: {kept}."
    if not bet.made:
        return NOT_YET
    return f"✓ Votre pari{NBSP}: {bet.said()}. Vous pouvez en changer jusqu’à la mesure."


def _remark(bet: Bet) -> str:
    seen = f"mesuré ici{NBSP}: {bet.question.say(bet.measure)}"
    head = f"Votre pari{NBSP}: {bet.said()}{NBSP}; {seen}."
    again = ""
    if bet.latest != bet.measure:
        again = f" Cette fois, la mesure a donné {bet.question.say(bet.latest)}."
    return f"{head} {_kindly(bet)}{again}"


def _kindly(bet: Bet) -> str:
    if bet.certainty is Certainty.RANDOM:
        return "Vous aviez dit ne pas savoir, et c’est déjà savoir quelque chose."
    if bet.gap is Gap.RIGHT:
        return "Bien vu."
    if bet.gap is Gap.NEAR:
        return f"{_distance(bet)}{NBSP}: c’est l’ordre de grandeur qui compte, et vous l’aviez."
    if bet.sure_and_wrong:
        return (
            f"{_distance(bet)}. Une certitude qui cède se retient longtemps{NBSP}: cette question "
            "est mise de côté, progress() vous la rappellera."
        )
    return f"{_distance(bet)}. Voyons pourquoi."


def _distance(bet: Bet) -> str:
    return _DISTANCES[type(bet.question)](bet)


def _of_numbers(bet: Bet) -> str:
    low, high = sorted((bet.answer, bet.measure))
    if bet.question.factor and low > 0:
        return f"Un facteur {number(high / low)}"
    return f"Il s’en faut de {plural(high - low, *bet.question.unit)}"


def _of_choices(_bet: Bet) -> str:
    return "La mesure en désigne une autre"


def _of_orders(bet: Bet) -> str:
    placed = sum(a == b for a, b in zip(bet.answer, bet.measure, strict=True))
    return f"{plural(placed, 'réponse')} à sa place" if placed else "Aucune à sa place"


_DISTANCES = {Number: _of_numbers, Choice: _of_choices, Ordering: _of_orders}
