"""A real incident: recorded in a real shop, saved, loaded, and played again with one change."""

import pytest

from workbook.incident import load
from workbook.shop import Shop
from workbook.shop.client import ServiceUnreachable
from workbook.waiting import patient, until


def rejected(shop):
    """Whether the gateway answers that it finds no products any more."""
    return not shop.get("/products").ok


@pytest.fixture(scope="module")
def shop():
    shop = Shop.start("gateway", "products", broker=False)
    yield shop
    shop.stop()


@pytest.fixture(scope="module")
def incident(shop):
    """Products is killed, missed, and brought back."""
    until(lambda: not rejected(shop), patient(10))
    with shop.record() as incident:
        shop.get("/products")
        shop.kill("products")
        assert until(lambda: rejected(shop), patient(10))
        with pytest.raises(ServiceUnreachable):
            shop["products"].get("/products")
        shop.restart("products")
        assert until(lambda: not rejected(shop), patient(10))
    return incident


def kinds(incident):
    return [event.kind for event in incident.story.events]


def acts(incident):
    return [event.words for event in incident.story.events if event.kind == "act"]


def test_tells_what_happened(incident):
    """The act, the death it caused, the return: in this order."""
    told = [kind for kind in kinds(incident) if kind in ("act", "exit", "start")]

    assert told == ["act", "exit", "act", "start"]
    assert "request" in kinds(incident)


def test_keeps_the_requests_of_the_learner(incident):
    """All of them, with the spans of the services; the call that nobody answered as well."""
    labels = [kept.label for kept in incident.story.requests]

    assert labels[0] == "GET /products → 200"
    assert "GET /products → sans réponse" in labels
    assert {s["service"] for s in incident.story.requests[0].spans} >= {"client", "gateway"}


def test_map_saw_it(incident):
    """At some moment products is dead, and at the end it lives."""
    health = [graph.nodes["products"]["health"] for graph in incident.story.graphs]

    assert "down" in health
    assert health[-1] != "down"


def test_recording_is_over(shop, incident):
    """What happens later is no part of it, and no thread of it is left."""
    before = len(incident.story.events)
    shop.slow("products", 0)

    assert len(incident.story.events) == before
    assert not incident._recorder._thread.is_alive()


def test_handed_out_and_played_again(shop, incident, tmp_path):
    """« Et si ? »: from the page, in another shop, with one change."""
    loaded = load(incident.save(tmp_path / "panne.html"))
    both = loaded.again(shop, products={"slow": 0.01})

    assert both.second.story.total.requests >= both.first.story.total.requests
    assert acts(both.second)[1:] == acts(both.first)
    assert acts(both.second)[0].endswith("slow=0.01")
    assert shop["products"].get("/products").ok
