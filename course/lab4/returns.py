"""lab4.returns: refund, stock, event, acknowledgement; killed between any two of them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course.lab4.bench import (
    CUT_OFF,
    UNAVAILABLE,
    UNKNOWN,
    decoded,
    event_of,
    payments,
    request_of,
)
from workbook.checks import Exercise, Harness, expect
from workbook.checks.worker import Worker, plan_told
from workbook.failures import worker as bare
from workbook.failures.plan import Line, Trial

if TYPE_CHECKING:
    from workbook.failures.worker import Bench

QUEUE, DEAD = "returns.requested", "returns.dead"
EXCHANGE, DONE = "shop.events", "return.completed"
OUTBOX = "verification.completed"
STOCK = "returns.db"
FOR_ONE = 8.0

exercise = Exercise(
    "lab4.returns",
    title="Reprendre un article",
    service="returns",
    hints=(
        "Imaginez la mort après chaque geste : le message revient, et tout recommence. Chaque "
        "geste doit donc pouvoir se refaire : une clé pour le remboursement, une note pour le "
        "stock, un `message_id` constant pour l’événement.",
        "La note et le stock, dans la même `transaction()` : `INSERT OR IGNORE INTO inbox`, puis "
        "`put_back(event)` seulement si la ligne est neuve (`rowcount`).",
        "Un retour déjà noté n’est pas un retour terminé : peut-être est-on mort avant de publier. "
        "Publiez donc **toujours** avant d’acquitter, connu ou pas.",
    ),
)


@exercise.step("Remboursé, remis en stock, annoncé", points=2)
def completes(harness: Harness) -> None:
    worker = _worker(harness)
    worker.start()
    for quantity in (2, 5):
        event = _send(worker, quantity=quantity)
        _expect_done(worker, event, "Un retour")
    came_back = worker.kill_at_rest()
    worker.start()
    expect(
        not came_back,
        seen=f"Tout est fait ; le worker mort, {came_back} message(s) sont revenus en file.",
        expected="un message acquitté, une fois tout fait",
        meaning="Chaque redémarrage referait les retours de la semaine.",
    )


@exercise.step("Livré deux fois, fait une fois", points=2, after=completes)
def ignores_a_duplicate(harness: Harness) -> None:
    worker = _worker(harness)
    event = _send(worker)
    _expect_done(worker, event, "Un retour")
    worker.send(event, event["return_id"])
    other = _send(worker)
    _expect_done(worker, other, "Un doublon, puis un autre retour")
    _expect_done(worker, event, "Le même message, livré deux fois")


@exercise.step("Sans paiement à rembourser, ou illisible : lettre morte", points=2, after=completes)
def puts_aside(harness: Harness) -> None:
    worker = _worker(harness)
    hopeless = _send(worker, order_id=harness.unique(f"commande-{UNKNOWN}"))
    bodies = [json.dumps(hopeless), "ceci n’est pas du JSON"]
    worker.send(bodies[1], harness.unique("message"))
    event = _send(worker)
    _expect_done(worker, event, "Derrière un retour impossible, un bon")
    found = worker.await_that(
        worker.dead_letters,
        lambda found: len(found) >= len(bodies),
        seen=lambda found: f"Deux messages impossibles ; dans « {DEAD} », {len(found)}.",
        expected="les deux, tels quels",
        meaning="Quelqu’un attend son argent, et personne ne le sait.",
    )
    expect(
        sorted(found) == sorted(bodies) and not _stock_of(worker, hopeless),
        seen=f"Dans « {DEAD} » : {found}. Du retour sans paiement, {_stock_of(worker, hopeless)} "
        "article(s) remis en stock.",
        expected="les deux messages, et rien en stock",
        meaning="Un article jamais vendu reviendrait en rayon.",
    )


@exercise.step("Payments indisponible : on réessaie", points=1, after=completes, timeout=30)
def tries_again(harness: Harness) -> None:
    worker = _worker(harness)
    for trouble, when in (
        (UNAVAILABLE, "Payments répond 503, puis va mieux"),
        (CUT_OFF, "Payments coupe la connexion sans répondre, deux fois, puis va mieux"),
    ):
        event = _send(worker, order_id=harness.unique(f"commande-{trouble}"))
        worker.await_progress(lambda event=event: _is_done(worker, event), FOR_ONE)
        calls = len(payments(harness).calls[event["order_id"]])
        _expect_done(worker, event, f"{when} ; {calls} appel(s)")


@exercise.step(
    "kill -9 à chaque instant : l’argent, le stock et la lettre, une fois",
    points=3,
    after=(completes, ignores_a_duplicate),
    timeout=50,
)
def survives(harness: Harness) -> None:
    worker = _worker(harness)
    sent: list[dict] = []
    deaths = worker.deaths(lambda: sent.append(_send(worker)), lambda: _is_done(worker, sent[-1]))
    with plan_told(exercise, worker, lambda: sent[-1]):
        for place in chain(deaths, [""]):
            when = f"Le worker tué {place}, puis relancé" if place else "Personne ne meurt"
            _expect_done(worker, sent[-1], when)


# -- the worker and its books ----------------------------------------------------------------------


class _Apart:
    """What both kinds of worker have: a Payments, and a queue that hears what is announced."""

    def environment(self) -> dict[str, str]:
        return super().environment() | {"PAYMENTS_URL": payments(self.bench).url}

    def listen(self) -> None:
        self.announced: dict[str, set[str | None]] = {}
        self.dead_for_good: list[str] = []
        self.channel.queue_declare(OUTBOX, exclusive=True)
        self.channel.queue_bind(OUTBOX, EXCHANGE, DONE)

    def announcements(self, event: dict) -> set[str | None]:
        """The ids of the messages that announced this return's end."""
        while (got := self.channel.basic_get(OUTBOX, auto_ack=True))[2] is not None:
            said = decoded(got[2])
            if isinstance(said, dict) and said.get("type") == "RETURN_COMPLETED":
                id = str(said.get("return_id"))
                self.announced.setdefault(id, set()).add(got[1].message_id)
        return self.announced.get(event["return_id"], set())

    def dead_letters(self) -> list[str]:
        """The dead letters so far."""
        self.dead_for_good += self.take(DEAD) if self.ready(DEAD) else []
        return self.dead_for_good


