"""The learner's bets, chapter by chapter: how many, how good, how lucid; what to look at again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from workbook.bets.book import Bet, my_bets
from workbook.bets.certainty import IGNORANCE, LUCIDITY, declared_ignorance, lucidity
from workbook.bets.question import Gap
from workbook.bets.registry import all_bets
from workbook.tables import html_table, text_table
from workbook.views.canvas.words import NBSP, percent

HEAD = (
    "Paris",
    "Faits",
    "Justes ou proches",
    "Certain et faux",
    "Lucidité",
    "Ignorance déclarée",
)
NOTHING = "–"
CAPTION = "Vos paris. Ils ne comptent dans aucune note."
AGAIN = "À revoir, certain et faux"


@dataclass(frozen=True)
class Tally:
    """What the bets of one learner, or of a class, come to; `asked` is how many could be made."""

    asked: int
    bets: Sequence[Bet]

    @property
    def made(self) -> list[Bet]:
        return [bet for bet in self.bets if bet.made]

    @property
    def settled(self) -> list[Bet]:
        """Those that were compared with a measure."""
        return [bet for bet in self.made if bet.sealed]

    @property
    def good(self) -> list[Bet]:
        """Right or near."""
        return [bet for bet in self.settled if bet.gap is not Gap.FAR]

    @property
    def sure_and_wrong(self) -> list[Bet]:
        return [bet for bet in self.settled if bet.sure_and_wrong]

    @property
    def lucidity(self) -> int | None:
        return lucidity((bet.certainty, bet.gap is not Gap.FAR) for bet in self.settled)

    @property
    def ignorance(self) -> float | None:
        return declared_ignorance(bet.certainty for bet in self.settled)

    def cells(self) -> tuple[str, ...]:
        """As a row under `HEAD`, without its title."""
        return (
            f"{len(self.made)}{NBSP}sur{NBSP}{self.asked}",
            f"{len(self.good)}{NBSP}sur{NBSP}{len(self.settled)}" if self.settled else NOTHING,
            str(len(self.sure_and_wrong)) if self.settled else NOTHING,
            NOTHING if self.lucidity is None else signed(self.lucidity),
            NOTHING if self.ignorance is None else percent(self.ignorance),
        )


class BetTable:
    """The second table of `progress()`: a row a chapter that asks for bets, by its title."""

    def __init__(self, titles: Iterable[tuple[str, str]]) -> None:
        questions, bets = all_bets(), my_bets()
        self.tallies = {}
        for key, title in titles:
            ids = [id for id in questions if id.partition(".")[0] == key]
            if ids:
                self.tallies[title] = Tally(len(ids), [bets[id] for id in ids if id in bets])

    @property
    def again(self) -> list[Bet]:
        """Bets that were sure and wrong."""
        return [bet for tally in self.tallies.values() for bet in tally.sure_and_wrong]

    def text(self) -> str:
        """For a terminal; empty where no bet is asked for."""
        if not self.tallies:
            return ""
        again = [f"{AGAIN}{NBSP}: {line}" for line in map(_again, self.again)]
        legend = [LUCIDITY, IGNORANCE] * bool(self._settled())
        return "\n".join([text_table([HEAD, *self._rows()]), *again, *legend])

    def html(self) -> str:
        """For a notebook; the definitions stand under the table.

        Of several chapters, only those with a bet have a row.
        """
        if not self.tallies:
            return ""
        made = {title: tally for title, tally in self.tallies.items() if tally.made}
        if len(self.tallies) > 1 and not made:
            return f"<p>{CAPTION} Aucun pour l’instant.</p>"
        shown = made if len(self.tallies) > 1 else self.tallies
        rows = [(title, *tally.cells()) for title, tally in shown.items()]
        table = html_table(HEAD, rows, CAPTION)
        items = "".join(f"<li>{escape(_again(bet))}</li>" for bet in self.again)
        again = f"<p>{AGAIN}{NBSP}:</p><ul>{items}</ul>" if items else ""
        legend = "".join(f"<p>{escape(text)}</p>" for text in (LUCIDITY, IGNORANCE))
        folded = f"<details><summary>Que veulent dire ces mots{NBSP}?</summary>{legend}</details>"
        return table + again + folded

    def _settled(self) -> list[Bet]:
        return [bet for tally in self.tallies.values() for bet in tally.settled]

    def _rows(self) -> list[tuple[str, ...]]:
        return [(title, *tally.cells()) for title, tally in self.tallies.items()]


def signed(index: int) -> str:
    """`+60`, `−100`, `0`."""
    return f"{index:+d}".replace("-", "−") if index else "0"


def _again(bet: Bet) -> str:
    said, seen = bet.question.say(bet.answer), bet.question.say(bet.measure)
    return f"{bet.question.text} Pari{NBSP}: {said}{NBSP}; mesure{NBSP}: {seen}."
