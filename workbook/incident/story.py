"""The story of an incident: all that is kept of a tape, and handed out; the same data as JSON."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import networkx as nx

from workbook.errors import WorkbookError
from workbook.incident.kept import Kept, kept_requests
from workbook.incident.states import graphs_of, moments_of, packed, unpacked
from workbook.incident.tape import ACT, ASKED, STATES, Act, Asked, Tape
from workbook.incident.timeline import Event, entering, timeline
from workbook.telemetry.spans import has_failed

VERSION = 1
TITLE, MAP_TITLE = "La boutique — incident enregistré", "La boutique"


@dataclass(frozen=True)
class Second:
    """The clients' requests that ended in one second of the incident."""

    requests: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Story:
    """An incident: the map at each of `moments`, and what happened; times from its beginning."""

    title: str
    began: float
    seconds: float
    moments: Sequence[float]
    graphs: Sequence[nx.DiGraph]
    events: Sequence[Event]
    requests: Sequence[Kept]
    flow: Sequence[Second]
    services: Sequence[str]
    asked: Sequence[tuple[float, Asked]]
    acts: Sequence[tuple[float, Act]]

    def frame_at(self, at: float) -> int:
        """The first frame that shows what happened `at` seconds after the beginning."""
        return min(len(self.moments) - 1, bisect_left(self.moments, at))

    def shown_at(self, at: float) -> int:
        """The frame to show at that moment: the last one until then."""
        return max(0, bisect_right(self.moments, at) - 1)

    @property
    def total(self) -> Second:
        """All the requests."""
        return Second(sum(s.requests for s in self.flow), sum(s.failed for s in self.flow))


def story_of(tape: Tape, until: float, title: str = TITLE) -> Story:
    """The story of a tape, from its beginning to `until` (epoch seconds)."""
    seconds = max(0.0, until - tape.began)
    moments = moments_of(tape, seconds)
    graphs = graphs_of(tape, moments, MAP_TITLE)
    return Story(
        title=title,
        began=tape.began,
        seconds=round(seconds, 2),
        moments=moments,
        graphs=graphs,
        events=timeline(tape, moments, graphs),
        requests=kept_requests(tape),
        flow=_flow(tape, seconds),
        services=[state.name for state in next(tape.of(STATES)).content.services],
        asked=[(entry.time - tape.began, entry.content) for entry in tape.of(ASKED)],
        acts=[(entry.time - tape.began, entry.content) for entry in tape.of(ACT)],
    )


def _flow(tape: Tape, seconds: float) -> list[Second]:
    counts = [[0, 0] for _ in range(int(seconds) + 1)]
    for span in entering(tape):
        second = int(span["start"] + span["duration"] - tape.began)
        if 0 <= second < len(counts):
            counts[second][0] += 1
            counts[second][1] += has_failed(span)
    return [Second(*count) for count in counts]


def as_json(story: Story) -> dict:
    """The story as JSON: same requests told once."""
    asked, kinds = _asked_as_json(story.asked)
    return {
        "version": VERSION,
        "title": story.title,
        "began": story.began,
        "seconds": story.seconds,
        "moments": story.moments,
        "states": packed(story.graphs),
        "events": [asdict(event) for event in story.events],
        "requests": [asdict(kept) for kept in story.requests],
        "flow": [[second.requests, second.failed] for second in story.flow],
        "services": list(story.services),
        "asked": asked,
        "asked_kinds": kinds,
        "acts": [[round(at, 3), *act] for at, act in story.acts],
    }


def from_json(content: dict) -> Story:
    """The story of what `as_json` made; raises `WorkbookError` for another version."""
    if content.get("version") != VERSION:
        raise WorkbookError(
            f"Cet incident est de version {content.get('version')}, et ce cours lit la version "
            f"{VERSION} : prenez la version du cours qui l’a enregistré."
        )
    return Story(
        **{name: content[name] for name in ("title", "began", "seconds", "moments", "services")},
        graphs=unpacked(content["states"]),
        events=[Event(**event) for event in content["events"]],
        requests=[Kept(**kept) for kept in content["requests"]],
        flow=[Second(*second) for second in content["flow"]],
        asked=_asked_from_json(content["asked"], content["asked_kinds"]),
        acts=[(at, Act(verb, tuple(args), options)) for at, verb, args, options in content["acts"]],
    )


def _asked_as_json(asked: Sequence[tuple[float, Asked]]) -> tuple[list, list]:
    """[time, kind] of each request, and the kinds."""
    kinds: dict[str, tuple[int, list]] = {}
    sent = []
    for at, request in asked:
        content = list(request[:-1])  # a trace id names one run only
        number, _ = kinds.setdefault(repr(content), (len(kinds), content))
        sent.append([round(at, 3), number])
    return sent, [content for _, content in kinds.values()]


def _asked_from_json(sent: list, kinds: list) -> list[tuple[float, Asked]]:
    return [(at, Asked(*kinds[number], trace_id="")) for at, number in sent]
