"""ch07.poison: retry what may pass, put aside what never will, and hold nobody up."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

from workbook.checks import Exercise, Harness, expect
from workbook.checks.worker import Worker, plan_told
from workbook.failures.plan import Line, Trial
from workbook.failures.worker import Worker as AnyWorker

QUEUE = "factures.commandes"
DEAD = "factures.commandes.dead"
JOURNAL = "factures.txt"
LEAST_TRIES, MOST_TRIES = 3, 30
FOR_ONE, FOR_ALL = 12.0, 36.0  # seconds; the text gives ten to each message
CUSTOMERS = 20
STRIKING = 14.0
HOPELESS = 10_000

exercise = Exercise(
    "ch07.poison",
    title="Mettre le poison de côté",
    hints=(
        "Trois sorts possibles : la facture sort, on acquitte ; elle ne sort pas, on rend le "
        "message à la file, mais pas indéfiniment ; à la limite, il part dans "
        "`factures.commandes.dead`, où quelqu’un le regardera.",
        "RabbitMQ sait compter à votre place : une file `x-queue-type: quorum` avec "
        '`x-delivery-limit` et `x-dead-letter-exchange`. Avec l’échange par défaut (`""`) et '
        "`x-dead-letter-routing-key`, les lettres mortes vont droit dans la file de ce nom, qu’il "
        "faut déclarer aussi.",
        "Dans le `except` : `channel.basic_reject(method.delivery_tag, requeue=True)`. Préférez "
        "`reject` à `nack` : depuis RabbitMQ 4.3, seul `reject` compte pour la limite.",
    ),
)


@exercise.step("Une bonne commande a sa facture, et disparaît de la file", points=1)
def invoices(harness: Harness) -> None:
    desk = _desk(harness)
    desk.worker.start()
    desk.worker.await_that(
        lambda: desk.worker.ready(DEAD) is not None,
        seen=f"La file « {DEAD} » n’existe pas.",
        expected="une file de lettres mortes, déclarée par votre worker",
        meaning="Ce qui ne peut être traité n’aurait nulle part où aller.",
    )
    desk.order()
    desk.expect_invoices()
    left = desk.worker.kill_at_rest()
    desk.worker.start()
    expect(
        left == 0,
        seen="La facture est sortie, mais le message est revenu dans la file à la mort du worker.",
        expected="un message acquitté une fois sa facture sortie",
        meaning="Chaque redémarrage facturerait à nouveau les mêmes clients.",
    )


@exercise.step(
    "Une imprimante qui tousse deux fois ne perd pas la facture",
    points=1,
    after=invoices,
    timeout=20,
)
def retries(harness: Harness) -> None:
    desk = _desk(harness)
    order = desk.order(failures=2)
    desk.worker.await_progress(lambda: desk.is_settled(order), FOR_ONE)
    expect(
        desk.is_settled(order),
        seen=f"Après {desk.tries(order)} essai(s), ni facture, ni lettre morte.",
        expected="un nouvel essai, puis un autre : le troisième réussit",
        meaning="La commande a disparu : ni facture, ni trace.",
    )
    expect(
        order not in desk.dead,
        seen=f"Le message est parti en lettres mortes après {desk.tries(order)} essai(s).",
        expected="au moins trois essais : une panne passagère se retente",
        meaning="À la moindre coupure de réseau, toutes les commandes seraient à reprendre à la "
        "main.",
    )


@exercise.step(
    "Le poison finit en lettres mortes, les autres passent", points=2, after=retries, timeout=45
)
def puts_poison_aside(harness: Harness) -> None:
    desk = _desk(harness)
    desk.order(failures=1)
    garbled = desk.garble()
    desk.order(failures=2)
    hopeless = desk.order(failures=HOPELESS)
    desk.order(failures=1)
    desk.order()
    poisons = [garbled, hopeless]
    desk.serve_customers(lambda: desk.all_settled() or desk.most_tries(poisons) > MOST_TRIES)
    _expect_bounded(desk, poisons)
    _expect_aside(desk, poisons)
    desk.expect_invoices(besides=poisons)
    _expect_once(desk, poisons)
    _expect_nothing_left(desk)


def _expect_bounded(desk: Desk, poisons: list[str]) -> None:
    expect(
        desk.most_tries(poisons) <= MOST_TRIES,
        seen=f"Le même message a déjà été tenté {desk.most_tries(poisons)} fois.",
        expected=f"quelques essais ({MOST_TRIES} au plus), puis la file des lettres mortes",
        meaning="Le worker tourne à plein régime pour rien, et la file n’avance plus.",
    )


def _expect_aside(desk: Desk, poisons: list[str]) -> None:
    missing = [mark for mark in poisons if mark not in desk.dead]
    expect(
        not missing,
        seen=f"« {DEAD} » n’a pas reçu {len(missing)} des deux messages impossibles.",
        expected=f"tout message qui échoue sans fin dans « {DEAD} », en dix secondes au plus",
        meaning="Une commande a disparu sans facture, et il n’en reste rien à examiner.",
    )
    expect(
        desk.tries(poisons[1]) >= LEAST_TRIES,
        seen=f"Une commande que l’imprimante refuse a été mise de côté après "
        f"{desk.tries(poisons[1])} essai(s).",
        expected="au moins trois essais pour chaque message, quoi qu’il arrive aux autres",
        meaning="Ce qui aurait réussi au troisième essai serait à reprendre à la main.",
    )


def _expect_once(desk: Desk, poisons: list[str]) -> None:
    desk.worker.await_rest()
    dead = desk.read_dead()
    copies = [dead.count(mark) for mark in poisons]
    strangers = sum(mark in dead for mark in desk.sent if mark not in poisons)
    expect(
        copies == [1, 1] and not strangers,
        seen=f"En lettres mortes : {len(dead)} messages, dont {strangers} bonne(s) commande(s).",
        expected="les deux poisons, une fois chacun, et rien d’autre",
        meaning="Qui dépouille les lettres mortes referait à la main ce qui a réussi.",
    )


def _expect_nothing_left(desk: Desk) -> None:
    desk.worker.kill_at_rest()
    left = {queue: count for queue in desk.worker.queues() if (count := desk.left_in(queue))}
    desk.worker.start()
    expect(
        not left,
        seen="Tout est traité ; le worker mort, il revient en file : "
        + ", ".join(f"{count} message(s) dans « {queue} »" for queue, count in left.items()),
        expected="chaque message acquitté, celui qu’on a mis de côté aussi",
        meaning="À chaque redémarrage, les mêmes poisons reviendraient tout recommencer.",
    )


@exercise.step(
    "kill -9 à chaque instant : ni facture ni poison ne se perd",
    points=2,
    after=puts_poison_aside,
    timeout=45,
)
def survives(harness: Harness) -> None:
    desk = _desk(harness)

    def send() -> None:
        desk.forget()
        desk.garble()
        desk.order(failures=1)

    with plan_told(exercise, desk.worker, lambda: desk):
        for place in chain(desk.worker.deaths(send, desk.all_settled, STRIKING), [""]):
            desk.worker.await_progress(desk.all_settled, FOR_ALL)
            _expect_all_settled(desk, place)


def _expect_all_settled(desk: Desk, place: str) -> None:
    missing = [mark for mark in desk.sent if not desk.is_settled(mark)]
    expect(
        not missing,
        seen=f"Votre worker tué {place}, puis relancé : {len(missing)} message(s) sur "
        f"{len(desk.sent)} n’ont laissé ni facture, ni lettre morte."
        if place
        else f"{len(missing)} message(s) n’ont laissé ni facture, ni lettre morte.",
        expected="chaque message facturé ou mis de côté : rien ne s’acquitte avant",
        meaning="À chaque panne du worker, des commandes disparaîtraient sans trace.",
    )


def _desk(harness: Harness) -> Desk:
    return harness.kept("desk", lambda: Desk(Worker(harness, "factures", QUEUE, journal=JOURNAL)))


class Desk:
    """The orders sent to the worker, each known by a mark in its body, and what became of them."""

    def __init__(self, worker: Any) -> None:
        self.worker, self._unique = worker, worker.bench.unique
        self.sent: list[str] = []
        self.dead: list[str] = []

    def order(self, failures: int = 0) -> str:
        """Send an order on which the printer coughs so many times."""
        mark = self._unique("commande")
        return self._send(mark, {"order_id": mark, "failures": failures})

    def garble(self) -> str:
        """Send what nobody can read."""
        mark = self._unique("poison")
        return self._send(mark, f"{mark} ceci n’est pas du JSON")

    def _send(self, mark: str, body: Any) -> str:
        self.sent.append(mark)
        self.worker.send(body)
        return mark

    def forget(self) -> None:
        """Think of what is sent from now on only."""
        self.sent.clear()

    def serve_customers(self, over: Callable[[], object]) -> None:
        """Good orders go on coming while the others are being dealt with."""
        to_come = iter(range(CUSTOMERS))

        def look() -> object:
            if over():
                return True
            if next(to_come, None) is not None:
                self.order()
            return False

        self.worker.await_progress(look, FOR_ALL)

    # -- what became of them ------------------------------------------------------------------

    def tries(self, mark: str) -> int:
        lines = self.worker.lines(JOURNAL)
        return sum(line.startswith("essai") and mark in line for line in lines)

    def most_tries(self, marks: list[str]) -> int:
        return max(map(self.tries, marks))

    def is_settled(self, mark: str) -> bool:
        """It has its invoice, or is among the dead letters."""
        return f"facture {mark}" in self.worker.lines(JOURNAL) or mark in self.read_dead()

    def all_settled(self) -> bool:
        invoices, dead = set(self.worker.lines(JOURNAL)), self.read_dead()
        return all(f"facture {mark}" in invoices or mark in dead for mark in self.sent)

    def read_dead(self) -> list[str]:
        """Marks of all the dead letters so far, as often as there are copies."""
        for body in self.worker.take(DEAD):
            self.dead.extend([mark for mark in self.sent if mark in body] or [body])
        return self.dead

    def expect_invoices(self, besides: list[str] | tuple[str, ...] = ()) -> None:
        good = {f"facture {mark}" for mark in self.sent if mark not in besides}
        self.worker.await_that(
            lambda: len(good & set(self.worker.lines(JOURNAL))),
            lambda count: count == len(good) or self.dead_among(good),
            seen=lambda count: f"{len(good)} bonne(s) commande(s), {count} facture(s).",
            expected="une facture par bonne commande",
            meaning="Des clients servis ne seraient jamais facturés.",
        )

    def dead_among(self, invoices: set[str]) -> bool:
        """Whether a good one is a dead letter, of which another expectation speaks."""
        return any(f"facture {mark}" in invoices for mark in self.read_dead())

    def left_in(self, queue: str) -> int:
        """Messages that nobody has dealt with."""
        return 0 if queue == DEAD else self.worker.ready(queue) or 0


def _hand_over(worker: AnyWorker) -> Desk:
    """What nobody can read, and an order on which the printer coughs once."""
    desk = Desk(worker)
    desk.garble()
    desk.order(failures=1)
    return desk


def _books(worker: AnyWorker, desk: Desk) -> list[Line]:
    settled = sum(desk.is_settled(mark) for mark in desk.sent)
    expected = len(desk.sent)
    what = "messages facturés ou mis de côté"
    return [Line(what, str(expected), str(settled), settled == expected)]


exercise.trial = Trial(
    "factures",
    QUEUE,
    send=_hand_over,
    settled=lambda worker, desk: desk.all_settled(),
    books=_books,
    journal=JOURNAL,
    seconds=FOR_ALL,
)
