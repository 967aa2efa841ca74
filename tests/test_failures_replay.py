"""The tree and the real processes agree: each planted mistake kills the real books as foreseen."""

import pytest
import test_failures
from failing_sagas import OURS, PLANTED

from workbook.errors import WorkbookError
from workbook.shop import Shop


@pytest.fixture(scope="module")
def shop():
    shop = Shop.start("inventory", "payments", broker=False)
    yield shop
    shop.stop()


@pytest.fixture
def replayed(shop):
    """Plays the fatal path of a planted saga, its participants' fault in the real ones too."""
    served = []

    def play(planted):
        for name, source in planted.served.items():
            shop.serve(name, source)
            served.append(name)
        return test_failures.explored(planted).replay(shop)

    yield play
    for name in served:
        shop.reset(name)


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
def test_agrees(replayed, planted):
    """The same books, broken in the same way."""
    found = replayed(planted)

    assert found.agrees, found
    assert set(planted.breaks) <= set(found.wrong)
    assert "Pour de vrai" in repr(found)


def test_is_recorded(replayed):
    """The black box saw the orchestrator die, and its requests to the participants."""
    key = next(planted for planted in PLANTED if planted.name == "une clé neuve à chaque essai")

    story = replayed(key).incident.story

    assert "exit" in [event.kind for event in story.events]
    assert any("orders" in graph and "payments" in graph for graph in story.graphs)


def test_gives_orders_back(shop, replayed):
    """Nothing of the replay stays in the shop."""
    replayed(PLANTED[-1])

    assert "orders" not in shop.services


def test_nothing_to_replay(shop):
    with pytest.raises(WorkbookError, match="aucun chemin fatal"):
        test_failures.explored(OURS).replay(shop)


def test_healthy_participants(shop):
    """A fault of the contract that the real participants do not have: the tree was too dark."""
    tombless = next(planted for planted in PLANTED if planted.name == "pas de pierre tombale")

    found = test_failures.explored(tombless).replay(shop)

    assert not found.agrees
    assert found.wrong == ()
