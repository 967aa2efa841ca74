"""lab3.logs: JSON lines, one an order, under an id that is carried on to Products.

A line may come from print(json.dumps(…)), from `logging` with `extra=`, or from a formatter of the
learner's: what is read is the process's output. `print` writes a text, then its end of line, and
two threads that print may share one line: no verdict hangs on that luck.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from course.lab3.bench import Orders, known, orders, partner, planned
from course.lab3.partner import product
from workbook.checks import Exercise, expect
from workbook.checks.callers import together
from workbook.checks.stub import after, cut, reply
from workbook.telemetry.spans import parse
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.checks import Harness

exercise = Exercise(
    "lab3.logs",
    title="Suivre une commande dans les journaux",
    service="orders",
    hints=(
        "`@app.before_request` et `@app.after_request` entourent chaque requête, refus compris : "
        "le premier choisit l’identifiant, le second écrit la ligne et pose l’en-tête.",
        "`flask.g` est fait pour cela : un objet par requête. Une variable globale serait partagée "
        "entre les requêtes servies au même moment.",
        '`requests.get(url, headers={"X-Request-Id": g.request_id}, timeout=1)` le passe à '
        'Products. `re.fullmatch(r"[A-Za-z0-9-]{1,64}", reçu)` dit s’il peut être repris.',
    ),
)

HEADER, ID = "X-Request-Id", "request_id"
CREATED, REFUSED = "order.created", "order.refused"
CARD = "tok_visa_4242"
FORM = re.compile(r"[A-Za-z0-9-]{1,64}")
STRANGE = ("a" * 65, "a b", "a_b", 'x" , "event": "order.created', "<script>", "é", "../etc", "")
NEWS = 2.0  # seconds a line takes at most to come


@exercise.step("Chaque commande laisse une ligne JSON", points=2)
def writes(harness: Harness) -> None:
    service = orders(harness)
    sku, key = known(harness), harness.unique("cle")
    ids = {}
    for way in ("Une commande prise", "La même, renvoyée sous la même clé"):
        ids[way] = id = harness.unique("req")
        answer = service.place(sku, 2, X_Request_Id=id, Idempotency_Key=key)
        order = service.created(answer, sku, 2)
        line = _line(service, id, CREATED, f"{way} : ")
        _expect_fields(line, {"status": 201, "order_id": order["id"]}, way)
    for way, behaviour, statuses in (
        ("un article inconnu", reply(404, {}), {422}),
        ("un Products indisponible", reply(503, {}), {503}),
        ("un Products qui répond 504", reply(504, {}), {504}),
        ("un Products qui répond 500", reply(500, {}), {502}),
        ("un Products incohérent", reply(200, []), {502}),
        ("une connexion rompue", cut(), {502, 503}),
    ):
        ids[f"Pour {way}"] = id = harness.unique("req")
        answer = service.place(planned(harness, behaviour), X_Request_Id=id)
        expect(
            answer.status_code in statuses,
            seen=f"Pour {way}, Orders répond {service.told(answer)}",
            expected=f"{' ou '.join(map(str, sorted(statuses)))}, comme à l’étape 3",
        )
        told = {"status": answer.status_code}
        _expect_fields(_line(service, id, REFUSED), told, f"Pour {way}")
    ids["Une commande sans quantité"] = id = harness.unique("req")
    answer = service.ask("POST", "/orders", {"sku": "LAMP"}, X_Request_Id=id)
    line = _line(service, id, REFUSED)
    _expect_fields(line, {"status": answer.status_code}, "Une commande sans quantité")
    for way, id in ids.items():
        _expect_one_line(service, id, way)


@exercise.step("Le client retrouve l’identifiant dans la réponse", points=1, after=writes)
def gives_it_back(harness: Harness) -> None:
    service = orders(harness)
    for sku in (known(harness), planned(harness, reply(503, {}))):
        id = harness.unique("req")
        answer = service.place(sku, X_Request_Id=id)
        expect(
            answer.headers.get(HEADER) == id,
            seen=f"Le client envoie {HEADER}: {id} ; la réponse {answer.status_code} porte "
            f"{answer.headers.get(HEADER) or 'rien'}.",
            expected=f"{HEADER}: {id}",
            meaning="Le client qui se plaint ne saurait pas quoi citer au support.",
        )


@exercise.step("Products reçoit le même", points=2, after=writes)
def carries_on(harness: Harness) -> None:
    service, sku, id = orders(harness), known(harness), harness.unique("req")
    service.created(service.place(sku, X_Request_Id=id), sku, 1)
    received = [headers.get(HEADER.lower()) for headers in service.expect_asked(sku)]
    expect(
        set(received) == {id},
        seen=f"Orders a reçu {id} ; Products a reçu {received}.",
        expected=f"le même, dans l’en-tête {HEADER}",
        meaning="La recherche s’arrêterait à la porte du service suivant : juste avant la panne.",
    )


@exercise.step("Sans identifiant, ou avec un étrange : un nouveau", points=1, after=carries_on)
def makes_one(harness: Harness) -> None:
    service = orders(harness)
    seen: list[str] = []
    for strange in (None, None, *STRANGE, *STRANGE):  # cleaned, one would come back the same
        sku = known(harness)
        named = {} if strange is None else {HEADER: strange.encode("latin-1")}
        answer = service.place(sku, **named)
        service.created(answer, sku, 1, f", {HEADER} : {strange!r}")
        id = answer.headers.get(HEADER, "")
        expect(
            FORM.fullmatch(id) and id not in (*seen, strange),
            seen=f"Reçu : {strange!r}. La réponse porte {HEADER}: {id!r}"
            + (", déjà donné à une autre requête." if id in seen else "."),
            expected="un identifiant nouveau : de 1 à 64 lettres sans accent, chiffres et tirets",
            meaning="N’importe qui écrirait ce qu’il veut dans vos journaux.",
        )
        seen.append(id)
        _line(service, id, CREATED)
        asked = partner(harness).asked(sku)[0].get(HEADER.lower())
        expect(
            asked == id,
            seen=f"La réponse porte {id}, et Products a reçu {asked}.",
            expected="le même",
        )


@exercise.step("Les requêtes simultanées ne se mélangent pas", points=1, after=carries_on)
def keeps_apart(harness: Harness) -> None:
    service = orders(harness)
    sent = {
        harness.unique("req"): planned(harness, after(0.05 * n, product(100 + n))) for n in range(6)
    }
    answers = together([partial(service.place, sku, X_Request_Id=id) for id, sku in sent.items()])
    for (id, sku), answer in zip(sent.items(), answers, strict=True):
        order = service.created(answer, sku, 1, ", avec cinq autres au même moment")
        line = _line(service, id, CREATED, "Six commandes à la fois. ")
        _expect_fields(line, {"order_id": order["id"]}, "Six commandes à la fois")
        received = partner(harness).asked(sku)[0].get(HEADER.lower())
        expect(
            received == id == answer.headers.get(HEADER),
            seen=f"Six commandes à la fois. Envoyé : {id}. Rendu : {answer.headers.get(HEADER)}. "
            f"Reçu par Products : {received}.",
            expected="le même trois fois",
            meaning="Les journaux accuseraient la commande d’un autre.",
        )


@exercise.step("Aucun secret dans les journaux", points=1, after=writes)
def keeps_secrets(harness: Harness) -> None:
    service, sku, id = orders(harness), known(harness), harness.unique("req")
    bodies = (
        {"sku": sku, "quantity": 1, "card": CARD},
        {"sku": sku, "quantity": 0, "card": CARD},
    )
    for body in bodies:
        service.ask("POST", "/orders", body, X_Request_Id=id)
    until(lambda: len(_lines_of(service, id)) >= len(bodies), patient(NEWS))
    told = [line for line in service.output if CARD in line]
    expect(
        not told,
        seen=f"La carte du client, {CARD}, est dans le journal : {told[:1]}",
        expected="tout sauf la carte",
        meaning="Qui lit les journaux, un stagiaire ou un intrus, peut payer avec.",
    )


# -- reading ---------------------------------------------------------------------------------------


def _line(service: Orders, id: str, event: str, when: str = "") -> dict:
    """The line of that event under that id, once it has come."""

    def found() -> dict | None:
        return next((r for r in _lines_of(service, id) if r.get("event") == event), None)

    line = until(found, patient(NEWS))
    others = _lines_of(service, id)
    expect(
        line,
        seen=f"{when}Aucune ligne JSON ne porte {ID} = {id!r} et event = {event!r}."
        + (f" Avec cet identifiant : {others[0]}" if others else ""),
        expected=f'{{"event": "{event}", "{ID}": "{id}", "status": …}}, sur une ligne',
        meaning="À trois heures du matin, personne ne saurait ce que cette commande est devenue.",
    )
    return line


def _expect_fields(line: dict, wanted: dict, when: str) -> None:
    found = {name: line.get(name) for name in wanted}
    expect(
        found == wanted,
        seen=f"{when} : la ligne dit {found}.",
        expected=str(wanted),
        meaning="On chercherait la panne au mauvais endroit.",
    )


def _expect_one_line(service: Orders, id: str, when: str) -> None:
    found = [line for line in _lines_of(service, id) if line.get("event") in (CREATED, REFUSED)]
    expect(
        len(found) == 1,
        seen=f"{when} : {len(found)} lignes, {' et '.join(line['event'] for line in found)}.",
        expected="une seule, avec le statut répondu",
        meaning="Qui compte les refus en trouverait deux pour un client.",
    )


def _lines_of(service: Orders, id: str) -> list[dict]:
    return [record for record in _records(service) if record.get(ID) == id]


def _records(service: Orders) -> Iterator[dict]:
    """The JSON objects of its output, also those that a logger wraps into a message."""
    for line in service.output:
        record = parse(line)
        yield from _objects(record.get("message")) or [record]


def _objects(text: object) -> list[dict]:
    """The JSON objects that are all there is in a text, one after the other."""
    found, rest = [], text.strip() if isinstance(text, str) else ""
    while rest:
        try:
            value, end = json.JSONDecoder().raw_decode(rest)
        except (ValueError, RecursionError):
            return []
        if not isinstance(value, dict):
            return []
        found.append(value)
        rest = rest[end:].lstrip()
    return found
