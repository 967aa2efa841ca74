"""The gateway: the right way, the right caller, and clean hands in both directions."""

import http.client
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest
from ports import free_port
from prometheus_client.parser import text_string_to_metric_families

NO_LIMIT = {"RATE_LIMIT": "100000", "RATE_BURST": "100000"}
NAMES = ("users", "products", "inventory", "orders", "payments", "notifications")


class Upstream(ThreadingHTTPServer):
    """Every service behind the gateway in one: it tells what it received, or misbehaves."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.received = []
        self.released = threading.Event()
        self.thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def close(self):
        self.released.set()
        self.shutdown()
        self.thread.join()
        self.server_close()

    def handle_error(self, request, client_address):
        """The gateway hangs up on those that hang: no news."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.received.append((self.command, self.path, self.headers.items(), body))
        behaviour = self.path.partition("?")[0].rpartition("/")[2].replace("-", "_")
        getattr(self, behaviour, self.echo)()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any

    def echo(self):
        headers = [[name.lower(), value] for name, value in self.headers.items()]
        self.answer(200, {"method": self.command, "path": self.path, "headers": headers})

    def answer(self, status, body, **headers):
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        headers = {"Content_Type": "application/json", **headers, "Content_Length": len(text)}
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    def breaks_off(self):
        self.close_connection = True

    def talks_nonsense(self):
        self.wfile.write(b"220 smtp.example.org ESMTP\r\n\r\n")
        self.close_connection = True

    def hangs(self):
        self.server.released.wait(20)
        self.close_connection = True

    def fails_in_html(self):
        self.answer(500, b"<h1>KeyError</h1>", Content_Type="text/html")

    def is_busy(self):
        problem = {"detail": "Revenez demain."}
        headers = {"Content_Type": "application/problem+json", "Retry_After": "7"}
        self.answer(503, problem, **headers)

    def has_secrets(self):
        self.answer(
            201,
            {"said": "hello"},
            X_Powered_By="Secret/1.0",
            Keep_Alive="timeout=5",
            ETag='"abc"',
            Location="/products/here",
        )

    def order_1(self):
        if "charges" in self.path:
            return self.answer(200, {"order_id": "order-1", "amount_cents": 3990})
        return self.answer(200, {"id": "order-1", "status": "CONFIRMED"})

    def order_2(self):
        if "charges" in self.path:
            return self.answer(404, {"detail": "Aucun paiement."})
        return self.answer(200, {"id": "order-2", "status": "PENDING"})

    def order_3(self):
        if "charges" in self.path:
            return self.answer(500, {"detail": "Oups."})
        return self.answer(200, {"id": "order-3", "status": "CONFIRMED"})

    def order_4(self):
        if "charges" in self.path:
            return self.answer(200, b"<h1>Bonjour</h1>", Content_Type="text/html")
        return self.answer(200, {"id": "order-4", "status": "CONFIRMED"})

    def order_of_somebody_else(self):
        self.answer(404, {"detail": "Inconnue."}, Content_Type="application/problem+json")

    def notifications(self):
        self.answer(200, {"notifications": [{"kind": "order.confirmed"}]})

    def log_message(self, *arguments):
        """Quiet."""


@pytest.fixture(scope="module")
def upstream():
    upstream = Upstream()
    yield upstream
    upstream.close()


@pytest.fixture(scope="module")
def auth(start_shared):
    auth = start_shared("auth")
    auth.password = start_shared.password
    return auth


@pytest.fixture(scope="module")
def peers(auth, upstream):
    return {"auth": [auth.url], **{name: [upstream.url] for name in NAMES}}


@pytest.fixture(scope="module")
def gateway(start_shared, peers):
    return start_shared("gateway", PEERS=json.dumps(peers), **NO_LIMIT)


def sign_in(auth, username):
    answer = auth.post("/login", {"username": username, "password": auth.password})
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.fixture(scope="module")
def alice(auth):
    return sign_in(auth, "alice")


@pytest.fixture(scope="module")
def bob(auth):
    return sign_in(auth, "bob")


def raw(gateway, target, headers=(), method="GET"):
    """A request written as it is: no normalisation of ours between the test and the gateway."""
    connection = http.client.HTTPConnection(gateway.url.removeprefix("http://"), timeout=20)
    connection.putrequest(method, target, skip_accept_encoding=True)
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    text = response.read()
    connection.close()
    return response.status, text


