"""An incident played again: the same requests and acts at the same times, with one change."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from workbook.errors import WorkbookError
from workbook.incident.story import Story
from workbook.incident.tape import Asked
from workbook.tables import html_table, text_table
from workbook.views.canvas.words import NBSP, number, percent

if TYPE_CHECKING:
    from workbook.incident.incident import Incident
    from workbook.incident.replay import Replay

HANDS = 16  # requests under way at once
# The requests of the traffic are sent one by one: the generator must not send its own as well.
_NOT_REPLAYED = {"start_traffic", "stop_traffic", "sign_in", "serve", "withdraw", "reset"}
HEAD = ("Mesure", "D’abord", "Avec le changement")


class Playground(Protocol):
    """What a story is played in: a `Shop`."""

    def on_data(self, copies: Path) -> AbstractContextManager[None]: ...
    def heal(self, names: list[str]) -> None: ...
    def record(self) -> Incident: ...
    def fault(self, name: str, **faults: object) -> None: ...
    def scale(self, name: str, n: int) -> None: ...
    def customer(self, peer: str, username: str | None) -> Callable[[Asked], None]: ...


def play_again(story: Story, shop: Playground, changes: Mapping[str, dict]) -> Story:
    """Play `story` in `shop` with `changes` made at its beginning; return the new story."""
    shop.heal(list(story.services))
    customers = _customers(story, shop)
    with shop.record() as incident:
        for name, change in changes.items():
            _apply(shop, name, dict(change))
        _Player(story, shop, customers).play()
    shop.heal(list(story.services))
    return incident.story


def _apply(shop: Playground, name: str, change: dict) -> None:
    instances = change.pop("instances", None)
    if instances is not None:
        shop.scale(name, instances)
    if change:
        shop.fault(name, **change)


def _customers(story: Story, shop: Playground) -> dict[tuple, Callable[[Asked], None]]:
    wanted = dict.fromkeys((asked.peer, asked.username) for _, asked in story.asked)
    return {each: shop.customer(*each) for each in wanted}


class _Player:
    """Sends and does everything at its time; a request waits for no other's answer."""

    def __init__(self, story: Story, shop: Playground, customers: Mapping) -> None:
        self._story, self._shop, self._customers = story, shop, customers
        self._pause = threading.Event()

    def play(self) -> None:
        acts = [(at, self._act, act) for at, act in self._story.acts]
        steps = [*acts, *((at, self._send, asked) for at, asked in self._story.asked)]
        began = time.monotonic()
        with ThreadPoolExecutor(HANDS) as hands, ThreadPoolExecutor(1) as learner:
            for at, do, what in sorted(steps, key=lambda step: step[0]):
                self._await(began + at)
                # Acts go one after the other, as in a notebook.
                (learner if do == self._act else hands).submit(do, what)
            self._await(began + self._story.seconds)

    def _await(self, moment: float) -> None:
        self._pause.wait(max(0.0, moment - time.monotonic()))

    def _act(self, act) -> None:
        if act.verb not in _NOT_REPLAYED:
            do = attrgetter(act.verb)(self._shop)  # "kill", or "broker.kill"
            _attempt(lambda: do(*act.arguments, **act.options))

    def _send(self, asked: Asked) -> None:
        _attempt(lambda: self._customers[asked.peer, asked.username](asked))


def _attempt(action: Callable[[], object]) -> None:
    """What failed once may fail again: it is recorded like the rest."""
    try:
        action()
    except WorkbookError:
        return


class Comparison:
    """« Et si ? »: an incident and the same one with a change."""

    def __init__(self, first: Incident, second: Incident, changes: Mapping[str, dict]) -> None:
        self.first, self.second, self.changes = first, second, changes

    @property
    def runs(self) -> list[tuple[str, Story]]:
        """Both stories with their headings."""
        return [("D’abord", self.first.story), (f"Et si{NBSP}? {self._change}", self.second.story)]

    @property
    def _change(self) -> str:
        return ", ".join(
            f"{service}{NBSP}: " + ", ".join(f"{name}={value}" for name, value in change.items())
            for service, change in self.changes.items()
        )

    def replay(self) -> Replay:
        """Both maps, one above the other, under one slider."""
        from workbook.incident.replay import Replay

        return Replay(self.runs)

    def save(self, file: str | Path) -> Path:
        """Write both as one page."""
        from workbook.incident.incident import written
        from workbook.incident.page import page

        return written(file, page(self.runs))

    def rows(self) -> list[tuple[str, str, str]]:
        """What differs, in figures."""
        measures = [_measures(story) for _, story in self.runs]
        return [(name, measures[0][name], measures[1][name]) for name in measures[0]]

    def __repr__(self) -> str:
        return f"Et si{NBSP}? {self._change}\n{text_table([HEAD, *self.rows()])}"

    def _repr_html_(self) -> str:
        return html_table(HEAD, self.rows(), f"Et si{NBSP}? {self._change}")


def _measures(story: Story) -> dict[str, str]:
    requests, failed = story.total.requests, story.total.failed
    count = {kind: sum(e.kind == kind for e in story.events) for kind in ("exit", "breaker")}
    return {
        "Requêtes": number(requests),
        "Échecs": f"{number(failed)} ({percent(failed / requests if requests else 0)})",
        "Arrêts de processus": number(count["exit"]),
        "Mouvements de disjoncteur": number(count["breaker"]),
        "Messages en file à la fin": number(story.graphs[-1].graph["queued"]),
    }
