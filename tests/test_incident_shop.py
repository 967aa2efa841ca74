"""A real incident: recorded in a real shop, saved, loaded, and played again with one change."""

import sqlite3

import pytest

from workbook.incident import load
from workbook.shop import Shop
from workbook.shop.client import ServiceUnreachable
from workbook.shop.databases import copy_databases, databases, put_back
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


TWO_PLACES = """
import sqlite3
from flask import Flask
app = Flask(__name__)

def db():
    return sqlite3.connect("places.db", isolation_level=None)

db().execute("CREATE TABLE IF NOT EXISTS taken (place INTEGER PRIMARY KEY)")

@app.get("/places")
def taken():
    return {"taken": db().execute("SELECT COUNT(*) FROM taken").fetchone()[0]}

@app.post("/places")
def take():
    if taken()["taken"] == 2:
        return {}, 409
    db().execute("INSERT INTO taken DEFAULT VALUES")
    return {}, 201
"""


def test_played_again_from_its_beginning(shop):
    """The second run has the data of the first one's beginning; what came since is not lost."""
    shop.serve("places", TWO_PLACES)
    with shop.record() as incident:
        assert shop["places"].post("/places").status_code == 201
    assert shop["places"].post("/places").status_code == 201

    both = incident.again(products={"slow": 0})

    assert [kept.label for kept in both.second.story.requests] == ["POST /places → 201"]
    assert shop["places"].get("/places").json() == {"taken": 2}
    assert shop["places"].post("/places").status_code == 409
    shop.withdraw("places")


def test_databases_are_copied_while_they_are_written(tmp_path):
    """A write that is not committed is left out; a database made since is taken away."""
    data, copies = tmp_path / "data", tmp_path / "copies"
    data.mkdir()
    writer = sqlite3.connect(data / "stock.db", isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE stock (sku TEXT)")
    writer.execute("INSERT INTO stock VALUES ('LAMP')")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO stock VALUES ('MUG')")

    copy_databases(data, copies)
    writer.close()
    sqlite3.connect(data / "later.db").execute("CREATE TABLE later (n)").connection.close()
    put_back(copies, data)

    assert [path.name for path in databases(data)] == ["stock.db"]
    kept = sqlite3.connect(data / "stock.db")
    assert kept.execute("SELECT sku FROM stock").fetchall() == [("LAMP",)]
    kept.close()


def test_locked_for_good(tmp_path, monkeypatch):
    """A backup waits for a lock, but not for ever."""
    monkeypatch.setattr("workbook.shop.databases.LOCKED_SECONDS", 0.1)
    holder = sqlite3.connect(tmp_path / "stock.db", isolation_level=None)
    holder.execute("CREATE TABLE stock (sku TEXT)")
    holder.execute("BEGIN EXCLUSIVE")

    with pytest.raises(sqlite3.OperationalError, match="locked"):
        copy_databases(tmp_path, tmp_path / "copies")

    holder.close()
