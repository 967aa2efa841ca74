"""The layout: nothing on top of anything, the same every time, and calm when the shop changes."""

from functools import cache
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.views_graphs import CASES, add_exchange, add_queue, empty, healthy, large, starting
from workbook.views.layout.layered import badge, band_title, dock, layout
from workbook.views.layout.placement import separate


@cache
def drawn(name):
    graph = CASES[name]()
    return graph, layout(graph)


@pytest.fixture(params=CASES)
def name(request):
    return request.param


@pytest.fixture
def case(name):
    return drawn(name)[0]


@pytest.fixture
def plan(name):
    return drawn(name)[1]


def in_rows(plan):
    """Nodes from left to right, row by row from the top."""
    rows = {}
    for node, box in plan.boxes.items():
        rows.setdefault(round(box.y), []).append(node)
    return [sorted(row, key=lambda n: plan.boxes[n].x) for _, row in sorted(rows.items())]


class TestNothingOverlaps:
    def test_boxes(self, plan):
        """Two cards never touch."""
        assert [p for p in combinations(plan.boxes, 2) if _overlap(plan.boxes, *p)] == []

    def test_labels(self, case, plan):
        """A label covers no card, no database, no breaker and no other label."""
        cards = list(plan.boxes.values())
        docks = [dock(plan.boxes[n]) for n, d in case.nodes(data=True) if d.get("database")]
        solid = [*cards, *docks, *map(badge, cards), *plan.switches.values()]
        solid += [band_title(plan.band)] if plan.band else []

        covered = {e: [b for b in solid if label.overlap(b)] for e, label in plan.labels.items()}

        assert {e: boxes for e, boxes in covered.items() if boxes} == {}
        assert [p for p in combinations(plan.labels, 2) if _overlap(plan.labels, *p)] == []

    def test_edges_avoid_cards(self, plan):
        """An edge goes round the cards it has nothing to do with."""

        through = [
            (edge, node)
            for edge, curve in plan.curves.items()
            for node, box in plan.boxes.items()
            if node not in edge and _passes(curve, box)
        ]

        assert through == []

    def test_everything_on_the_page(self, plan):
        """Nothing is clipped."""
        things = [*plan.boxes.values(), *plan.labels.values(), *plan.switches.values()]

        assert all(box.left >= 0 and box.right <= plan.width for box in things)
        assert all(box.top >= 0 and box.bottom <= plan.bottom for box in things)
        for curve in plan.curves.values():
            assert curve.points.min() >= 0
            assert curve.points[:, 0].max() <= plan.width

    def test_readable_width(self, case, plan):
        """At 900 pixels, letters of a shop's map stay above seven pixels high."""
        if len(case) < 25:
            assert plan.width <= 1080


class TestPlaces:
    def test_edges_end_at_their_cards(self, plan):
        """A curve starts on the caller's border and stops just before the callee's."""

        for (source, target), curve in plan.curves.items():
            assert _distance(curve.points[0], plan.boxes[source]) < 1
            assert _distance(curve.points[-1], plan.boxes[target]) < 8

    def test_client_beside_gateway(self):
        """Who calls from outside stands left of the door."""
        top = in_rows(layout(healthy()))[0]

        assert top == ["client", "gateway"]

    def test_consumer_under_the_broker(self):
        """A service that only reacts is below the queue it reads."""
        boxes = layout(healthy()).boxes

        assert boxes["notifications"].top > boxes["queue:notifications.orders"].bottom

    def test_callee_under_caller(self):
        """Depth on the page is depth in the call chain."""
        boxes = layout(healthy()).boxes

        assert boxes["gateway"].bottom < boxes["orders"].top < boxes["payments"].top

    def test_lonely_nodes(self):
        """Services nobody has called yet stand in rows under the gateway."""
        rows = in_rows(layout(empty("gateway", "auth", "users", "products")))

        assert rows == [["client", "gateway"], ["auth", "users", "products"]]

    def test_cycle(self):
        """Two services that call each other: one edge goes down, the other up."""
        graph = empty("a", "b", client=False)
        graph.add_edge("a", "b", kind="http")
        graph.add_edge("b", "a", kind="http")

        plan = layout(graph)

        assert plan.boxes["a"].bottom < plan.boxes["b"].top
        assert plan.curves["b", "a"].points[0][1] > plan.curves["b", "a"].points[-1][1]

    def test_call_to_itself(self):
        """A loop is drawn beside the card."""
        graph = empty("a", client=False)
        graph.add_edge("a", "a", kind="http")

        assert layout(graph).curves["a", "a"].points[:, 0].max() > layout(graph).boxes["a"].right

    def test_nothing(self):
        """An empty graph is an empty page."""
        plan = layout(nx.DiGraph())

        assert plan.boxes == {}
        assert plan.width == 760


