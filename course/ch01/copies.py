"""Exercise: a service that is right alone and wrong in three copies, put right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from workbook.checks import Exercise, Incorrect, NotAttempted, expect
from workbook.checks.harness import LearnerService
from workbook.checks.outcome import Finding
from workbook.waiting import patient

if TYPE_CHECKING:
    from workbook.checks.harness import Harness

COPIES, ORDERS = 3, 12
TRIAL = "caisse-essai"

exercise = Exercise(
    "ch01.copies",
    title="Trouvez le défaut : une caisse en trois exemplaires",
    service="caisse",
    hints=(
        "Où est écrit le dernier numéro donné ? Combien d’endroits de ce genre y a-t-il quand "
        "trois processus tournent ?",
        "La base sait donner des numéros : `INTEGER PRIMARY KEY AUTOINCREMENT`, puis "
        "`cursor.lastrowid`.",
        "Les commandes aussi doivent y être, pas seulement leurs numéros : un autre exemplaire "
        "devra les relire.",
    ),
)


@exercise.step("Un exemplaire seul numérote et relit", points=1, timeout=30)
def works_alone(harness: Harness) -> None:
    trial = _trial(harness)
    given = trial.place(3)
    trial.expect_readable(given)
    unknown = max(given) + 1_000
    answer = trial.get(next(trial.urls), unknown)
    expect(
        answer.status_code == HTTPStatus.NOT_FOUND,
        seen=f"La commande {unknown} n’a jamais été passée, et GET /orders/{unknown} répond "
        f"{answer.status_code}.",
        expected="404",
        meaning="On expédierait une commande que personne n’a passée.",
        http=answer,
    )


@exercise.step("Trois exemplaires : un numéro, une commande", 2, works_alone, timeout=30)
def numbers_once(harness: Harness) -> None:
    trial = _trial(harness)
    harness.shop.scale(TRIAL, COPIES)
    given = trial.place(ORDERS)
    harness.kept("given", lambda: given)


@exercise.step("Chaque exemplaire relit toutes les commandes", 2, numbers_once, timeout=30)
def reads_everywhere(harness: Harness) -> None:
    _trial(harness).expect_readable(harness.kept("given", dict))


@exercise.step("Une mort ne fait rien oublier, ni rien redonner", 1, reads_everywhere, timeout=30)
def outlives_a_death(harness: Harness) -> None:
    trial, given = _trial(harness), harness.kept("given", dict)
    harness.shop.restart(TRIAL)
    trial.expect_readable(given)
    trial.expect_new(trial.place(COPIES), given)


class _Trial:
    """The learner's program in a folder that this check alone has, with as many copies as asked."""

    def __init__(self, harness: Harness) -> None:
        self._harness, self._sent = harness, 0
        self.service = LearnerService(TRIAL)
        _forget_database(harness)
        program = harness.service.source.read_text(encoding="utf-8")
        # In place of the heading: the learner's lines keep their numbers.
        _, _, rest = program.partition("\n")
        harness.closing.callback(harness.shop.withdraw, TRIAL)
        harness.shop.serve(TRIAL, f"import os; os.chdir({str(harness.folder)!r})\n{rest}")

    @property
    def urls(self) -> Iterator[str]:
        """The addresses of the copies, in turn, without end."""
        return cycle(i.url for i in self._harness.shop.services[TRIAL].running)

    def place(self, orders: int) -> dict[int, dict]:
        """Place orders at each copy in turn; the numbers they were given, the last one first met.

        A number given twice is refused here.
        """
        given: dict[int, dict] = {}
        for _, url in zip(range(orders), self.urls, strict=False):
            self._sent += 1
            order = {"sku": self._harness.unique("ART"), "quantity": self._sent}
            number = self._number(self._ask("POST", url, "/orders", order))
            expect(
                number not in given,
                seen=f"Deux commandes ont reçu le numéro {number}"
                f"{' de deux exemplaires' if len(self._running) > 1 else ''}.",
                expected="un numéro par commande, quel que soit l’exemplaire qui la prend",
                meaning="Deux clients viendraient chercher le même colis.",
            )
            given[number] = order
        return given

    @property
    def _running(self) -> list:
        return self._harness.shop.services[TRIAL].running

    def _number(self, answer: requests.Response) -> int:
        number = None
        with suppress(ValueError, TypeError, KeyError):
            number = answer.json()["number"]
        expect(
            answer.status_code == HTTPStatus.CREATED and type(number) is int and number > 0,
            seen=f"POST /orders répond {answer.status_code} et {answer.text[:120]}",
            expected='201 et {"number": un entier positif}',
            meaning="Le client ne pourrait pas retrouver sa commande.",
            http=answer,
        )
        return number

    def expect_new(self, given: dict[int, dict], before: dict[int, dict]) -> None:
        """No number was given before."""
        again = sorted(set(given) & set(before))
        expect(
            not again,
            seen=f"Après un redémarrage, le numéro {again[0] if again else ''} est donné une "
            "seconde fois.",
            expected="un numéro qui n’a jamais servi",
            meaning="La commande d’hier et celle d’aujourd’hui auraient le même numéro.",
        )

    def expect_readable(self, given: dict[int, dict]) -> None:
        """Every copy shows every order."""
        for number, order in given.items():
            for _, url in zip(self._running, self.urls, strict=False):
                answer = self.get(url, number)
                body = None
                with suppress(ValueError):
                    body = answer.json()
                expect(
                    answer.status_code == HTTPStatus.OK and body == order,
                    seen=f"La commande {number}, demandée à l’un des exemplaires, répond "
                    f"{answer.status_code} {answer.text[:100]}",
                    expected=f"200 et {order}",
                    meaning="Le client verrait sa commande une fois sur trois.",
                    http=answer,
                )

    def get(self, url: str, number: int) -> requests.Response:
        """GET an order at one copy."""
        return self._ask("GET", url, f"/orders/{number}")

    def _ask(self, method: str, url: str, path: str, json: object = None) -> requests.Response:
        try:
            answer = requests.request(method, url + path, json=json, timeout=patient(5))
        except requests.RequestException as error:
            self.service.require_running()
            raise Incorrect(
                Finding(seen=f"{method} {path} n’a pas eu de réponse.", expected="une réponse")
            ) from error
        if answer.status_code == HTTPStatus.NOT_IMPLEMENTED:
            raise NotAttempted(f"{method} {path} répond 501 : cette route reste à écrire.")
        return answer


def _trial(harness: Harness) -> _Trial:
    return harness.kept("trial", lambda: _Trial(harness))


def _forget_database(harness: Harness) -> None:
    """What an earlier try may have left in the database of the trial's name."""
    url = harness.shop.env(TRIAL)["DATABASE_URL"]
    if url.startswith("sqlite:///"):
        for path in Path(url.removeprefix("sqlite:///")).parent.glob(f"{TRIAL}.db*"):
            path.unlink()
