"""The requests kept whole: those sent by hand, those that failed, and one of each that went well.

Five minutes of traffic are thousands of requests; most say the same as another.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workbook.incident.tape import ASKED, RECORD, Tape
from workbook.incident.timeline import entering, named
from workbook.telemetry.spans import has_failed
from workbook.views.trace.spans import STEPS as STEPS
from workbook.views.trace.spans import Span, numbered_steps, tree

MOST, MOST_ALIKE, MOST_SPANS = 60, 3, 80
_ATTRIBUTES = (
    "http.response.status_code",
    "messaging.destination.name",
    "messaging.destination.subscription.name",
    "messaging.rabbitmq.destination.routing_key",
    "peer.service",
    "server.address",
)


@dataclass(frozen=True)
class Kept:
    """One request, `at` seconds after the beginning, with its spans."""

    at: float
    label: str
    failed: bool
    spans: list[dict]

    def steps(self) -> list[tuple[tuple[str, ...], tuple | None]]:
        """Its steps: the columns of `STEPS`, and the edge of the map each went along."""
        return [(row, _edge(span)) for span, row in numbered_steps(tree(self.spans))]


def kept_requests(tape: Tape) -> list[Kept]:
    """The requests worth following, oldest first; at most `MOST`."""
    by_hand = {e.content.trace_id for e in tape.of(ASKED) if e.content.by_hand}
    roots = sorted(entering(tape), key=lambda span: span["start"])
    chosen = list(_chosen(roots, by_hand))[:MOST]
    spans = _spans_of(tape, {root["trace_id"] for root in chosen})
    return [
        Kept(
            max(0.0, root["start"] - tape.began),
            named(root),
            has_failed(root),
            [_light(span, tape.began) for span in spans[root["trace_id"]][:MOST_SPANS]],
        )
        for root in sorted(chosen, key=lambda span: span["start"])
    ]


def _chosen(roots: list[dict], by_hand: set[str]) -> Iterator[dict]:
    """The most telling first: by hand, then failures, then one good answer of each kind."""
    alike: Counter[str] = Counter()
    yield from (root for root in roots if root["trace_id"] in by_hand)
    others = [root for root in roots if root["trace_id"] not in by_hand]
    for root in sorted(others, key=lambda span: not has_failed(span)):
        label = named(root)
        alike[label] += 1
        if alike[label] <= (MOST_ALIKE if has_failed(root) else 1):
            yield root


def _spans_of(tape: Tape, traces: set[str]) -> Mapping[str, list[dict]]:
    found = defaultdict(list)
    for entry in tape.of(RECORD):
        if entry.content["kind"] == "span" and entry.content["trace_id"] in traces:
            found[entry.content["trace_id"]].append(entry.content)
    return found


def _light(span: dict, began: float) -> dict:
    """What the pictures of a trace read of a span; its times from the beginning."""
    attributes = span.get("attributes") or {}
    return {
        "service": span["service"],
        "name": span["name"],
        "span_kind": span.get("span_kind", "internal"),
        "span_id": span["span_id"],
        "parent_id": span.get("parent_id"),
        "start": round(span["start"] - began, 4),
        "duration": round(span["duration"], 4),
        "status": span.get("status", "ok"),
        "attributes": {name: attributes[name] for name in _ATTRIBUTES if name in attributes},
    }


def _edge(span: Span) -> tuple | None:
    match span.kind:
        case "client":
            return span.service, span.callee
        case "producer":
            return span.service, f"exchange:{span.exchange}"
        case "consumer":
            return f"queue:{span.queue}", span.service
    return None
