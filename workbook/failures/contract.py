"""The participants' contract: what each command of a saga moves, refuses, remembers and undoes.

A participant files every command under a key, and answers from what it has filed: a command asked
for again moves nothing more, and one that comes after its compensation finds a tombstone (Helland,
"Life beyond Distributed Transactions"). `replace(command, remembers=False)` plants the bug.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

DONE, REFUSED, ERROR = "done", "refused", "error"
AVAILABLE, RESERVED, SOLD = "available", "reserved", "sold"
CHARGED, REFUNDED = "charged", "refunded"


@dataclass(frozen=True)
class Command:
    """One command: `moves` is what it adds to the books (units, or times the price)."""

    name: str
    participant: str
    does: str  # in French, after the participant's name
    refuses: str = ""
    moves: Mapping[str, int] = field(default_factory=dict, hash=False)
    wants: Mapping[str, int] = field(
        default_factory=dict, hash=False
    )  # refused unless there is that
    refusable: bool = False  # by the participant's own will, as a bank may
    needs: str = ""  # the command that must hold for this one to make sense
    undoes: str = ""  # the command that this one compensates
    remembers: bool = True  # idempotent by its key
    tombstone: bool = True  # a compensation that comes first stops the command that comes later


PARTICIPANTS = (
    Command(
        "reserve",
        "inventory",
        "met l’article de côté",
        "n’a plus l’article",
        moves={AVAILABLE: -1, RESERVED: 1},
        wants={AVAILABLE: 1},
        refusable=True,
    ),
    Command(
        "charge",
        "payments",
        "débite la carte",
        "refuse la carte",
        moves={CHARGED: 1},
        refusable=True,
    ),
    Command(
        "confirm", "inventory", "vend l’article", moves={RESERVED: -1, SOLD: 1}, needs="reserve"
    ),
    Command("refund", "payments", "rend l’argent", moves={REFUNDED: 1}, undoes="charge"),
    Command(
        "release",
        "inventory",
        "remet l’article en rayon",
        moves={RESERVED: -1, AVAILABLE: 1},
        undoes="reserve",
    ),
)

Key = Callable[[str, str, int], str]


def by_order(order: str, command: str, attempt: int) -> str:
    """The key of the shop: the order's own number, the same at every attempt."""
    return order


def changed(name: str, /, **changes: object) -> tuple[Command, ...]:
    """The shop's participants with one command that is otherwise."""
    return tuple(replace(c, **changes) if c.name == name else c for c in PARTICIPANTS)


class Filed(NamedTuple):
    """What a participant has filed under a key: how often `command` had its effect."""

    command: str
    key: str
    outcome: str
    times: int


Files = frozenset[Filed]


class Desk:
    """The participants at work, as pure functions of what they have filed."""

    def __init__(self, participants: Iterable[Command]) -> None:
        self.commands = {command.name: command for command in participants}
        self._undone_by = {c.undoes: c for c in self.commands.values() if c.undoes}

    def books(self, files: Files, start: Mapping[str, int]) -> dict[str, int]:
        """The books, from what they were at the start."""
        books = dict(start)
        for filed in files:
            for column, number in self.commands[filed.command].moves.items():
                books[column] = books.get(column, 0) + number * filed.times
        return books

    def answer(
        self, files: Files, name: str, key: str, willing: bool, books: Mapping[str, int]
    ) -> tuple[Files, str]:
        """What is filed once the command has come, and its outcome.

        `willing`: whether a participant that may refuse agrees.
        """
        command, filed = self.commands[name], _found(files, name, key)
        if filed and command.remembers:
            return files, filed.outcome
        if command.undoes:
            return self._undo(files, command, key, filed)
        if self._is_senseless(files, command, key):
            return files, ERROR
        lacks = any(books.get(column, 0) < number for column, number in command.wants.items())
        if lacks or (command.refusable and not willing):
            return files | {Filed(name, key, REFUSED, 0)}, REFUSED
        return _once_more(files, filed, name, key), DONE

    def is_open(self, files: Files, name: str, key: str) -> bool:
        """Whether the participant still has its own will about this command."""
        command = self.commands[name]
        answered = command.remembers and _found(files, name, key)
        return command.refusable and not answered and not self._is_senseless(files, command, key)

    def _undo(
        self, files: Files, command: Command, key: str, filed: Filed | None
    ) -> tuple[Files, str]:
        undone = _found(files, command.undoes, key)
        dependent = (c.name for c in self.commands.values() if c.needs == command.undoes)
        if any((found := _found(files, name, key)) and found.times for name in dependent):
            return files, ERROR  # what is sold is not given back
        if undone and undone.outcome == DONE:
            return _once_more(files, filed, command.name, key), DONE
        if command.tombstone and not filed:
            return files | {Filed(command.name, key, DONE, 0)}, DONE
        return files, DONE

    def _is_senseless(self, files: Files, command: Command, key: str) -> bool:
        """It comes after its compensation, or without what it needs."""
        undoing = self._undone_by.get(command.name)
        if undoing and undoing.tombstone and _found(files, undoing.name, key):
            return True
        if not command.needs:
            return False
        needed, undoing = _found(files, command.needs, key), self._undone_by.get(command.needs)
        held = needed and needed.outcome == DONE
        return not held or bool(undoing and _found(files, undoing.name, key))


def _found(files: Files, name: str, key: str) -> Filed | None:
    return next((filed for filed in files if filed[:2] == (name, key)), None)


def _once_more(files: Files, filed: Filed | None, name: str, key: str) -> Files:
    times = filed.times if filed else 0
    return (
        (files - {filed}) | {Filed(name, key, DONE, times + 1)}
        if filed
        else files | {Filed(name, key, DONE, 1)}
    )
