"""lab5.detect: which promise breaks, and since when, whatever the noise."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from course.lab5.customers import CATALOGUE, CYCLE, DEBIT, MAIL, REFUSAL, SALE, SHELF
from workbook.checks import Exercise, expect, plain

if TYPE_CHECKING:
    from workbook.checks import Harness

SECONDS, PACE = 60.0, 0.15  # of a record, and between two visits
NOISE = 0.02  # the share of promises that is broken on a good day
CLOSE = 4.0  # seconds

exercise = Exercise(
    "lab5.detect",
    title="Quelle promesse, depuis quand ?",
    asks="detect",
    hints=(
        "Une promesse à la fois : rangez ses visites par heure, et regardez une fenêtre de huit "
        "qui se suivent. Sur huit, un échec ou deux sont du bruit ; cinq n’en sont plus.",
        "La panne commence au premier échec de la première fenêtre trop mauvaise.",
    ),
)


def recorded(
    chance: random.Random, breaks: Iterable[str] = (), share: float = 1.0, since: float = SECONDS
) -> list[dict]:
    """A minute of visits; from `since` on, that share of these promises is broken."""
    visits, at, hurt = [], 0.0, set(breaks)
    while at < SECONDS:
        for promise in CYCLE:
            at += PACE * chance.uniform(0.6, 1.4)
            told = [promise, MAIL, DEBIT] if promise == SALE else [promise]
            for one in told:
                risk = share if one in hurt and at >= since else NOISE
                visits.append(_visit(at, one, chance.random() >= risk))
    return visits


def _visit(at: float, promise: str, kept: bool) -> dict:
    return {"at": round(at, 2), "promise": promise, "kept": kept}


@exercise.step("Un jour ordinaire ne réveille personne", points=1)
def sleeps(harness: Harness, detect: Callable) -> None:
    for _ in range(4):
        found = detect(recorded(harness.random))
        expect(
            found is None,
            seen=f"Un jour où deux visites sur cent échouent, `detect` rend {found!r}.",
            expected="None",
            meaning="Un bip chaque nuit pour rien : la nuit de la panne, plus personne ne se lève.",
        )
    expect(
        (found := detect([])) is None,
        seen=f"Sans aucune visite, `detect` rend {found!r}.",
        expected="None",
    )


@exercise.step("Une panne franche est vue", points=1)
def sees_an_outage(harness: Harness, detect: Callable) -> None:
    for promise in (CATALOGUE, SALE):
        _expect_found(harness, detect, promise, 1.0)


@exercise.step("Une panne d’une visite sur deux aussi", points=1, after=sees_an_outage)
def sees_half_an_outage(harness: Harness, detect: Callable) -> None:
    for _ in range(4):
        _expect_found(harness, detect, SALE, 0.6)


@exercise.step("Une promesse que l’on n’apprend qu’ensuite", points=1, after=sees_an_outage)
def sees_what_comes_later(harness: Harness, detect: Callable) -> None:
    for promise in (MAIL, DEBIT, REFUSAL):
        _expect_found(harness, detect, promise, 1.0)


@exercise.step("Le confort ne réveille personne", points=1, after=(sleeps, sees_an_outage))
def lets_comfort_be(harness: Harness, detect: Callable) -> None:
    found = detect(recorded(harness.random, [SHELF], 1.0, 20.0))
    expect(
        found is None,
        seen=f"Seule la page d’un rayon manque, et `detect` rend {found!r}.",
        expected="None : « rayon » est un confort",
        meaning="On réveille quelqu’un pour une page dont personne n’a besoin cette nuit.",
    )


def _expect_found(harness: Harness, detect: Callable, promise: str, share: float) -> None:
    since = harness.random.uniform(15, 40)
    found = detect(recorded(harness.random, [promise], share, since))
    told = plain(found, "La réponse de `detect`")
    case = f"« {promise} » échoue {'toujours' if share == 1 else 'souvent'} depuis {since:.1f} s"
    expect(
        isinstance(told, list) and len(told) == 2 and not isinstance(told[1], str),
        seen=f"{case}, et `detect` rend {found!r}.",
        expected="un couple : la promesse, et la seconde où la panne commence",
        meaning="La panne durerait jusqu’au premier courriel de client.",
    )
    expect(
        told[0] == promise,
        seen=f"{case}, et `detect` parle de « {told[0]} ».",
        expected=f"« {promise} »",
        meaning="On chercherait longtemps au mauvais endroit.",
    )
    expect(
        isinstance(told[1], int | float) and abs(told[1] - since) <= CLOSE,
        seen=f"{case}, et `detect` répond {told[1]}.",
        expected=f"{since:.1f} s, à {CLOSE:.0f} s près",
        meaning="On accuserait le déploiement de la veille, et non celui d’il y a une minute.",
    )
