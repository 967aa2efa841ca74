"""lab5.locate: from the spans of one trace, the service at fault and the edge that shows it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from workbook.checks import Exercise, expect, plain

if TYPE_CHECKING:
    from workbook.checks import Harness

CALLEES = ("products", "inventory", "payments")
QUEUE = "notifications.orders"

exercise = Exercise(
    "lab5.locate",
    title="Le plus profond des segments rouges",
    asks="locate",
    hints=(
        "Un segment rouge dont un enfant est rouge n’est pas le coupable : il rapporte. Gardez "
        "ceux dont aucun enfant n’est rouge.",
        "Celui qui reste est un segment `server` ou `consumer` : la faute est chez lui. Ou un "
        "segment `client`, et tout dépend de l’appelé : a-t-il un segment, vert, ou aucun ?",
    ),
)


class Trace:
    """Builds spans as the services write them."""

    def __init__(self, harness: Harness) -> None:
        self.spans: list[dict[str, Any]] = []
        self._ids, self._chance = itertools.count(1), harness.random

    def add(self, service: str, kind: str, parent: dict | None = None, red: bool = False) -> dict:
        """One span, below `parent`."""
        span = {
            "service": service,
            "span_kind": kind,
            "span_id": f"{next(self._ids):016x}",
            "parent_id": parent["span_id"] if parent else None,
            "status": "error" if red else "ok",
            "attributes": {},
        }
        self.spans.append(span)
        return span

    def call(self, caller: dict, name: str, red: bool = False, served: str = "same") -> dict:
        """A call to `name`; `served`: `same` colour at the callee, `ok`, or `none` at all.

        Returns the callee's span, or the caller's where there is none.
        """
        out = self.add(caller["service"], "client", caller, red)
        out["attributes"]["peer.service"] = name
        if served == "none":
            return out
        return self.add(name, "server", out, red and served == "same")

    def read(self, producer: dict, name: str, red: bool = False) -> dict:
        """A message published by `producer`'s service, and read by `name` from its queue."""
        said = self.add(producer["service"], "producer", producer)
        said["attributes"]["messaging.destination.name"] = "shop.events"
        heard = self.add(name, "consumer", said, red)
        heard["attributes"]["messaging.destination.subscription.name"] = QUEUE
        return heard

    def shuffled(self) -> list[dict]:
        """The spans in the order of nothing: they come as they come."""
        self._chance.shuffle(self.spans)
        return self.spans


def order_through(trace: Trace, red: bool, callees: tuple[str, ...] = ()) -> dict:
    """An order at the gateway, then at orders, whose calls to `callees` went well."""
    gateway = trace.add("gateway", "server", red=red)
    orders = trace.call(gateway, "orders", red)
    for name in callees:
        trace.call(orders, name)
    return orders


@exercise.step("Rien de rouge, rien à dire", points=1)
def is_silent(harness: Harness, locate: Callable) -> None:
    trace = Trace(harness)
    order_through(trace, False, CALLEES)
    found = locate(trace.shuffled())
    expect(
        found is None,
        seen=f"Tous les segments sont verts, et `locate` rend {found!r}.",
        expected="None",
        meaning="On redémarrerait un service qui n’a rien.",
    )


@exercise.step("Le service qui échoue, et non ceux qui le rapportent", points=1)
def goes_down(harness: Harness, locate: Callable) -> None:
    for name in CALLEES:
        trace = Trace(harness)
        orders = order_through(trace, True, tuple(n for n in CALLEES if n != name))
        trace.call(orders, name, red=True)
        _expect_located(locate, trace, name, ("orders", name), f"« {name} » échoue")
    trace = Trace(harness)
    order_through(trace, True, CALLEES)
    _expect_located(locate, trace, "orders", ("gateway", "orders"), "« orders » échoue de lui-même")


@exercise.step("Celui qui ne répond pas du tout", points=1, after=goes_down)
def sees_the_silent(harness: Harness, locate: Callable) -> None:
    for name in CALLEES:
        trace = Trace(harness)
        orders = order_through(trace, True, tuple(n for n in CALLEES if n != name))
        trace.call(orders, name, red=True, served="none")
        told = f"l’appel à « {name} » est rouge, et « {name} » n’a aucun segment"
        _expect_located(locate, trace, name, ("orders", name), told)
        trace = Trace(harness)
        orders = order_through(trace, True, CALLEES)
        trace.call(orders, name, red=True, served="none")
        told = f"« {name} » répond au premier appel, et le second, rouge, n’a aucun segment"
        _expect_located(locate, trace, name, ("orders", name), told)


@exercise.step("Celui qui raccroche trop tôt", points=1, after=goes_down)
def sees_the_hurried(harness: Harness, locate: Callable) -> None:
    for name in CALLEES:
        trace = Trace(harness)
        orders = order_through(trace, True, tuple(n for n in CALLEES if n != name))
        trace.call(orders, name, red=True, served="ok")
        told = f"l’appel de « orders » est rouge, le segment de « {name} » est vert"
        _expect_located(locate, trace, "orders", ("orders", name), told)


@exercise.step("Celui qui lit mal ses messages", points=1, after=goes_down)
def sees_the_reader(harness: Harness, locate: Callable) -> None:
    trace = Trace(harness)
    orders = order_through(trace, False, CALLEES)
    trace.read(orders, "notifications", red=True)
    told = f"le lecteur de « {QUEUE} » échoue"
    _expect_located(locate, trace, "notifications", (QUEUE, "notifications"), told)


def _expect_located(
    locate: Callable, trace: Trace, service: str, edge: tuple[str, str], told: str
) -> None:
    found = locate(trace.shuffled())
    answer = plain(found, "La réponse de `locate`")
    wanted = [service, list(edge)]
    expect(
        answer == wanted,
        seen=f"{told.capitalize()} ; `locate` rend {found!r}.",
        expected=f"({service!r}, {edge!r})",
        meaning="On réveillerait une équipe qui n’y peut rien.",
    )
