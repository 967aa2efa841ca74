"""Spans that join into one tree, logs that carry its id, and no secret in either."""

import http.server
import threading

import pytest
from basics import eventually
from ports import free_port

FRONT = """
    import http.client
    import json
    import os
    import urllib.request

    import httpx
    import requests
    import urllib3
    from flask import Flask, request
    from services.chassis import telemetry
    from services.chassis.calls import service

    app = Flask(__name__)
    log = app.logger


    @app.post("/orders")
    def place():
        token, card = request.headers.get("Authorization"), request.json["card"]
        log.info("got %s", token, extra={"card": card})
        return service("back").get("/stock/LAMP").json()


    @app.get("/plain")
    def plain():
        peers = json.loads(os.environ["PEERS"])
        return requests.get(peers["back"][0] + "/stock/LAMP?card=tok_visa", timeout=20).json()


    @app.get("/by/<library>")
    def by(library):
        peers = json.loads(os.environ["PEERS"])
        return BY[library](peers[request.args.get("peer", "back")][0] + "/stock/LAMP?card=tok_visa")


    def by_http_client(url):
        connection = http.client.HTTPConnection(url.split("/")[2])
        connection.request("GET", "/" + url.split("/", 3)[3])
        return json.load(connection.getresponse())


    BY = {
        "requests": lambda url: requests.get(url, timeout=2).json(),
        "session": lambda url: requests.Session().get(url, timeout=2).json(),
        "urllib": lambda url: json.load(urllib.request.urlopen(url, timeout=2)),
        "urllib3": lambda url: urllib3.request("GET", url, timeout=2, retries=False).json(),
        "http.client": by_http_client,
        "httpx": lambda url: httpx.get(url, timeout=2).json(),
    }


    @app.get("/own")
    def own():
        peers = json.loads(os.environ["PEERS"])
        mine = {"traceparent": "00-%s-%s-01" % (request.args["trace"], "b" * 16)}
        mine["X-Correlation-ID"] = "mine"
        answer = urllib.request.Request(peers["back"][0] + "/stock/LAMP", headers=mine)
        return json.load(urllib.request.urlopen(answer, timeout=2))


    @app.get("/dead")
    def dead():
        return service("dead").get("/anything").json()


    @app.get("/work")
    def work():
        with telemetry.span("price the basket", attributes={"items": 2, "password": "hunter2"}):
            return {}

"""

BACK = """
    import logging
    from flask import Flask, request

    app = Flask(__name__)


    @app.get("/stock/<sku>")
    def stock(sku):
        logging.getLogger(__name__).info("asked for %s", sku)
        return dict(request.headers)
"""

LIBRARIES = ["requests", "session", "urllib", "urllib3", "http.client", "httpx"]
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TRACE, SPAN = PARENT.split("-")[1:3]
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl"


@pytest.fixture(scope="module")
def back(start_shared):
    return start_shared.script("back", BACK)


@pytest.fixture(scope="module")
def front(start_shared, back):
    peers = f'{{"back": ["{back.url}"], "dead": ["http://127.0.0.1:{free_port()}"]}}'
    return start_shared.script("front", FRONT, PEERS=peers)


def span_of(service, response, kind="server"):
    return service.wait_for(
        "span", span_kind=kind, correlation_id=response.headers["X-Correlation-ID"]
    )


