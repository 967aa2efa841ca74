"""What a stranger causes is a 4xx, and never counts against a service.

Strangers are whoever does not show the run's credential: customers, other users of this machine,
web pages in a browser on it.
"""

import base64
import itertools
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from basics import eventually

PROBLEM = "application/problem+json"
PLAIN = """
    import json

    from flask import Flask, request

    app = Flask(__name__)


    @app.post("/echo")
    def echo():
        return {"body": request.get_json(force=True)}


    @app.post("/text")
    def text():
        return {"body": json.loads(request.data)}


    @app.post("/form")
    def form():
        return dict(request.form)
"""


@pytest.fixture(scope="module")
def shop(start_shared):
    """The gateway, and what can be reached through it without a broker; read-only."""
    names = ("gateway", "auth", "products", "users")
    return start_shared.together(*names, RATE_LIMIT="100000", RATE_BURST="100000")


@pytest.fixture(scope="module")
def plain(start_shared):
    """A learner's service: Flask, and nothing of ours."""
    return start_shared.script("plain", PLAIN)


class TestHost:
    @pytest.mark.parametrize("path", ["/products", "/health/live", "/metrics", "/nowhere"])
    def test_another_name_is_misdirected(self, shop, path):
        """DNS rebinding: a page of evil.example reads what its name, pointed here, answers."""
        answer = get(shop["products"], path, Host="evil.example:4567")

        assert (answer.status_code, answer.headers["Content-Type"]) == (421, PROBLEM)

    @pytest.mark.parametrize(
        "host",
        ["localhost", "LOCALHOST:1", "127.0.0.1:8888", "[::1]:80", "products:80", "10.1.2.3"],
    )
    def test_its_own_names_are_served(self, shop, host):
        """This machine, what jupyter-server-proxy sends on it, the service's name, an address."""
        assert get(shop["products"], "/products", Host=host).status_code == 200

    @pytest.mark.parametrize("host", ["products.evil.example", "localhost.evil.example", "", "["])
    def test_a_likeness_is_not_a_name(self, shop, host):
        assert get(shop["products"], "/products", Host=host).status_code in (400, 421)

    def test_names_can_be_added(self, start):
        """Behind an ingress, or a proxy that passes its public name on."""
        service = start.script("plain", PLAIN, ALLOWED_HOSTS="shop.example, .school.example")
        hosts = ("Shop.example:80", "lab.school.example", "school.example", "example")

        answers = [get(service, "/nowhere", Host=host).status_code for host in hosts]

        assert answers == [404, 404, 421, 421]

    @pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://203.0.113.5"])
    def test_another_page_may_ask_nothing(self, shop, origin):
        """A form on another site needs no rebinding to send its fields here."""
        answer = get(shop["gateway"], "/products", Origin=origin)

        assert (answer.status_code, answer.headers["Content-Type"]) == (403, PROBLEM)
        assert "Access-Control-Allow-Origin" not in answer.headers

    def test_a_page_of_this_machine_may(self, shop):
        """JupyterLab's, through its proxy; the gateway vouches for it to the others."""
        headers = {"Host": "127.0.0.1:8888", "Origin": "http://127.0.0.1:8888"}

        assert get(shop["gateway"], "/products", **headers).status_code == 200


def get(service, path, **headers):
    return service.ask_as_stranger("GET", path, headers=headers)


def nested(depth, opening="["):
    inside = "[" * depth + "]" * depth if opening == "[" else '{"a":' * depth + "1" + "}" * depth
    return f'{{"sku": {inside}}}'


DEPTHS = list(itertools.product((100, 2_000, 100_000), "[{"))


