"""ch04.balancer: which instance to call, and when another one may be tried."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from course.ch04.calling import Lost, NoInstance, Refused
from workbook.checks import Exercise, Harness, Incorrect, expect
from workbook.checks.outcome import Finding
from workbook.waiting import patient

exercise = Exercise(
    "ch04.balancer",
    title="Répartir, et changer d’instance",
    asks="Balancer",
    hints=(
        "Retenez deux choses d’un appel à l’autre : combien de vos requêtes sont en cours à chaque "
        "adresse (`collections.Counter`), et quelles adresses sont à l’écart (un `set`).",
        "Une boucle par appel : parmi les adresses pas encore essayées, `min(…, key=…)`. La clé "
        "peut être un couple : `(url in self.aside, self.in_flight[url])`.",
        "Le compte monte avant `send(url)`, et redescend dans un `finally`. Après `Lost`, on ne "
        "continue que si `safe`. Et une liste qui ne cite plus une adresse la fait oublier : "
        "`self.aside &= set(urls)`.",
    ),
)

A, B, C = "http://a", "http://b", "http://c"
OK, REFUSED, LOST, BROKEN = "répond", "refuse", "coupe", "plante"
TOO_LONG = 2.0


class _Bug(Exception):
    """An error of the caller's own, which says nothing of the instance."""


ERRORS = {REFUSED: Refused, LOST: Lost, BROKEN: _Bug}


class _Bench:
    """A new balancer of the learner's; `urls` is what the registry says, `fates` what each does."""

    def __init__(self, balancer: Callable, urls: tuple[str, ...] = (A, B, C)) -> None:
        self.urls, self.fates = urls, dict.fromkeys((A, B, C), OK)
        self.tried: list[str] = []
        self.balancer = balancer(lambda: list(self.urls))

    def call(self, safe: bool) -> tuple[list[str], Any]:
        """Make one call: the addresses it tried, and what became of it (the answer, an error)."""
        self.tried = []
        answer = object()

        def send(url: str) -> object:
            self.tried.append(url)
            if error := ERRORS.get(self.fates.get(url)):
                raise error(url)
            return answer

        try:
            got = self.balancer.call(send, safe)
        except (Refused, Lost, NoInstance, _Bug) as error:
            return self.tried, error
        expect(
            got is answer or not self.tried,
            seen=f"L’instance a répondu, et `call` a rendu {got!r}.",
            expected="ce que `send(url)` a rendu",
            meaning="Le client ne recevrait pas sa réponse.",
        )
        return self.tried, got


@exercise.step("Une instance suffit quand elle répond", points=1)
def calls_once(harness: Harness, balancer: Callable) -> None:
    for urls in ((A,), (A, B), (A, B, C)):
        for safe in (True, False):
            tried, _ = _Bench(balancer, urls).call(safe)
            expect(
                len(tried) == 1 and tried[0] in urls,
                seen=f"L’annuaire donne {_said(urls)}, qui répondent ; vous avez appelé "
                f"{_said(tried)}.",
                expected="une seule d’entre elles",
                meaning="Chaque vente serait faite plusieurs fois.",
            )
    bench = _Bench(balancer, (A,))
    bench.call(True)
    bench.urls = (B,)
    tried, _ = bench.call(True)
    expect(
        tried == [B],
        seen=f"L’annuaire donnait A ; il ne donne plus que B. Vous avez appelé {_said(tried)}.",
        expected="B : la liste du moment",
        meaning="Une instance partie depuis longtemps recevrait encore des clients.",
    )
    kept = [A, B, C]
    balancer(lambda: kept).call(lambda url: url, True)
    expect(
        kept == [A, B, C],
        seen=f"Après un appel, la liste de `lookup()` a changé : {_said(kept)}.",
        expected="la même liste : elle n’est pas à vous",
        meaning="Les autres appels perdraient des instances.",
    )
    tried, end = _Bench(balancer, ()).call(True)
    expect(
        isinstance(end, NoInstance) and not tried,
        seen=f"L’annuaire ne donne personne ; `call` finit par {_ended(end)}.",
        expected="`NoInstance`",
        meaning="Le client ne saurait pas que le service est absent.",
    )


