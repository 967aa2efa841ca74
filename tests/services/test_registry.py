"""The registry over HTTP, and the services that announce themselves to it."""

import signal

import pytest
import requests
from basics import eventually
from described import judge

PLACE, BODY = "/instances/orders/orders-1", {"url": "http://127.0.0.1:4001"}


@pytest.fixture
def registry(start):
    return start("registry", INSTANCE_TTL="1.5")


def known(registry, service):
    return [
        entry["instance"] for entry in registry.get(f"/instances/{service}").json()["instances"]
    ]


class TestInterface:
    def test_registers_and_renews(self, registry):
        """201 for a newcomer, 200 for a heartbeat; listed alone and among all."""
        newcomer = registry.put(PLACE, BODY)
        lease = newcomer.json()["lease"]
        beat = registry.put(PLACE, {**BODY, "lease": lease})
        entries = registry.get("/instances/orders").json()["instances"]

        assert [newcomer.status_code, beat.status_code] == [201, 200]
        assert beat.json()["lease"] == lease
        assert "lease" not in entries[0]
        assert [(entry["instance"], entry["url"]) for entry in entries] == [
            ("orders-1", "http://127.0.0.1:4001")
        ]
        assert 0 < entries[0]["expires_in"] <= 1.5
        assert [entry["service"] for entry in registry.get("/instances").json()["instances"]] == [
            "orders"
        ]

    def test_lets_go(self, registry):
        """204, whether it was there or not."""
        lease = registry.put(PLACE, BODY).json()["lease"]
        statuses = [registry.delete(f"{PLACE}?lease={lease}").status_code for _ in range(2)]

        assert statuses == [204, 204]
        assert known(registry, "orders") == []

    def test_belongs_to_the_latest(self, registry):
        """Whoever was replaced neither moves its successor nor takes it away: 409."""
        old = registry.put(PLACE, BODY).json()["lease"]
        new = registry.put(PLACE, {"url": "http://127.0.0.1:5001"})
        beat = registry.put(PLACE, {**BODY, "lease": old})
        farewell = registry.delete(f"{PLACE}?lease={old}")
        entries = registry.get("/instances/orders").json()["instances"]

        assert (new.status_code, new.json()["lease"] > old) == (200, True)
        assert (beat.status_code, farewell.status_code) == (409, 409)
        assert [entry["url"] for entry in entries] == ["http://127.0.0.1:5001"]

    def test_needs_a_lease_to_let_go(self, registry):
        """A name alone takes nobody away."""
        registry.put(PLACE, BODY)

        assert registry.delete(PLACE).status_code == 422
        assert known(registry, "orders") == ["orders-1"]

    def test_wants_the_unknown_to_register(self, registry):
        """A heartbeat that comes after the farewell, or to a new registry, registers nobody."""
        answer = registry.put(PLACE, {**BODY, "lease": 7})

        assert answer.status_code == 404
        assert known(registry, "orders") == []

    def test_of_an_unknown_service_knows_nobody(self, registry):
        """An empty list, not an error: it may start in a moment."""
        assert registry.get("/instances/nobody").json() == {"instances": []}

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {**BODY, "lease": "7"},
            {**BODY, "lease": True},
            {"url": "ftp://x"},
            {"url": "http://x/path"},
            {"url": "http://x y"},
            {"url": 1},
            [],
        ],
    )
    def test_refuses_what_is_no_address(self, registry, body):
        """An address that nobody could call is refused at the door."""
        assert registry.put("/instances/orders/orders-1", body).status_code == 422

    def test_refuses_strange_names(self, registry):
        """A name is a name, not a line of log."""
        body = {"url": "http://127.0.0.1:4001"}

        assert registry.put("/instances/a%20b/x", body).status_code == 422
        assert registry.put(f"/instances/{'a' * 65}/x", body).status_code == 422


