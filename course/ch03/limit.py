"""ch03.limit: a token bucket a client, and a promise about when to come back."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import product
from numbers import Real
from typing import Any

from workbook.checks import Exercise, Finding, Harness, Incorrect, expect

exercise = Exercise(
    "ch03.limit",
    title="Un seau par client",
    asks="Limiter",
    hints=(
        "Gardez pour chaque client deux nombres : les jetons qu’il avait, et l’instant où vous "
        "l’avez noté. Un dictionnaire suffit.",
        "À chaque requête : "
        "`tokens = min(burst, tokens + (now - since) * rate)`. "
        "Un client jamais vu a un seau plein. Ne comptez pas en jetons entiers : un demi-jeton "
        "se garde.",
        "S’il y a un jeton au moins, prenez-le et rendez 0. Sinon ne prenez rien : il manque "
        "`1 - tokens`, qui arrivent à `rate` par seconde.",
    ),
)

STARTS = (0.0, 1_024.0, 1_700_000_000.0)
SETTINGS = ((4, 3), (1, 1), (0.5, 2), (10, 20))  # (rate, burst)
EPSILON = 0.001
PASSES, WAITS = "0, la requête passe", "les secondes à attendre"


class _Trial:
    """A limiter of the answer's, and its clock, which only moves forward."""

    def __init__(self, make: Callable, rate: float, burst: int, start: float = 0.0) -> None:
        self.rate, self.burst, self.now = rate, burst, start
        self._limiter = make(rate, burst)
        if not callable(getattr(self._limiter, "take", None)):
            raise Incorrect(
                Finding(
                    f"`Limiter({rate}, {burst})` rend {self._limiter!r}, qui n’a pas de `take`.",
                    "un objet dont la méthode `take(client, now)` répond",
                )
            )

    def take(self, client: str = "alice") -> float:
        """What it answers now: seconds."""
        return _seconds(self._limiter.take(client, self.now))

    def drain(self, client: str = "alice") -> None:
        """Take the whole burst at once."""
        for n in range(self.burst):
            self.passes(client, f"requête {n + 1} d’une rafale de {self.burst}")

    def passes(self, client: str, story: str, meaning: str = "") -> None:
        """It must let this request through."""
        answer = self.take(client)
        expect(
            answer == 0,
            seen=f"{self} : {story}. `take` rend {answer:g}.",
            expected=PASSES,
            meaning=meaning or "Un client qui n’a rien fait de mal serait renvoyé.",
        )

    def waits(self, client: str, story: str, meaning: str) -> float:
        """It must hold this request back; the seconds it asks for."""
        answer = self.take(client)
        expect(
            answer > 0,
            seen=f"{self} : {story}. `take` rend {answer:g}, donc la requête passe.",
            expected=WAITS,
            meaning=meaning,
        )
        return answer

    def __str__(self) -> str:
        return f"Avec `Limiter({self.rate:g}, {self.burst})`"


@exercise.step("Une rafale passe, jusqu’au fond du seau", points=1)
def lets_a_burst_through(harness: Harness, make: Callable) -> None:
    for (rate, burst), start in product(SETTINGS, STARTS):
        trial = _Trial(make, rate, burst, start)
        trial.drain()
        trial.waits(
            "alice",
            f"requête {burst + 1} au même instant",
            "Les services derrière recevraient plus qu’ils ne peuvent porter.",
        )


@exercise.step("Chacun a son seau", points=1, after=lets_a_burst_through)
def keeps_clients_apart(harness: Harness, make: Callable) -> None:
    trial = _Trial(make, 4, 3)
    for _ in range(9):
        trial.take("alice")
    for client in ("bob", "carol"):
        for n in range(trial.burst):
            trial.passes(
                client,
                f"Alice a vidé son seau, {client} envoie sa requête {n + 1}",
                "Un seul client trop pressé fermerait la boutique à tous les autres.",
            )
    trial.waits("alice", "Alice revient au même instant", "Le seau d’Alice aurait été rempli.")


@exercise.step(
    "Le seau se remplit en continu, et ne déborde pas", points=1, after=keeps_clients_apart
)
def refills(harness: Harness, make: Callable) -> None:
    for (rate, burst), start in product(SETTINGS, STARTS):
        for tokens in range(1, burst + 3):
            trial = _Trial(make, rate, burst, start)
            trial.drain()
            trial.now += (tokens + 0.01) / rate
            pause = f"seau vidé, puis {_french(trial.now - start)} s sans rien"
            for n in range(min(tokens, burst)):
                trial.passes("alice", f"{pause}, requête {n + 1}")
            trial.waits(
                "alice",
                f"{pause}, requête {min(tokens, burst) + 1}",
                "Un client absent une nuit pourrait tout envoyer d’un coup au matin."
                if tokens > burst
                else "Le débit promis ne serait pas tenu.",
            )


