"""Whatever happens in the shop, nothing secret is written down, and every line says its request.

All that the processes print is read (spans, logs, exceptions) and all that the broker carries.
"""

import base64
import json
import sys
import uuid
from pathlib import Path

import jwt
import pytest
from basics import eventually
from cryptography.hazmat.primitives.asymmetric import rsa
from order_shop import lines
from whole_shop import WholeShop

sys.path.insert(0, str(Path(__file__).parents[1] / "contracts"))
from listening import Ear

pytestmark = pytest.mark.needs("rabbitmq")
CARDS = ("tok_visa", "tok_declined", "tok_mastercard")
CARD_NUMBER = "4242424242424242"
WRONG = "correct horse battery staple"
MARK = "a-day-in-the-shop"


@pytest.fixture(scope="module")
def shop(broker):
    shop = WholeShop(RABBITMQ_URL=broker.url, LOG_LEVEL="DEBUG")
    shop.ear, shop.buried = Ear(broker.url), []
    shop.start()
    yield shop
    shop.ear.close()
    shop.close()


@pytest.fixture(scope="module")
def secrets(shop):
    """Live a day in the shop, good and bad; what must never be seen of it."""
    shop.secrets = {shop.password, WRONG, CARD_NUMBER, shop.credential.secret}
    shop.secrets |= {key for name in shop.ports for key in shop.credential.shown_to(name).values()}
    sign_in(shop)
    buy(shop)
    forge(shop)
    break_down(shop)
    return shop.secrets


def sign_in(shop):
    for username, password in (("alice", shop.password), ("alice", WRONG), ("nobody", WRONG)):
        credentials = {"username": username, "password": password}
        answer = shop.call("gateway", "POST", "/auth/login", json=credentials, headers=mark())
        if answer.ok:
            shop.tokens["alice"] = answer.json()["access_token"]
    # In the wrong place, as people do: in the query, in a malformed body, in another scheme.
    shop.call("gateway", "GET", f"/products?password={WRONG.replace(' ', '+')}", headers=mark())
    shop.call("gateway", "GET", f"/products?access_token={shop.token('alice')}", headers=mark())
    shop.call("gateway", "POST", "/auth/login", data=f'{{"password": "{WRONG}"', headers=mark())
    basic = base64.b64encode(f"alice:{shop.password}".encode()).decode()
    shop.call("gateway", "GET", "/orders", headers={**mark(), "Authorization": f"Basic {basic}"})
    for mistaken in (CARDS[0], shop.token("alice")):
        shop.call("gateway", "GET", f"/products/{mistaken}", headers=mark())
    shop.call("gateway", "GET", "/notifications", "alice", headers=mark())
    shop.secrets |= {shop.token("alice"), shop.token("alice").rpartition(".")[2], basic}
    shop.secrets |= {WRONG.replace(" ", "+"), WRONG.replace(" ", "%20")}


def buy(shop):
    for card in (*CARDS, CARD_NUMBER):
        order = {"items": [{"sku": "MUG", "quantity": 1}], "card": card}
        key = {"Idempotency-Key": str(uuid.uuid4()), **mark()}
        for _ in range(2):
            shop.call("gateway", "POST", "/orders", "alice", json=order, headers=key)
    direct = {"amount_cents": 100, "card": CARD_NUMBER}
    shop.call("payments", "PUT", "/charges/direct", json=direct, headers=mark())
    shop.secrets |= set(CARDS)


def forge(shop):
    claims = jwt.decode(shop.token("alice"), options={"verify_signature": False})
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    header = jwt.get_unverified_header(shop.token("alice"))
    forged = [
        jwt.encode(claims, stranger, "RS256", headers={"kid": header["kid"]}),
        jwt.encode(claims, stranger, "RS256", headers={"kid": "../../etc/passwd"}),
        jwt.encode(claims, "a shared secret of thirty-two bytes!", "HS256"),
        jwt.encode(claims, None, "none"),
        shop.token("alice")[:-8] + "AAAAAAAA",
        "not.a.token-but-a-secret",
    ]
    for token in forged:
        bearer = {**mark(), "Authorization": f"Bearer {token}"}
        for name, path in (("gateway", "/orders"), ("orders", "/orders"), ("users", "/users/me")):
            assert shop.call(name, "GET", path, headers=bearer).status_code == 401
    shop.secrets |= {token for token in forged} | {"a shared secret of thirty-two bytes!"}


