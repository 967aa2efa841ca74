"""Checks of a learner's service, a real process, and of what needs the broker."""

from contextlib import suppress

import pytest
import zoo

from workbook.checks import Exercise, expect
from workbook.checks.card import Card
from workbook.checks.judge import judge
from workbook.checks.outcome import Outcome
from workbook.checks.registry import find
from workbook.errors import WorkbookError
from workbook.shop import Shop, magics

GOOD = """
from flask import Flask, abort

app = Flask("rooms")


@app.get("/rooms")
def list_rooms():
    return {"rooms": ["bleue"]}


@app.get("/rooms/<name>")
def show_room(name):
    if name != "bleue":
        abort(404)
    return {"name": name}
"""
STUB = GOOD.replace('return {"rooms": ["bleue"]}', "raise NotImplementedError")
HALF = GOOD.replace('return {"name": name}', "raise NotImplementedError").replace(
    'if name != "bleue":\n        abort(404)', "pass"
)
LAX = GOOD.replace("abort(404)", "pass")
RAISING = GOOD.replace('return {"rooms": ["bleue"]}', 'return {"rooms": {}["bleue"]}')
DYING = "import os\n" + GOOD.replace('return {"rooms": ["bleue"]}', "os._exit(3)")
HANGING = "import time\n" + GOOD.replace('return {"rooms": ["bleue"]}', "time.sleep(60)")
WORKER_STUB = "def consume():\n    raise NotImplementedError\n\n\nconsume()\n"


@pytest.fixture(scope="module")
def shop():
    opened = Shop.current()
    yield opened
    opened.stop()


@pytest.fixture
def rooms(shop, monkeypatch):
    """The exercise of the test lab, and a way to start an answer to it."""
    monkeypatch.setenv("WORKBOOK_COURSE", "small_course")
    exercise = find("lab9.rooms")

    def judged(source=None, worker=False):
        shop.services.pop("rooms", None)
        if source:
            with suppress(WorkbookError):  # the learner has read it; the check must still tell
                shop.serve("rooms", source, worker=worker)
        return judge(exercise, (), 1)

    return judged


def card_of(result):
    return zoo.with_spaces(Card(result).text())


class TestLearnerService:
    def test_good_service_passes(self, rooms):
        result = rooms(GOOD)

        assert (result.outcome, result.points) == (Outcome.PASSED, 2)

    def test_never_started(self, rooms):
        result = rooms()

        assert result.outcome is Outcome.NOT_ATTEMPTED
        assert "%%service rooms" in card_of(result)

    def test_shops_own_service_is_not_the_learners(self, shop):
        """`products` of the shop must not earn the points of the learner's `products`."""
        exercise = Exercise("ch91.products", title="Produits", service="products")
        exercise.step("Il répond")(lambda lab: lab.service.get("/products"))
        Shop.start("products")

        assert judge(exercise, (), 1).outcome is Outcome.NOT_ATTEMPTED
        shop.stop("products")

    def test_stub_answers_501(self, rooms):
        assert rooms(STUB).outcome is Outcome.NOT_ATTEMPTED

    def test_half_written(self, rooms):
        """A first route earns its points; the card says which one remains."""
        result = rooms(HALF)

        assert (result.outcome, result.points) == (Outcome.INCORRECT, 1)
        assert "501" in card_of(result)

    def test_wrong_answer_shows_how_to_see_it_again(self, rooms):
        """The request, the response, and a curl line that sends it again."""
        result = rooms(LAX)

        assert (result.outcome, result.points) == (Outcome.INCORRECT, 1)
        for word in ("→ GET /rooms/salle-", "← 200 OK", "$ curl -i http://127.0.0.1:"):
            assert word in card_of(result)

    def test_unforeseen_exception_is_an_error(self, rooms):
        """A 500 is told as the exception of the learner's line, read in the service's log."""
        result = rooms(RAISING)

        assert result.outcome is Outcome.ERROR
        assert "KeyError : 'bleue'" in card_of(result)
        assert 'return {"rooms": {}["bleue"]}' in card_of(result)

    def test_process_that_dies(self, rooms):
        result = rooms(DYING)

        assert result.outcome is Outcome.ERROR
        assert "« rooms » est mort" in card_of(result)

    def test_process_that_never_started(self, rooms):
        result = rooms("import no_such_module\n")

        assert result.outcome is Outcome.ERROR
        assert "no_such_module" in card_of(result)
        assert "import no_such_module" in card_of(result)

    def test_answer_that_never_comes(self, rooms):
        result = rooms(HANGING)

        assert result.outcome is Outcome.INCORRECT
        assert "n’a pas répondu en" in card_of(result)

    def test_untouched_worker_is_told_by_its_cell(self, shop, capsys):
        """Running the cell of a stub raises nothing: only its check has something to say."""
        magics.service("rooms --worker", WORKER_STUB)

        assert "reste à compléter" in capsys.readouterr().out

    def test_worker_left_as_a_stub(self, rooms):
        """A consumer has no route to answer 501: its NotImplementedError says it."""
        assert rooms(WORKER_STUB, worker=True).outcome is Outcome.NOT_ATTEMPTED


@pytest.mark.needs("rabbitmq")
def test_broker_down_is_not_the_learners_fault(shop):
    """A dead broker cannot be held against an answer; once back, the same answer passes."""
    exercise = Exercise("ch91.publish", title="Publier")

    @exercise.step("Le message arrive")
    def arrives(lab, publish):
        channel = lab.channel()
        queue = lab.unique("file")
        channel.queue_declare(queue, exclusive=True)
        publish(channel, queue)
        frame, *_ = channel.basic_get(queue, auto_ack=True)
        expect(frame is not None, "rien")

    def publish(channel, queue):
        channel.basic_publish("", queue, b"bonjour")

    shop.broker.kill()
    down = judge(exercise, (publish,), 1)
    shop.broker.restart()
    back = judge(exercise, (publish,), 1)

    assert down.outcome is Outcome.CANNOT_CHECK
    assert "shop.broker.restart()" in card_of(down)
    assert back.outcome is Outcome.PASSED
