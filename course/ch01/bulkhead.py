"""Exercise: bulkheads in the block (Release It!: a part that hangs must not sink the ship)."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

import requests

from course.ch01.partner import Partner
from workbook.checks import Exercise, Finding, Incorrect, eventually, expect
from workbook.waiting import patient

if TYPE_CHECKING:
    from workbook.checks.harness import Harness

PLACES = 2
CALLERS = 10  # more than the process has threads
PARTS = ("reports", "orders")
OTHER = {"reports": "orders", "orders": "reports"}
NOWHERE = "http://127.0.0.1:9/"  # the discard port: refused at once
NO_ANSWER = 0
AT_ONCE = 0.3  # seconds more than a client who is served, on a machine that may be busy
TRIES = 5
ADMITTED = 4.0  # seconds without an answer from a part that hangs: one is in it

exercise = Exercise(
    "ch01.bulkhead",
    title="Des cloisons dans le bloc",
    service="bloc",
    hints=(
        "Un sémaphore est un compteur de places : `threading.Semaphore(2)` en a deux. Il en faut "
        "un par partie, créé une seule fois, hors de la fonction.",
        "`acquire(blocking=False)` n’attend jamais : il rend `False` quand il n’y a plus de place. "
        "C’est le moment de dire `abort(503)`.",
        "Ce qui suit `yield` n’est pas exécuté si la requête échoue, sauf dans un `finally`. Et "
        "qui a été refusé n’a rien à rendre.",
    ),
)


@exercise.step("Chaque partie répond", points=1)
def serves(harness: Harness) -> None:
    partner = _partner(harness)
    partner.release()
    for path in ("/products/LAMP", *(_path(part, partner) for part in PARTS)):
        for _ in range(PLACES + 1):  # one after the other: there is always a place
            response = harness.service.get(path)
            expect(
                response.status_code == HTTPStatus.OK,
                seen=f"GET {path.partition('?')[0]} répond {response.status_code} "
                "à un client seul.",
                expected="200 : il reste deux places libres",
                meaning="Les clients seraient refusés alors que le magasin est vide.",
                http=response,
            )


@exercise.step("Une partie figée ne prend que ses deux places", points=2, after=serves, timeout=30)
def holds(harness: Harness) -> None:
    for part in PARTS:
        with _Crowd(harness, part) as crowd:
            crowd.expect_bounded()
            _expect_open(harness, part)
            _expect_refused_at_once(harness, part)


@exercise.step("Une place se rend, même après une erreur", points=2, after=holds, timeout=40)
def gives_back(harness: Harness) -> None:
    partner = _partner(harness)
    for part in PARTS:
        partner.release()
        for how, url, status in (
            ("que le partenaire a répondu 500", partner.url_for(part), 500),
            ("que le partenaire était injoignable", NOWHERE, 200),
            ("que tout s’est bien passé", partner.url_for(part), 200),
        ):
            partner.status = status
            asked = f"{harness.service.url}/{part}?partner={url}"
            answers = {_status(asked) for _ in range(PLACES + 1)}
            partner.status = 200
            _expect_two_again(harness, part, f"après {PLACES + 1} requêtes où il se trouvait {how}")
            if url == NOWHERE or status != HTTPStatus.OK:
                _expect_error_kept(answers, part, how)


@exercise.step("Un refus ne prend ni ne rend de place", points=1, after=holds, timeout=30)
def refuses_neutrally(harness: Harness) -> None:
    for part in PARTS:
        with _Crowd(harness, part) as crowd:
            crowd.expect_bounded()
        _expect_two_again(harness, part, f"après {CALLERS - PLACES} refus")


# -- a crowd of callers ----------------------------------------------------------------------------


class _Crowd:
    """Callers of one part at once, kept waiting by the partner until the block ends."""

    def __init__(self, harness: Harness, part: str, callers: int = CALLERS) -> None:
        self._part, self._callers = part, callers
        self._partner = _partner(harness)
        self._url = harness.service.url + _path(part, self._partner)
        self._service = harness.service
        self._threads = ThreadPoolExecutor(callers)
        self._answers: list[Future[int]] = []

    def __enter__(self) -> _Crowd:
        self._partner.most.clear()
        self._partner.hold()
        self._answers = [self._threads.submit(_status, self._url) for _ in range(self._callers)]
        return self

    def __exit__(self, *exception: object) -> None:
        self._partner.release()
        self._threads.shutdown()

    @property
    def seen(self) -> tuple[int, list[int]]:
        """How many wait for the partner, and the statuses of those who have an answer."""
        answered = [answer.result() for answer in self._answers if answer.done()]
        return self._partner.waiting(self._part), answered

    def expect_bounded(self, when: str = "") -> None:
        """Two are inside, and all the others have been refused with 503, without waiting."""
        eventually(
            lambda: self.seen,
            lambda seen: seen[0] + len(seen[1]) >= self._callers,
            timeout=2.0,
            seen=lambda seen: self._said(seen, when),
            expected=f"{PLACES} requêtes dans la partie, et 503 tout de suite pour les autres",
            meaning="Celles qui attendent gardent chacune un fil du bloc : bientôt il n’en reste "
            "plus pour les autres parties.",
        )
        inside, answered = self.seen
        self._service.require_running()
        expect(
            inside == PLACES,
            seen=self._said((inside, answered), when),
            expected=f"exactement {PLACES} requêtes dans la partie",
            meaning="Trop de places, et une partie figée prend tous les fils du bloc ; trop peu, "
            "et des clients sont refusés sans raison.",
        )
        strange = sorted(set(answered) - {HTTPStatus.SERVICE_UNAVAILABLE})
        expect(
            not strange,
            seen=f"/{self._part} est plein, et un client en trop reçoit "
            f"{strange[0] if strange and strange[0] else 'une connexion rompue'}.",
            expected="503 : le service n’est pas disponible, réessayez plus tard",
            meaning="Le client croirait à une autre panne, ou que c’est sa faute.",
        )

    def _said(self, seen: tuple[int, list[int]], when: str) -> str:
        inside, answered = seen
        silent = self._callers - inside - len(answered)
        before = f"{when.capitalize()}, {self._callers}" if when else f"{self._callers}"
        return (
            f"{before} clients à la fois sur /{self._part}, qui se fige : {inside} y sont entrés, "
            f"{len(answered)} ont eu une réponse, {silent} attendent à la porte."
        )


def _expect_open(harness: Harness, frozen: str) -> None:
    """While one part is full the others serve as if nothing were."""
    partner = harness.kept("open", lambda: harness.closing.enter_context(Partner()))
    partner.release()
    for path in ("/products/LAMP", _path(OTHER[frozen], partner)):
        for _ in range(PLACES + 1):
            response = harness.service.get(path)
            expect(
                response.status_code == HTTPStatus.OK,
                seen=f"/{frozen} est figé, et GET {path.partition('?')[0]} répond "
                f"{response.status_code}.",
                expected="200 : chaque partie a ses places à elle",
                meaning="Les rapports en panne, on ne vendrait plus rien.",
                http=response,
            )


def _expect_refused_at_once(harness: Harness, full: str) -> None:
    """The fastest of a few refusals is as fast as a client who is served: nothing was waited for.

    One quick refusal is proof enough; what a busy machine adds is added to both.
    """
    url = harness.service.url
    served = refused = float("inf")
    for _ in range(TRIES):
        served = min(served, _timed(f"{url}/products/LAMP")[1])
        status, seconds = _timed(url + _path(full, _partner(harness)))
        expect(
            status == HTTPStatus.SERVICE_UNAVAILABLE,
            seen=f"/{full} est plein depuis un moment, et un client de plus reçoit "
            f"{status or 'rien'}.",
            expected="503 : un refus ne rend aucune place",
            meaning="D’un refus à l’autre, la partie figée prendrait tous les fils du bloc.",
        )
        refused = min(refused, seconds)
        if refused <= 2 * served + AT_ONCE:
            return
    raise Incorrect(
        Finding(
            seen=f"/{full} est plein : le plus rapide de {TRIES} refus a pris {refused:.1f} s, une "
            f"fiche {served:.2f} s.",
            expected="503 tout de suite, sans attendre qu’une place se libère",
            meaning="Chaque client qui attend garde un fil du bloc : assez de clients, et les "
            "autres parties n’en ont plus.",
        )
    )


def _expect_error_kept(answers: set[int], part: str, how: str) -> None:
    """What is neither a refusal nor a success looks like neither; the chassis itself says 502."""
    server_error = HTTPStatus.INTERNAL_SERVER_ERROR
    strange = {a for a in answers if a < server_error or a == HTTPStatus.SERVICE_UNAVAILABLE}
    worst = min(strange, default=None)
    expect(
        worst is None,
        seen=f"/{part} a répondu {worst or 'rien'} alors {how}.",
        expected="une autre erreur, comme 500 ou 502 : 503 veut dire que la partie est pleine",
        meaning="Qui surveille le bloc verrait une foule, et chercherait au mauvais endroit.",
    )


def _expect_two_again(harness: Harness, part: str, when: str) -> None:
    with _Crowd(harness, part, callers=PLACES + 2) as crowd:
        crowd.expect_bounded(when)


def _partner(harness: Harness) -> Partner:
    return harness.kept("partner", lambda: harness.closing.enter_context(Partner()))


def _path(part: str, partner: Partner) -> str:
    return f"/{part}?partner={partner.url_for(part)}"


def _timed(url: str) -> tuple[int, float]:
    """The status, and how many seconds the client waited for it."""
    start = time.monotonic()
    return _status(url, patient(ADMITTED)), time.monotonic() - start


def _status(url: str, timeout: float = 60.0) -> int:
    with suppress(requests.RequestException):
        return requests.get(url, timeout=timeout).status_code
    return NO_ANSWER
