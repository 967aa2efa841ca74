"""ch12.fencing: a shelf that refuses whoever had the lease before somebody else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

from workbook.checks import Exercise, Harness, expect, plain
from workbook.checks.outcome import Finding, Incorrect

exercise = Exercise(
    "ch12.fencing",
    title="Refuser le réveil d’un endormi",
    asks="Shelf",
    hints=(
        "Que faut-il savoir d’un article, outre son prix, pour reconnaître un jeton périmé ?",
        "Tout ce qui doit survivre à un redémarrage va dans `rows`, le plus grand jeton compris : "
        "`self.rows[sku] = [price, token]`.",
        "Refusez si `token < ` le dernier jeton **de cet article**. Égal, c’est le même robot qui "
        "écrit de nouveau. Un refus ne change rien.",
    ),
)

SKUS, TOKENS = ("LAMP", "MUG"), (0, 9, 10)  # as texts, 10 comes before 9
PRICES = (0, 3990)
LENGTH = 3
ASLEEP = "Un robot endormi depuis une heure changerait le prix à son réveil."
REFUSED_HOLDER = "Celui qui tient le bail ne pourrait plus travailler."

Write = tuple[str, int, int]


@exercise.step("Qui tient le bail écrit", points=1)
def writes(harness: Harness, shelf: Callable) -> None:
    expect(
        (got := shelf({}).read("LAMP")) is None,
        seen=f"Un rayon neuf : read rend {got!r}.",
        expected="None",
    )
    for sku in SKUS:
        for tokens in ((0,), (1,), (1, 2), (33, 34, 40), (5, 5, 5), (0, 0)):
            _play(shelf, [(sku, price, token) for price, token in _priced(tokens)])


@exercise.step("Un jeton périmé n’écrit plus", points=2, after=writes, timeout=60)
def refuses_the_stale(harness: Harness, shelf: Callable) -> None:
    for length in range(2, LENGTH + 1):
        for tokens in product(TOKENS, repeat=length):
            _play(shelf, [("LAMP", price, token) for price, token in _priced(tokens)])
            for prices in product(PRICES, repeat=length):
                pairs = zip(prices, tokens, strict=True)
                _play(shelf, [("LAMP", price, token) for price, token in pairs])


@exercise.step("À chaque article ses jetons", points=1, after=refuses_the_stale, timeout=60)
def counts_by_article(harness: Harness, shelf: Callable) -> None:
    for length in range(2, LENGTH + 1):
        for skus in product(SKUS, repeat=length):
            for tokens in product(TOKENS, repeat=length):
                priced = _priced(tokens)
                _play(shelf, [(s, *pair) for s, pair in zip(skus, priced, strict=True)])


@exercise.step("Un redémarrage n’efface rien", points=2, after=refuses_the_stale, timeout=60)
def survives_a_restart(harness: Harness, shelf: Callable) -> None:
    for length in range(1, LENGTH + 1):
        for tokens in product(TOKENS, repeat=length):
            story = [("LAMP", price, token) for price, token in _priced(tokens)]
            for restarts in product((False, True), repeat=length):
                _play(shelf, story, restarts)


def _priced(tokens: Sequence[int]) -> Iterator[tuple[int, int]]:
    """A price of its own for each write; the first is nothing at all."""
    return ((100 * place, token) for place, token in enumerate(tokens))


def _play(shelf: Callable, story: Sequence[Write], restarts: Sequence[bool] = ()) -> None:
    """Make these writes on a new shelf, which is restarted after those marked; judge each."""
    rows: dict[str, Any] = {}
    bench, told = _new(shelf, rows), []
    prices: dict[str, int] = {}
    highest: dict[str, int] = {}
    for place, (sku, price, token) in enumerate(story):
        accepted = bench.write(sku, price, token)
        right = token >= highest.get(sku, token)
        told.append(f"{sku} à {price} avec le jeton {token}")
        if right:
            prices[sku], highest[sku] = price, token
        expect(
            bool(accepted) == right,
            seen=f"{', puis '.join(told)} : la dernière écriture rend {accepted!r}.",
            expected=f"{right}",
            meaning=REFUSED_HOLDER if right else ASLEEP,
        )
        if restarts and restarts[place]:
            rows = _saved(rows)
            bench = _new(shelf, rows)
            told.append("redémarrage")
        for asked in SKUS:
            _expect_price(bench, asked, prices.get(asked), told)


def _expect_price(bench: Any, sku: str, wanted: int | None, told: Sequence[str]) -> None:
    got = bench.read(sku)
    same = got is None if wanted is None else type(got) is int and got == wanted
    expect(
        same,
        seen=f"{', puis '.join(told)} : read({sku!r}) rend {got!r}.",
        expected=repr(wanted),
        meaning="Le prix en rayon ne serait pas le dernier qui a été accepté.",
    )


def _new(shelf: Callable, rows: dict[str, Any]) -> Any:
    made = shelf(rows)
    expect(
        callable(getattr(made, "write", None)) and callable(getattr(made, "read", None)),
        seen=f"Shelf(rows) a donné {made!r}.",
        expected="un objet muni de `write` et de `read`",
    )
    return made


def _saved(rows: dict[str, Any]) -> dict[str, Any]:
    """What a database would give back: the rows, in a process that remembers nothing else."""
    for key in rows:
        if not isinstance(key, str):
            raise Incorrect(
                Finding(f"`rows` a la clé {key!r}.", "des textes pour clés, comme dans une base")
            )
    return json.loads(json.dumps(plain(rows, "`rows`")))