class TestTree:
    def test_one_tree_across_services(self, front, back):
        """Caller's span, our server span, our client span, the other's server span: a chain."""
        headers = {"traceparent": PARENT, "X-Correlation-ID": "story-1"}
        response = front.post("/orders", {"card": "tok_visa"}, headers=headers)
        server, client = span_of(front, response), span_of(front, response, "client")
        other = span_of(back, response)

        assert {server["trace_id"], client["trace_id"], other["trace_id"]} == {TRACE}
        assert server["parent_id"] == SPAN
        assert client["parent_id"] == server["span_id"]
        assert other["parent_id"] == client["span_id"]

    def test_says_what_was_called(self, front, back):
        response = front.post("/orders", {"card": "tok_visa"})
        client = span_of(front, response, "client")

        assert client["name"] == "GET back"
        assert client["attributes"]["peer.service"] == "back"
        assert client["attributes"]["http.response.status_code"] == 200
        assert f":{client['attributes']['server.port']}" in back.url

    def test_a_call_to_a_dead_service_keeps_its_edge(self, front):
        response = front.get("/dead")
        client = span_of(front, response, "client")

        assert response.status_code == 503
        assert client["status"] == "error"
        assert client["attributes"]["peer.service"] == "dead"
        assert client["attributes"]["error.type"]

    def test_sees_a_learners_plain_requests(self, front, back):
        """requests.get in a learner's service makes a client span and carries the trace."""
        response = front.get("/plain")
        client, other = span_of(front, response, "client"), span_of(back, response)

        assert other["parent_id"] == client["span_id"]
        assert "tok_visa" not in front.text()

    @pytest.mark.parametrize("library", LIBRARIES)
    def test_sees_a_learners_plain_http(self, front, back, library):
        """One client span, which says where, and the trace goes on; whatever library they took."""
        response = front.get(f"/by/{library}")
        server, other = span_of(front, response), span_of(back, response)
        mark = response.headers["X-Correlation-ID"]
        (client,) = front.of_kind("span", span_kind="client", correlation_id=mark)

        assert [client["parent_id"], other["parent_id"]] == [server["span_id"], client["span_id"]]
        assert f":{client['attributes']['server.port']}" in back.url
        assert client["attributes"]["url.path"].startswith("/stock/LAMP")
        assert client["attributes"]["http.response.status_code"] == 200
        assert "tok_visa" not in front.text()

    @pytest.mark.parametrize("library", LIBRARIES)
    def test_shows_plain_http_to_the_dead(self, front, library):
        """A failed span keeps the edge of a call that nobody answered."""
        response = front.get(f"/by/{library}?peer=dead")
        client = span_of(front, response, "client")

        assert response.status_code in (500, 502)
        assert client["status"] == "error"
        assert client["attributes"]["server.port"]

    @pytest.mark.parametrize("library", ["urllib", "urllib3", "http.client", "httpx"])
    def test_is_in_no_traceback(self, front, library):
        """What the log shows of an error is the learner's lines, and those of the library."""
        response = front.get(f"/by/{library}?peer=dead")
        mark = response.headers["X-Correlation-ID"]
        said = front.wait_for("log", level="ERROR", correlation_id=mark)

        assert "in by" in said["exception"]
        assert "observing" not in said["exception"]

    def test_keeps_a_context_that_the_learner_sends(self, front, back):
        """A traceparent of their own is what the other service hears, once."""
        response = front.get(f"/own?trace={'a' * 32}")

        assert response.json()["Traceparent"] == f"00-{'a' * 32}-{'b' * 16}-01"
        assert response.json()["X-Correlation-Id"] == "mine"

    def test_can_be_told_to_look_away(self, start, back):
        """Where tracing by hand is the exercise, nothing is done for the learner."""
        front = start.script(
            "front", FRONT,
            PEERS=f'{{"back": ["{back.url}"]}}', OTEL_PYTHON_DISABLED_INSTRUMENTATIONS="requests",
        )  # fmt: skip

        for library in LIBRARIES:
            assert "Traceparent" not in front.get(f"/by/{library}").json()

    @pytest.mark.parametrize(
        "traceparent",
        [
            "nonsense",
            f"00-{'0' * 32}-{SPAN}-01",
            f"00-{TRACE}-{'0' * 16}-01",
            f"ff-{TRACE}-{SPAN}-01",
        ],
    )
    def test_an_invalid_parent_starts_a_new_trace(self, front, traceparent):
        response = front.get("/work", headers={"traceparent": traceparent})
        server = span_of(front, response)

        assert server["parent_id"] is None
        assert server["trace_id"] not in (TRACE, "0" * 32)

    def test_an_unsampled_parent_is_obeyed(self, front):
        """The sampled flag is the caller's decision; the request itself works all the same."""
        response = front.get("/work", headers={"traceparent": PARENT.replace("-01", "-00")})
        other = front.get("/work")
        span_of(front, other)

        mark = response.headers["X-Correlation-ID"]
        assert response.status_code == 200
        assert front.of_kind("span", correlation_id=mark) == []

    def test_spans_of_ones_own(self, front):
        response = front.get("/work")
        inner, server = span_of(front, response, "internal"), span_of(front, response)

        assert inner["name"] == "price the basket"
        assert inner["parent_id"] == server["span_id"]
        assert inner["attributes"]["items"] == 2
        assert "hunter2" not in front.text()


class TestLogs:
    def test_carry_the_ids_of_their_request(self, front, back):
        """One id finds every line of one story, in both services."""
        response = front.post(
            "/orders", {"card": "tok_visa"}, headers={"X-Correlation-ID": "story-2"}
        )
        assert response.headers["X-Correlation-ID"] == "story-2"
        lines = [
            back.wait_for("log", message="asked for LAMP", correlation_id="story-2"),
            front.wait_for("log", message="POST /orders → 200", correlation_id="story-2"),
        ]

        assert {line["trace_id"] for line in lines} == {span_of(front, response)["trace_id"]}
        assert all(line["level"] == "INFO" and line["timestamp"] for line in lines)

    def test_carry_no_secret(self, front):
        headers = {"Authorization": f"Bearer {TOKEN}"}
        front.post("/orders", {"card": "4242424242424242"}, headers=headers)
        front.wait_for("log", card="•••")

        assert TOKEN not in front.text()
        assert "4242424242424242" not in front.text()

    @pytest.mark.parametrize("forged", ["a\tb", 'x", "level": "ERROR', "é", "x" * 200])
    def test_a_strange_correlation_id_is_replaced(self, front, forged):
        response = front.get("/work", headers={"X-Correlation-ID": forged.encode("utf-8")})

        assert response.headers["X-Correlation-ID"] != forged
        assert len(response.headers["X-Correlation-ID"]) == 32

    def test_level_comes_from_the_environment(self, start):
        service = start.script("back", BACK, LOG_LEVEL="WARNING")
        service.get("/stock/LAMP")
        service.stop()

        assert service.of_kind("log") == []


class TestSwitches:
    def test_can_be_switched_off(self, start):
        """OTEL_SDK_DISABLED is OpenTelemetry's own switch; requests are served all the same."""
        service = start.script("back", BACK, OTEL_SDK_DISABLED="true")

        assert service.get("/stock/LAMP").status_code == 200
        service.stop()
        assert service.of_kind("span") == []

    def test_also_sends_to_a_collector(self, start):
        """With an OTLP endpoint in the environment, spans go there as well."""
        pytest.importorskip("opentelemetry.exporter.otlp.proto.http")
        with Collector() as collector:
            service = start.script("back", BACK, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url)
            service.get("/stock/LAMP")
            service.stop()

            eventually(lambda: collector.received, what="an export")
        path, body = collector.received[0]
        assert path == "/v1/traces"
        assert b"GET /stock/<sku>" in body
        assert len(service.of_kind("span", span_kind="server")) == 1


class Collector:
    """Receives what is posted to it."""

    def __enter__(self):
        self.received = received = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["Content-Length"])
                received.append((self.path, self.rfile.read(length)))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *arguments):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.server.shutdown()
        self.server.server_close()