class TestCalm:
    def test_deterministic(self, case, plan):
        """The same graph gives the same map, to the pixel."""
        first, second = plan, layout(case)

        assert first.boxes == second.boxes
        assert first.labels == second.labels
        for edge, curve in first.curves.items():
            assert np.array_equal(curve.points, second.curves[edge].points)

    def test_new_service_moves_no_neighbours(self):
        """Adding a service never swaps two that were there."""
        graph = healthy()
        before = layout(graph)
        graph.add_node("reports", kind="service", name="reports", label="Rapports")
        graph.add_edge("gateway", "reports", kind="http")

        after = layout(graph, before)

        kept = [[n for n in row if n != "reports"] for row in in_rows(after)]
        assert [row for row in kept if row] == in_rows(before)

    def test_first_traffic(self):
        """From nodes only to the whole traffic, the map gets as few crossings as a fresh one."""
        before = layout(starting())

        assert layout(healthy(), before).crossings <= layout(healthy()).crossings

    def test_unchanged_graph_stays(self, case, plan):
        """Laying the same graph out from its own layout changes nothing."""
        assert in_rows(layout(case, plan)) == in_rows(plan)


class TestCorpus:
    @pytest.mark.parametrize("seed", range(8))
    def test_random_shops(self, seed):
        """Shops of other shapes: still nothing overlaps."""
        graph = large(10 + 2 * seed, seed=seed)

        plan = layout(graph)

        assert [p for p in combinations(plan.boxes, 2) if _overlap(plan.boxes, *p)] == []
        assert [p for p in combinations(plan.labels, 2) if _overlap(plan.labels, *p)] == []

    @pytest.mark.parametrize("queues", range(1, 8))
    def test_queues(self, queues):
        """One to seven queues, each with its dead letters."""
        graph = empty("orders", "notifications")
        exchange = add_exchange(graph, "shop.events")
        for i in range(queues):
            queue = add_queue(graph, f"notifications.purpose{i}")
            dead = add_queue(graph, f"notifications.purpose{i}.dead", dead=True)
            graph.add_edge(exchange, queue, kind="binding", routing_key="order.confirmed")
            graph.add_edge(queue, dead, kind="dead_letter")
            graph.add_edge(queue, "notifications", kind="consume")

        plan = layout(graph)

        assert [p for p in combinations(plan.boxes, 2) if _overlap(plan.boxes, *p)] == []
        assert plan.width <= 1200


positions = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=12)


class TestSeparate:
    @given(positions, st.floats(0, 50))
    def test_keeps_gaps(self, wanted, gap):
        """Neighbours end up at least a gap apart."""
        placed = separate(wanted, [gap] * (len(wanted) - 1), [1.0] * len(wanted))

        assert np.all(np.diff(placed) >= gap - 1e-6)

    @given(positions)
    def test_leaves_what_fits(self, wanted):
        """Positions already far enough apart are not moved."""
        wanted = sorted(wanted)

        placed = separate(wanted, [0.0] * (len(wanted) - 1), [1.0] * len(wanted))

        assert np.allclose(placed, wanted)

    @given(positions)
    def test_keeps_bounds(self, wanted):
        """Nothing goes beyond the page when it can hold."""
        placed = separate(wanted, [10.0] * (len(wanted) - 1), [1.0] * len(wanted), (-60, 60))

        assert placed.min() >= -60
        assert placed.max() <= 60 + 1e-6


def _overlap(boxes, a, b):
    return boxes[a].overlap(boxes[b]) > 0


def _passes(curve, box):
    x, y = curve.points.T
    inside = (abs(x - box.x) < box.width / 2 - 1) & (abs(y - box.y) < box.height / 2 - 1)
    return bool(inside.any())


def _distance(point, box):
    dx = max(box.left - point[0], 0, point[0] - box.right)
    dy = max(box.top - point[1], 0, point[1] - box.bottom)
    return float(np.hypot(dx, dy))