class TestRouting:
    def test_reaches_the_service(self, gateway, upstream, alice):
        """Method, path, query, body and type arrive as they were sent."""
        body = {"name": "Lampe", "price_cents": 3990}
        answer = gateway.put("/products/LAMP%20XL?a=1&b=%C3%A9", body, headers=alice)
        method, path, headers, received = upstream.received[-1]

        assert answer.status_code == 200
        assert (method, path) == ("PUT", "/products/LAMP%20XL?a=1&b=%C3%A9")
        assert dict(headers)["Content-Type"] == "application/json"
        assert json.loads(received) == body

    @pytest.mark.parametrize("query", ["a=%2F..&b=1+2", "a=b|c", "a=/../b", "%", "a[]=1&a[]=2"])
    def test_lets_queries_be(self, gateway, query):
        """A query is the service's business: it reads in it what the client wrote."""
        status, text = raw(gateway, f"/products?{query}")
        received = json.loads(text)["path"].partition("?")[2]

        assert status == 200
        assert parse_qsl(received) == parse_qsl(query)

    def test_renames_the_path(self, gateway):
        """Auth's own path is /login, and it is auth that answers."""
        answer = gateway.post("/auth/login", {"username": "alice", "password": "no"})

        assert (answer.status_code, answer.json()["instance"]) == (401, "/login")

    def test_says_404_and_405_itself(self, gateway, alice):
        """What no route names is not there, whatever the services have."""
        statuses = [
            gateway.ask_as_stranger(method, path, headers=alice).status_code
            for method, path in [
                ("GET", "/charges/1"),
                ("PUT", "/reservations/1"),
                ("PUT", "/stock/LAMP"),
                ("GET", "/internal/faults"),
                ("GET", "/products/"),
                ("GET", "/PRODUCTS"),
            ]
        ]

        assert statuses == [404, 404, 405, 404, 404, 404]

    def test_answers_head(self, gateway):
        """HEAD is asked as HEAD, and keeps the length that GET would have."""
        head, get = gateway.request("HEAD", "/products/LAMP"), gateway.get("/products/LAMP")

        assert (head.status_code, head.text) == (200, "")
        assert int(head.headers["Content-Length"]) > 0
        assert get.json()["method"] == "GET"

    def test_follows_its_file(self, start, tmp_path, peers):
        """Another table, another shop: nothing of it is code."""
        table = tmp_path / "routes.toml"
        table.write_text(
            '[[routes]]\npath = "/shop/<sku>"\nto = "/products/<sku>"\n'
            'service = "products"\nmethods = ["GET"]\npublic = true\n'
        )
        gateway = start("gateway", PEERS=json.dumps(peers), GATEWAY_ROUTES=str(table))

        assert gateway.get("/shop/LAMP").json()["path"] == "/products/LAMP"
        assert gateway.get("/products/LAMP").status_code == 404


class TestPaths:
    @pytest.mark.parametrize(
        "target",
        [
            "/products/..%2forders",
            "/products/%2e%2e/orders",
            "/products/../orders",
            "/products/..;/orders",
            "//orders",
            "/products//orders",
            "/products/%252e%252e%252forders",
            "/products/..%5corders",
            "/products/LAMP%00",
            "/products/LAMP%0d%0aX-User-Id:%20admin",
            "/products/%c0%ae%c0%ae/orders",
            "http://127.0.0.1/orders",
        ],
    )
    def test_tricks_cross_no_route(self, gateway, upstream, target):
        """Refused at the door: no service hears of it."""
        before = len(upstream.received)
        status, text = raw(gateway, target)

        assert status == 400
        assert json.loads(text)["status"] == 400
        assert len(upstream.received) == before


