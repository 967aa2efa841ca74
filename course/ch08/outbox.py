"""ch08.outbox: an order and its event, of which a death never leaves one without the other."""

from __future__ import annotations

import time
from itertools import chain, pairwise
from threading import Thread

from course.ch08.books import TILL, Books
from workbook.checks import Exercise, Harness, NotAttempted, eventually, expect
from workbook.checks.harness import LearnerService, death
from workbook.checks.outcome import Finding, Incorrect
from workbook.checks.worker import plan_told
from workbook.failures.worker import MOST_POINTS, Server
from workbook.waiting import patient, until

PLACED = 5
ENOUGH = 10.0  # seconds for a till that looks only now and then at what it has to announce
AT_ONCE = 2.0  # seconds for the answer to an order, and well below those that SQLite waits
SOON = 2.5  # seconds: the two that the text gives, and a little
LINGER = 1.2  # seconds in which what is published too often is seen

exercise = Exercise(
    "ch08.outbox",
    title="Ni perdue, ni fantôme",
    service="caisse",
    hints=(
        "Deux écritures dans deux systèmes : entre elles, on peut mourir. Deux écritures dans "
        "**une** base, dans **une** transaction : tout ou rien. Où pouvez-vous donc écrire "
        "l’événement d’abord ?",
        "Une table `outbox`. `place_order` y range l’événement, dans le même `with "
        "transaction() as db:` que la commande. `relay()` relit cette table, publie, puis retire "
        "la ligne : dans cet ordre.",
        "Qui appelle `relay()` ? `place_order`, sa transaction validée. Et, au démarrage, le "
        "programme lui-même, tout en bas : une vie précédente a pu laisser des événements.",
    ),
)


class Till(Server):
    """The learner's till, in a place of its own."""

    def complain_of_queue(self) -> None:
        """It runs and does not listen."""
        raise Incorrect(
            Finding(
                seen="Votre service tourne, mais il n’écoute pas.",
                expected="un service qui répond à `POST /orders` dès son démarrage",
                meaning="Après chaque panne, la caisse resterait fermée.",
            )
        )

    def complain_of_end(self, how: str) -> None:
        """It ended though nobody killed it."""
        raise death(self.name, self.output, str(self.script), how)


@exercise.step("Une commande est écrite, et annoncée une fois", points=1, timeout=40)
def places(harness: Harness) -> None:
    books = _books(harness)
    books.till.start()
    for _ in range(PLACED):
        books.ask()
    _expect_answers(books)
    _await_both(books, f"{PLACED} commandes")
    _await_quiet(books)
    twice = [order for order, count in books.events.items() if count > 1]
    expect(
        not twice,
        seen=f"{len(twice)} commande(s) sur {PLACED} annoncées plusieurs fois, sans aucune panne.",
        expected="un seul événement par commande quand tout va bien",
        meaning="Chaque vente ferait travailler deux fois toute la boutique.",
    )
    if _works_after_answering(harness):
        _place_in_the_meantime(books)


@exercise.step("Ce qui est annoncé ne l’est plus au redémarrage", points=1, after=places)
def remembers(harness: Harness) -> None:
    books = _books(harness)
    before = books.events.total()
    books.till.kill()
    books.till.start()
    _await_quiet(books)
    again = books.events.total() - before
    expect(
        not again,
        seen=f"Tout était annoncé depuis longtemps ; relancée, votre caisse a publié {again} "
        "événement(s) de plus.",
        expected="aucun : ce que le courtier a confirmé n’est pas publié de nouveau",
        meaning="À chaque redémarrage, la boutique recevrait toutes les ventes de son histoire.",
    )


@exercise.step(
    "kill -9 à chaque instant : ni perdue, ni fantôme", points=3, after=places, timeout=45
)
def survives(harness: Harness) -> None:
    books = _books(harness)
    # Its nth point is another one when its threads take turns otherwise: all of them once more.
    rounds = 2 if _works_after_answering(harness) else 1
    deaths = [
        books.till.deaths(books.ask, lambda: not books.lost(), seconds=15) for _ in range(rounds)
    ]
    with plan_told(exercise, books.till, lambda: books):
        for place in chain(*deaths, [""]):
            told = f"Une commande ; tuée {place}, puis relancée" if place else "Une commande"
            _await_both(books, told)
            _expect_kept(books, told)