class TestNesting:
    @pytest.mark.parametrize(("depth", "opening"), DEPTHS)
    @pytest.mark.parametrize(
        ("name", "method", "path"),
        [
            ("products", "POST", "/products"),
            ("auth", "POST", "/login"),
            ("users", "PUT", "/users/me"),
            ("gateway", "POST", "/auth/login"),
            ("gateway", "POST", "/orders"),
            ("gateway", "GET", "/products"),
            ("products", "PUT", "/internal/faults"),
        ],
    )
    def test_is_refused_by_every_service(self, shop, name, method, path, depth, opening):
        answer = send(shop[name], method, path, nested(depth, opening))

        assert (answer.status_code, answer.headers["Content-Type"]) == (400, PROBLEM)

    def test_is_refused_by_the_monolith(self, start):
        monolith = start("monolith")
        paths = ("/auth/login", "/products", "/orders")
        answers = [send(monolith, "POST", path, nested(*how)) for path in paths for how in DEPTHS]

        assert {answer.status_code for answer in answers} == {400}

    @pytest.mark.parametrize(("depth", "opening"), DEPTHS)
    @pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/x+json"])
    @pytest.mark.parametrize("path", ["/echo", "/text"])
    def test_is_refused_before_a_learners_code(self, plain, path, kind, depth, opening):
        assert send(plain, "POST", path, nested(depth, opening), kind).status_code == 400

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
    def test_is_refused_in_any_encoding(self, plain, encoding):
        assert send(plain, "POST", "/echo", nested(5_000).encode(encoding)).status_code == 400

    @pytest.mark.parametrize(
        "value",
        [
            [[]] * 10_000,
            "[" * 10_000,
            'said "[[' * 1_000,
            {"{" * 100: ["\\"] * 100},
            json.loads("[" * 60 + "]" * 60),
        ],
        ids=["wide", "in a text", "quoted", "in a name", "deep enough"],
    )
    def test_what_is_not_deep_passes(self, plain, value):
        answer = send(plain, "POST", "/echo", json.dumps(value))

        assert answer.json() == {"body": value}

    def test_leaves_forms_alone(self, plain):
        answer = plain.post("/form", data={"text": "[" * 1_000})

        assert answer.json() == {"text": "[" * 1_000}

    def test_is_no_token_either(self, shop):
        """The header of a JWT is JSON that anybody writes."""
        header = base64.urlsafe_b64encode(nested(5_000).encode()).decode().rstrip("=")
        bearer = {"Authorization": f"Bearer {header}.e30.AAAA"}

        answers = [get(shop[name], "/users/me", **bearer) for name in ("users", "gateway")]

        assert [answer.status_code for answer in answers] == [401, 401]


def send(service, method, path, body, kind="application/json"):
    headers = {"Content-Type": kind}
    return service.ask_as_stranger(method, path, data=body, headers=headers)


class TestUnparsed:
    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            (b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n", 413),
            (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 262_200, 431),
            (b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: two\r\n\r\n", 400),
            (b"nonsense\r\n\r\n", 400),
        ],
    )
    def test_is_a_problem(self, shop, sent, status):
        """What the server refuses before our code sees it is said in the same form."""
        head, _, body = exchange(shop["auth"], sent).partition(b"\r\n\r\n")
        problem = json.loads(body)

        assert head.startswith(f"HTTP/1.1 {status} ".encode()) or b"HTTP/1.0" in head
        assert PROBLEM.encode() in head
        assert problem["status"] == status
        assert "waitress" not in problem["detail"]

    def test_what_would_not_fit_at_the_service_stays_at_the_gateway(self, shop):
        """Headers that the gateway can just read, and the service no longer with the gateway's."""
        answers = [
            get(shop["gateway"], "/products", **{"X-Long": "x" * 261_900}) for _ in range(12)
        ]

        assert {answer.status_code for answer in answers} == {431}
        assert answers[0].json()["detail"] == "Les en-têtes de la requête sont trop longs."
        assert shop["gateway"].of_kind("event", event="breaker") == []


def exchange(service, sent):
    with socket.create_connection(("127.0.0.1", port_of(service)), timeout=20) as connection:
        connection.sendall(sent)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def port_of(service):
    return int(service.url.rpartition(":")[2])


WILD = ["-1", "0", "NaN", "1e400", "Infinity", "soon", "", *("9" * n for n in (400, 5_000))]
WILD.append("-" + "9" * 400)


