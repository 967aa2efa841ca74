"""Chapter 08 without its processes: what deaths leave, every arrival of three events."""

import pytest

from course.ch08.bets import LOST, PHANTOM, SAFE
from course.ch08.books import Fate, order_of
from course.ch08.experiments import CALLS, JOIN, Arrivals, Deaths, Pages, Survivors

DEAD_EARLY = Fate("received", order=False, announced=False)
WHOLE = Fate("publish", order=True, announced=True)


class TestDeaths:
    @pytest.mark.parametrize(
        ("order", "announced", "verdict"),
        [(True, False, LOST), (False, True, PHANTOM), (True, True, SAFE), (False, False, SAFE)],
    )
    def test_left(self, order, announced, verdict):
        """One half alone is what matters, whatever the other deaths have left."""
        deaths = Deaths([DEAD_EARLY, Fate("commit", order, announced), WHOLE])

        assert deaths.left() == verdict

    def test_table(self):
        """What is whole, or not there at all, has no verdict."""
        deaths = Deaths([DEAD_EARLY, Fate("commit", order=True, announced=False)])

        assert [row[-1] for row in deaths.table().rows] == ["", LOST]


class TestSurvivors:
    def test_most(self):
        """An order announced twice counts two, even beside a death that left no order."""
        survivors = Survivors({"before": {}, "after": {"one": 1, "two": 2}})

        assert survivors.most() == 2


class TestOrderOf:
    @pytest.mark.parametrize("body", ["", "x", "[]", "{}", '{"type": "ORDER_CREATED"}', "null"])
    def test_unreadable(self, body):
        assert order_of(body) is None

    def test_readable(self):
        assert order_of('{"type": "ORDER_CREATED", "order_id": "42", "more": 1}') == "42"


class TestArrivals:
    def test_every_order(self):
        """Six events, of which two and two and two are alike."""
        arrivals = Arrivals(lambda copy, event: None)

        assert len(arrivals.orders) == 90
        assert arrivals.ghosts == []

    def test_tombstone(self):
        """A version that outlives its row leaves no ghost."""

        def apply(copy, event):
            version = event["version"]
            if version > copy.get("last", 0):
                copy["last"] = version
                copy["zoe"] = event
                if "name" not in event:
                    del copy["zoe"]

        assert Arrivals(apply).ghosts == []


def test_ratio():
    """Of one call a line to a join, rounded."""
    assert Pages({JOIN: 0.002, CALLS: 0.041}, {}).ratio() == 20
