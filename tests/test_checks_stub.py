"""The service that a check plays itself: scripted answers, silence, death, and who asked."""

import threading
from functools import partial

import pytest
import requests

from workbook.checks.callers import together
from workbook.checks.stub import Script, StubServer, after, cut, drip, hang, reply
from workbook.waiting import until

SECONDS = 20


class Scripted(StubServer):
    """Answers by the script of the path."""

    def __init__(self, alive=True, **scripts):
        super().__init__(alive)
        self.scripts = {f"/{name}": Script(script) for name, script in scripts.items()}

    def behaviour(self, request):
        return self.scripts[request.path]

    def asked(self, name):
        return self.scripts[f"/{name}"].requests


def get(url, **options):
    return requests.get(url, **{"timeout": SECONDS, **options})


def waiting(server, name):
    return until(lambda: server.asked(name), SECONDS)


class TestBehaviours:
    def test_answer_in_turn(self):
        """The last of a script answers every further call."""
        with Scripted(orders=[reply(503), reply(201, {"id": 1}, {"Location": "/1"})]) as server:
            answers = [get(f"{server.url}/orders") for _ in range(3)]

        assert [answer.status_code for answer in answers] == [503, 201, 201]
        assert (answers[2].json(), answers[2].headers["Location"]) == ({"id": 1}, "/1")

    def test_bytes_are_no_json(self):
        """A page under repair is what a client takes for JSON."""
        with Scripted(page=[reply(200, b"<h1>")]) as server:
            answer = get(f"{server.url}/page")

        assert (answer.text, answer.headers["Content-Type"]) == ("<h1>", "text/html")

    @pytest.mark.parametrize("sent", [b"", b'{"id": '])
    def test_hang_up(self, sent):
        """Before the first word, or in the middle of one."""
        with Scripted(x=[cut(sent)]) as server, pytest.raises(requests.RequestException):
            get(f"{server.url}/x")

    def test_drip(self):
        """A body that comes in pieces is whole in the end."""
        with Scripted(x=[drip({"name": "Alice"}, every=0.001, pieces=7)]) as server:
            assert get(f"{server.url}/x").json() == {"name": "Alice"}

    def test_answer_late(self):
        with Scripted(x=[after(0.01, reply(200, 1))]) as server:
            assert get(f"{server.url}/x").json() == 1

    def test_let_go_of_who_hangs(self):
        """Released, a caller gets no answer at all."""
        released = threading.Event()
        with Scripted(x=[hang(SECONDS, released)]) as server:
            threading.Thread(target=lambda: (waiting(server, "x"), released.set())).start()
            with pytest.raises(requests.ConnectionError):
                get(f"{server.url}/x")


class TestRequests:
    def test_are_kept(self):
        """What was asked, oldest first."""
        with Scripted(orders=[reply(201)]) as server:
            requests.post(f"{server.url}/orders?dry=1", json={"n": 1}, headers={"X-Id": "7"})
            get(f"{server.url}/orders")
            post, got = server.asked("orders")

        assert (post.method, post.target, post.json) == ("POST", "/orders?dry=1", {"n": 1})
        assert (post.headers["x-id"], got.json) == ("7", None)

    def test_last_until_their_caller_leaves(self):
        """Who gives up after a moment is seen to, although the server is still silent."""
        with Scripted(x=[hang(SECONDS)]) as server:
            with pytest.raises(requests.Timeout):
                get(f"{server.url}/x", timeout=0.05)
            (request,) = server.asked("x")

            assert request.over.wait(SECONDS)
            assert 0 < request.lasted < SECONDS


class TestLife:
    def test_begins_dead(self):
        """Its port is held and refuses; alive, it answers there."""
        with Scripted(alive=False, x=[reply(200)]) as server:
            with pytest.raises(requests.ConnectionError):
                get(f"{server.url}/x")
            server.live()

            assert get(f"{server.url}/x").status_code == 200

    def test_dies_and_comes_back(self):
        """At the same address, as often as one likes; whoever hangs there is let go."""
        with Scripted(x=[reply(200), hang(SECONDS), reply(204)]) as server:
            get(f"{server.url}/x")
            hanging = threading.Thread(target=refused, args=(f"{server.url}/x",))
            hanging.start()
            until(lambda: len(server.asked("x")) == 2, SECONDS)
            server.die()
            hanging.join(SECONDS)
            dead = refused(f"{server.url}/x")
            server.live()

            assert (hanging.is_alive(), dead) == (False, True)
            assert get(f"{server.url}/x").status_code == 204

    def test_refuses_elsewhere(self):
        """An address where nobody listens, for those that are told that their peer is dead."""
        with Scripted() as server:
            assert refused(server.refused)

    def test_ends_without_waiting(self):
        """The end of the block lets a stuck caller go, instead of waiting for it."""
        with Scripted(x=[hang(10 * SECONDS)]) as server:
            stuck = threading.Thread(target=refused, args=(f"{server.url}/x",))
            stuck.start()
            waiting(server, "x")
        stuck.join(SECONDS)

        assert not stuck.is_alive()

    def test_reports_its_own_faults_only(self, capsys):
        """A behaviour that raises is our mistake; a caller that leaves is not."""
        with Scripted(bug=[lambda to: 1 / 0], gone=[drip("x" * 100_000, 0.001, 9)]) as server:
            refused(f"{server.url}/bug")
            get(f"{server.url}/gone", stream=True).close()
            server.asked("gone")[0].over.wait(SECONDS)

        assert capsys.readouterr().err.count("Traceback") == 1


def refused(url):
    """Whether a GET found nobody, or was hung up on."""
    try:
        get(url, timeout=5 * SECONDS)
    except requests.ConnectionError:
        return True
    return False


class TestTogether:
    def test_returns_in_order(self):
        """Each waits for the others to be there, so that all are under way at once."""
        gate = threading.Barrier(5, timeout=SECONDS)
        calls = [lambda n=n: gate.wait() >= 0 and n for n in range(5)]

        assert together(calls) == [0, 1, 2, 3, 4]

    def test_raises_what_one_raised(self):
        with pytest.raises(ZeroDivisionError):
            together([partial(divmod, 1, 1), partial(divmod, 1, 0)])

    def test_of_nobody(self):
        assert together([]) == []
