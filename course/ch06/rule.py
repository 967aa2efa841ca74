"""ch06.rule: which calls speak against a service, and how many of them open the circuit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Any

from workbook.checks import Exercise, Harness, expect

WINDOW, LEAST = 10, 4
exercise = Exercise(
    "ch06.rule",
    title="Quand faut-il ouvrir ?",
    asks="must_open",
    hints=(
        "Deux questions : cet appel est-il mauvais ? Puis : y en a-t-il trop ? Une petite "
        "fonction pour chacune.",
        "`calls[-10:]` rend les dix derniers, ou tous s’il y en a moins. Ne comparez `status` à "
        "500 que s’il n’est pas `None`.",
        "Mauvais : `status is None`, ou `status >= 500`, ou `seconds > 1`. Ouvrir : au moins "
        "quatre appels, et `2 * mauvais >= len(calls)`.",
    ),
)

Call = dict[str, Any]
GOOD, BAD = {"status": 200, "seconds": 0.05}, {"status": 503, "seconds": 0.02}
SICK = {
    "une erreur 500": {"status": 500, "seconds": 0.1},
    "une erreur 503": BAD,
    "une absence de réponse": {"status": None, "seconds": 0.5},
    "une réponse 200 en 1,2 s": {"status": 200, "seconds": 1.2},
    "une réponse 404 en 3 s": {"status": 404, "seconds": 3.0},
    "une absence de réponse en 2 s": {"status": None, "seconds": 2.0},
}
WELL = {
    "une réponse 200": GOOD,
    "une réponse 201": {"status": 201, "seconds": 0.3},
    "une réponse 204 en 1 s tout juste": {"status": 204, "seconds": 1.0},
    "un refus 404": {"status": 404, "seconds": 0.05},
    "un refus 422": {"status": 422, "seconds": 0.9},
    "un refus 409": {"status": 409, "seconds": 0.05},
}


@exercise.step("Une panne ouvre, une erreur du client n’ouvre pas", points=2)
def tells_bad_calls(harness: Harness, must_open: Callable) -> None:
    for title, call in SICK.items():
        expect(
            must_open(_copies([call] * WINDOW)),
            seen=f"Dix fois {title}, et le circuit reste fermé.",
            expected="un circuit qui s’ouvre",
            meaning="On continuerait d’attendre un service qui ne sert plus personne.",
        )
    for title, call in WELL.items():
        expect(
            not must_open(_copies([call] * WINDOW)),
            seen=f"Dix fois {title}, et le circuit s’ouvre.",
            expected="un circuit fermé : le service a répondu, et vite",
            meaning="Un client qui se trompe dix fois de référence priverait tous les autres.",
        )


@exercise.step("Peu d’appels ne disent rien", points=1, after=tells_bad_calls)
def wants_enough(harness: Harness, must_open: Callable) -> None:
    expect(
        not must_open([]),
        seen="Sans aucun appel, le circuit s’ouvre.",
        expected="un circuit fermé tant que rien n’est connu",
    )
    _compare(must_open, (p for n in range(1, LEAST) for p in product("✓✗", repeat=n)))


@exercise.step("La moitié suffit, dans n’importe quel ordre", points=1, after=tells_bad_calls)
def judges_by_share(harness: Harness, must_open: Callable) -> None:
    _compare(must_open, (p for n in range(LEAST, WINDOW + 1) for p in product("✓✗", repeat=n)))


@exercise.step("Seuls les dix derniers comptent", points=1, after=judges_by_share)
def forgets(harness: Harness, must_open: Callable) -> None:
    old = ("✗" * 1, "✓" * 1, "✗" * 5, "✓" * 5, "✗" * 30, "✓" * 30)
    recent = ["".join(p) for p in product("✓✗", repeat=WINDOW) if 4 <= p.count("✗") <= 5]
    _compare(must_open, (before + after for before in old for after in recent))


def _compare(must_open: Callable, patterns: Iterable[Sequence[str]]) -> None:
    for pattern in patterns:
        calls = _copies([BAD if mark == "✗" else GOOD for mark in pattern])
        wanted, got = _opens(pattern), bool(must_open(calls))
        bad, known = pattern[-WINDOW:].count("✗"), len(pattern[-WINDOW:])
        expect(
            got == wanted,
            seen=f"Pour {''.join(pattern)} (✗ : mauvais ; le dernier à droite), le circuit "
            f"{'s’ouvre' if got else 'reste fermé'}.",
            expected=f"{'ouvert' if wanted else 'fermé'} : {bad} mauvais sur les {known} derniers",
            meaning="On attendrait un service malade."
            if wanted
            else "On se priverait d’un service qui va bien.",
        )


def _opens(pattern: Sequence[str]) -> bool:
    recent = pattern[-WINDOW:]
    return len(recent) >= LEAST and 2 * recent.count("✗") >= len(recent)


def _copies(calls: Iterable[Call]) -> list[Call]:
    """An answer may change what it is given."""
    return [dict(call) for call in calls]
