"""ch07.consume: a worker that may be killed at any moment without forgetting a letter."""

from __future__ import annotations

from collections import Counter
from itertools import chain

from workbook.checks import Exercise, Harness, expect
from workbook.checks.worker import Worker, plan_told
from workbook.failures.plan import Line, Trial
from workbook.failures.worker import Worker as AnyWorker

QUEUE = "courrier.commandes"
LETTERS = "courrier.txt"
UNEVEN = (0.12, 0.0, 0.0, 0.02)  # seconds of work: a short letter is done before a long one

exercise = Exercise(
    "ch07.consume",
    title="Tuer le facteur sans perdre le courrier",
    hints=(
        "L’acquittement est la phrase « j’ai fini, tu peux oublier ». Tant qu’elle n’est pas dite, "
        "le courtier rend le message à quelqu’un d’autre si vous mourez.",
        "Déclarez la file durable, puis `channel.basic_consume(QUEUE, on_message)` sans "
        "`auto_ack`, et `channel.start_consuming()`.",
        "Dans `on_message(channel, method, properties, body)` : d’abord `send_email(json.loads("
        "body))`, et seulement ensuite `channel.basic_ack(method.delivery_tag)`.",
    ),
)


@exercise.step("Chaque message donne une lettre", points=1)
def delivers(harness: Harness) -> None:
    worker = _worker(harness)
    worker.start()
    _idler(harness).spawn()
    orders = _send(worker, [0.0] * 10)
    letters = worker.await_that(
        lambda: _letters(worker),
        lambda letters: set(orders) <= set(letters),
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


@exercise.step("Ce qui est fait est acquitté", points=1, after=delivers)
def acknowledges(harness: Harness) -> None:
    worker = _worker(harness)
    came_back = worker.kill_at_rest()
    worker.start()
    expect(
        not came_back,
        seen=f"Les lettres sont écrites ; le worker mort, les {came_back} messages sont revenus "
        "en file.",
        expected="des messages acquittés une fois la lettre écrite, et une file vide",
        meaning="À chaque redémarrage, tous les clients recevraient tous leurs e-mails à nouveau.",
    )


@exercise.step("kill -9 à chaque instant : rien n’est oublié", points=2, after=delivers, timeout=45)
def survives(harness: Harness) -> None:
    worker = _worker(harness)
    sent: list[str] = []

    def send() -> None:
        sent[:] = _send(worker, UNEVEN)

    deaths = worker.deaths(send, lambda: set(sent) <= set(_letters(worker)))
    with plan_told(exercise, worker, lambda: sent):
        for place in chain(deaths, [""]):
            _expect_letters(worker, sent, place)


def _expect_letters(worker: Worker, orders: list[str], place: str) -> None:
    worker.await_that(
        lambda: set(orders) - set(_letters(worker)),
        lambda missing: not missing,
        seen=lambda missing: (
            f"{len(orders)} messages ; tué {place}, puis relancé, votre worker en a oublié "
            f"{len(missing)}."
            if place
            else f"{len(orders)} messages, et {len(missing)} lettre(s) qui manquent."
        ),
        expected=f"{len(orders)} lettres : ce qui n’était pas fini est repris",
        meaning="À chaque panne du facteur, des clients n’ont jamais leur e-mail, et personne ne "
        "le sait.",
    )


@exercise.step("Le worker attend la suite, même sans rien à faire", points=1, after=delivers)
def waits(harness: Harness) -> None:
    idler = _idler(harness)
    idler.await_idle()
    orders = _send(idler, [0.0])
    idler.await_that(
        lambda: set(orders) <= set(_letters(idler)),
        seen="Après quelques secondes sans message, votre worker n’a plus écrit de lettre.",
        expected="un worker qui lit sa file indéfiniment",
        meaning="Après la première heure creuse, plus personne ne recevrait d’e-mail.",
    )
    expect(
        not idler.kill_at_rest(),
        seen="La dernière lettre est écrite depuis deux secondes ; le worker mort, son message est "
        "revenu en file.",
        expected="une file vide, deux secondes au plus après la dernière lettre",
        meaning="Aux heures creuses, le dernier client recevrait son e-mail à chaque redémarrage.",
    )


@exercise.step("La file survit à un redémarrage du courtier", points=1, after=delivers)
def outlives_the_broker(harness: Harness) -> None:
    expect(
        _worker(harness).is_durable(),
        seen=f"La file « {QUEUE} » n’est pas durable.",
        expected="une file déclarée avec `durable=True`",
        meaning="Au prochain redémarrage de RabbitMQ, la file et son contenu disparaîtraient.",
    )


def _worker(harness: Harness) -> Worker:
    return harness.kept("worker", lambda: Worker(harness, "courrier", QUEUE, journal=LETTERS))


def _idler(harness: Harness) -> Worker:
    """The same, elsewhere, left without work while the other is being judged."""
    return harness.kept("idler", lambda: Worker(harness, "courrier", QUEUE, "calme"))


def _send(worker: AnyWorker, durations: list[float] | tuple[float, ...]) -> list[str]:
    """Put one message per duration (seconds of work) in the queue; return the order ids."""
    orders = [worker.bench.unique("commande") for _ in durations]
    for order, seconds in zip(orders, durations, strict=True):
        worker.send({"order_id": order, "seconds": seconds})
    return orders


def _letters(worker: AnyWorker) -> Counter[str]:
    return Counter(worker.lines(LETTERS))


def _books(worker: AnyWorker, sent: list[str]) -> list[Line]:
    letters = _letters(worker)
    written = sum(order in letters for order in sent)
    right = written == len(sent)
    twice = sum(letters[order] > 1 for order in sent)
    return [
        Line("messages avec leur lettre", str(len(sent)), str(written), right),
        Line("lettres en double", "peu importe", str(twice), True),
    ]


exercise.trial = Trial(
    "courrier",
    QUEUE,
    send=lambda worker: _send(worker, UNEVEN),
    settled=lambda worker, sent: set(sent) <= set(_letters(worker)),
    books=_books,
    journal=LETTERS,
)
