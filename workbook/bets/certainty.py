"""How sure one is of a bet, in the degrees of the Grenoble quiz, and the two indicators of it.

Source: `qbehaviour_certaintywithstudentfbdeferred`, the Moodle plugin of Caseine (Université
Grenoble Alpes): `classes/locallib.php` for the indicators, `classes/settingsform.php` for the
degrees, of which these are three of its linear scale ("J'ai répondu au hasard", "Plutôt sûr" 60 %,
"Tout à fait sûr" 100 %).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from workbook.bets.question import BadAnswer, fold

LUCIDITY = (
    "Lucidité : de −100 (sûr quand on se trompe) à +100 (sûr quand on a raison) ; 0 : pas de "
    "rapport entre les deux. C’est la moyenne, sur les paris qui ne sont pas au hasard, de la "
    "certitude (plutôt : 60, certain : 100), comptée en plus si le pari est juste ou proche, en "
    "moins sinon."
)
IGNORANCE = (
    "Ignorance déclarée : la part des paris dits « au hasard ». Ce n’est pas un défaut : c’est "
    "savoir qu’on ne sait pas."
)


class Certainty(StrEnum):
    """A degree of certainty; its value is the word learners read."""

    RANDOM = "au hasard"
    RATHER = "plutôt"
    SURE = "certain"

    @property
    def percent(self) -> int:
        """What Caseine's linear scale makes of it."""
        return {Certainty.RANDOM: 0, Certainty.RATHER: 60, Certainty.SURE: 100}[self]


SPELLINGS = {fold(degree): degree for degree in Certainty} | {
    "hasard": Certainty.RANDOM,
    "certaine": Certainty.SURE,
}


def certainty_of(words: object) -> Certainty:
    """The degree called so; raises `BadAnswer`."""
    if isinstance(words, str) and fold(words) in SPELLINGS:
        return SPELLINGS[fold(words)]
    raise BadAnswer('Dites votre certitude : "au hasard", "plutôt" ou "certain".')


def lucidity(bets: Iterable[tuple[Certainty, bool]]) -> int | None:
    """Caseine's *indice de lucidité*, −100 to 100, of (certainty, right or near) pairs.

    (Σ certainty of the right − Σ certainty of the wrong) / their number, bets at random left out;
    0 where all are at random, None where there is none.
    """
    made = list(bets)
    signed = [c.percent if right else -c.percent for c, right in made if c is not Certainty.RANDOM]
    if not signed:
        return 0 if made else None
    return round(sum(signed) / len(signed))


def declared_ignorance(certainties: Iterable[Certainty]) -> float | None:
    """Caseine's *taux d'ignorance déclarée*: the share (0 to 1) of the bets said to be at random.

    Of the bets made: in a test every question is answered, here one may be passed by.
    """
    made = list(certainties)
    return made.count(Certainty.RANDOM) / len(made) if made else None