@exercise.step("On ne réessaie que ce qui ne peut rien doubler", points=2, after=calls_once)
def tries_the_next(harness: Harness, balancer: Callable) -> None:
    for fates in product((OK, REFUSED, LOST, BROKEN), repeat=3):
        for safe in (True, False):
            bench = _Bench(balancer)
            bench.fates = dict(zip((A, B, C), fates, strict=True))
            tried, end = bench.call(safe)
            _judge(bench, tried, end, safe)


def _judge(bench: _Bench, tried: list[str], end: Any, safe: bool) -> None:
    """Whatever the order in which it tries, each attempt but the last allowed another."""
    request = "une lecture" if safe else "une écriture sans clé"
    story = f"Pour {request}, {_story(bench, tried)}"
    expect(tried, seen="`call` n’a appelé personne.", expected="un essai, au moins")
    expect(
        len(set(tried)) == len(tried),
        seen=f"{story} : la même adresse a été essayée deux fois.",
        expected="à chaque essai, une adresse pas encore essayée pendant cet appel",
        meaning="On insisterait auprès d’un mort, quand d’autres répondent.",
    )
    for url in tried[:-1]:
        fate = bench.fates[url]
        expect(
            fate == REFUSED or (fate == LOST and safe),
            seen=f"{story} : il ne fallait pas d’essai après « {fate} ».",
            expected="l’exception, qui remonte",
            meaning="La requête a peut-être été traitée : le client paierait deux fois.",
        )
    last = bench.fates[tried[-1]]
    may_go_on = last == REFUSED or (last == LOST and safe)
    expect(
        not may_go_on or len(tried) == len(bench.urls),
        seen=f"{story}, et vous renoncez ({_ended(end)}).",
        expected="un essai à une autre instance",
        meaning="Une vente serait perdue, qu’une autre instance aurait servie.",
    )
    wanted = ERRORS.get(last)
    expect(
        wanted is None or type(end) is wanted,
        seen=f"{story}, et `call` finit par {_ended(end)}.",
        expected="l’exception du dernier essai, telle quelle",
        meaning="L’appelant ne saurait pas si sa requête a pu être reçue.",
    )


@exercise.step("La moins occupée est choisie", points=2, after=calls_once, timeout=40)
def prefers_the_least_busy(harness: Harness, balancer: Callable) -> None:
    for story in _comings_and_goings():
        bench = _Bench(balancer)
        with _Held(bench.balancer) as held:
            for act in story:
                _act(held, act)


@exercise.step("Qui n’a pas répondu est essayé en dernier", points=2, after=tries_the_next)
def sets_aside(harness: Harness, balancer: Callable) -> None:
    for fate, url, safe in product((REFUSED, LOST), (A, B, C), (True, False)):
        bench = _learnt(balancer, url, fate, safe)
        for _ in range(6):
            tried, _ = bench.call(True)
            expect(
                url not in tried,
                seen=f"{_letter(url)} {fate}, les autres répondent. Au prochain appel, vous avez "
                f"essayé {_said(tried)}.",
                expected=f"les autres, et {_letter(url)} seulement si aucune ne répond",
                meaning="À chaque tour, un client attendrait un mort pour rien.",
            )
    for fate, url in product((REFUSED, LOST), (A, B, C)):
        bench = _learnt(balancer, url, fate)
        bench.fates = {one: OK if one == url else REFUSED for one in bench.fates}
        tried, end = bench.call(True)
        expect(
            tried[-1:] == [url] and len(tried) == len(bench.urls),
            seen=f"{_letter(url)}, à l’écart, répond de nouveau, et les autres refusent. Vous avez "
            f"essayé {_said(tried)} ({_ended(end)}).",
            expected=f"les autres, puis {_letter(url)}, en dernier",
            meaning="Tout le monde semblerait mort, et l’on ne vendrait plus rien.",
        )


@exercise.step(
    "À l’écart, même quand les autres sont occupées",
    points=1,
    after=(sets_aside, prefers_the_least_busy),
    timeout=40,
)
def stays_aside(harness: Harness, balancer: Callable) -> None:
    for url in (A, B, C):
        others = tuple(one for one in (A, B, C) if one != url)
        bench = _learnt(balancer, url, REFUSED)
        bench.fates = dict.fromkeys((A, B, C), OK)
        with _Held(bench.balancer) as held:
            for number in range(1, 6):
                _expect_elsewhere(held.open(), url, f"{_letter(url)} est à l’écart, appel {number}")
        bench = _learnt(balancer, url, REFUSED)
        bench.fates = dict.fromkeys((A, B, C), OK)
        with _Held(bench.balancer) as held:
            bench.urls = (url,)
            held.open()  # it is tried, and has not answered yet
            bench.urls = (url, *others)
            for _ in range(4):
                _expect_elsewhere(held.open(), url, f"{_letter(url)} n’a pas encore répondu")


