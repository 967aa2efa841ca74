"""Calls between services: counted at the other end, where amplification shows."""

import itertools
import json

import pytest
from calling import BACK, FRONT, Asking, arrivals, peers


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


class TestAnswers:
    def test_passes_content_through(self, ask):
        response = ask("/echo", method="POST", json={"sku": "LAMP"}, params={"a": ["1", "é"]})

        assert response.json()["json"] == {"json": {"sku": "LAMP"}, "args": {"a": ["1", "é"]}}

    @pytest.mark.parametrize("status", [200, 201, 204, 304, 400, 404, 409, 422, 500, 501])
    def test_answers_are_the_callers_to_judge(self, ask, status):
        response = ask(f"/status/{status}")

        assert response.status_code in (200, 502)
        if status not in (204, 304):
            assert response.json()["status"] == status

    @pytest.mark.parametrize(("status", "ours"), [(502, 503), (503, 503), (504, 504)])
    def test_out_of_service_is_ours_too(self, ask, status, ours):
        """Never a 4xx: our customer made no mistake. And a Retry-After: do not insist."""
        response = ask(f"/status/{status}")

        assert response.status_code == ours
        assert response.headers["Retry-After"]
        assert response.json()["dependency"] == ask.name

    def test_nonsense_makes_a_bad_gateway(self, ask):
        assert ask("/garbage").status_code == 502

    def test_nobody_known(self, ask):
        response = ask("/x", service="nobody")

        assert response.status_code == 503
        assert "nobody" in response.json()["detail"]

    def test_too_late_is_504(self, ask):
        assert ask("/sleep/1", timeout=0.1, attempts=1).status_code == 504

    def test_gives_the_other_sides_answer_to_who_asks(self, ask):
        assert ask.front.post(f"/caught/{ask.name}").json() == {
            "upstream": {"code": 503},
            "dependency": ask.name,
        }

    def test_follows_no_redirect(self, ask):
        assert ask("/status/302").json()["status"] == 302


class TestRetries:
    def test_a_safe_request_is_repeated(self, ask):
        assert ask("/flaky/2").status_code == 200
        assert len(ask.arrivals("/flaky/2")) == 3

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
    def test_one_that_changes_things_is_not(self, ask, method):
        """The order may have been taken although the answer was lost."""
        assert ask("/status/503", method=method).status_code == 503
        assert len(ask.arrivals("/status/503")) == 1

    def test_a_key_makes_it_repeatable(self, ask):
        """And it is the same key each time: a fresh one would be a fresh order."""
        ask("/flaky/2", method="POST", idempotency_key="order-7")
        calls = ask.arrivals("/flaky/2")

        assert [seen["headers"]["idempotency-key"] for seen in calls] == ["order-7"] * 3

    @pytest.mark.parametrize("status", [400, 404, 409, 429, 500, 501])
    def test_what_would_fail_again_is_not_repeated(self, ask, status):
        ask(f"/status/{status}")

        assert len(ask.arrivals(f"/status/{status}")) == 1

    def test_retry_after_is_obeyed(self, ask):
        """Who says when to come back has done its own retries: not at every layer."""
        ask("/status/503", params={"wait": "1"})

        assert len(ask.arrivals("/status/503")) == 1

    def test_layers_do_not_multiply(self, start):
        """Three layers of three tries make three calls at the bottom, not twenty-seven."""
        below = back = start.script("back", BACK)
        for name in ("c", "b", "a"):
            source = """
                from flask import Flask
                from services.chassis.calls import service

                app = Flask(__name__)


                @app.get("/status/503")
                def ask():
                    return service("back").get("/status/503", timeout=5).json()
            """
            below = start.script(name, source, PEERS=peers(below.url))

        assert below.get("/status/503").status_code == 503
        assert len(arrivals(back, "/status/503")) == 3

    def test_the_budget_ends(self, ask):
        """Ten retries in reserve, then a tenth of the calls: an outage is not made worse."""
        for number in range(40):
            ask(f"/status/503?{number}")
        breaker_stops_at = 40 * 3

        assert len(ask.arrivals("/status/503")) < breaker_stops_at / 2
