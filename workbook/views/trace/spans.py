"""The spans of one trace as a tree, and what each of them is called on a picture."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from workbook.views.canvas.spoken import Words
from workbook.views.canvas.words import NBSP, duration

ASYNC_KINDS = frozenset({"producer", "consumer"})
BROKER, CLIENT = "RabbitMQ", "client"
STEPS = ("Étape", "De", "Vers", "Quoi", "Issue", "Début", "Durée")
_MEASURED = (5, 6)
_PARAMETER = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
# A path segment that names one thing: digits, a UUID, or a long hexadecimal number.
_IDENTIFIER = re.compile(r"(?<=/)(?:\d+|[0-9a-fA-F-]{16,})(?=/|$)")


@dataclass(eq=False)
class Span:
    """One step of a request; times in seconds since the epoch."""

    service: str
    kind: str
    name: str
    start: float
    end: float
    error: bool
    attributes: Mapping
    parent: Span | None = None
    children: list[Span] = field(default_factory=list)

    @property
    def duration(self) -> float:
        return self.end - self.start

    @property
    def status(self) -> str:
        """The HTTP status it ended with, or nothing."""
        return str(self.attributes.get("http.response.status_code") or "")

    @property
    def depth(self) -> int:
        return 0 if self.parent is None else self.parent.depth + 1

    @property
    def route(self) -> str:
        """`PUT /charges/{order_id}`: as the server names it, else without what looks like an id."""
        served = next((c for c in self.children if c.kind == "server"), None)
        if self.kind == "client" and served:
            return served.route
        return _IDENTIFIER.sub("{id}", _PARAMETER.sub(r"{\1}", self.name))

    @property
    def routing_key(self) -> str:
        return str(self.attributes.get("messaging.rabbitmq.destination.routing_key") or self.name)

    @property
    def exchange(self) -> str:
        return str(self.attributes.get("messaging.destination.name") or "")

    @property
    def queue(self) -> str:
        return str(self.attributes.get("messaging.destination.subscription.name") or "")

    @property
    def callee(self) -> str:
        """Whom a client span called, even if nobody answered."""
        served = next((c.service for c in self.children if c.kind == "server"), None)
        named = self.attributes.get("peer.service") or self.attributes.get("server.address")
        return str(served or named or "?")

    @property
    def waiting_since(self) -> float | None:
        """When the message a consumer handles was published, if that is known."""
        published = self.parent and self.kind == "consumer" and self.parent.kind == "producer"
        return min(self.parent.end, self.start) if published else None

    @property
    def words(self) -> str:
        """One line without figures: `orders → payments : PUT /charges/{order_id} : 201`."""
        if self.kind == "producer":
            return f"{self.service} publie {self.routing_key}"
        if self.kind == "consumer":
            outcome = " (échec)" if self.error else ""
            return f"{self.service} reçoit {self.routing_key}{outcome}"
        if self.kind in ("client", "server"):
            return f"{self.service} : {self.route} {self.status or 'sans réponse'}"
        return f"{self.service} : {self.route}" + (" (échec)" if self.error else "")


def tree(spans: Iterable[Mapping]) -> list[Span]:
    """The roots of a trace, oldest first; a span whose parent is unknown is a root."""
    made = {line["span_id"]: _span(line) for line in spans}
    parents = {line["span_id"]: line.get("parent_id") for line in spans}
    roots = []
    for identifier, span in made.items():
        span.parent = made.get(parents[identifier])
        (span.parent.children if span.parent else roots).append(span)
    for span in made.values():
        span.children.sort(key=lambda s: s.start)
    return sorted(roots, key=lambda s: s.start)


def _span(line: Mapping) -> Span:
    return Span(
        service=line["service"],
        kind=line.get("span_kind", "internal"),
        name=line["name"],
        start=line["start"],
        end=line["start"] + max(0.0, line["duration"]),
        error=line.get("status") == "error",
        attributes=line.get("attributes") or {},
    )


def walk(roots: Iterable[Span]) -> Iterator[Span]:
    """Parents before children, in order of time."""
    for span in roots:
        yield span
        yield from walk(span.children)


def services_of(roots: list[Span]) -> list[str]:
    """Every service of the trace, in order of appearance."""
    return list(dict.fromkeys(s.service for s in sorted(walk(roots), key=lambda s: s.start)))


def outline(roots: list[Span]) -> str:
    """The tree in words, the same for two runs of the same request.

    What happens at once may come in any order: messages are listed after calls, by name.
    """
    return "\n".join("  " * (len(number) - 1) + _line(span) for number, span in _numbered(roots))


def as_words(roots: list[Span], subject: str, *facts: str) -> Words:
    """What a picture of this trace says: its subject, facts, the answer, and every step."""
    answer = f"réponse {roots[0].status}" if roots[0].status else "sans réponse"
    sentence = f"{subject} de {roots[0].route}{NBSP}: {', '.join((*facts, answer))}."
    rows = [row for _, row in numbered_steps(roots)]
    return Words(sentence, STEPS, rows, left=5, measured=_MEASURED)


def numbered_steps(roots: list[Span]) -> list[tuple[Span, tuple[str, ...]]]:
    """Each step and its row of `STEPS`, in the order of `outline`."""
    start = min((span.start for span in walk(roots)), default=0.0)
    return [
        (
            span,
            (
                ".".join(map(str, number)),
                *_from_to(span),
                span.routing_key if span.kind in ASYNC_KINDS else span.route,
                _ending(span),
                duration(span.start - start),
                duration(span.duration),
            ),
        )
        for number, span in _numbered(roots)
    ]


def _line(span: Span) -> str:
    callee = f" → {span.callee}" if span.kind == "client" else ""
    return span.words.replace(" : ", f"{callee} : ", 1)


def _from_to(span: Span) -> tuple[str, str]:
    if span.kind == "client":
        return span.service, span.callee
    if span.kind == "producer":
        return span.service, BROKER
    return (BROKER if span.kind == "consumer" else CLIENT * (span.kind == "server")), span.service


def _ending(span: Span) -> str:
    if span.kind in ("client", "server"):
        return span.status or "sans réponse"
    return "échec" if span.error else "fait"


def _numbered(spans: list[Span], above: tuple[int, ...] = ()) -> Iterator[tuple[tuple, Span]]:
    """Each step with its number: (1, 2) is the second one that the first caused."""
    for number, span in enumerate(_shown(spans), 1):
        yield (*above, number), span
        yield from _numbered(span.children, (*above, number))


def _shown(spans: list[Span]) -> Iterator[Span]:
    """A call and the server's answer to it are one step."""
    for span in _in_order(spans):
        if span.kind == "server" and span.parent and span.parent.kind == "client":
            yield from _shown(span.children)
        else:
            yield span


def _in_order(spans: list[Span]) -> list[Span]:
    at_once = [s for s in spans if s.kind in ASYNC_KINDS]
    ordered = [s for s in spans if s.kind not in ASYNC_KINDS]
    return [*ordered, *sorted(at_once, key=lambda s: s.words)]