class TestServices:
    def test_announce_themselves_and_say_goodbye(self, start, registry):
        """A clean stop is known at once, before the TTL."""
        users = start("users", REGISTRY_URL=registry.url)
        eventually(lambda: known(registry, "users") == ["users-1"])
        users.stop()

        assert known(registry, "users") == []

    def test_are_forgotten_after_kill_9(self, start, registry):
        """No farewell: three heartbeats of silence."""
        users = start("users", REGISTRY_URL=registry.url)
        eventually(lambda: known(registry, "users"))
        users.kill()

        assert known(registry, "users") == ["users-1"]
        eventually(lambda: not known(registry, "users"))

    def test_are_forgotten_while_they_sleep(self, start, registry):
        """A frozen process sends no heartbeat; awake again, it is back by itself."""
        users = start("users", REGISTRY_URL=registry.url)
        eventually(lambda: known(registry, "users"))
        users.signal(signal.SIGSTOP)
        eventually(lambda: not known(registry, "users"))
        users.signal(signal.SIGCONT)

        eventually(lambda: known(registry, "users") == ["users-1"])

    def test_find_a_registry_that_was_reborn(self, start, registry, tmp_path):
        """It kept nothing, and within a heartbeat it knows everybody again."""
        port = registry.url.rpartition(":")[2]
        start("users", REGISTRY_URL=registry.url)
        eventually(lambda: known(registry, "users"))
        registry.kill()
        reborn = start("registry", PORT=port)

        eventually(lambda: known(reborn, "users") == ["users-1"])

    def test_are_replaced_by_who_takes_their_name(self, start, registry):
        """Asleep while another started under its name, then awake, then stopped: it is no more."""
        old = start("users", REGISTRY_URL=registry.url)
        eventually(lambda: known(registry, "users"))
        old.signal(signal.SIGSTOP)
        new = registry.put("/instances/users/users-1", BODY).json()["lease"]
        old.signal(signal.SIGCONT)
        old.wait_for("log", level="WARNING", logger="services.chassis.discovery")
        old.stop()

        assert registry.put("/instances/users/users-1", {**BODY, "lease": new}).status_code == 200

    def test_come_back_when_their_name_is_free(self, start, registry):
        """Whoever replaced it has left: the one that still lives registers again."""
        old = start("users", REGISTRY_URL=registry.url)
        eventually(lambda: known(registry, "users"))
        new = registry.put("/instances/users/users-1", BODY).json()["lease"]
        old.wait_for("log", level="WARNING", logger="services.chassis.discovery")
        registry.delete(f"/instances/users/users-1?lease={new}")

        eventually(lambda: known(registry, "users") == ["users-1"])

    def test_are_called_while_it_is_out(self, start, registry):
        """The last known addresses serve on."""
        auth = start("auth", REGISTRY_URL=registry.url)
        start("users", REGISTRY_URL=registry.url)
        gateway = start("gateway", REGISTRY_URL=registry.url)
        login = {"username": "alice", "password": start.password}
        eventually(lambda: known(registry, "auth") and known(registry, "users"))
        token = auth.post("/login", login).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        eventually(lambda: gateway.get("/users/me", headers=headers).status_code == 200)
        registry.kill()

        statuses = {gateway.get("/users/me", headers=headers).status_code for _ in range(20)}

        assert statuses == {200}

    def test_does_not_list_itself(self, registry):
        """It has no registry of its own."""
        assert registry.get("/instances").json() == {"instances": []}


def test_a_dead_instance_costs_no_request(start, registry):
    """kill -9 of one in three while the gateway is asked: none of the readers sees it."""
    for number in (1, 2, 3):
        start(
            "products",
            instance=f"products-{number}",
            REGISTRY_URL=registry.url,
            DATABASE_URL=f"sqlite:///{start.folder / str(number)}.db",
        )
    eventually(lambda: len(known(registry, "products")) == 3)
    gateway = start("gateway", REGISTRY_URL=registry.url)
    victim = start.services[-2]
    with requests.Session() as session:
        statuses = []
        for number in range(60):
            if number == 20:
                victim.kill()
            statuses.append(session.get(f"{gateway.url}/products", timeout=10).status_code)

    assert statuses == [200] * 60


def test_description_is_true(registry, tmp_path):
    """schemathesis: no 500, no answer that is not announced."""
    judge(registry, registry.proof, tmp_path)
