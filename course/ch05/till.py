"""ch05.till: an idempotency key that also holds while the first request is being served."""

from __future__ import annotations

from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any

from course.ch05.upstream import at_best
from workbook.checks import Exercise, Harness, expect
from workbook.checks.callers import together

if TYPE_CHECKING:
    from workbook.shop.client import Response

exercise = Exercise(
    "ch05.till",
    title="Trouvez le défaut de la caisse",
    service="caisse",
    hints=(
        "Entre « cette clé est-elle connue ? » et « je garde sa réponse », la banque prend trois "
        "dixièmes de seconde. Que fait une requête de même clé qui arrive entre les deux ?",
        "Prenez la clé **avant** de débiter : `INSERT` dans une table dont elle est la clé "
        "primaire. Qui reçoit `sqlite3.IntegrityError` est arrivé second, et répond 409 tant que "
        "la réponse n’est pas là.",
        "Si `debit` lève `OSError`, rendez la clé (`DELETE`) avant `abort(503)` : sinon le client "
        "qui réessaie trouve la place prise, pour toujours.",
    ),
)

COPIES, CUSTOMERS, ROUNDS = 4, 4, 3
PAID, IN_PROGRESS, NO_KEY, BANK_DOWN = 201, 409, 400, 503
TWICE = "Le client qui clique deux fois paierait deux fois."


@exercise.step("Un paiement débite une fois, et redonne sa réponse", points=1)
def pays_once(harness: Harness) -> None:
    card, key = harness.unique("tok"), harness.unique("cle")
    first = _pay(harness, card, key)
    _expect_status(first, {PAID}, "Un premier paiement")
    for _ in range(2):
        _expect_same(first, _pay(harness, card, key), "La même clé, plus tard")
    _expect_debits(harness, card, 1, "Trois envois de la même clé, l’un après l’autre")
    _expect_status(_pay(harness, card, harness.unique("cle")), {PAID}, "Une autre clé")
    _expect_debits(harness, card, 2, "Deux clés, sur une même carte")
    nobody = harness.unique("tok")
    _expect_status(harness.service.post("/payments", {"card": nobody}), {NO_KEY}, "Sans clé")
    _expect_debits(harness, nobody, 0, "Un envoi sans clé")


@exercise.step("En même temps aussi, un seul débit", points=2, after=pays_once, timeout=30)
def pays_once_at_the_same_time(harness: Harness) -> None:
    for _ in range(ROUNDS):
        card, key = harness.unique("tok"), harness.unique("cle")
        answers = together([partial(_pay, harness, card, key)] * COPIES)
        _expect_debits(harness, card, 1, f"{COPIES} envois de la même clé, au même moment")
        paid = [answer for answer in answers if answer.status_code == PAID]
        for answer in answers:
            _expect_status(answer, {PAID, IN_PROGRESS}, "La même clé, au même moment")
        expect(
            bool(paid),
            seen=f"{COPIES} envois au même moment : aucun n’a reçu 201.",
            expected="201 pour l’un d’eux au moins",
            meaning="Le client a payé, et personne ne le lui dit.",
        )
        for answer in (*paid[1:], _pay(harness, card, key)):
            _expect_same(paid[0], answer, "La même clé")
        _expect_debits(harness, card, 1, "La même clé, une fois de plus")


@exercise.step("Deux clients ne s’attendent pas", points=1, after=pays_once, timeout=30)
def serves_customers_together(harness: Harness) -> None:
    def serial() -> bool:
        cards = [harness.unique("tok") for _ in range(CUSTOMERS)]
        answers = together([partial(_pay, harness, card, harness.unique("cle")) for card in cards])
        for card, answer in zip(cards, answers, strict=True):
            _expect_status(answer, {PAID}, "Quatre clients, au même moment")
            _expect_debits(harness, card, 1, "Un client parmi quatre, au même moment")
        debits = [debit for card in cards for debit in _debits(harness, card)]
        return not any(a[0] < b[1] and b[0] < a[1] for a, b in combinations(debits, 2))

    expect(
        not at_best(serial, enough=1),
        seen=f"{CUSTOMERS} clients paient au même moment : leurs débits se suivent, un par un.",
        expected="des débits en même temps : seule une même clé doit attendre",
        meaning="Une banque lente mettrait tous les clients en file, à une seule caisse.",
    )


@exercise.step("Une banque en panne n’enferme personne", points=1, after=pays_once)
def lets_try_again(harness: Harness) -> None:
    card, key = harness.unique("tok_down"), harness.unique("cle")
    _expect_status(_pay(harness, card, key), {BANK_DOWN}, "La banque en panne")
    _expect_debits(harness, card, 0, "La banque en panne")
    again = _pay(harness, card, key)
    _expect_status(again, {PAID}, "La banque revenue, la même clé")
    _expect_same(again, _pay(harness, card, key), "La même clé, plus tard")
    _expect_debits(harness, card, 1, "La banque revenue, la même clé")


def _pay(harness: Harness, card: str, key: str) -> Response:
    headers = {"Idempotency-Key": key}
    return harness.service.post("/payments", {"card": card}, headers=headers)


def _debits(harness: Harness, card: str) -> list[list[float]]:
    return harness.service.get(f"/debits/{card}").json()["debits"]


def _expect_debits(harness: Harness, card: str, wanted: int, situation: str) -> None:
    found = len(_debits(harness, card))
    expect(
        found == wanted,
        seen=f"{situation} : {found} débit(s).",
        expected=str(wanted),
        meaning=TWICE if found > wanted else "La boutique livrerait ce que personne n’a payé.",
    )


def _expect_status(answer: Response, wanted: set[int], situation: str) -> None:
    expect(
        answer.status_code in wanted,
        seen=f"{situation} : la caisse répond {answer.status_code}.",
        expected=" ou ".join(map(str, sorted(wanted))),
        meaning="Le client ne saurait pas s’il a payé, ni s’il peut réessayer.",
        http=answer,
    )


def _expect_same(first: Response, answer: Response, situation: str) -> None:
    expect(
        (answer.status_code, _content(answer)) == (first.status_code, _content(first)),
        seen=f"{situation} : {answer.status_code} {answer.text[:80]}",
        expected=f"la première réponse, {first.status_code} {first.text[:80]}",
        meaning="Le client tiendrait deux reçus différents d’un même paiement.",
        http=answer,
    )


def _content(answer: Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return answer.text
