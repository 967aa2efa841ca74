"""Labs 3 and 4: the shortest death of a wrong service or worker, found without naming any line."""

import pytest
import zoo

from workbook.checks import registry
from workbook.checks.judge import judging
from workbook.editions import sources
from workbook.failures.plan import fatal_plan
from workbook.shop import Shop


@pytest.fixture(scope="module")
def shop():
    shop = Shop.current()
    yield shop
    shop.stop()


def plan_of(id, answer):
    """The fatal plan of an answer in the zoo, None when every death leaves its books right."""
    (source,) = [source for source in sources(zoo.ROOT) if id in source.exercises]
    found = next(a.text for a in zoo.answers(source, id) if a.name == answer)
    with judging((), seed=1) as bench:
        return fatal_plan(zoo.below_magic(found)[1], registry.find(id).trial, bench)


class TestOrders:
    """A service of lab 3: it lives with a Products of the check's, and without a broker."""

    def test_key_apart_from_the_order(self, shop):
        plan = plan_of("lab3.again", "wrong_key_after_the_order")

        assert plan.death.effects == ("received", "commit")
        assert [line.found for line in plan.books] == ["2"]
        assert shop._broker is None

    def test_right_answer(self, shop):
        assert plan_of("lab3.again", "right_urllib_and_columns") is None


@pytest.mark.needs("rabbitmq")
class TestReturns:
    """The worker of lab 4: an HTTP call, a database and a message, in one go."""

    def test_dead_between_note_and_announcement(self, shop):
        """What is noted is not yet done: nobody would hear of the refund."""
        plan = plan_of("lab4.returns", "wrong_known_is_done")

        assert [line.found for line in plan.books if not line.right] == ["jamais"]

    def test_right_answer(self, shop):
        assert plan_of("lab4.returns", "right_stock_keyed_by_return") is None
