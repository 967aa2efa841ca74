"""ch07.poison: retry what may pass, put aside what never will, and hold nobody up."""

from __future__ import annotations

from workbook.checks import Exercise, Lab, expect
from workbook.checks.patience import patient
from workbook.exercises.ch07.bench import Bench

QUEUE = "factures.commandes"
DEAD = "factures.commandes.dead"
JOURNAL = "factures.txt"
TOO_MANY = 60
PATIENCE = 5.0
AFTERMATH = 0.4

poison = Exercise(
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


@poison.step("Une bonne commande a sa facture, et disparaît de la file", points=1)
def invoices(lab: Lab) -> None:
    bench = _bench(lab)
    bench.start_afresh()
    bench.await_that(
        lambda: bench.ready(DEAD) is not None,
        seen=f"La file « {DEAD} » n’existe pas.",
        expected="une file de lettres mortes, déclarée par votre worker",
        meaning="Ce qui ne peut être traité n’aurait nulle part où aller.",
    )
    order = _order(lab)
    bench.send(order)
    _await_invoices(bench, [order])
    bench.hold(patient(AFTERMATH))  # the acknowledgement leaves after the invoice
    bench.kill()
    left = bench.given_back(1)
    bench.restart()
    expect(
        left == 0,
        seen="La facture est sortie, mais le message est revenu dans la file à la mort du worker.",
        expected="un message acquitté une fois sa facture sortie",
        meaning="Chaque redémarrage facturerait à nouveau les mêmes clients.",
    )


@poison.step("Une imprimante qui tousse deux fois ne perd pas la facture", points=1, after=invoices)
def retries(lab: Lab) -> None:
    bench = _bench(lab)
    order = _order(lab, failures=2)
    bench.send(order)

    def fate() -> str:
        if _invoiced(bench, order):
            return "facture"
        if any(order["order_id"] in body for body in bench.read_dead()):
            return "lettre morte"
        return ""

    seen = bench.await_that(
        fate,
        timeout=PATIENCE,
        seen=lambda _: f"Après {_tries(bench, order)} essai(s), ni facture, ni lettre morte.",
        expected="un nouvel essai, puis un autre : le troisième réussit",
        meaning="La commande a disparu : ni facture, ni trace.",
    )
    expect(
        seen == "facture",
        seen=f"Le message est parti en lettres mortes après {_tries(bench, order)} essai(s).",
        expected="au moins trois essais : une panne passagère se retente",
        meaning="À la moindre coupure de réseau, toutes les commandes seraient à reprendre à la "
        "main.",
    )


@poison.step(
    "Le poison finit en lettres mortes, les autres passent", points=2, after=retries, timeout=25
)
def puts_poison_aside(lab: Lab) -> None:
    bench = _bench(lab)
    first, hopeless, last = _order(lab), _order(lab, failures=10_000), _order(lab)
    garbled = f"{lab.unique('poison')} ceci n’est pas du JSON"
    for body in (first, garbled, hopeless, last):
        bench.send(body)
    dead = _await_poisons(bench, [garbled, hopeless["order_id"]])
    _await_invoices(bench, [first, last])
    bench.await_empty()
    bench.hold(AFTERMATH)
    dead.extend(bench.read_dead())
    copies = [sum(mark in body for body in dead) for mark in (garbled, hopeless["order_id"])]
    strangers = [o["order_id"] for o in (first, last) if any(o["order_id"] in b for b in dead)]
    expect(
        copies == [1, 1] and not strangers,
        seen=f"En lettres mortes : {len(dead)} messages, dont {len(strangers)} bonne(s) "
        "commande(s).",
        expected="les deux poisons, une fois chacun, et rien d’autre",
        meaning="Qui dépouille les lettres mortes referait à la main ce qui a réussi.",
    )


def _await_poisons(bench: Bench, marks: list[str]) -> list[str]:
    """Wait until both poisons are dead letters; one that is tried without end is told at once."""
    dead: list[str] = []

    def missing() -> list[str]:
        dead.extend(bench.read_dead())
        return [mark for mark in marks if not any(mark in body for body in dead)]

    def most_tries() -> int:
        return max(_tries(bench, mark) for mark in marks)

    bench.await_that(
        lambda: not missing() or most_tries() > TOO_MANY,
        timeout=PATIENCE,
        seen=lambda _: f"« {DEAD} » n’a pas reçu {len(missing())} des deux messages impossibles.",
        expected=f"tout message qui échoue sans fin dans « {DEAD} »",
        meaning="Une commande a disparu sans facture, et il n’en reste rien à examiner.",
    )
    expect(
        most_tries() <= TOO_MANY,
        seen=f"Le même message a déjà été tenté {most_tries()} fois.",
        expected="quelques essais, puis la file des lettres mortes",
        meaning="Le worker tourne à plein régime pour rien, et la file n’avance plus.",
    )
    return dead


# -- orders and invoices ---------------------------------------------------------------------------


def _bench(lab: Lab) -> Bench:
    return Bench(lab, "factures", QUEUE, dead=DEAD, files=(JOURNAL,))


def _order(lab: Lab, failures: int = 0) -> dict:
    return {"order_id": lab.unique("commande"), "failures": failures}


def _tries(bench: Bench, message: dict | str) -> int:
    mark = message if isinstance(message, str) else message["order_id"]
    return sum(line.startswith("essai") and mark in line for line in bench.lines(JOURNAL))


def _invoiced(bench: Bench, order: dict) -> bool:
    return f"facture {order['order_id']}" in bench.lines(JOURNAL)


def _await_invoices(bench: Bench, orders: list[dict]) -> None:
    bench.await_that(
        lambda: sum(_invoiced(bench, order) for order in orders),
        lambda count: count == len(orders),
        seen=f"{len(orders)} bonne(s) commande(s), {{}} facture(s).",
        expected="une facture par bonne commande",
        meaning="Des clients servis ne seraient jamais facturés.",
    )
