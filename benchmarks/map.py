"""One frame of the live map against a fresh networkx figure of the same graph and size.

python -m benchmarks.map
"""

from __future__ import annotations

import io
import random
import statistics
import time
from collections.abc import Callable

import networkx as nx
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from workbook.views.map.drawing import MapDrawing

AIM = 0.35
SIZES = (10, 30, 100)
ROUNDS = 9


def run() -> list[dict[str, object]]:
    """Rows what, ours, rival, ratio, aim; times are medians of alternated rounds."""
    return [_row(count) for count in SIZES]


def _row(count: int) -> dict[str, object]:
    graph = architecture(count)
    drawing = MapDrawing(graph)
    positions = {node: (box.x, -box.y) for node, box in drawing.layout.boxes.items()}
    figure_size = [pixels / 100 for pixels in drawing.size]

    def ours() -> None:
        _change(graph)
        drawing.update(graph)
        drawing.png()

    def rival() -> None:
        _change(graph)
        figure = Figure(figure_size, dpi=100)
        FigureCanvasAgg(figure)
        nx.draw_networkx(graph, positions, ax=figure.add_axes((0, 0, 1, 1)))
        figure.savefig(io.BytesIO(), format="png")

    mine, theirs = _medians(ours, rival)
    return {
        "what": f"map frame, {count} nodes (networkx.draw_networkx)",
        "ours": f"{mine * 1000:.0f} ms",
        "rival": f"{theirs * 1000:.0f} ms",
        "ratio": mine / theirs,
        "aim": AIM,
    }


def architecture(count: int) -> nx.DiGraph:
    """A gateway, three tiers of services, an exchange, and one queue for ten nodes."""
    rng = random.Random(count)
    graph = nx.DiGraph(title="La boutique", time=0.0)
    queues = count // 10
    names = [f"service-{i}" for i in range(count - queues - 2)]
    graph.add_node("gateway", kind="gateway", name="gateway", label="Passerelle")
    third = -(-len(names) // 3)
    for i, name in enumerate(names):
        graph.add_node(name, kind="service", name=name, label=f"Service {i}", database=i % 2 == 0)
        tier = i // third
        callers = names[(tier - 1) * third : tier * third] if tier else ["gateway"]
        for caller in rng.sample(callers, k=min(len(callers), 1 + (i % 3 == 0))):
            graph.add_edge(caller, name, kind="http")
    graph.add_node("exchange:shop.events", kind="exchange", name="shop.events", label="shop.events")
    graph.add_edge(names[0], "exchange:shop.events", kind="publish", routing_key="order.created")
    for i in range(queues):
        queue = f"queue:queue{i}"
        graph.add_node(queue, kind="queue", name=f"queue{i}", label=f"queue{i}.orders")
        graph.add_edge("exchange:shop.events", queue, kind="binding", routing_key="order.*")
        graph.add_edge(queue, names[-1 - i], kind="consume")
    _change(graph)
    return graph


def _change(graph: nx.DiGraph) -> None:
    """Another second of traffic: every figure moves, one service in eight is unwell."""
    rng = random.Random(time.perf_counter_ns())
    graph.graph.update(time=graph.graph["time"] + 1, total_rate=rng.randint(1, 99))
    for _, node in graph.nodes(data=True):
        node.update(
            health=rng.choice(["ok"] * 7 + ["warn"]),
            rate=rng.uniform(1, 99),
            p95=rng.uniform(0.001, 0.4),
            depth=rng.randint(0, 60),
        )
    for _, _, edge in graph.edges(data=True):
        edge.update(rate=rng.uniform(1, 99), p95=rng.uniform(0.001, 0.4), error_rate=0.0)


def _medians(*actions: Callable[[], None]) -> list[float]:
    times: list[list[float]] = [[] for _ in actions]
    for _ in range(ROUNDS):
        for action, spent in zip(actions, times, strict=True):
            start = time.perf_counter()
            action()
            spent.append(time.perf_counter() - start)
    return [statistics.median(spent) for spent in times]


if __name__ == "__main__":
    print("| what | ours | rival | ratio | aim |\n|---|---|---|---|---|")
    for row in run():
        print("| {what} | {ours} | {rival} | {ratio:.2f} | ≤ {aim} |".format(**row))
