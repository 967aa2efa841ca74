"""ch07.consume: a worker that may be killed at any moment without forgetting a letter."""

from __future__ import annotations

from collections import Counter

from workbook.checks import Exercise, Lab, expect
from workbook.exercises.ch07.bench import Bench

QUEUE = "courrier.commandes"
LETTERS = "courrier.txt"
SLOW = 1.2
MID_WORK = 0.4

consume = Exercise(
    "ch07.consume",
    title="Tuer le facteur sans perdre le courrier",
    hints=(
        "L’acquittement est la phrase « j’ai fini, tu peux oublier ». Tant qu’elle n’est pas dite, "
        "le courtier rend le message à quelqu’un d’autre si vous mourez.",
        "Déclarez la file durable, puis `channel.basic_consume(QUEUE, on_message)` sans "
        "`auto_ack`, et `channel.start_consuming()`.",
        "Dans `on_message(channel, method, properties, body)` : d’abord `send_email(json.loads("
        "body))`, et seulement ensuite `channel.basic_ack(method.delivery_tag)`.",
    ),
)


@consume.step("Chaque message donne une lettre", points=1)
def delivers(lab: Lab) -> None:
    bench = _bench(lab)
    bench.start_afresh()
    orders = _send(bench, [0.0] * 10)
    letters = bench.await_that(
        lambda: _letters(bench),
        lambda letters: set(orders) <= set(letters),
        timeout=2.5,
        seen=lambda letters: f"10 messages en file, {len(set(letters) & set(orders))} lettre(s).",
        expected="une lettre par message",
        meaning="Des clients n’auraient aucune nouvelle de leur commande.",
    )
    twice = [order for order, count in letters.items() if count > 1]
    expect(
        not twice,
        seen=f"{len(twice)} message(s) sur 10 ont donné plusieurs lettres, sans aucune panne.",
        expected="une seule lettre par message quand tout va bien",
        meaning="Les clients recevraient dix fois le même e-mail.",
    )


@consume.step("Ce qui est fait est acquitté", points=1, after=delivers)
def acknowledges(lab: Lab) -> None:
    bench = _bench(lab)
    done = len(_letters(bench))
    bench.hold(MID_WORK)
    bench.kill()
    came_back = bench.given_back(done)
    bench.restart()
    expect(
        came_back < done,
        seen=f"{done} lettres écrites ; le worker mort, les {came_back} messages sont revenus "
        "en file.",
        expected="des messages acquittés une fois la lettre écrite",
        meaning="À chaque redémarrage, tous les clients recevraient tous leurs e-mails à nouveau.",
    )


@consume.step("kill -9 en plein travail : rien n’est oublié", points=2, after=delivers, timeout=20)
def survives(lab: Lab) -> None:
    bench = _bench(lab)
    orders = _send(bench, [0.0] * 5 + [SLOW] + [0.0] * 5)
    bench.await_that(
        lambda: set(orders[:5]) <= set(_letters(bench)),
        seen="Les cinq premières lettres ne sont pas toutes écrites.",
        expected="les messages traités dans l’ordre où ils arrivent",
    )
    bench.hold(MID_WORK)
    bench.kill()
    bench.restart()
    bench.await_that(
        lambda: _letters(bench),
        lambda letters: set(orders) <= set(letters),
        timeout=SLOW + 2.5,
        seen=lambda letters: (
            f"Tué au sixième message sur 11, puis relancé, votre worker en a "
            f"oublié {len(set(orders) - set(letters))}."
        ),
        expected="11 lettres : ce qui n’était pas fini est repris",
        meaning="À chaque panne du facteur, des clients n’ont jamais leur e-mail, et personne ne "
        "le sait.",
    )


@consume.step("La file survit à un redémarrage du courtier", points=1, after=delivers)
def outlives_the_broker(lab: Lab) -> None:
    queues = {queue["name"]: queue for queue in lab.broker.topology()["queues"]}
    expect(
        queues.get(QUEUE, {}).get("durable"),
        seen=f"La file « {QUEUE} » n’est pas durable.",
        expected="une file déclarée avec `durable=True`",
        meaning="Au prochain redémarrage de RabbitMQ, la file et son contenu disparaîtraient.",
    )


def _bench(lab: Lab) -> Bench:
    return Bench(lab, "courrier", QUEUE, files=(LETTERS,))


def _send(bench: Bench, durations: list[float]) -> list[str]:
    """Put one message per duration (seconds of work) in the queue; return the order ids."""
    orders = [bench.lab.unique("commande") for _ in durations]
    for order, seconds in zip(orders, durations, strict=True):
        bench.send({"order_id": order, "seconds": seconds})
    return orders


def _letters(bench: Bench) -> Counter[str]:
    return Counter(bench.lines(LETTERS))