def break_down(shop):
    """A participant is out, then answers errors: exceptions and retries are logged too."""
    for faults in ({"error_rate": 1.0}, {}):
        shop.call("payments", "PUT", "/internal/faults", json=faults)
        order = {"items": [{"sku": "MUG", "quantity": 1}], "card": "tok_visa"}
        shop.call("gateway", "POST", "/orders", "alice", json=order, headers=mark())
    shop.kill("payments")
    shop.buried.append(shop.processes["payments"])
    shop.call("gateway", "POST", "/orders", "alice", json=order, headers=mark())
    shop.start("payments")
    shop.settle()


def mark():
    return {"X-Correlation-ID": MARK}


def written(shop):
    """All that was printed, line by line."""
    return [line for process in processes(shop) for line in process.lines]


def processes(shop):
    """Those that run, and those that were killed."""
    return [*shop.processes.values(), *shop.buried]


def telling(text_lines, secrets):
    return [line for line in text_lines if any(secret in line for secret in secrets)]


def test_no_line_tells_a_secret(shop, secrets):
    assert len(written(shop)) > 200
    assert all(len(process.lines) < process.lines.maxlen for process in processes(shop))
    assert telling(written(shop), secrets) == []


def test_no_event_tells_a_secret(shop, secrets):
    def heard():
        kinds = {event["routing_key"] for event in shop.ear.all()}
        return {"order.confirmed", "order.rejected", "payment.failed", "email.sent"} <= kinds

    eventually(heard, what="events of every kind")
    assert telling(map(json.dumps, shop.ear.all()), secrets) == []


def test_it_was_not_for_want_of_trying(shop, secrets):
    """Some lines were about a secret, and hide it."""
    assert telling(written(shop), {"/products/•••"})


def test_would_be_seen(shop, secrets, tmp_path):
    """A chassis that hides nothing is caught."""
    leaky = tmp_path / "leaky.py"
    leaky.write_text(LEAKY)
    address = {"SERVICE_NAME": "products", "PORT": "0", "DATABASE_URL": f"sqlite:///{leaky}.db"}
    process = shop.launcher.spawn("leaky-1", str(leaky), {**shop.env, **address})
    shop.ports["leaky"] = shop.await_line(process, event="listening")["port"]
    shop.call("leaky", "GET", "/products/tok_visa")
    shop.await_line(process, kind="span")
    del shop.ports["leaky"]

    assert telling(process.lines, secrets)


LEAKY = """
from services.chassis import logs, telemetry

logs.redact = telemetry.redact = lambda value: value
from services.products.app import app
"""


def test_every_line_of_a_request_says_which(shop, secrets):
    """Every log line of our requests carries the trace of one of the spans of our requests."""
    records = [record for process in processes(shop) for record in lines(process)]
    ours = [record for record in records if record.get("correlation_id") == MARK]
    traces = {record["trace_id"] for record in ours if record["kind"] == "span"}
    logs = [record for record in ours if record["kind"] == "log"]

    assert {record["service"] for record in logs} == set(shop.ports) - {"registry"}
    assert [r for r in logs if r["trace_id"] not in traces or not r["span_id"]] == []


def test_no_request_goes_unnamed(shop, secrets):
    """Only background work may log without a trace; the line of a request never does."""
    records = [record for process in processes(shop) for record in lines(process)]
    requests = [record for record in records if record.get("logger") == "services.requests"]

    assert len(requests) > 50
    assert [record for record in requests if not record["trace_id"]] == []
