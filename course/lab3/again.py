"""lab3.again: an order that is sent again, for want of an answer, is one order."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import requests

from course.lab3.bench import Orders, json_of, known, orders, planned
from course.lab3.partner import product
from workbook.checks import Exercise, expect
from workbook.checks.callers import together
from workbook.checks.stub import after, reply
from workbook.checks.worker import plan_told
from workbook.failures.plan import Line, Trial
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.checks import Harness
    from workbook.failures.worker import Bench

exercise = Exercise(
    "lab3.again",
    title="La même commande, deux fois envoyée",
    service="orders",
    hints=(
        "La table `orders` a une colonne `key`, où une valeur ne peut se trouver qu’une fois "
        "(`UNIQUE`). Une commande sans clé y laisse `NULL`, qui peut se répéter.",
        "Avant tout : cette clé est-elle déjà dans la table ? Si oui, rendez la commande qu’elle "
        "a, sans rien demander à Products.",
        "La commande et sa clé s’écrivent **dans le même INSERT** : deux écritures, et la mort "
        "peut passer entre elles. `INSERT OR IGNORE` laisse le premier gagner ; relisez ensuite "
        "par la clé ce qui a été gardé.",
    ),
)

TOGETHER = 4
LOST = "La réponse s’était perdue ; le client recevrait deux colis, et deux factures."


@exercise.step("La même clé : la même commande, la même réponse", points=2)
def replays(harness: Harness) -> None:
    service, key = orders(harness), harness.unique("cle")
    sku = planned(harness, product(4500), product(9900), reply(503, {}))
    first = service.place(sku, 2, Idempotency_Key=key)
    order = service.created(first, sku, 2)
    for time in ("une deuxième", "une troisième"):
        answer = service.place(sku, 2, Idempotency_Key=key)
        expect(
            answer.status_code == 201 and json_of(answer) == order,
            seen=f"La même clé, {time} fois, alors que Products a changé d’avis : Orders répond "
            f"{service.told(answer)}",
            expected=f"la première réponse : 201 et {order}",
            meaning="Le client qui répète sa demande ne reconnaîtrait pas sa commande.",
        )
    _expect_one(service, sku, "Trois envois de la même clé")


@exercise.step("Une autre clé, ou aucune : une autre commande", points=1, after=replays)
def tells_apart(harness: Harness) -> None:
    service, sku = orders(harness), known(harness)
    keys = harness.unique("cle"), harness.unique("cle")
    for key in keys:
        service.created(service.place(sku, Idempotency_Key=key), sku, 1, ", avec une clé neuve")
    for _ in range(2):
        service.created(service.place(sku), sku, 1, ", sans clé")
    expect(
        len(service.of(sku)) == 4,
        seen=f"Deux clés différentes, puis deux envois sans clé : GET /orders donne "
        f"{len(service.of(sku))} commandes.",
        expected="4 commandes",
        meaning="Deux clients qui achètent la même lampe n’en auraient qu’une.",
    )


@exercise.step("Un refus laisse la clé libre", points=1, after=replays)
def keeps_the_key(harness: Harness) -> None:
    service, key = orders(harness), harness.unique("cle")
    sku = planned(harness, reply(503, {}), product(4500))
    refused = service.place(sku, Idempotency_Key=key)
    expect(
        refused.status_code == 503,
        seen=f"Products est indisponible : Orders répond {service.told(refused)}",
        expected="503, comme à l’étape 3",
    )
    answer = service.place(sku, Idempotency_Key=key)
    service.created(answer, sku, 1, ", la même clé, après un 503")
    _expect_one(service, sku, "Un refus, puis une réussite, sous la même clé")


@exercise.step("Ensemble, la même clé ne commande qu’une fois", points=1, after=replays)
def holds_together(harness: Harness) -> None:
    service, key = orders(harness), harness.unique("cle")
    sku = planned(harness, after(0.4, product(4500)))
    answers = together([lambda: service.place(sku, Idempotency_Key=key)] * TOGETHER)
    bad = [answer for answer in answers if answer.status_code not in {201, 409}]
    expect(
        not bad and any(answer.status_code == 201 for answer in answers),
        seen=f"{TOGETHER} envois de la même clé au même moment ; Orders répond "
        f"{', '.join(service.told(answer) for answer in bad or answers)}",
        expected="201 et la commande, ou 409 pour qui n’est pas le premier",
        meaning="Le client qui clique deux fois verrait une panne.",
    )
    kept = _expect_one(service, sku, f"{TOGETHER} envois de la même clé au même moment")
    others = [json_of(a) for a in answers if a.status_code == 201 and json_of(a) != kept]
    expect(
        not others,
        seen=f"GET /orders donne {kept} ; une des réponses disait {others[:1]}",
        expected="la même commande dans chaque réponse 201",
        meaning="Le client suivrait une commande qui n’existe pas.",
    )


@exercise.step("kill -9 à chaque instant, puis renvoi", points=2, after=replays, timeout=45)
def survives(harness: Harness) -> None:
    service = orders(harness)
    sent: list[Sent] = []
    deaths = service.deaths(lambda: sent.append(_send(service)), lambda: True)
    with plan_told(exercise, service, lambda: sent[-1]):
        for place in chain(deaths, [""]):
            _send_again(service, sent[-1])
            when = f"Orders tué {place}, puis relancé" if place else "Personne ne meurt"
            _expect_one(service, sent[-1].sku, f"{when} ; le client renvoie la même clé")


def _expect_one(service: Orders, sku: str, when: str) -> dict:
    found = service.of(sku)
    expect(
        len(found) == 1,
        seen=f"{when} : GET /orders donne {len(found)} commande(s) de cet article.",
        expected="une commande, et une seule",
        meaning=LOST if found else "Le client croit sa commande prise ; elle n’existe pas.",
    )
    return found[0]


# -- what may be played again ----------------------------------------------------------------------


class Sent(NamedTuple):
    """An order that was sent, whatever came back."""

    sku: str
    key: str


def _send(service: Orders) -> Sent:
    sent = Sent(known(service.bench), service.bench.unique("cle"))
    _try(service, sent)
    return sent


def _try(service: Orders, sent: Sent) -> requests.Response | None:
    body = {"sku": sent.sku, "quantity": 1}
    try:
        return service.attempt("POST", "/orders", body, Idempotency_Key=sent.key)
    except requests.RequestException:
        return None


def _send_again(service: Orders, sent: Sent) -> None:
    """Until it is taken: who died may leave a trace that only time wipes out."""

    def taken() -> bool:
        answer = _try(service, sent)
        service.require_running()
        return answer is not None and answer.status_code == 201

    expect(
        until(taken, patient(2), 0.2),
        seen=f"Le client renvoie la même clé, plusieurs fois : Orders "
        f"répond {service.told(service.place(sent.sku, Idempotency_Key=sent.key))}",
        expected="201 et sa commande",
        meaning="Le client ne pourrait plus jamais commander sous cette clé.",
    )


def _books(service: Orders, sent: Sent) -> list[Line]:
    found = len(service.of(sent.sku))
    return [Line("commandes de ce client", "1", str(found), found == 1)]


class _Trial(Trial):
    """Orders lives with a Products of the check's, and without broker."""

    def at(self, bench: Bench, source: Path, place: str) -> Any:
        """One more place."""
        return Orders(bench, source, place)


exercise.trial = _Trial(
    "orders",
    "",
    send=_send,
    settled=lambda service, sent: True,
    books=_books,
    again=_send_again,
)
