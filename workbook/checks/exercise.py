"""An exercise: steps that judge behaviour, their points and order, and its hints.

    from workbook.checks import Exercise, eventually, expect

    confirm = Exercise("ch07.publish", title="Publier sans rien perdre", hints=("…", "…"))


    @confirm.step("Le message arrive dans la file", points=1)
    def arrives(harness, publish):
        queue = harness.unique("file")
        …
        expect(count == 1, seen=f"{count} message(s)", expected="1 message", meaning="…")


    @confirm.step("Un broker qui meurt ne fait rien perdre", points=2, after=arrives)
    def survives(harness, publish): ...

A step gets the `Lab` and the answers given to `check()`. It returns when all is well and calls
`expect` (or raises an outcome) when it is not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbook.failures.plan import Trial

IDENTIFIER = re.compile(r"(?P<chapter>[a-z]+[0-9]*)\.(?P<name>[a-z][a-z0-9_]*)")
STEP_TIMEOUT = 10.0


@dataclass(frozen=True, eq=False)
class Step:
    """One thing a check looks at; all its points or none."""

    title: str
    function: Callable[..., None]
    points: int
    after: tuple[Step, ...]
    timeout: float

    def __call__(self, *arguments: Any) -> None:
        """Run it by hand."""
        self.function(*arguments)


class Exercise:
    """`Exercise("ch07.publish", title="…", hints=("…",), service="products")`.

    `asks` names the function or functions given to `check()`, in that order; `service` the
    learner's own service or services (`%%service products`), the first being `harness.service`.
    `shown` is the number of steps that learners know, None for all: a grader may add hidden ones.
    `trial`, where it is set, is what its worker is killed at, to be played again by `replay()`.
    The id says where it lives: `course/ch07/publish.py`.
    """

    def __init__(
        self,
        id: str,
        *,
        title: str,
        hints: Iterable[str] = (),
        asks: str | tuple[str, ...] = (),
        service: str | tuple[str, ...] = (),
    ) -> None:
        if not IDENTIFIER.fullmatch(id):
            raise ValueError(f"{id!r} is not an exercise id such as 'ch07.publish'")
        self.id, self.title, self.hints = id, title, tuple(hints)
        self.asks = (asks,) if isinstance(asks, str) else tuple(asks)
        self.services = (service,) if isinstance(service, str) else tuple(service)
        self.steps: list[Step] = []
        self.shown: int | None = None
        self.trial: Trial | None = None

    @property
    def points(self) -> int:
        """Points of a complete answer."""
        return sum(step.points for step in self.steps)

    @property
    def call(self) -> str:
        """The check to write, as a learner writes it."""
        return f"check({', '.join([json.dumps(self.id), *self.asks])})"

    def step(
        self,
        title: str,
        points: int = 1,
        after: Step | tuple[Step, ...] = (),
        timeout: float = STEP_TIMEOUT,
    ) -> Callable[[Callable[..., None]], Step]:
        """Add a step, run in the order written, skipped when one of `after` has not passed.

        `timeout` (seconds) bounds the learner's code and ours together.
        """
        needed = (after,) if isinstance(after, Step) else tuple(after)

        def add(function: Callable[..., None]) -> Step:
            step = Step(title, function, points, needed, timeout)
            self.steps.append(step)
            return step

        return add