class Returns(_Apart, Worker):
    """The learner's worker, judged."""


class _Replayed(_Apart, bare.Worker):
    """The same, in a place where a plan is played again."""


class _Trial(Trial):
    """Each place has its own queue of announcements."""

    def at(self, bench: Bench, source: Path, place: str) -> Any:
        """One more place."""
        worker = _Replayed(bench, self.name, self.queue, source, place)
        worker.listen()
        return worker


def _worker(harness: Harness) -> Returns:
    def make() -> Returns:
        worker = Returns(harness, "returns", QUEUE)
        worker.listen()
        return worker

    return harness.kept("worker", make)


def _send(worker: Any, **changes: object) -> dict:
    """Ask for a return of an article of its own; the event."""
    changes.setdefault("sku", worker.bench.unique("article"))
    event = event_of(request_of(worker.bench, **changes))
    worker.send(event, event["return_id"])
    return event


def _stock_of(worker: Any, event: dict) -> int:
    """How many of this event's article were put back."""
    try:
        with closing(sqlite3.connect(f"file:{worker.file(STOCK)}?mode=ro", uri=True)) as database:
            query = "SELECT sum(quantity) FROM stock WHERE sku = ?"
            return database.execute(query, [event["sku"]]).fetchone()[0] or 0
    except sqlite3.Error:
        return 0


def _refunds(worker: Any, event: dict) -> list[int]:
    return payments(worker.bench).refunded(event["order_id"])


def _is_done(worker: Any, event: dict) -> bool:
    return bool(
        _refunds(worker, event) and _stock_of(worker, event) and worker.announcements(event)
    )


def _books(worker: Any, event: dict) -> list[Line]:
    refunds, stock = _refunds(worker, event), _stock_of(worker, event)
    ids = worker.announcements(event)
    amount, wanted = event["amount_cents"], f"{event['return_id']}-completed"
    dead = sum(event["return_id"] in letter for letter in worker.dead_letters())
    return [
        Line("remboursé, en centimes", str(amount), _sum(refunds), refunds == [amount]),
        Line("remis en stock", str(event["quantity"]), str(stock), stock == event["quantity"]),
        Line("annoncé", wanted, ", ".join(map(str, ids)) or "jamais", ids == {wanted}),
        Line("lettres mortes", "0", str(dead), not dead),
    ]


def _sum(amounts: list[int]) -> str:
    return " + ".join(map(str, amounts)) or "0"


MEANINGS = {
    "remboursé, en centimes": "Le client n’a pas son argent, ou l’a deux fois.",
    "remis en stock": "La boutique vendrait des articles qu’elle n’a pas, ou refuserait de vendre "
    "ceux qu’elle a.",
    "annoncé": "Le client, remboursé, n’en saurait rien ; ou l’apprendrait deux fois.",
    "lettres mortes": "Un retour en règle attendrait que quelqu’un le remarque.",
}


def _expect_done(worker: Returns, event: dict, when: str) -> None:
    worker.await_progress(lambda: _is_done(worker, event), FOR_ONE)
    worker.await_rest()
    for line in _books(worker, event):
        expect(
            line.right,
            seen=f"{when} : {line.what}, {line.found}.",
            expected=line.expected,
            meaning=MEANINGS[line.what],
        )


exercise.trial = _Trial("returns", QUEUE, send=_send, settled=_is_done, books=_books)
