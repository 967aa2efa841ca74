"""Workers of chapter 07: the plan that kills a wrong one is found; nobody named a crash point."""

import re

import pytest
import zoo

from workbook.checks import registry, replay
from workbook.checks.card import Card
from workbook.checks.judge import judge, judging
from workbook.editions import solved_text, sources
from workbook.errors import WorkbookError
from workbook.failures.plan import Line, Trial, distinct, fatal_plan, play
from workbook.failures.worker import Server
from workbook.shop import Shop

pytestmark = pytest.mark.needs("rabbitmq")
FATAL = {
    ("consume", "wrong_ack_before_the_work"): ("received", "ack"),
    ("idempotent", "wrong_marks_then_does"): ("received", "commit"),
    ("idempotent", "wrong_does_then_marks"): ("received", "commit"),
}
RIGHT = [("consume", "right_callback"), ("idempotent", "right_insert_or_ignore")]


@pytest.fixture(scope="module")
def shop():
    shop = Shop.current()
    assert shop.broker.url
    yield shop
    shop.stop()


@pytest.fixture
def bench(shop):
    with judging((), seed=1) as harness:
        yield harness


def program(name, answer):
    """The source below the magic of one answer of the zoo."""
    source = next(source for source in sources(zoo.ROOT) if source.key == "ch07")
    solution = solved_text(zoo.cell_of(source, "answer", f"ch07.{name}"))
    file = zoo.folder_of(source, f"ch07.{name}") / f"{answer}.py"
    return zoo.below_magic(zoo.answer(file, solution).text)[1]


def trial(name):
    return registry.find(f"ch07.{name}").trial


class TestWrong:
    @pytest.mark.parametrize(("name", "answer"), FATAL)
    def test_is_found(self, bench, name, answer):
        """Killed after these effects and before the next, its books are wrong for good."""
        plan = fatal_plan(program(name, answer), trial(name), bench)

        assert plan.is_fatal
        assert plan.death.effects == FATAL[name, answer]
        assert "kill -9, juste avant la ligne" in repr(plan)
        assert "✗" in repr(plan)
        assert "<caption" in plan._repr_html_()

    def test_is_played_again(self, bench):
        """Its number is enough."""
        source, tried = program("consume", "wrong_ack_before_the_work"), trial("consume")

        plan = fatal_plan(source, tried, bench)

        again = play(source, tried, bench, plan.nth)
        assert again.is_fatal
        assert again.death.effects == plan.death.effects

    def test_needs_no_death(self, bench):
        """What is wrong without any failure is said so."""
        plan = fatal_plan(program("idempotent", "wrong_no_memory"), trial("idempotent"), bench)

        assert (plan.nth, plan.death) == (0, None)
        assert "Sans panne" in repr(plan)


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_right_has_none(bench, name, answer):
    assert fatal_plan(program(name, answer), trial(name), bench) is None


class TestCheck:
    """A check that kills a worker tells the plan, its books, and how to see it again."""

    @pytest.fixture
    def learners(self, shop):
        """A wrong worker in the notebook's shop, as its cell starts it."""
        shop.serve("magasin", program("idempotent", "wrong_does_then_marks"), worker=True)
        yield
        shop.withdraw("magasin")

    def test_tells(self, learners):
        text = Card(judge(registry.find("ch07.idempotent"), (), seed=1)).text()

        assert "La panne fatale : un message lui parvient" in zoo.with_spaces(text)
        assert "Les livres : lampes sorties" in zoo.with_spaces(text)
        line = re.search(r"from workbook\.checks import replay; (replay\(.*\))", text)
        assert line[1] == 'replay("ch07.idempotent", 2)'

    def test_is_played_again(self, learners):
        """In a place of its own: nobody has to stop what runs."""
        plan = replay("ch07.idempotent", 2)

        assert plan.is_fatal
        assert plan.death.effects == ("received", "commit")

    def test_no_such_moment(self, learners):
        with pytest.raises(WorkbookError, match="sans passer par son 50e instant"):
            replay("ch07.idempotent", 50)

    def test_nobody_to_kill(self):
        with pytest.raises(WorkbookError, match="ne tue pas de worker"):
            replay("ch07.bindings", 1)

    def test_no_number(self):
        with pytest.raises(WorkbookError, match="à partir de 1"):
            replay("ch07.idempotent", 0)


class TestDistinct:
    """Equivalent plans run once."""

    def test_same_effects(self):
        """Two messages dealt with alike: the second adds nothing."""
        one = [("received",), ("file",), ("ack",)]

        assert distinct(one) == [1, 2, 3]
        assert distinct([*one, *one]) == [1, 2, 3]

    def test_other_effects(self):
        """A duplicate, turned away without a commit, is another case."""
        edges = [("received",), ("commit",), ("ack",), ("received",), ("ack",)]

        assert distinct(edges) == [1, 2, 3, 5]


DUAL_WRITE = """
import json
import os
import sqlite3

import pika
from flask import Flask, request

app = Flask(__name__)
FILE = "notes.db"
with sqlite3.connect(FILE) as db:
    db.execute("CREATE TABLE IF NOT EXISTS notes (key PRIMARY KEY, text)")


def publish(note):
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"]))
    channel = connection.channel()
    channel.queue_declare("notes", durable=True)
    channel.confirm_delivery()
    channel.basic_publish("", "notes", json.dumps(note))
    connection.close()


@app.post("/notes")
def take_note():
    key = request.headers["Idempotency-Key"]
    with sqlite3.connect(FILE) as db:
        new = db.execute("INSERT OR IGNORE INTO notes VALUES (?, ?)", [key, "x"]).rowcount
    if new:
        publish({"key": key})
    return {"key": key}, 201
"""
PUBLISHES_ALWAYS = DUAL_WRITE.replace("    if new:\n        publish", "    publish")


def ask(server):
    key = server.bench.unique("note")
    server.post("/notes", {"text": "x"}, key)
    return key


def announced(server, key):
    events = [*server.events, *server.take("notes")] if server.ready("notes") else server.events
    server.events = events
    return sum(key in event for event in events)


def note_books(server, key):
    events = announced(server, key)
    return [Line("événements de la note", "1 au moins", str(events), events >= 1)]


NOTES = Trial(
    "notes",
    "",
    send=ask,
    settled=announced,
    books=note_books,
    again=lambda server, key: server.post("/notes", {"text": "x"}, key),
)


class TestService:
    @pytest.fixture(autouse=True)
    def events(self, monkeypatch):
        monkeypatch.setattr(Server, "events", (), raising=False)

    def test_dual_write(self, bench):
        """Dead after its commit and before it publishes: asked again, it believes it has told."""
        plan = fatal_plan(DUAL_WRITE, NOTES, bench)

        assert plan.death.effects == ("received", "commit")

    def test_at_least_once(self, bench):
        """Told again each time it is asked: nothing is lost, wherever it dies."""
        assert fatal_plan(PUBLISHES_ALWAYS, NOTES, bench) is None

    def test_does_not_start(self, bench):
        with pytest.raises(WorkbookError, match=r"notes.» est mort.: arrêté"):
            fatal_plan("1 / 0", NOTES, bench)
