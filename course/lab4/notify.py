"""lab4.notify: one letter an event, none forgotten, what cannot be read put aside."""

from __future__ import annotations

from collections import Counter
from itertools import chain

from course.lab4.bench import event_of, request_of
from workbook.checks import Exercise, Harness, expect
from workbook.checks.worker import Worker, plan_told
from workbook.failures.plan import Line, Trial
from workbook.failures.worker import Worker as AnyWorker

QUEUE, DEAD = "notifications.returns", "notifications.returns.dead"
MAILS = "mails.txt"
UNREADABLE = (
    "ceci n’est pas du JSON",
    '{"return_id": ',
    "[]",
    '["return_id", "type"]',
    "12",
    "null",
    '"return_id, type"',
    "{}",
    '{"return_id": "retour"}',
    '{"type": "RETURN_REQUESTED"}',
)
FOR_ALL = 5.0

exercise = Exercise(
    "lab4.notify",
    title="Prévenir le client, une fois",
    service="notifications",
    hints=(
        "Trois sorts pour un message : une lettre, puis l’acquittement ; déjà écrite, "
        "l’acquittement seul ; illisible, `basic_reject(…, requeue=False)`, qui l’envoie aux "
        "lettres mortes.",
        "Pour se souvenir, même relancé : une table dont la clé primaire est "
        "`properties.message_id`, dans un fichier SQLite.",
        "Une lettre partie ne se rappelle pas. Si l’on meurt entre la lettre et la note, mieux "
        "vaut la réécrire que l’oublier : la lettre, puis la note, puis l’acquittement.",
    ),
)


@exercise.step("Chaque événement a sa lettre", points=1)
def delivers(harness: Harness) -> None:
    worker = _worker(harness)
    worker.start()
    _expect_each_once(worker, _send(worker), "Deux retours, un message à chaque étape")


@exercise.step("Livré deux fois, une seule lettre", points=2, after=delivers, timeout=30)
def ignores_a_duplicate(harness: Harness) -> None:
    worker = _worker(harness)
    sent = _send(worker)
    _again(worker, sent)
    _expect_each_once(worker, sent, "Chaque message livré deux fois")
    worker.kill()
    worker.start(fresh=True)
    _again(worker, sent)
    more = _send(worker)
    _expect_each_once(worker, sent | more, "Les mêmes, relivrés à un worker relancé, et d’autres")


@exercise.step("Ce qui est illisible est mis de côté", points=2, after=delivers, timeout=30)
def puts_aside(harness: Harness) -> None:
    worker = _worker(harness)
    expect(
        worker.ready(DEAD) is not None,
        seen=f"La file « {DEAD} » n’existe pas.",
        expected="une file de lettres mortes, déclarée par votre worker",
        meaning="Ce qui est illisible n’aurait nulle part où aller.",
    )
    for body in UNREADABLE:
        worker.send(body, harness.unique("message"))
    sent = _send(worker)
    found: list[str] = []

    def settled() -> bool:
        found.extend(worker.take(DEAD))
        return len(found) >= len(UNREADABLE)

    worker.await_progress(settled, FOR_ALL)
    worker.await_rest()
    settled()
    missing = [body for body in UNREADABLE if body not in found]
    expect(
        not missing and len(found) == len(UNREADABLE),
        seen=f"Illisibles : {len(UNREADABLE)} messages. Dans « {DEAD} » : {len(found)}. "
        + (f"Il manque {missing[0]!r}." if missing else f"De trop : {found[-1]!r}."),
        expected="ces messages, tels quels, une fois chacun, et rien d’autre",
        meaning="Personne ne saurait qu’un service publie de travers.",
    )
    _expect_each_once(worker, sent, "Derrière eux, deux retours bien écrits")


@exercise.step("Le travail fini, il ne reste rien en file", points=1, after=ignores_a_duplicate)
def acknowledges(harness: Harness) -> None:
    worker = _worker(harness)
    came_back = worker.kill_at_rest()
    worker.start()
    expect(
        not came_back,
        seen=f"Tout est traité ; le worker mort, {came_back} message(s) sont revenus en file.",
        expected="chaque message acquitté, un doublon aussi",
        meaning="À chaque redémarrage, la file serait relue, et grossirait chaque jour.",
    )


@exercise.step(
    "kill -9 à chaque instant : aucune lettre oubliée", points=2, after=delivers, timeout=45
)
def survives(harness: Harness) -> None:
    worker = _worker(harness)
    sent: dict[str, dict] = {}

    def send() -> None:
        sent.clear()
        sent.update(_send(worker))

    deaths = worker.deaths(send, lambda: _written(worker, sent))
    with plan_told(exercise, worker, lambda: sent):
        for place in chain(deaths, [""]):
            worker.await_that(
                lambda: _written(worker, sent),
                seen=f"Notifications tué {place}, puis relancé : une lettre manque."
                if place
                else "Une lettre manque.",
                expected="une lettre par événement ; en double, peut-être, oubliée, jamais",
                meaning="Le client ne saurait pas qu’il est remboursé, et appellerait.",
            )


def _worker(harness: Harness) -> Worker:
    return harness.kept("worker", lambda: Worker(harness, "notifications", QUEUE, journal=MAILS))


def _send(worker: AnyWorker) -> dict[str, dict]:
    """Two returns, each asked for and completed; the events by the id of their message."""
    sent = {}
    for _ in range(2):
        asked = event_of(request_of(worker.bench))
        sent[asked["return_id"]] = asked
        sent[f"{asked['return_id']}-completed"] = asked | {"type": "RETURN_COMPLETED"}
    _again(worker, sent)
    return sent


def _again(worker: AnyWorker, sent: dict[str, dict]) -> None:
    for message_id, event in sent.items():
        worker.send(event, message_id)


def _line(event: dict) -> str:
    return f"{event['return_id']} {event['type']}"


def _mails(worker: AnyWorker) -> Counter[str]:
    return Counter(worker.lines(MAILS))


def _written(worker: AnyWorker, sent: dict[str, dict]) -> bool:
    return set(map(_line, sent.values())) <= set(_mails(worker))


def _expect_each_once(worker: Worker, sent: dict[str, dict], when: str) -> None:
    lines = [_line(event) for event in sent.values()]
    worker.await_that(
        lambda: _written(worker, sent),
        seen=lambda _: (
            f"{when} : {sum(line in _mails(worker) for line in lines)} lettre(s) sur {len(lines)}."
        ),
        expected="une lettre par événement",
        meaning="Le client ne saurait pas où en est son retour.",
    )
    worker.await_rest()
    twice = [line for line in lines if _mails(worker)[line] > 1]
    expect(
        not twice,
        seen=f"{when} : la lettre « {twice[0] if twice else ''} » est partie plusieurs fois.",
        expected="une seule lettre par message, tant que personne ne meurt",
        meaning="Le client croirait à deux remboursements.",
    )


def _books(worker: AnyWorker, sent: dict[str, dict]) -> list[Line]:
    mails = _mails(worker)
    lines = [_line(event) for event in sent.values()]
    written = sum(line in mails for line in lines)
    return [
        Line("événements avec leur lettre", str(len(lines)), str(written), written == len(lines)),
        Line("lettres en double", "peu importe", str(sum(mails[x] > 1 for x in lines)), True),
    ]


exercise.trial = Trial(
    "notifications",
    QUEUE,
    send=_send,
    settled=_written,
    books=_books,
    journal=MAILS,
)