def _works_after_answering(harness: Harness) -> bool:
    """Whether some of its effects came between an answer and the next order, in its first life."""

    def found() -> bool:
        effects = [effect for effect in _books(harness).till.effects() if effect != "file"]
        return any(
            effect == "answer" and following not in ("answer", "received")
            for effect, following in pairwise(effects)
        )

    return harness.kept("works after answering", found)


def _place_in_the_meantime(books: Books) -> None:
    """An order is answered and not announced yet, held between two effects; another one comes."""
    end = time.monotonic() + patient(ENOUGH)
    for nth in range(1, MOST_POINTS + 1):
        first, second = (Thread(target=books.ask, daemon=True) for _ in range(2))

        def settled(first: Thread = first) -> bool:
            return not first.is_alive() and not books.lost()

        with books.till.held_at(nth, first.start, settled) as held:
            if held and _ends(first, books):
                second.start()
                _ends(second, books)
        first.join()
        if second.ident:
            second.join()
            _await_both(books, "Une commande, pendant que la précédente s’annonce")
        if not held or time.monotonic() > end:
            return


def _ends(asking: Thread, books: Books) -> bool:
    """Whether the order is answered, although a thread of the till is held."""
    until(lambda: not asking.is_alive() or books.till.is_quiet(), AT_ONCE)
    return not asking.is_alive()


def _expect_answers(books: Books) -> None:
    if 501 in books.statuses.values():
        raise NotAttempted("`POST /orders` répond 501 : cette route reste à écrire.")
    others = {str(status) for status in books.statuses.values() if status != 201}
    expect(
        not others,
        seen=f"`POST /orders` a répondu {', '.join(others)}.",
        expected="201 pour chacune",
        meaning="Le client ne saurait pas que sa commande est prise.",
    )


def _expect_kept(books: Books, told: str) -> None:
    forgotten = books.answered - books.orders
    expect(
        not forgotten,
        seen=f"{told} : elle avait répondu 201, et la commande n’est pas dans la table `orders`.",
        expected="201 seulement une fois la commande écrite",
        meaning="Le client croit avoir acheté ; personne ne le livrera.",
    )


def _await_both(books: Books, told: str) -> None:
    """Wait until orders and events agree."""

    def look() -> tuple[int, int, int]:
        books.till.require_running()
        missing = len(books.answered - books.orders) if books.till.last_death is None else 0
        return len(books.lost()), len(books.phantoms()), missing

    eventually(
        look,
        lambda found: not any(found),
        timeout=SOON,
        seen=lambda found: f"{told} : {_words(*found)}.{_strange(books)}",
        expected="dans la base et dans la file, les mêmes commandes, deux secondes après au plus",
        meaning="Une commande sans événement n’est jamais préparée ; un événement sans commande "
        "fait partir un colis que personne n’a payé.",
    )


def _words(lost: int, phantoms: int, missing: int) -> str:
    if lost:
        return f"{lost} commande(s) écrite(s) dans la base et jamais annoncée(s)"
    if phantoms:
        return f"{phantoms} commande(s) annoncée(s), absente(s) de la base"
    return f"{missing} commande(s) ont reçu 201 et ne sont pas dans la table `orders`"


def _strange(books: Books) -> str:
    """A message of the queue in which no order is to be read, if there is one."""
    if not books.unreadable:
        return ""
    return f" La file a reçu : {books.unreadable[0][:120]}"


def _await_quiet(books: Books) -> None:
    """Let what it still has to do come, duplicates too."""
    books.till.await_idle(LINGER)
    books.till.await_rest()
    books.read()


def _books(harness: Harness) -> Books:
    return harness.kept(
        "books", lambda: Books(Till(harness, "caisse", LearnerService("caisse").source))
    )


exercise.trial = TILL