def _expect_elsewhere(place: str, url: str, story: str) -> None:
    expect(
        place != url,
        seen=f"{story}, et les autres ont des requêtes en cours : vous l’appelez.",
        expected="une autre : on n’essaie celle-ci qu’après toutes les autres",
        meaning="Un client attendrait un mort, parce que les vivants travaillent.",
    )


@exercise.step(
    "Le pardon : répondre, ou être réinscrit", points=1, after=(sets_aside, prefers_the_least_busy)
)
def forgives(harness: Harness, balancer: Callable) -> None:
    for url in (A, B, C):
        others = tuple(one for one in (A, B, C) if one != url)
        for without in (others, ()):
            bench = _learnt(balancer, url, REFUSED)
            bench.fates, bench.urls = dict.fromkeys((A, B, C), OK), without
            bench.call(True)
            bench.urls = (A, B, C)
            _expect_back(bench, url)
        bench = _learnt(balancer, url, REFUSED)
        bench.fates = {one: OK if one == url else REFUSED for one in bench.fates}
        bench.call(True)  # the others refuse, and are set aside; it answers
        bench.fates = dict.fromkeys((A, B, C), OK)
        tried, _ = bench.call(True)
        expect(
            tried == [url],
            seen=f"{_letter(url)}, à l’écart, répond quand les autres refusent. À l’appel suivant, "
            f"vous essayez {_said(tried)}.",
            expected=f"{_letter(url)} : elle a répondu, les autres sont à l’écart",
            meaning="On attendrait des morts avant de revenir à celle qui marche.",
        )


@exercise.step(
    "Un essai fini ne compte plus",
    points=1,
    after=forgives,
    timeout=40,
)
def counts_what_runs(harness: Harness, balancer: Callable) -> None:
    for url, other in ((A, B), (B, A)):
        for urls in ((url, other), (other, url)):
            bench = _Bench(balancer, (other,))
            with _Held(bench.balancer) as held:
                held.open()
                bench.urls, bench.fates[url] = urls, REFUSED
                held.open(bench.fates)  # refused there, held up at the other
                bench.urls, bench.fates[url] = (other,), OK
                bench.call(True)  # the first one is forgiven
                bench.urls = urls
                for _ in range(2):
                    _expect_at(
                        held.open(), url, f"{_letter(url)} a refusé un appel, et rien d’autre"
                    )


def _expect_at(place: str, wanted: str, story: str) -> None:
    expect(
        place == wanted,
        seen=f"{story}. L’appel suivant va chez {_letter(place)}.",
        expected=f"{_letter(wanted)}, qui a le moins de requêtes en cours",
        meaning="Une instance garderait une file, pendant que l’autre n’a rien à faire.",
    )


def _expect_back(bench: _Bench, url: str) -> None:
    """Of three calls at once, each goes to one of three that are as good."""
    with _Held(bench.balancer) as held:
        places = [held.open() for _ in range(3)]
    expect(
        url in places,
        seen=f"{_letter(url)}, écartée, n’est plus citée pendant un appel, puis l’est de nouveau. "
        f"De trois appels faits en même temps, aucun ne va chez elle : {_said(places)}.",
        expected="trois instances à égalité : c’est une nouvelle inscription",
        meaning="Une machine réparée resterait sans travail, et les autres en auraient trop.",
    )


def _act(held: _Held, act: str) -> None:
    """Open a call and look where it goes, or end the first or the last of those in progress."""
    if act != "ouvre":
        which, fate = act.split()
        held.close(0 if which == "premier" else -1, fate)
        return
    before = held.in_progress()
    place = held.open()
    expect(
        before[place] == min(before[url] for url in (A, B, C)),
        seen=f"En cours : {_counts(before)}{held.said()}. L’appel suivant va chez "
        f"{_letter(place)}.",
        expected="l’une de celles qui ont le moins de requêtes en cours",
        meaning="Une instance lente garderait une file, pendant que d’autres n’ont rien à faire.",
    )