FORGED = [
    ("X-User-Id", "admin"),
    ("x-user-id", "admin"),
    ("X-USER-ID", "root"),
    ("X_User_Id", "admin"),
    ("x_user-id", "admin"),
    ("X-User-Scope", "products:write"),
    ("X-User-Email", "admin@example.org"),
    ("X-Forwarded-For", "10.0.0.1"),
    ("X-Forwarded-For", "10.0.0.2"),
    ("x-forwarded-host", "evil.example.org"),
    ("X_Forwarded_Proto", "https"),
    ("X-Forwarded-User", "admin"),
    ("X-Forwarded-Prefix", "/admin"),
    ("X-Real-IP", "10.0.0.1"),
    ("X-Internal-Call", "yes"),
    ("Forwarded", "for=10.0.0.1"),
]
LIES = ("admin", "root", "10.0.0", "evil", "https", "products:write", "yes")


class TestHeaders:
    def test_no_forged_identity_passes(self, gateway, alice):
        """Any case, twice, with underscores: the token alone says who it is."""
        _, text = raw(gateway, "/users/me", [*FORGED, *alice.items()])
        received = json.loads(text)["headers"]

        assert not [pair for pair in received if any(lie in pair[1] for lie in LIES)]
        assert [value for name, value in received if name == "x-user-id"] == ["alice"]
        assert [value for name, value in received if name == "x-forwarded-for"] == ["127.0.0.1"]

    def test_anybody_is_nobody(self, gateway):
        """Without a token no identity is said, forged or not."""
        _, text = raw(gateway, "/products/LAMP", FORGED)

        assert not [name for name, _ in json.loads(text)["headers"] if name.startswith("x-user")]

    def test_hop_by_hop_stays_on_its_hop(self, gateway):
        """RFC 9110 7.6.1: also what Connection names."""
        sent = [
            ("Connection", "X-Private, keep-alive"),
            ("X-Private", "between us"),
            ("Keep-Alive", "timeout=5"),
            ("TE", "trailers"),
            ("Trailer", "Expires"),
            ("Upgrade", "websocket"),
            ("Proxy-Authorization", "Basic abc"),
            ("Proxy-Connection", "keep-alive"),
            ("X-Public", "for all"),
        ]
        _, text = raw(gateway, "/products/LAMP", sent)
        names = {name for name, _ in json.loads(text)["headers"]}

        assert not names & {
            name.lower() for name, _ in sent if name not in ("X-Public", "Connection")
        }
        assert "x-public" in names

    def test_a_caller_cannot_disown_its_identity(self, gateway, alice):
        """Naming our headers in Connection removes nothing that we write."""
        sent = [("Connection", "X-User-Id, X-Forwarded-For"), *alice.items()]
        _, text = raw(gateway, "/users/me", sent)

        assert ["x-user-id", "alice"] in json.loads(text)["headers"]

    def test_answers_tell_nothing_of_our_insides(self, gateway, alice):
        """What concerns the client comes back, what does not stays here."""
        answer = gateway.post("/products", headers=alice)
        told = gateway.get("/products/has-secrets").headers

        assert answer.status_code == 200
        assert not {"Server", "X-Powered-By", "Keep-Alive"} & set(told)
        assert (told["ETag"], told["Location"]) == ('"abc"', "/products/here")

    def test_each_header_once(self, gateway, alice):
        """Trace, deadline and key are the gateway's own when it calls on."""
        sent = {
            **alice,
            "traceparent": f"00-{'a' * 32}-{'b' * 16}-01",
            "X-Correlation-ID": "my-order",
            "Idempotency-Key": "k-1",
        }
        received = gateway.post("/orders", headers=sent).json()["headers"]
        names = [name for name, _ in received]

        assert len(names) == len(set(names))
        assert dict(received)["traceparent"].split("-")[1] == "a" * 32
        assert dict(received)["x-correlation-id"] == "my-order"
        assert dict(received)["idempotency-key"] == "k-1"


class TestCallers:
    def test_public_routes_ask_nobody(self, gateway):
        """The shop window is open, even to a token that has expired."""
        stale = {"Authorization": "Bearer not.a.token"}

        assert gateway.get("/products").status_code == 200
        assert gateway.get("/products", headers=stale).status_code == 200

    @pytest.mark.parametrize(
        "path", ["/orders", "/users/me", "/notifications", "/orders/1/summary"]
    )
    def test_others_ask_for_a_token(self, gateway, upstream, path):
        """Without one: 401, how to do better, and no service is troubled."""
        before = len(upstream.received)
        answer = gateway.get(path)

        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert len(upstream.received) == before

    def test_passes_the_token_on(self, gateway, alice):
        """Each service checks for itself what its caller may do."""
        received = gateway.get("/orders", headers=alice).json()["headers"]

        assert ["authorization", alice["Authorization"]] in received

    def test_without_auth_nobody_is_called_a_liar(self, start, peers, alice):
        """Keys out of reach is our trouble (503), not a bad token (401); the window stays open."""
        dead = {**peers, "auth": [f"http://127.0.0.1:{free_port()}"]}
        gateway = start("gateway", PEERS=json.dumps(dead))

        assert gateway.get("/orders", headers=alice).status_code == 503
        assert gateway.get("/products").status_code == 200