@exercise.step("Une requête refusée ne coûte rien", points=1, after=refills)
def refusals_are_free(harness: Harness, make: Callable) -> None:
    for (rate, burst), parts in product(SETTINGS, (2, 3, 8)):
        trial = _Trial(make, rate, burst)
        trial.drain()
        for part in range(1, parts):
            trial.now = part / parts / rate
            for _ in range(2):
                trial.waits(
                    "alice",
                    f"seau vidé, nouvel essai après {part}/{parts} de jeton",
                    "Il suffirait d’insister pour passer.",
                )
        trial.now = (1 + EPSILON) / rate
        trial.passes(
            "alice",
            f"seau vidé, {2 * (parts - 1)} essais refusés, puis un jeton tout entier est revenu",
            "Un client qui réessaie trop tôt ne passerait plus jamais.",
        )


@exercise.step("Le délai annoncé est le bon", points=1, after=refusals_are_free)
def keeps_its_promise(harness: Harness, make: Callable) -> None:
    for (rate, burst), share in product(SETTINGS, (0.0, 0.25, 0.5, 0.9)):
        trial = _Trial(make, rate, burst)
        trial.drain()
        trial.now = share / rate
        story = f"seau vidé, {_french(share)} jeton revenu"
        wait = trial.waits("alice", story, "Le débit promis ne serait pas tenu.")
        due = (1 - share) / rate
        expect(
            abs(wait - due) <= EPSILON,
            seen=f"{trial} : {story}. `take` rend {wait:.4g}.",
            expected=f"{_french(due)} s, à un millième près",
            meaning="Trop court, le client revient pour rien ; trop long, il attend pour rien.",
        )
        trial.now += wait + EPSILON
        trial.passes("alice", f"{story}, et le client revient après le délai annoncé")


@exercise.step("Aucun instant ne laisse passer deux rafales", points=1, after=refusals_are_free)
def has_no_edge(harness: Harness, make: Callable) -> None:
    for tenth in range(21):
        trial = _Trial(make, 4, 8, tenth / 10)
        trial.drain()
        trial.now += 0.125  # half a token
        trial.waits(
            "alice",
            f"rafale de 8 à {_french(tenth / 10)} s, requête suivante 0,125 s après",
            "Une double rafale passerait, pour qui choisit bien son instant.",
        )


@exercise.step(
    "Toute suite de requêtes tombe juste", points=2, after=(keeps_its_promise, has_no_edge)
)
def agrees_with_a_bucket(harness: Harness, make: Callable) -> None:
    """Every sequence of four requests, by their client and the pause before: binary fractions."""
    rate, burst = 4, 2
    moves = tuple(product(("alice", "bob"), (0.0, 0.125, 0.25, 1.0)))
    for sequence in product(moves, repeat=4):
        trial, levels = _Trial(make, rate, burst), {}
        for client, pause in sequence:
            trial.now += pause
            level, since = levels.get(client, (burst, trial.now))
            level = min(burst, level + (trial.now - since) * rate)
            due = 0 if level >= 1 else (1 - level) / rate
            levels[client] = (level - (level >= 1), trial.now)
            answer = trial.take(client)
            expect(
                (answer == 0) == (due == 0) and abs(answer - due) <= EPSILON,
                seen=f"{trial}, {_told(sequence)} : à {_french(trial.now)} s, pour {client}, "
                f"`take` rend {answer:g}.",
                expected=f"{due:g}",
                meaning="Un client passerait quand il ne doit pas, ou l’inverse.",
            )


def _told(sequence: tuple[tuple[str, float], ...]) -> str:
    now, told = 0.0, []
    for client, pause in sequence:
        now += pause
        told.append(f"{client} à {_french(now)} s")
    return ", ".join(told)


def _french(number: float) -> str:
    return f"{number:.4g}".replace(".", ",")


def _seconds(answer: Any) -> float:
    is_number = isinstance(answer, (Real, Decimal)) and not isinstance(answer, bool)
    if not is_number or not answer >= 0:
        raise Incorrect(
            Finding(
                seen=f"`take` rend {answer!r}, de type « {type(answer).__name__} ».",
                expected="un nombre de secondes : 0 si la requête passe, sinon ce qu’il reste à "
                "attendre",
            )
        )
    return float(answer)
