"""lab5.detect: which promise breaks, and since when, whatever the noise."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from course.lab5.customers import CATALOGUE, CYCLE, DEBIT, MAIL, PROMISES, REFUSAL, SALE, SHELF
from workbook.checks import Exercise, expect, plain

if TYPE_CHECKING:
    from workbook.checks import Harness

SECONDS = 60.0  # of a record
PACE, SLOW = 0.15, 0.5  # seconds between two visits; of a night, when few customers come
SWING = 0.4  # how much shorter or longer than that, at most
NOISE = 0.1  # the chance that a promise is broken on a good day, where it may be
QUIET = 8  # visits of a promise between two such, and before an outage
OTHERS = 0.0  # the share of an outage that breaks one visit out of two
SOMETIME, EARLY, NIGHT = (15, 40), (18, 25), (8, 12)  # seconds between which an outage begins
CLOSE = 4.0  # seconds

exercise = Exercise(
    "lab5.detect",
    title="Quelle promesse, depuis quand ?",
    asks="detect",
    hints=(
        "Une promesse à la fois : rangez ses visites par heure, et regardez une fenêtre de huit "
        "qui se suivent. Sur huit, un échec est du bruit ; quatre n’en sont plus.",
        "La panne commence au premier échec de la première fenêtre trop mauvaise.",
    ),
)


class Record:
    """A minute of visits; from `since` on, that share of one promise is broken.

    As the text says: on a good day one of each promise soon, then at most one in eight that follow
    each other, and none in the eight before an outage; in an outage the first one, and never two
    kept in a row: of the others `share` is broken. `pace` is the time between two visits, in
    seconds.
    """

    def __init__(
        self,
        chance: random.Random,
        broken: str = "",
        share: float = 1.0,
        since: float = SECONDS,
        pace: float = PACE,
    ) -> None:
        self._chance, self._broken, self._share, self._since = chance, broken, share, since
        self._pace = pace
        self._shy = QUIET * len(CYCLE) * pace * (1 + SWING)  # eight of the rarest, come what may
        self._kept = dict.fromkeys(PROMISES, chance.randrange(QUIET))
        self._spared = set(PROMISES)

    def visits(self) -> list[dict]:
        """The visits by time."""
        visits, at = [], 0.0
        while at < SECONDS:
            for promise in CYCLE:
                at += self._pace * self._chance.uniform(1 - SWING, 1 + SWING)
                told = [promise, MAIL, DEBIT] if promise == SALE else [promise]
                visits += [self._visit(at, one) for one in told]
        return visits

    def _visit(self, at: float, promise: str) -> dict:
        if promise == self._broken and at >= self._since:
            certain = self._kept[promise] > 0
            lost = certain or self._chance.random() < self._share
        else:
            shy = self._since - self._shy < at < self._since
            allowed = self._kept[promise] >= QUIET and not shy
            lost = allowed and (promise in self._spared or self._chance.random() < NOISE)
        self._spared -= {promise} if lost else set()
        self._kept[promise] = 0 if lost else self._kept[promise] + 1
        return {"at": round(at, 2), "promise": promise, "kept": not lost}


def recorded(
    chance: random.Random,
    broken: str = "",
    share: float = 1.0,
    since: float = SECONDS,
    pace: float = PACE,
) -> list[dict]:
    """The visits of such a minute."""
    return Record(chance, broken, share, since, pace).visits()


@exercise.step("Un jour ordinaire ne réveille personne", points=1)
def sleeps(harness: Harness, detect: Callable) -> None:
    for _ in range(4):
        found = detect(recorded(harness.random))
        expect(
            found is None,
            seen=f"Un jour où une visite échoue de loin en loin, `detect` rend {found!r}.",
            expected="None",
            meaning="Un bip chaque nuit pour rien : la nuit de la panne, plus personne ne se lève.",
        )
    expect(
        (found := detect([])) is None,
        seen=f"Sans aucune visite, `detect` rend {found!r}.",
        expected="None",
    )


@exercise.step("Une panne franche est vue", points=1)
def sees_an_outage(harness: Harness, detect: Callable) -> None:
    _expect_found(harness, detect, CATALOGUE, 1.0)
    _expect_found(harness, detect, SALE, 1.0, EARLY)
    _expect_found(harness, detect, REFUSAL, 1.0, NIGHT, SLOW)


@exercise.step("Une panne d’une visite sur deux aussi", points=1, after=sees_an_outage)
def sees_half_an_outage(harness: Harness, detect: Callable) -> None:
    for share in (0.6, 0.6, OTHERS, OTHERS):
        _expect_found(harness, detect, SALE, share)


@exercise.step("Une promesse que l’on n’apprend qu’ensuite", points=1, after=sees_an_outage)
def sees_what_comes_later(harness: Harness, detect: Callable) -> None:
    for promise in (MAIL, DEBIT, REFUSAL):
        _expect_found(harness, detect, promise, 1.0)


@exercise.step("Le confort ne réveille personne", points=1, after=(sleeps, sees_an_outage))
def lets_comfort_be(harness: Harness, detect: Callable) -> None:
    found = detect(recorded(harness.random, SHELF, 1.0, 20.0))
    expect(
        found is None,
        seen=f"Seule la page d’un rayon manque, et `detect` rend {found!r}.",
        expected="None : « rayon » est un confort",
        meaning="On réveille quelqu’un pour une page dont personne n’a besoin cette nuit.",
    )


def _expect_found(
    harness: Harness,
    detect: Callable,
    promise: str,
    share: float,
    between: tuple[float, float] = SOMETIME,
    pace: float = PACE,
) -> None:
    """`detect` names `promise`, and when the first visit was missed; eight of them at least."""
    out = harness.random.uniform(*between)
    visits = recorded(harness.random, promise, share, out, pace)
    since = next(v["at"] for v in visits if v["promise"] == promise and v["at"] >= out)
    found = detect(visits)
    told = plain(found, "La réponse de `detect`")
    often = {1.0: "toujours", OTHERS: "une fois sur deux"}.get(share, "souvent")
    rare = ", aux heures creuses," if pace == SLOW else ""
    case = f"« {promise} »{rare} échoue {often} depuis {since:.1f} s"
    expect(
        isinstance(told, list) and len(told) == 2 and not isinstance(told[1], str),
        seen=f"{case}, et `detect` rend {found!r}.",
        expected="un couple : la promesse, et la seconde où la panne commence",
        meaning="La panne durerait jusqu’au premier courriel de client.",
    )
    expect(
        told[0] == promise,
        seen=f"{case}, et `detect` parle de « {told[0]} ».",
        expected=f"« {promise} »",
        meaning="On chercherait longtemps au mauvais endroit.",
    )
    expect(
        isinstance(told[1], int | float) and abs(told[1] - since) <= CLOSE,
        seen=f"{case}, et `detect` répond {told[1]}.",
        expected=f"{since:.1f} s, à {CLOSE:.0f} s près",
        meaning="On accuserait le déploiement de la veille, et non celui d’il y a une minute.",
    )