def _comings_and_goings() -> Iterator[list[str]]:
    """Every story of six acts that begins by a call: open one, end one, well or by an error."""
    ends = [f"{which} {fate}" for which in ("premier", "dernier") for fate in (OK, BROKEN)]
    for rest in product(("ouvre", *ends), repeat=5):
        story, running = ["ouvre", *rest], 0
        for act in story:
            running += 1 if act == "ouvre" else -1
            if running < 0:
                break
        # One that ends by an end shows nothing more than a shorter one.
        if running >= 0 and story[-1] == "ouvre":
            yield story


class _Held:
    """Calls in progress, each in a thread and held up in its `send` until it is told to end."""

    def __init__(self, balancer: Any) -> None:
        self._balancer = balancer
        self._calls: list[_Call] = []
        self._failed = False

    def __enter__(self) -> _Held:
        return self

    def __exit__(self, *_: object) -> None:
        for call in self._calls:
            call.tell(OK)  # all of them first: one may wait for another
        for call in self._calls:
            call.end(OK)

    def open(self, fates: dict[str, str] | None = None) -> str:
        """Begin a call; the address where it is held up, after those that refuse."""
        call = _Call(self._balancer, fates or {})
        self._calls.append(call)
        return call.place()

    def close(self, which: int, fate: str) -> None:
        """End a call, well or by an error."""
        self._failed |= fate == BROKEN
        self._calls.pop(which).end(fate)

    def in_progress(self) -> Counter[str]:
        """How many calls are held up at each address."""
        return Counter(call.url for call in self._calls)

    def said(self) -> str:
        """What else happened that a reader should know."""
        return " ; un appel a fini par une exception" if self._failed else ""


class _Call:
    """One call of the learner's balancer, in a thread of its own."""

    def __init__(self, balancer: Any, fates: dict[str, str]) -> None:
        self.url, self._fates = "", dict(fates)
        self._balancer, self._fate, self._error = balancer, OK, None
        self._sent, self._told = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._balancer.call(self._send, True)
        except _Bug:
            pass
        except BaseException as error:  # raised again where it is waited for
            self._error = error
        finally:
            self._sent.set()

    def _send(self, url: str) -> None:
        if error := ERRORS.get(self._fates.get(url, OK)):
            raise error(url)
        self.url = url
        self._sent.set()
        self._told.wait(patient(10 * TOO_LONG))
        if self._fate == BROKEN:
            raise _Bug

    def place(self) -> str:
        """Where it was sent, once it is."""
        sent = self._sent.wait(patient(TOO_LONG))
        if self._error:
            raise self._error
        if not sent or self.url not in (A, B, C):
            raise Incorrect(
                Finding(
                    "Un appel est en cours ; un autre, fait en même temps, n’est pas parti.",
                    "des appels qui avancent ensemble : aucun verrou n’est tenu pendant `send`",
                    "La boutique servirait un client à la fois.",
                )
            )
        return self.url

    def tell(self, fate: str) -> None:
        """Let it end."""
        self._fate = fate
        self._told.set()

    def end(self, fate: str) -> None:
        """Let it end, and wait until it has."""
        self.tell(fate)
        self._thread.join(patient(TOO_LONG))
        if self._error:
            raise self._error


def _learnt(balancer: Callable, url: str, fate: str, safe: bool = True) -> _Bench:
    """A balancer that has just met `url` alone, which refused or cut; now the others are there."""
    bench = _Bench(balancer)
    bench.fates[url] = fate
    for _ in range(12):
        bench.call(safe)
        if url in bench.tried:
            return bench
    bench.urls = (url,)
    bench.call(safe)
    bench.urls = (A, B, C)
    return bench


def _letter(url: str) -> str:
    return url[-1].upper()


def _said(urls: Any) -> str:
    return ", ".join(map(_letter, urls)) or "personne"


def _counts(busy: Counter[str]) -> str:
    return ", ".join(f"{_letter(url)} {busy[url]}" for url in (A, B, C))


def _story(bench: _Bench, tried: list[str]) -> str:
    return ", puis ".join(f"{_letter(url)} {bench.fates[url]}" for url in tried)


def _ended(end: Any) -> str:
    if isinstance(end, Exception):
        return f"`{type(end).__name__.lstrip('_')}`"
    return "`None`" if end is None else "une réponse"
