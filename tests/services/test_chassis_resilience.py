"""Instances that die, deadlines, breakers and bulkheads, between real processes."""

import itertools
import json
import signal
import threading
import time

import pytest
from basics import eventually
from calling import BACK, FRONT, Asking, arrivals, call, peers
from ports import free_port


@pytest.fixture(scope="module")
def pair(start_shared):
    """`front` and `back`, shared; `front` knows `back` by as many names as there are tests."""
    back = start_shared.script("back", BACK)
    names = json.dumps({f"back{number}": [back.url] for number in range(100)})
    return start_shared.script("front", FRONT, PEERS=names), back, itertools.count()


@pytest.fixture
def ask(pair):
    front, back, numbers = pair
    return Asking(front, back, f"back{next(numbers)}")


@pytest.fixture
def back(start):
    return start.script("back", BACK)


@pytest.fixture
def front(start, back):
    return start.script("front", FRONT, PEERS=peers(back.url))


class TestInstances:
    def test_takes_turns(self, start, back):
        other = start.script("back", BACK, instance="back-2")
        front = start.script("front", FRONT, PEERS=peers(back.url, other.url))
        for _ in range(6):
            call(front, "/echo")

        assert len(arrivals(back, "/echo")) == len(arrivals(other, "/echo")) == 3

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_a_dead_instance_costs_nothing(self, start, back, method):
        """Nobody received the request: the next instance may get it, whatever it is."""
        front = start.script(
            "front", FRONT, PEERS=peers(f"http://127.0.0.1:{free_port()}", back.url)
        )

        answers = [call(front, "/echo", method=method).status_code for _ in range(10)]

        assert answers == [200] * 10
        assert front.of_kind("event", event="breaker") == []

    @pytest.mark.parametrize("end", ["kill", "stop"])
    def test_one_ends_under_load(self, start, back, end):
        """Two instances, one killed or stopped: not one safe request is lost."""
        other = start.script("back", BACK, instance="back-2")
        front = start.script("front", FRONT, PEERS=peers(back.url, other.url))
        answers, stop = [], threading.Event()

        def load():
            while not stop.is_set():
                answers.append(call(front, "/echo").status_code)

        callers = [threading.Thread(target=load) for _ in range(4)]
        for caller in callers:
            caller.start()
        eventually(lambda: len(answers) > 20)
        getattr(other, end)()
        reached = len(answers)
        eventually(lambda: len(answers) > reached + 40)
        stop.set()
        for caller in callers:
            caller.join()

        assert set(answers) == {200}


class TestDeadline:
    def test_is_passed_on(self, ask):
        """What is left of the caller's time, and never more than our own timeout."""
        soon = int((time.time() + 30) * 1000)
        ask("/echo", headers={"X-Deadline": str(soon)}, timeout=60)
        ask("/echo", timeout=15)
        first, second = (int(seen["headers"]["x-deadline"]) for seen in ask.arrivals("/echo"))

        assert first == pytest.approx(soon, abs=5)
        assert second < soon

    def test_late_work_is_refused(self, ask):
        """Nobody waits for it any more: 504 before anything is done."""
        late = str(int(time.time() * 1000) - 1)
        response = ask("/echo", headers={"X-Deadline": late})

        assert response.status_code == 504
        assert ask.arrivals("/echo") == []

    @pytest.mark.parametrize("value", ["soon", "", "-", "1e400"])
    def test_nonsense_is_refused(self, ask, value):
        """Guessing what it meant would give the work no end, or none of the time it needs."""
        assert ask("/echo", headers={"X-Deadline": value}).status_code == 400

    def test_ends_the_retries(self, ask):
        """With 0.3 s to go there is no time for three tries of 0.2 s."""
        headers = {"X-Deadline": str(int((time.time() + 0.3) * 1000))}
        response = ask("/sleep/5", headers=headers, timeout=0.2)

        assert response.status_code == 504
        assert len(ask.arrivals("/sleep/5")) <= 2

    def test_can_be_set_by_the_service(self, ask):
        ask.front.post(f"/within/{ask.name}", ask.mark)
        (seen,) = ask.arrivals("/echo")

        assert int(seen["headers"]["x-deadline"]) <= (time.time() + 5) * 1000