class TestRateLimit:
    @pytest.fixture
    def gateway(self, start, peers):
        return start("gateway", PEERS=json.dumps(peers), RATE_LIMIT="0.01", RATE_BURST="5")

    def test_refuses_beyond_the_burst(self, gateway, alice):
        """Five pass, the rest is told when to come back."""
        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda _: gateway.get("/orders", headers=alice), range(12)))
        refused = [answer for answer in answers if answer.status_code == 429]

        assert len(refused) == 7
        assert all(90 <= int(answer.headers["Retry-After"]) <= 500 for answer in refused)
        assert refused[0].headers["Content-Type"] == "application/problem+json"

    def test_counts_each_identity_apart(self, gateway, alice, bob):
        """Alice's flood takes nothing from Bob, nor from those without a name."""
        flood = [gateway.get("/orders", headers=alice).status_code for _ in range(6)]

        assert flood == [200] * 5 + [429]
        assert gateway.get("/orders", headers=bob).status_code == 200
        assert gateway.get("/products").status_code == 200

    def test_forged_names_share_one_bucket(self, gateway):
        """A new forged token a request is still the same address."""
        statuses = [
            gateway.get("/orders", headers={"Authorization": f"Bearer forged.{n}"}).status_code
            for n in range(7)
        ]

        assert statuses == [401] * 5 + [429] * 2

    def test_spares_the_probes(self, gateway):
        """Those who watch over the gateway are not its clients."""
        assert {gateway.get("/health/ready").status_code for _ in range(20)} == {200}


class TestFailures:
    @pytest.fixture
    def gateway(self, start, peers):
        return start("gateway", PEERS=json.dumps({**peers, "users": []}), **NO_LIMIT)

    @pytest.mark.parametrize("trouble", ["breaks-off", "talks-nonsense", "fails-in-html"])
    def test_502_when_a_service_breaks_off(self, gateway, alice, trouble):
        """It was asked, and what came back was no answer."""
        answer = gateway.put(f"/products/{trouble}", {}, headers=alice)

        assert answer.status_code == 502
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "KeyError" not in answer.text

    def test_503_when_nobody_is_there(self, gateway, alice):
        """No instance: come back later."""
        answer = gateway.get("/users/me", headers=alice)

        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) >= 1

    def test_504_when_it_is_late(self, gateway, alice):
        """The time was the client's: it is told that nothing is known."""
        hurry = {"X-Deadline": str(int((time.time() + 0.4) * 1000))}
        answer = gateway.put("/products/hangs", {}, headers={**alice, **hurry})

        assert answer.status_code == 504

    def test_passes_a_service_s_own_503_on(self, gateway):
        """It knows better than we do when it will be back, and why."""
        answer = gateway.get("/products/is-busy")

        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
        assert answer.json() == {"detail": "Revenez demain."}

    def test_cuts_off_the_sick_only(self, gateway, alice):
        """A breaker for each service: products is out, orders goes on."""
        opened = {"event": "breaker", "dependency": "products", "state": "open"}
        for _ in range(40):
            gateway.put("/products/breaks-off", {}, headers=alice)
        gateway.wait_for("event", **opened)
        answer = gateway.get("/products/LAMP")

        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) >= 1
        assert gateway.get("/orders", headers=alice).status_code == 200


