"""The mirror of a class: its wrong answers grouped by the mistake that their behaviour shows.

An answer is matched to the nearest signature that the zoo knows. Beyond `NEAR` it is unknown, and
is to be read; where several mistakes are as near, all are told. An answer that passed has no
mistake, whatever it looks like, and a verdict that is doubtful accuses nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from workbook.checks.exercise import Exercise
from workbook.checks.registry import find
from workbook.grading.catalogue import Catalogue, in_words
from workbook.grading.signatures import NEAR, REACHED, Signature, agreement, likeness, signature
from workbook.grading.verdicts import Graded, Status, exercises_of
from workbook.views.canvas.words import NBSP

TIE = 0.01
BY_VALUES = 0.05  # how much the figures count beside the words
MOST_NAMES = 3
STOPPED = {
    Status.ERROR: "s’arrête(nt) sur une erreur, avant toute vérification",
    Status.TIME_OUT: "ne (rend|rendent) pas la main",
    Status.KERNEL_DIED: "arrête(nt) le noyau",
}


class Kind(Enum):
    """What is known of a group, in the order in which it is told."""

    MISTAKE = 0
    STOPPED = 1
    UNKNOWN = 2


@dataclass(frozen=True)
class Match:
    """The known mistakes nearest to an answer: the names of their files, and how near, 0 to 1."""

    answers: tuple[str, ...]
    nearness: float

    @property
    def known(self) -> bool:
        """Whether it is near enough to be named."""
        return bool(self.answers) and self.nearness >= NEAR


@dataclass(frozen=True)
class Held:
    """One learner's answer: their slug, and what it came to."""

    learner: str
    slug: str
    graded: Graded
    match: Match = Match((), 0.0)

    @property
    def rank(self) -> tuple[float, int, str]:
        """The nearest, then the shortest, comes first: the one to show."""
        return -self.match.nearness, len(self.graded.answer), self.graded.answer


@dataclass
class Group:
    """Answers that make one mistake; `name` counts: `Group.words()` puts it after its number."""

    kind: Kind
    name: str
    answers: list[Held] = field(default_factory=list)

    @property
    def sample(self) -> Held:
        """The one to show: the nearest to what is known, then the shortest."""
        return min(self.answers, key=lambda held: held.rank)

    def words(self) -> str:
        """`11 acquittent avant le travail`."""
        count = len(self.answers)
        return f"{count}{NBSP}{in_words(self.name, count)}"


@dataclass(frozen=True)
class Reflection:
    """One exercise of a class: its groups, the right answers, those nobody wrote or may judge."""

    exercise: Exercise
    groups: Sequence[Group]
    right: int
    unwritten: int
    doubtful: int

    @property
    def sentence(self) -> str:
        """`11 acquittent avant le travail, 6 gardent …, 3 inconnus (à lire)`."""
        unknown = sum(len(group.answers) for group in self.groups if group.kind is Kind.UNKNOWN)
        told = [group.words() for group in self.groups if group.kind is not Kind.UNKNOWN]
        told += [in_words(f"{unknown}{NBSP}inconnu(s) (à lire)", unknown)] * bool(unknown)
        return ", ".join(told)


def nearest(found: Signature, catalogue: Catalogue) -> Match:
    """The known answers whose signature is nearest to `found`; several where they tie."""
    scores = [
        (known, likeness(found, known.signature), agreement(found, known.signature))
        for known in catalogue.known
    ]
    ranked = [(alike - BY_VALUES * (1 - agree), alike, known) for known, alike, agree in scores]
    best = max((rank for rank, _, _ in ranked), default=0.0)
    tied = [(alike, known) for rank, alike, known in ranked if rank >= best - TIE]
    names = dict.fromkeys(name for _, known in tied for name in known.answers)
    return Match(tuple(names), max((alike for alike, _ in tied), default=0.0))


def reflected(
    results: Iterable[Mapping[str, Any]], catalogues: Mapping[str, Catalogue], slug: Any
) -> list[Reflection]:
    """Each exercise of a graded class that somebody handed in, in its order.

    `results` are those of `Class`; `slug(result)` names a learner's page.
    """
    held: dict[str, list[Held]] = {}
    for result in results:
        for chapter in result["chapters"].values():
            for one in exercises_of(chapter):
                held.setdefault(one.exercise, []).append(Held(result["learner"], slug(result), one))
    return [_reflection(find(id), answers, catalogues.get(id)) for id, answers in held.items()]


def _reflection(
    exercise: Exercise, answers: Sequence[Held], catalogue: Catalogue | None
) -> Reflection:
    groups: dict[tuple[Kind, str], Group] = {}
    counts = dict.fromkeys(("right", "unwritten", "doubtful"), 0)
    for held in answers:
        if aside := _aside(held.graded):
            counts[aside] += 1
            continue
        kind, name, held = _named(held, exercise, catalogue)
        groups.setdefault((kind, name), Group(kind, name)).answers.append(held)
    ordered = sorted(groups.values(), key=lambda g: (g.kind.value, -len(g.answers), g.name))
    return Reflection(exercise, ordered, **counts)


def _aside(graded: Graded) -> str:
    """What is no mistake: right, left unwritten, or not surely judged; empty for all others."""
    if graded.suspect or graded.status is Status.CANNOT_CHECK:
        return "doubtful"
    if graded.status is Status.PASSED:
        return "right"
    return "unwritten" if graded.status is Status.NOT_ATTEMPTED else ""


def _named(held: Held, exercise: Exercise, catalogue: Catalogue | None) -> tuple[Kind, str, Held]:
    """The kind and name of the group that an answer belongs to, and the answer with its match."""
    if held.graded.verdict is None:
        return Kind.STOPPED, STOPPED.get(held.graded.status, STOPPED[Status.ERROR]), held
    found = signature(held.graded.verdict, exercise.asks)
    match = Match((), 0.0)
    if found and catalogue is not None and catalogue.holds_for(exercise):
        match = nearest(found, catalogue)
    held = Held(held.learner, held.slug, held.graded, match)
    if not match.known:
        return Kind.UNKNOWN, first_failure(held.graded.verdict), held
    return Kind.MISTAKE, name_of(match, catalogue) or first_failure(held.graded.verdict), held


def name_of(match: Match, catalogue: Catalogue) -> str:
    """The mistake in words, all those that are as near; empty where too many or none says it."""
    names = dict.fromkeys(catalogue.phrases.get(answer, "") for answer in match.answers)
    return " ou ".join(names) if "" not in names and len(names) <= MOST_NAMES else ""


def first_failure(verdict: Mapping[str, Any]) -> str:
    """Where nobody has named the mistake: the step that shows it."""
    title = next((s["title"] for s in verdict["steps"] if s["outcome"] in REACHED), "")
    return f"échoue(nt) à « {title} »"
