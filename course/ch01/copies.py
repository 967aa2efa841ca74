"""Exercise: a service that is right alone and wrong in three copies, put right."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http import HTTPStatus
from itertools import count, cycle
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from course.ch01 import pauses
from course.ch01.partner import Partner
from workbook.checks import Exercise, Incorrect, NotAttempted, expect
from workbook.checks.harness import LearnerService
from workbook.checks.outcome import Finding
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.checks.harness import Harness

COPIES, ORDERS = 3, 12
TRIAL = "caisse-essai"
ENOUGH = 20.0  # seconds, for a program that makes all wait at each of its lines
HELD_UP = 0.1  # seconds without an answer: it waits for the order that is stopped
# In the learner's process, in front of the program and on its first line.
_WATCHED = (
    f"import runpy; runpy.run_path({pauses.__file__!r})['install'](os.path.realpath(__file__))"
)

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
    for number in (1, 2, 3):
        trial.expect_unknown(number)
    given = trial.place(3)
    trial.expect_readable(given)
    trial.expect_unknown(max(given) + 1_000)


@exercise.step("Trois exemplaires : un numéro, une commande", 2, works_alone, timeout=30)
def numbers_once(harness: Harness) -> None:
    trial = _trial(harness)
    harness.shop.scale(TRIAL, COPIES)
    given = trial.place(ORDERS)
    harness.kept("given", lambda: given)


@exercise.step("Deux commandes au même moment : deux numéros", 1, numbers_once, timeout=60)
def numbers_apart(harness: Harness) -> None:
    """An order is stopped at each of its steps in turn, while two others are placed."""
    trial = _trial(harness)
    end = time.monotonic() + patient(ENOUGH)
    with Partner() as partner:
        for nth in count(1):
            if not trial.place_around(partner, nth) or time.monotonic() > end:
                return


@exercise.step("Chaque exemplaire relit toutes les commandes", 2, numbers_once, timeout=30)
def reads_everywhere(harness: Harness) -> None:
    _trial(harness).expect_readable(harness.kept("given", dict))


@exercise.step("Une mort ne fait rien oublier, ni rien redonner", 1, reads_everywhere, timeout=30)
def outlives_a_death(harness: Harness) -> None:
    trial, given = _trial(harness), harness.kept("given", dict)
    harness.shop.restart(TRIAL)
    trial.expect_readable(given)
    before = set(trial.given)
    trial.expect_new(trial.place(COPIES), before)


class _Trial:
    """The learner's program in a folder that this check alone has, with as many copies as asked."""

    def __init__(self, harness: Harness) -> None:
        self._harness, self._sent = harness, 0
        self._sku = harness.unique("ART")
        self.given: set[int] = set()
        self.service = LearnerService(TRIAL)
        _forget_database(harness)
        program = harness.service.source.read_text(encoding="utf-8")
        # In place of the heading: the learner's lines keep their numbers.
        _, _, rest = program.partition("\n")
        self._lines = program.splitlines()
        heading = f"import os; os.chdir({str(harness.folder)!r}); {_WATCHED}"
        harness.closing.callback(harness.shop.withdraw, TRIAL)
        harness.shop.serve(TRIAL, f"{heading}\n{rest}")

    @property
    def urls(self) -> Iterator[str]:
        """The addresses of the copies, in turn, without end."""
        return cycle(i.url for i in self._harness.shop.services[TRIAL].running)

    def place(self, orders: int) -> dict[int, dict]:
        """Place orders at each copy in turn; the numbers they were given, the last one first met.

        A number given twice before a death is refused here.
        """
        given: dict[int, dict] = {}
        for _, url in zip(range(orders), self.urls, strict=False):
            order = self._order()
            number = self._number(self._ask("POST", url, "/orders", order))
            expect(
                number not in given,
                seen=f"Deux commandes ont reçu le numéro {number}"
                f"{' de deux exemplaires' if len(self._running) > 1 else ''}.",
                expected="un numéro par commande, quel que soit l’exemplaire qui la prend",
                meaning="Deux clients viendraient chercher le même colis.",
            )
            given[number] = order
        self.given |= given.keys()
        return given

    def _order(self) -> dict:
        """The next one to place: two clients in a row want the same."""
        self._sent += 1
        return {"sku": self._sku, "quantity": (self._sent + 1) // 2}

    def place_around(self, partner: Partner, nth: int) -> bool:
        """Place an order that stops at its nth step, then one at its copy and one at another.

        False when it had no such step.
        """
        orders = [self._order() for _ in range(3)]
        first, second, *_ = (i.url for i in self._running)
        with ThreadPoolExecutor(len(orders)) as threads, _stopping(partner):
            pause = {pauses.HEADER: f"{nth} {partner.url_for('')}"}
            answers = [threads.submit(self._ask, "POST", first, "/orders", orders[0], pause)]
            until(lambda: answers[0].done() or partner.most, patient(5))
            line = next(iter(partner.most), "")
            for url, order in zip((first, second) if line else (), orders[1:], strict=False):
                answers.append(threads.submit(self._ask, "POST", url, "/orders", order))
                # Whoever waits for a lock of the stopped one has no answer before it goes on.
                until(answers[-1].done, patient(HELD_UP))
        for answer, order in zip(answers, orders, strict=False):
            # What gave up waiting for the stopped one has taken no number.
            if answer is answers[0] or answer.result().status_code == HTTPStatus.CREATED:
                self._expect_apart(answer.result(), order, line)
        return bool(line)

    def _expect_apart(self, answer: requests.Response, order: dict, line: str) -> None:
        """An order placed around another has a number of its own, and can be read."""
        when = "Trois commandes au même moment : "
        if line:
            text = self._lines[int(line) - 1].strip()
            when = f"Une commande s’est arrêtée à la ligne {line}, `{text}`, deux passent : "
        number = self._number(answer, when)
        expect(
            number not in self.given,
            seen=f"{when}le numéro {number} est donné deux fois.",
            expected="un numéro par commande, même si elles arrivent au même moment",
            meaning="Deux clients viendraient chercher le même colis.",
        )
        self.given.add(number)
        self.expect_readable({number: order}, when)

    @property
    def _running(self) -> list:
        return self._harness.shop.services[TRIAL].running

    def _number(self, answer: requests.Response, when: str = "") -> int:
        number = None
        with suppress(ValueError, TypeError, KeyError):
            number = answer.json()["number"]
        expect(
            answer.status_code == HTTPStatus.CREATED and type(number) is int and number > 0,
            seen=f"{when}POST /orders répond {answer.status_code} et {answer.text[:120]}",
            expected='201 et {"number": un entier positif}',
            meaning="Le client ne pourrait pas retrouver sa commande.",
            http=answer,
        )
        return number

    def expect_new(self, given: dict[int, dict], before: set[int]) -> None:
        """No number was given before."""
        again = sorted(set(given) & before)
        expect(
            not again,
            seen=f"Après un redémarrage, le numéro {again[0] if again else ''} est donné une "
            "seconde fois.",
            expected="un numéro qui n’a jamais servi",
            meaning="La commande d’hier et celle d’aujourd’hui auraient le même numéro.",
        )

    def expect_unknown(self, number: int) -> None:
        """An order that was never placed is not there."""
        answer = self.get(next(self.urls), number)
        expect(
            answer.status_code == HTTPStatus.NOT_FOUND,
            seen=f"La commande {number} n’a jamais été passée, et GET /orders/{number} répond "
            f"{answer.status_code}.",
            expected="404",
            meaning="On expédierait une commande que personne n’a passée.",
            http=answer,
        )

    def expect_readable(self, given: dict[int, dict], when: str = "") -> None:
        """Every copy shows every order."""
        for number, order in given.items():
            for _, url in zip(self._running, self.urls, strict=False):
                answer = self.get(url, number)
                body = None
                with suppress(ValueError):
                    body = answer.json()
                expect(
                    answer.status_code == HTTPStatus.OK and body == order,
                    seen=f"{when}La commande {number}, demandée à l’un des exemplaires, répond "
                    f"{answer.status_code} {answer.text[:100]}",
                    expected=f"200 et {order}",
                    meaning="Le client verrait sa commande une fois sur trois.",
                    http=answer,
                )

    def get(self, url: str, number: int) -> requests.Response:
        """GET an order at one copy."""
        return self._ask("GET", url, f"/orders/{number}")

    def _ask(
        self,
        method: str,
        url: str,
        path: str,
        json: object = None,
        headers: dict[str, str] | None = None,
    ) -> requests.Response:
        try:
            answer = requests.request(
                method, url + path, json=json, headers=headers, timeout=patient(5)
            )
        except requests.RequestException as error:
            self.service.require_running()
            raise Incorrect(
                Finding(seen=f"{method} {path} n’a pas eu de réponse.", expected="une réponse")
            ) from error
        if answer.status_code == HTTPStatus.NOT_IMPLEMENTED:
            raise NotAttempted(f"{method} {path} répond 501 : cette route reste à écrire.")
        return answer


@contextmanager
def _stopping(partner: Partner) -> Iterator[None]:
    """Whoever asks the partner goes on when the block ends."""
    partner.most.clear()
    partner.hold()
    try:
        yield
    finally:
        partner.release()


def _trial(harness: Harness) -> _Trial:
    return harness.kept("trial", lambda: _Trial(harness))


def _forget_database(harness: Harness) -> None:
    """What an earlier try may have left in the database of the trial's name."""
    url = harness.shop.env(TRIAL)["DATABASE_URL"]
    if url.startswith("sqlite:///"):
        for path in Path(url.removeprefix("sqlite:///")).parent.glob(f"{TRIAL}.db*"):
            path.unlink()