class TestDeadline:
    @pytest.mark.parametrize("value", WILD)
    def test_nonsense_or_passed_is_a_bad_request(self, shop, value):
        answers = [
            get(shop[name], "/products", **{"X-Deadline": value})
            for name in ("gateway", "products")
        ]

        assert [answer.status_code for answer in answers] == [400, 400]

    def test_a_century_is_cut_short(self, shop):
        century = {"X-Deadline": str(10**14)}

        assert get(shop["gateway"], "/products", **century).status_code == 200

    def test_a_hurried_client_leaves_the_next_one_in_peace(self, start):
        """Forty calls, 5 to 200 ms from their end, to a service that takes longer."""
        shop = start.together("gateway", "products")
        shop["products"].put("/internal/faults", {"slow": 0.5})
        with ThreadPoolExecutor(6) as pool:
            hurried = list(pool.map(lambda n: in_a_hurry(shop["gateway"], 5 * n), range(1, 41)))
        shop["products"].put("/internal/faults", {})

        assert {504} <= set(hurried) <= {400, 504}
        assert shop["gateway"].of_kind("event", event="breaker") == []
        assert get(shop["gateway"], "/products").status_code == 200


def in_a_hurry(service, milliseconds):
    soon = {"X-Deadline": str(int(time.time() * 1000) + milliseconds)}
    return get(service, "/products", **soon).status_code


class TestHonestCustomers:
    """They lose nothing, whatever the others do meanwhile."""

    def test_beside_nested_bodies(self, shop, start_shared):
        """Anonymous, to where one logs in: the circuit of auth stays closed."""
        credentials = {"username": "alice", "password": start_shared.password}
        ours = []
        for _ in range(10):
            for _ in range(4):
                send(shop["gateway"], "POST", "/auth/login", nested(2_000))
            ours.append(shop["gateway"].post("/auth/login", credentials).status_code)

        assert set(ours) == {200}
        assert shop["gateway"].of_kind("event", event="breaker") == []

    @pytest.mark.parametrize("name", ["gateway", "products"])
    @pytest.mark.parametrize(
        "sent",
        [
            b"",
            b"GET /products HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
            b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{",
        ],
        ids=["silent", "slow headers", "slow body"],
    )
    def test_beside_two_hundred_slow_connections(self, shop, name, sent):
        """A connection that says nothing holds no thread."""
        slow = [socket.create_connection(("127.0.0.1", port_of(shop[name]))) for _ in range(200)]
        for connection in slow:
            connection.sendall(sent)

        with ThreadPoolExecutor(4) as pool:  # fewer than the gateway lets through to one service
            ours = list(pool.map(lambda _: get(shop[name], "/products").status_code, range(40)))
        for connection in slow:
            connection.close()

        assert set(ours) == {200}


class TestHanging:
    def test_a_look_inside_does_not_hold_the_door(self, start):
        """While it hangs, no other path of /internal/ takes the thread that can end it."""
        service = start.script("plain", PLAIN)
        service.put("/internal/faults", {"hang": True})
        lookers = [
            threading.Thread(target=look, args=(service, path))
            for path in ("/internal/x", "/internal/faults/x", "/internal/") * 2
        ]
        for looker in lookers:
            looker.start()
        eventually(lambda: "active_requests 6.0" in metrics(service))

        healed = service.put("/internal/faults", {}, timeout=20)
        for looker in lookers:
            looker.join()

        assert healed.status_code == 200

    def test_nobody_takes_the_door_away(self, start):
        """A service that has a route of that name still hears when its faults end."""
        source = PLAIN + '\n    app.put("/internal/faults")(lambda: "mine")\n'
        service = start.script("plain", source)

        assert service.put("/internal/faults", {"slow": 0.1}).json() == {"slow": 0.1}


def metrics(service):
    return requests.get(f"{service.url}/metrics", timeout=20).text


def look(service, path):
    assert get(service, path).status_code == 404