class TestBreaker:
    def fail(self, ask, times=10):
        for number in range(times):
            ask(f"/status/500?{number}")

    def test_opens_tells_and_closes(self, ask):
        ask.front.post(f"/breaker/{ask.name}")
        self.fail(ask)
        assert ask.front.wait_for("event", event="breaker", dependency=ask.name)["state"] == "open"
        before = len(ask.arrivals("/echo"))

        refused = ask("/echo")

        assert refused.status_code == 503
        assert "suspendu" in refused.json()["detail"]
        assert len(ask.arrivals("/echo")) == before
        gauge = f'circuit_breaker_state{{dependency="{ask.name}"}} 2.0'
        assert gauge in ask.front.get("/metrics").text

        eventually(lambda: ask("/echo").status_code == 200)
        ask("/echo")

        def states():
            told = ask.front.of_kind("event", event="breaker", dependency=ask.name)
            return [event["state"] for event in told]

        eventually(lambda: len(states()) == 3)
        assert states() == ["open", "half_open", "closed"]

    def test_a_refused_call_is_on_the_map_too(self, ask):
        self.fail(ask)
        response = ask("/echo")
        span = ask.front.wait_for(
            "span", span_kind="client", correlation_id=response.headers["X-Correlation-ID"]
        )

        assert span["status"] == "error"
        assert span["attributes"]["peer.service"] == ask.name

    @pytest.mark.parametrize("status", [400, 404, 409, 501])
    def test_4xx_is_no_failure(self, ask, status):
        for _ in range(10):
            ask(f"/status/{status}")

        assert ask.front.of_kind("event", event="breaker", dependency=ask.name) == []

    def test_the_messenger_is_well(self, start, back):
        """Who answers that its own dependency is out can still do what needs it not."""
        middle = """
            from flask import Flask
            from services.chassis.calls import service

            app = Flask(__name__)


            @app.get("/needs")
            def ask():
                return service("back").get("/status/503").json()


            @app.get("/alone")
            def answer():
                return {}
        """
        middle = start.script("middle", middle, PEERS=peers(back.url))
        front = start.script("front", FRONT, PEERS=json.dumps({"middle": [middle.url]}))
        refused = {call(front, "/needs", service="middle").status_code for _ in range(20)}

        assert (refused, call(front, "/alone", service="middle").status_code) == ({503}, 200)
        assert front.of_kind("event", event="breaker") == []
        assert middle.wait_for("event", event="breaker")["dependency"] == "back"

    def test_is_one_a_dependency(self, start, back):
        dead = f"http://127.0.0.1:{free_port()}"
        front = start.script("front", FRONT, PEERS=json.dumps({"back": [back.url], "dead": [dead]}))
        for _ in range(10):
            call(front, "/x", service="dead")

        assert call(front, "/echo").status_code == 200
        assert front.wait_for("event", event="breaker")["dependency"] == "dead"


class TestBulkhead:
    def test_leaves_threads_for_others(self, start, back):
        """A hanging dependency may hold three quarters of our threads: the rest still serve."""
        front = start.script("front", FRONT, PEERS=peers(back.url), THREADS="4")
        back.signal(signal.SIGSTOP)
        try:
            stuck = [
                threading.Thread(target=call, args=(front, "/echo"), kwargs={"timeout": 5})
                for _ in range(3)
            ]
            for thread in stuck:
                thread.start()
            eventually(lambda: "active_requests 3.0" in front.get("/metrics").text)

            refused = call(front, "/echo")

            assert refused.status_code == 503
            assert "attente" in refused.json()["detail"]
            assert front.get("/health/ready").status_code == 200
        finally:
            back.signal(signal.SIGCONT)
        for thread in stuck:
            thread.join()
