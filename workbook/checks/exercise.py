"""An exercise: steps that judge behaviour, their points and order, and its hints.

    from workbook.checks import Exercise, eventually, expect

    confirm = Exercise("ch07.confirm", title="Publier sans rien perdre", hints=("…", "…"))


    @confirm.step("Le message arrive dans la file", points=1)
    def arrives(lab, publish):
        queue = lab.unique("file")
        …
        expect(count == 1, seen=f"{count} message(s)", expected="1 message", meaning="…")


    @confirm.step("Un broker qui meurt ne fait rien perdre", points=2, after=arrives)
    def survives(lab, publish): ...

A step gets the `Lab` and the answers given to `check()`. It returns when all is well and calls
`expect` (or raises an outcome) when it is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

IDENTIFIER = re.compile(r"(?P<module>[a-z]+[0-9]*)\.[a-z][a-z0-9_]*")
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
    """`Exercise("ch07.confirm", title="…", hints=("…",), service="products")`.

    `service` names the learner's own service or services (`%%service products`); the first is
    `lab.service`. The id's prefix is the module it lives in: `workbook/exercises/ch07.py`.
    """

    def __init__(
        self,
        id: str,
        *,
        title: str,
        hints: Iterable[str] = (),
        service: str | tuple[str, ...] = (),
    ) -> None:
        if not IDENTIFIER.fullmatch(id):
            raise ValueError(f"{id!r} is not an exercise id such as 'ch07.confirm'")
        self.id, self.title, self.hints = id, title, tuple(hints)
        self.services = (service,) if isinstance(service, str) else tuple(service)
        self.steps: list[Step] = []

    @property
    def points(self) -> int:
        """Points of a complete answer."""
        return sum(step.points for step in self.steps)

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
