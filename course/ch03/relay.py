"""ch03.relay: a door that asks again, but only for what may be asked twice."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from course.ch03.experiments import Till
from workbook.checks import Exercise, Harness, eventually, expect

if TYPE_CHECKING:
    from workbook.shop.client import Response

exercise = Exercise(
    "ch03.relay",
    title="Trouvez le défaut",
    service="relay",
    hints=(
        "Une connexion rompue ne dit pas si le travail est fait. Ici, il l’est toujours : "
        "comparez, dans le tableau, ce que la caisse a vendu et ce que le client voulait.",
        "Lire deux fois ne change rien ; vendre deux fois, si. Regardez qui, dans `TRIES`, a "
        "droit à un second essai.",
        'Il suffit de donner le second essai à `"GET"` et non à `"POST"`.',
    ),
)

MOST_TRIES = 3
FINDING = 4.0  # seconds in which the relay finds the till


@exercise.step("Sans incident, elle ne change rien", points=1)
def passes_on(harness: Harness) -> None:
    till, sale = _till(harness), _sale(harness)
    for _ in range(2):  # two customers may want the same lamp
        _expect_answer(harness.service.post("/sales", sale), HTTPStatus.CREATED, sale)
    _expect_answer(harness.service.post("/sales", {}), HTTPStatus.UNPROCESSABLE_ENTITY)
    _expect_answer(harness.service.get("/sales"), HTTPStatus.OK, {"sales": [sale, sale]})
    wanted = ["POST 201", "POST 201", "POST 422", "GET 200"]
    _expect_received(till, wanted, "quatre requêtes, aucune rompue")


@exercise.step("Une lecture rompue est demandée de nouveau", points=1, after=passes_on)
def repeats_reads(harness: Harness) -> None:
    till, sale = _till(harness), _sale(harness)
    harness.service.post("/sales", sale)
    for broken in (1, 0, 1):  # and again, should the first rescue have been the last
        till.breaks_off(broken)
        before = len(till.received)
        _expect_answer(
            harness.service.get("/sales"),
            HTTPStatus.OK,
            {"sales": [sale]},
            "Une lecture rompue, et la liste des ventes tomberait au moindre accroc.",
        )
        asked = till.received[before:]
        expect(
            asked == ["GET 200"] * (1 + broken),
            seen=f"Pour une lecture, la caisse a reçu : {', '.join(asked) or 'rien'}.",
            expected="une requête GET, et une seconde si la première est rompue",
            meaning="Le client lirait autre chose que les ventes d’aujourd’hui.",
        )


@exercise.step("Une vente rompue n’est jamais refaite", points=2, after=passes_on)
def never_repeats_sales(harness: Harness) -> None:
    for broken in (1, 2):
        till = _till(harness)
        till.breaks_off(broken)
        response = harness.service.post("/sales", _sale(harness))
        expect(
            len(till.sales) == 1,
            seen=f"Le client a demandé une vente ; la caisse en a fait {len(till.sales)}.",
            expected="une seule requête : la porte ignore si la vente est faite, elle ne la refait "
            "pas",
            meaning="Le client paierait deux fois la même lampe.",
        )
        expect(
            response.status_code == HTTPStatus.BAD_GATEWAY,
            seen=f"La connexion s’est rompue, et le client a reçu {response.status_code}.",
            expected="502 : la porte dit qu’elle ne sait pas",
            meaning="Le client croirait savoir ce que personne ne sait.",
        )


@exercise.step("Elle n’insiste pas sans fin", points=1, after=repeats_reads)
def gives_up(harness: Harness) -> None:
    till = _till(harness)
    till.breaks_off(20)
    response = harness.service.get("/sales")
    tries = len(till.received)
    expect(
        response.status_code == HTTPStatus.BAD_GATEWAY and tries <= MOST_TRIES,
        seen=f"La caisse rompt toujours : requêtes reçues, {tries}, réponse au client, "
        f"{response.status_code}.",
        expected=f"{MOST_TRIES} requêtes au plus, puis 502",
        meaning="Chaque client multiplierait la charge d’un service qui n’en peut plus.",
    )


def _till(harness: Harness) -> Till:
    """The till, with nothing behind it; the relay has found it."""
    till = harness.kept("till", lambda: _start(harness))

    def found() -> bool:
        harness.service.get("/sales")
        return bool(till.received)

    harness.kept(
        "found",
        lambda: eventually(
            found,
            timeout=FINDING,
            every=0.2,
            seen="GET /sales n’est jamais arrivé jusqu’à la caisse.",
            expected="une porte qui demande l’adresse de `till` à l’annuaire, `REGISTRY_URL`",
        ),
    )
    till.forget()
    return till


def _start(harness: Harness) -> Till:
    """A till, and the answer in a new process: what an earlier check taught it is forgotten."""
    till = Till(harness.shop)
    harness.shop.restart(harness.service.name)
    return till


def _sale(harness: Harness) -> dict[str, object]:
    return {"sku": "LAMP", "quantity": 1, "buyer": harness.unique("client")}


def _expect_answer(
    response: Response,
    status: HTTPStatus,
    body: object = None,
    meaning: str = "Le client ne saurait plus ce que la caisse a décidé.",
) -> None:
    expect(
        response.status_code == status,
        seen=f"La porte a rendu {response.status_code}.",
        expected=f"{status.value}, la réponse de la caisse",
        meaning=meaning,
        http=response,
    )
    expect(
        body is None or _json(response) == body,
        seen=f"Le corps rendu est : {response.text[:120]}",
        expected=f"celui de la caisse : {body}",
        meaning="Le client lirait autre chose que ce que la caisse a écrit.",
        http=response,
    )


def _json(response: Response) -> object:
    try:
        return response.json()
    except ValueError:
        return None


def _expect_received(till: Till, wanted: list[str], why: str) -> None:
    received = till.received
    expect(
        received == wanted,
        seen=f"La caisse a reçu : {', '.join(received) or 'rien'}.",
        expected=f"{', '.join(wanted)} ({why})",
        meaning="Des requêtes que personne n’a demandées coûtent, et parfois vendent.",
    )
