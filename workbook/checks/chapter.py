"""Front matter of a chapter or lab: what the README, the progress table and the links say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

TIERS = {"core": "", "deeper": "plus loin", "expert": "expert"}


@dataclass(frozen=True)
class Chapter:
    """What `course/ch07/__init__.py` says of its chapter, as `CHAPTER`.

    `minutes` is the time its core takes, `deeper` what the rest adds. `after` names the chapters
    better done before. One that `kills_broker` needs a RabbitMQ of its own: it cannot share one.
    `exercises` gives the tier of each (`core`, `deeper`, `expert`), in the order of the text.
    `english` is the title and the question for README.en.md.
    """

    title: str
    question: str
    english: tuple[str, str]
    minutes: int
    deeper: int = 0
    after: tuple[str, ...] = ()
    kills_broker: bool = False
    exercises: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if unknown := set(self.exercises.values()) - set(TIERS):
            raise ValueError(f"{self.title}: no such tier: {', '.join(sorted(unknown))}")


@dataclass(frozen=True)
class LearningPath:
    """A way through the course for a class: which chapters in which session, their core alone.

    `between` is what learners do by themselves from one session to the next.
    """

    title: str
    english: str
    sessions: tuple[tuple[str, ...], ...]
    between: tuple[str, ...] = ()


def chapter_name(key: str) -> str:
    """`Chapitre 07` for `ch07`, `Lab 2` for `lab2`."""
    if key.startswith("ch"):
        return f"Chapitre {key[2:]}"
    return f"Lab {key[3:]}" if key.startswith("lab") else key
