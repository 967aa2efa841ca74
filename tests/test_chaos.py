"""The proof, in short: a selection of what `make chaos` runs in full.

Every crash point once, a few pairs, one planted bug for each invariant, a small storm.
"""

import pytest
from chaos import mutants, points, report, storm
from chaos.ground import Ground
from chaos.invariants import INVARIANTS, LOOKS
from chaos.shop import REPOSITORY, TRIED

pytestmark = [pytest.mark.needs("rabbitmq"), pytest.mark.timeout(600)]
SEED = 2026
PAIRS = 2  # of each scenario
ORDERS = 60
PASSES = ("first", "middle", "last")


@pytest.fixture(scope="module")
def ground():
    with Ground() as ground:
        yield ground


@pytest.fixture(scope="module")
def dry(ground):
    """The passes counted in each scenario, and the result of the run that counted."""
    return {scenario: points.passes(ground, scenario) for scenario in points.SCENARIOS}


def carry_out(ground, plans):
    return report.carried_out("", ground, plans, workers=2)


def wrong(results):
    """The violations that count on any machine.

    I12 and I13 speak of time-outs and seconds: a machine with much else to do breaks them, and
    `make chaos`, alone on its own, judges them.
    """
    return [
        (result.plan.name, violation)
        for result in results
        for violation in result.violations
        if violation.invariant not in {"I12", "I13"}
    ]


def selection(dry, service):
    """One plan for each point of a service, at the one pass or the other."""
    chosen = {}
    for scenario, (counted, _) in dry.items():
        for n, point in enumerate(points.wanted(scenario, counted)):
            if point.startswith(service) and point not in chosen:
                which = PASSES[n % len(PASSES)]
                one = {point: counted[point]}
                chosen[point] = points.single(scenario, points.Counter(one), (which,))[0]
    return list(chosen.values())


class TestShop:
    """What the proof tries is derived: a new service, table or door is not left out in silence."""

    def test_services(self):
        """Whoever has a line to die at dies there."""
        folders = (REPOSITORY / "services").glob("*/crash_points.py")

        assert {folder.parent.name for folder in folders} == set(TRIED)

    def test_meanings(self):
        assert set(report.MEANINGS) == set(INVARIANTS)

    def test_doors(self):
        """Whoever has a public page of its own is looked at while others are down."""
        assert {"orders", "inventory", "products", "notifications", "users"} <= set(LOOKS.values())


class TestPoints:
    def test_all_reached(self, dry):
        """There is no named line that no scenario passes, and without a death nothing breaks."""
        results = [result for _, result in dry.values()]

        assert points.never_passed([counted for counted, _ in dry.values()]) == []
        assert wrong(results) == []

    @pytest.mark.parametrize("service", TRIED)
    def test_killed(self, ground, dry, service):
        """Killed at any of its named lines, the shop keeps its books right."""
        results = carry_out(ground, selection(dry, service))

        assert report.not_reached(results) == []
        assert wrong(results) == []

    def test_killed_twice(self, ground, dry):
        """Two deaths in one order, orchestrated or choreographed."""
        plans = [
            plan
            for scenario, (counted, _) in dry.items()
            for plan in points.pairs(scenario, counted, SEED)[:PAIRS]
        ]

        assert wrong(carry_out(ground, plans)) == []


class TestMutants:
    @pytest.mark.parametrize("mutant", mutants.MUTANTS, ids=lambda mutant: mutant.name)
    def test_applies(self, mutant):
        """The line that a mutant spoils is still there, once."""
        texts = [
            (REPOSITORY / "services" / file).read_text("utf-8").count(old)
            for file, old, _ in mutant.patches
        ]

        assert texts == [1] * len(mutant.patches)

    def test_enough(self):
        """Every invariant has a bug of its own that it sees."""
        assert len(mutants.MUTANTS) >= 50
        assert {name for mutant in mutants.MUTANTS for name in mutant.breaks} == set(INVARIANTS)

    @pytest.mark.parametrize("invariant", INVARIANTS)
    def test_caught(self, ground, invariant):
        """A planted bug breaks the invariant that forbids it."""
        mutant = next(mutant for mutant in mutants.MUTANTS if mutant.breaks[0] == invariant)

        assert mutants.hunt(ground, mutant).caught


def test_storm(ground):
    """Everything is killed once, the broker too, while customers order."""
    result = storm.rage(ground, SEED, ORDERS, print, recovery_limit=None)

    orders = storm.orders_account(result.history, result.account)
    assert wrong([result]) == []
    assert (orders["attempted"], orders["lost"], orders["unexpected"]) == (ORDERS, 0, 0)
    assert storm.charged_twice(result.account) == 0