class TestBalancing:
    def test_takes_instances_in_turn(self, start, peers, upstream):
        """Two instances, half of the work each."""
        other = Upstream()
        both = {**peers, "products": [upstream.url, other.url]}
        gateway = start("gateway", PEERS=json.dumps(both), **NO_LIMIT)
        before = len(upstream.received)
        for _ in range(10):
            gateway.get("/products/LAMP")
        other.close()

        assert (len(upstream.received) - before, len(other.received)) == (5, 5)

    def test_asks_the_next_when_one_is_dead(self, start, peers, upstream, alice):
        """A dead instance costs no request: not even one that may not be sent twice."""
        dead = f"http://127.0.0.1:{free_port()}"
        half_dead = {**peers, "products": [dead, upstream.url]}
        gateway = start("gateway", PEERS=json.dumps(half_dead), **NO_LIMIT)
        statuses = [
            gateway.request(method, "/products/LAMP", headers=alice).status_code
            for method in ("GET", "PUT") * 5
        ]

        assert statuses == [200] * 10


class TestSummary:
    def test_puts_three_answers_into_one(self, gateway, alice):
        """The order, what was paid, what was said: complete, and said to be."""
        assert gateway.get("/orders/order-1/summary", headers=alice).json() == {
            "order": {"id": "order-1", "status": "CONFIRMED"},
            "charge": {"order_id": "order-1", "amount_cents": 3990},
            "notifications": [{"kind": "order.confirmed"}],
            "missing": [],
        }

    def test_not_yet_is_not_missing(self, gateway, alice):
        """No charge yet is an answer of payments'."""
        summary = gateway.get("/orders/order-2/summary", headers=alice).json()

        assert (summary["charge"], summary["missing"]) == (None, [])

    @pytest.mark.parametrize("order", ["order-3", "order-4"])
    def test_says_what_is_missing(self, gateway, alice, order):
        """Payments is ill, or raves: nobody knows what was paid, and nobody pretends to."""
        summary = gateway.get(f"/orders/{order}/summary", headers=alice).json()

        assert summary["charge"] is None
        assert [part["part"] for part in summary["missing"]] == ["charge"]
        assert summary["notifications"] == [{"kind": "order.confirmed"}]

    def test_asks_nothing_about_another_s_order(self, gateway, upstream, alice):
        """Orders says whose it is; until then payments is not asked."""
        before = len(upstream.received)
        answer = gateway.get("/orders/order-of-somebody-else/summary", headers=alice)

        assert answer.status_code == 404
        assert len(upstream.received) == before + 1

    def test_is_one_trace(self, gateway, alice):
        """Three calls at the same time, one tree."""
        trace = "c" * 32
        traced = {**alice, "traceparent": f"00-{trace}-{'d' * 16}-01"}
        gateway.get("/orders/order-1/summary", headers=traced)
        root = gateway.wait_for("span", trace_id=trace, span_kind="server")
        calls = gateway.of_kind("span", trace_id=trace, span_kind="client")

        assert {call["attributes"]["peer.service"] for call in calls} == {
            "orders",
            "payments",
            "notifications",
        }
        assert {call["parent_id"] for call in calls} == {root["span_id"]}


class TestTelemetry:
    def test_tells_who_called_whom(self, gateway):
        """Server span, client span below it, named by the route and by the service called."""
        trace = "e" * 32
        gateway.get("/products/LAMP", headers={"traceparent": f"00-{trace}-{'f' * 16}-01"})
        served = gateway.wait_for("span", trace_id=trace, span_kind="server")
        called = gateway.wait_for("span", trace_id=trace, span_kind="client")

        assert served["attributes"]["http.route"] == "/products/<sku>"
        assert served["parent_id"] == "f" * 16
        assert called["attributes"]["peer.service"] == "products"
        assert called["parent_id"] == served["span_id"]

    def test_counts_by_route_template(self, gateway):
        """A hundred articles are one series."""
        for number in range(10):
            gateway.get(f"/products/ARTICLE-{number}")
        metrics = gateway.get("/metrics").text
        routes = {
            sample.labels["route"]
            for family in text_string_to_metric_families(metrics)
            for sample in family.samples
            if "route" in sample.labels
        }

        assert "/products/<sku>" in routes
        assert "ARTICLE" not in metrics

    def test_logs_no_token(self, gateway, alice):
        """Whatever was asked and refused, no line carries a credential."""
        gateway.get("/orders?token=" + alice["Authorization"].split()[1], headers=alice)

        assert alice["Authorization"].split(".")[2] not in gateway.text()
