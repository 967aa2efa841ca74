"""The timeline: what happened, in French sentences, oldest first, from a tape and its states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import networkx as nx

from workbook import logbook
from workbook.incident.tape import ACT, RECORD, STATES, Act, Entry, Tape
from workbook.processes.endings import ending
from workbook.telemetry.graph import BrokerState
from workbook.telemetry.spans import CLIENT, EXITED, has_failed
from workbook.views.canvas.words import NBSP, THIN, duration, number, plural

KINDS = {
    "act": "geste",
    "exit": "arrêt",
    "start": "démarrage",
    "breaker": "disjoncteur",
    "broker": "RabbitMQ",
    "queue": "file",
    "request": "requêtes",
    "log": "journal",
    "bet": "pari",
    "box": "boîte noire",
}
FULL = 50  # messages, as on the map
CALM = 3.0  # seconds without a failure that end a series of them
_STORM, _STORM_RATE, _STORM_ERRORS = 2.0, 5.0, 0.1
_LONGEST = 160
_BREAKER_WORDS = {"open": "s’ouvre", "half_open": "est à l’essai", "closed": "se referme"}


@dataclass(frozen=True)
class Event:
    """Something that happened `at` seconds after the beginning, and the node it happened to."""

    at: float
    kind: str
    words: str
    node: str = ""


def timeline(tape: Tape, moments: Iterable[float], graphs: Iterable[nx.DiGraph]) -> list[Event]:
    """Every event of a tape, oldest first."""
    frames = list(zip(moments, graphs, strict=True))
    found = [*_acts(tape), *_records(tape), *_errors(tape), *_broker(tape), *_failures(tape)]
    events = [*found, *_storms(frames), *_bets(tape), *_full(tape)]
    return sorted(events, key=lambda event: event.at)


# -- acts -----------------------------------------------------------------------------------------


def _acts(tape: Tape) -> Iterator[Event]:
    for entry in tape.of(ACT):
        act = entry.content
        words = _ACT_WORDS.get(act.verb, _plain)(act)
        yield Event(_since(tape, entry), "act", words, _target(act))


def _target(act: Act) -> str:
    return str(act.arguments[0]) if act.arguments and act.verb not in _WHOLE_SHOP else ""


_WHOLE_SHOP = {"start_traffic", "stop_traffic", "sign_in"}


def _told(words: str) -> Callable[[Act], str]:
    return lambda act: words.format(*act.arguments)


def _plain(act: Act) -> str:
    return " ".join([act.verb, *map(str, act.arguments)])


def _scaled(act: Act) -> str:
    name, count = act.arguments
    return f"« {name} » passe à {plural(count, 'instance')}"


def _slowed(act: Act) -> str:
    name, seconds = act.arguments
    if not seconds:
        return f"« {name} » reprend sa vitesse normale"
    return f"chaque réponse de « {name} » est ralentie de {number(seconds)}{THIN}s"


def _faulty(act: Act) -> str:
    faults = ", ".join(f"{name}={value}" for name, value in act.options.items())
    return f"panne provoquée dans « {act.arguments[0]} »{NBSP}: {faults}"


def _traffic(act: Act) -> str:
    return f"le trafic commence{NBSP}: {plural(act.arguments[0], 'requête')} par seconde"


_ACT_WORDS: dict[str, Callable[[Act], str]] = {
    "kill": _told("« {0} » est tué (kill -9)"),
    "pause": _told("« {0} » est figé (SIGSTOP)"),
    "resume": _told("« {0} » repart (SIGCONT)"),
    "restart": _told("« {0} » est relancé"),
    "scale": _scaled,
    "slow": _slowed,
    "fault": _faulty,
    "start_traffic": _traffic,
    "stop_traffic": _told("le trafic s’arrête"),
    "sign_in": _told("« {0} » se connecte"),
    "serve": _told("votre code sert à la place de « {0} »"),
    "withdraw": _told("votre code de « {0} » est retiré"),
    "reset": _told("« {0} » redevient le service de la boutique"),
    "stop": _told("« {0} » est arrêté (SIGTERM)"),
    "broker.kill": _told("RabbitMQ est tué (kill -9)"),
    "broker.restart": _told("RabbitMQ est relancé"),
}


# -- what processes say -----------------------------------------------------------------------


def _records(tape: Tape) -> Iterator[Event]:
    for entry in tape.of(RECORD):
        if entry.content["kind"] == "event":
            yield from _event(_since(tape, entry), entry.content)


def _event(at: float, record: dict) -> Iterator[Event]:
    service, instance = record["service"], record["instance"]
    match record.get("event"):
        case "listening":
            yield Event(at, "start", f"« {instance} » écoute", service)
        case name if name == EXITED:
            words = f"« {instance} »{NBSP}: {ending(record.get('code'))}"
            yield Event(at, "exit", words, service)
        case "breaker":
            how = _BREAKER_WORDS.get(record.get("state"), "change d’état")
            words = f"le disjoncteur {instance} → {record['dependency']} {how}"
            yield Event(at, "breaker", words, service)


def _errors(tape: Tape) -> Iterator[Event]:
    """The first of each error logged, with how often it was."""
    seen: dict[tuple[str, str], list[Entry]] = {}
    for entry in tape.of(RECORD):
        if entry.content["kind"] == "log":
            message = " ".join(str(entry.content.get("message", "")).split())
            seen.setdefault((entry.content["service"], message[:_LONGEST]), []).append(entry)
    for (service, message), entries in seen.items():
        often = f" ({plural(len(entries), 'fois', 'fois')})" if len(entries) > 1 else ""
        words = f"« {service} » note une erreur{NBSP}: {message}{often}"
        yield Event(_since(tape, entries[0]), "log", words, service)


# -- the broker -------------------------------------------------------------------------------


def _broker(tape: Tape) -> Iterator[Event]:
    seen = [(_since(tape, e), e.content.broker) for e in tape.of(STATES)]
    for (_, before), (at, now) in pairwise([(at, broker) for at, broker in seen if broker]):
        if before.failure != now.failure:
            words = now.failure or "RabbitMQ répond de nouveau"
            yield Event(at, "broker", words)
        if not now.failure:
            yield from _queues(at, before, now)


def _queues(at: float, before: BrokerState, now: BrokerState) -> Iterator[Event]:
    dead = {queue for queue in now.depths if queue.endswith(".dead")} | set(_dead_queues(now))
    for name, (depth, _) in now.depths.items():
        was, _ = before.depths.get(name, (0, 0))
        node = f"queue:{name}"
        if name in dead and depth > was:
            words = f"{plural(depth - was, 'lettre morte', 'lettres mortes')} dans « {name} »"
            yield Event(at, "queue", words, node)
        elif was < FULL <= depth:
            yield Event(at, "queue", f"« {name} » se remplit{NBSP}: {depth} messages", node)
        elif depth == 0 and was >= FULL:
            yield Event(at, "queue", f"« {name} » est vidée", node)


def _dead_queues(broker: BrokerState) -> Iterator[str]:
    for queue in broker.queues:
        arguments = queue.get("arguments") or {}
        if arguments.get("x-dead-letter-exchange") == "":
            yield arguments.get("x-dead-letter-routing-key") or queue["name"]


# -- requests ---------------------------------------------------------------------------------


def entering(tape: Tape) -> Iterator[dict]:
    """The spans of the clients' requests, in order of their end."""
    spans = (e.content for e in tape.of(RECORD) if e.content["kind"] == "span")
    return (s for s in spans if s["service"] == CLIENT and s.get("span_kind") == "client")


