"""The shortest fatal plan of a worker: where to kill it so that its books are wrong for good.

A dry run shows its effects. A plan is a death after one of them and before the next; plans whose
death comes after the same effects, since the last message was dealt with, are equivalent and run
once. Each has a place of its own: the worker dies there, lives again, and its books are judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from workbook.errors import WorkbookError
from workbook.failures.worker import Bench, Death, Server, Worker
from workbook.tables import html_table, text_table
from workbook.views.canvas.words import NBSP

WORDS = {
    "received": "un message lui parvient",
    "heard": "une réponse lui parvient",
    "commit": "sa base est écrite",
    "file": "un fichier est écrit",
    "publish": "un message est publié",
    "ack": "un message est acquitté",
    "reject": "un message est refusé",
    "nack": "un message est rendu",
    "recover": "les messages sont rendus",
    "call": "un autre service est appelé",
    "answer": "il répond",
}
SETTLING = {"ack", "reject", "nack", "recover"}
HEAD = ("Dans les livres", "Attendu", "Trouvé")


class Line(NamedTuple):
    """One line of the books: what was to be found there, and what was."""

    what: str
    expected: str
    found: str
    right: bool


@dataclass(frozen=True)
class Trial:
    """What a worker, or a service, is asked to do, and how its books are read.

    send(worker) puts the messages in its queue and returns what it has sent, in any form;
    settled(worker, sent) says whether the work is done, books(worker, sent) what came of it.
    Without a queue it is a service, a `Server`, asked over HTTP: `again(server, sent)` is what
    its clients do once it lives again after a death.
    """

    name: str
    queue: str
    send: Callable[[Any], Any]
    settled: Callable[[Any, Any], object]
    books: Callable[[Any, Any], list[Line]]
    journal: str = ""
    seconds: float = 8.0  # for the work to be taken up again
    again: Callable[[Any, Any], object] | None = None

    def at(self, bench: Bench, source: Path, place: str) -> Worker:
        """The worker or the service of this trial, in a place of its own."""
        if not self.queue:
            return Server(bench, self.name, source, place, self.journal)
        return Worker(bench, self.name, self.queue, source, place, self.journal)


@dataclass(frozen=True)
class Plan:
    """A death, and the books it left; `nth` 0: nobody died."""

    nth: int
    death: Death | None
    books: Sequence[Line]

    @property
    def is_fatal(self) -> bool:
        """Whether its books are wrong."""
        return not all(line.right for line in self.books)

    def sequence(self) -> list[str]:
        """What happened, as clauses."""
        if self.death is None:
            return ["personne ne meurt"]
        return [*effects_words(self.death.effects), f"kill -9, {self.death.place}", "il repart"]

    def rows(self) -> list[tuple[str, str, str]]:
        """The books, wrong lines marked."""
        return [
            (line.what, line.expected, line.found if line.right else f"{line.found} ✗")
            for line in self.books
        ]

    @property
    def caption(self) -> str:
        """Where it dies, and what happened."""
        head = f"Panne n° {self.nth}" if self.nth else "Sans panne"
        return f"{head}{NBSP}: {', puis '.join(self.sequence())}."

    def __repr__(self) -> str:
        return f"{self.caption}\n{text_table([HEAD, *self.rows()], left=1)}"

    def _repr_html_(self) -> str:
        return html_table(HEAD, self.rows(), self.caption.replace("`", ""))


def effects_words(effects: Iterable[str]) -> list[str]:
    """Effects as clauses, those that come several times in a row told once."""
    said: list[str] = []
    counts: list[int] = []
    for effect in effects:
        words = WORDS.get(effect, effect)
        if said and said[-1] == words:
            counts[-1] += 1
        else:
            said.append(words)
            counts.append(1)
    return [w if n == 1 else f"{w} ({n} fois)" for w, n in zip(said, counts, strict=True)]


def fatal_plan(source: str | Path, trial: Trial, bench: Bench) -> Plan | None:
    """The shortest plan after which the worker's books are wrong; None when all leave them right.

    `source` is the program, or its file. Raises `WorkbookError` when it ends by itself.
    """
    file = _file(source, trial, bench)
    dry, edges = _dry_run(file, trial, bench)
    if dry.is_fatal:
        return dry
    for nth in distinct(edges):
        plan = play(file, trial, bench, nth)
        if plan is not None and plan.is_fatal:
            return plan
    return None


def play(source: str | Path, trial: Trial, bench: Bench, nth: int) -> Plan | None:
    """Kill the worker at its nth point, in a place of its own; None when it has no such point."""
    worker = trial.at(bench, _file(source, trial, bench), f"-{_number(bench)}")
    worker.start()
    sent: list[Any] = []
    died = worker.die_at(
        nth, lambda: sent.append(trial.send(worker)), lambda: trial.settled(worker, sent[0])
    )
    if not died:
        worker.kill()
        return None
    worker.start()
    if trial.again:
        trial.again(worker, sent[0])
    books = _quiet_books(worker, trial, sent[0])
    worker.kill()
    return Plan(nth, worker.last_death, books)


def distinct(edges: Sequence[tuple[str, ...]]) -> list[int]:
    """The points to die at, the first of those that come after the same effects."""
    first: dict[tuple[str, ...], int] = {}
    since: tuple[str, ...] = ()
    for nth, effects in enumerate(edges, 1):
        since += effects
        first.setdefault(since, nth)
        if SETTLING & set(effects):
            since = ()
    return sorted(first.values())


def _dry_run(source: Path, trial: Trial, bench: Bench) -> tuple[Plan, list[tuple[str, ...]]]:
    worker = trial.at(bench, source, f"-{_number(bench)}")
    worker.start()
    sent = trial.send(worker)
    books = _quiet_books(worker, trial, sent)
    edges = worker.edges()
    worker.kill()
    return Plan(0, None, books), edges


def _quiet_books(worker: Worker, trial: Trial, sent: Any) -> list[Line]:
    worker.await_progress(lambda: trial.settled(worker, sent), trial.seconds)
    worker.await_rest()
    return trial.books(worker, sent)


def _file(source: str | Path, trial: Trial, bench: Bench) -> Path:
    if isinstance(source, Path):
        return source
    path = bench.folder / f"{trial.name}-{_number(bench)}.py"
    try:
        path.write_text(source, encoding="utf-8")
    except OSError as error:
        raise WorkbookError(f"Impossible d’écrire {path} : {error.strerror}.") from error
    return path


def _number(bench: Bench) -> int:
    """A number that nothing in the bench's folder has."""
    return sum(1 for _ in bench.folder.iterdir())