def named(span: dict) -> str:
    """`POST /orders → 503`."""
    status = span.get("attributes", {}).get("http.response.status_code")
    return f"{span['name']} → {status or 'sans réponse'}"


def _failures(tape: Tape) -> Iterator[Event]:
    """The first failure of each series, and the return of good answers after it."""
    failed = [span for span in entering(tape) if has_failed(span)]
    ends = [span["start"] + span["duration"] - tape.began for span in failed]
    first = 0
    for i, end in enumerate(ends):
        if i + 1 < len(ends) and ends[i + 1] - end < CALM:
            continue
        yield Event(
            ends[first], "request", f"première requête en échec{NBSP}: {named(failed[first])}"
        )
        if i > first:
            count, lasted = plural(i + 1 - first, "échec"), duration(end - ends[first])
            words = f"dernière requête en échec de la série{NBSP}: {count} en {lasted}"
            yield Event(end, "request", words)
        first = i + 1


def _storms(frames: list[tuple[float, nx.DiGraph]]) -> Iterator[Event]:
    """A service that calls another several times for each request it serves, in vain."""
    raging: set[tuple] = set()
    for at, graph in frames:
        now = {(u, v) for u, v, edge in graph.edges(data=True) if _is_storm(graph, u, edge)}
        for u, v in sorted(now - raging):
            often = number(graph.edges[u, v]["rate"] / graph.nodes[u]["rate"])
            words = f"tempête de relances{NBSP}: « {u} » appelle « {v} » {often} fois par requête"
            yield Event(at, "request", words, u)
        raging |= now


def _is_storm(graph: nx.DiGraph, caller: str, edge: dict) -> bool:
    served = graph.nodes[caller].get("rate") or 0
    failing = edge["error_rate"] >= _STORM_ERRORS and edge["rate"] >= _STORM_RATE
    return edge.get("kind") == "http" and failing and 0 < served * _STORM <= edge["rate"]


# -- bets -------------------------------------------------------------------------------------


def _bets(tape: Tape) -> Iterator[Event]:
    """The bets laid meanwhile, from the logbook (records of kind "bet")."""
    end = tape.ended or float("inf")
    for record in logbook.records():
        if record["kind"] == "bet":
            at = datetime.fromisoformat(record["time"]).timestamp()
            # The logbook counts whole seconds.
            if tape.began - 1 <= at <= end:
                answer = record.get("answer", record.get("value", ""))
                words = f"pari « {record['exercise']} »{NBSP}: {answer}"
                yield Event(max(0.0, at - tape.began), "bet", words)


def _full(tape: Tape) -> Iterator[Event]:
    if tape.full:
        words = "la boîte noire est pleine, la suite n’est pas enregistrée"
        yield Event(max(0.0, tape.ended - tape.began), "box", words)


def _since(tape: Tape, entry: Entry) -> float:
    return max(0.0, entry.time - tape.began)
