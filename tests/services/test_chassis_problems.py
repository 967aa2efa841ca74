"""Errors, health, metrics and faults, as the outside sees them."""

import shutil
import signal
import subprocess
import threading

import psutil
import pytest
from basics import eventually

SHOP = """
    import errno
    import logging
    import sqlite3

    import requests
    from flask import abort, request
    from pydantic import BaseModel, Field
    from sqlalchemy.exc import OperationalError
    from services.chassis import Problem, create_service

    app = create_service("shop")


    @app.get("/orders/<order_id>")
    def order(order_id):
        return {"id": order_id}


    @app.post("/orders")
    def place():
        return request.get_json()


    @app.get("/conflict")
    def conflict():
        abort(409, "Il ne reste que 2 LAMP.")


    @app.get("/extended")
    def extended():
        raise Problem(409, "Il ne reste que 2 LAMP.", {"Retry-After": "7"}, available=2)


    @app.get("/crash")
    def crash():
        raise RuntimeError("secret in the stack")


    @app.get("/exercise")
    def exercise():
        raise NotImplementedError


    @app.get("/full")
    def full():
        raise OSError(errno.ENOSPC, "No space left on device")


    @app.get("/garbage")
    def garbage():
        raise requests.JSONDecodeError("Expecting value", "<html>", 0)


    @app.get("/locked")
    def locked():
        raise OperationalError("UPDATE stock", {}, sqlite3.OperationalError("database is locked"))


    @app.get("/sqlite-full")
    def sqlite_full():
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))


    from services.chassis import calls, database
"""

CATALOGUE = """
    from pydantic import BaseModel, Field
    from services.chassis import create_service

    app = create_service("catalogue", openapi=True, title="Catalogue")


    class Product(BaseModel):
        sku: str = Field(min_length=2)
        price_cents: int = Field(ge=0, strict=True)


    @app.post("/products")
    def add(body: Product):
        return body.model_dump(), 201
"""


@pytest.fixture(scope="module")
def shop(start_shared):
    return start_shared.script("shop", SHOP, THREADS="2")


@pytest.fixture(scope="module")
def catalogue(start_shared):
    return start_shared.script("catalogue", CATALOGUE)


class TestProblems:
    @pytest.mark.parametrize(
        ("path", "status", "detail"),
        [
            ("/conflict", 409, "Il ne reste que 2 LAMP."),
            ("/nowhere", 404, "Rien à cette adresse."),
            ("/crash", 500, "Erreur imprévue du service."),
            ("/exercise", 501, "Cette partie n’est pas encore écrite."),
            ("/full", 507, "Le disque est plein"),
            ("/sqlite-full", 507, "Le disque est plein"),
            ("/locked", 503, "La base de données ne répond pas."),
            ("/garbage", 502, "Un service appelé a mal répondu."),
        ],
    )
    def test_every_error_is_a_problem(self, shop, path, status, detail):
        """RFC 9457: type, title, status, detail, instance; and the trace to look it up by."""
        response = shop.get(path)
        problem = response.json()

        assert response.status_code == problem["status"] == status
        assert response.headers["Content-Type"] == "application/problem+json"
        assert detail in problem["detail"]
        assert problem["instance"] == path
        assert problem["type"] == "about:blank"
        assert len(problem["trace_id"]) == 32

    def test_carries_extensions_and_headers(self, shop):
        response = shop.get("/extended")

        assert response.json()["available"] == 2
        assert response.headers["Retry-After"] == "7"

    def test_keeps_what_http_requires(self, shop):
        """A 405 names the methods that are allowed (RFC 9110, 15.5.6)."""
        response = shop.delete("/conflict")

        assert response.status_code == 405
        assert "GET" in response.headers["Allow"]
        assert "méthode" in response.json()["detail"]

    @pytest.mark.parametrize(
        ("body", "content_type", "status"),
        [("{", "application/json", 400), ("a=1", "application/x-www-form-urlencoded", 415)],
    )
    def test_speaks_french_of_bad_bodies(self, shop, body, content_type, status):
        response = shop.post("/orders", data=body, headers={"Content-Type": content_type})

        assert response.status_code == status
        assert response.json()["detail"].startswith(("La requête", "Ce type"))

    def test_hides_the_stack_and_logs_it(self, shop):
        response = shop.get("/crash")
        log = shop.wait_for("log", level="ERROR", trace_id=response.json()["trace_id"])

        assert "secret" not in response.text
        assert "RuntimeError: secret in the stack" in log["exception"]

    def test_invalid_bodies_are_told_field_by_field(self, catalogue):
        response = catalogue.post("/products", {"sku": "L", "price_cents": -1})
        problem = response.json()

        assert response.status_code == 422
        assert response.headers["Content-Type"] == "application/problem+json"
        assert {error["field"] for error in problem["errors"]} == {"sku", "price_cents"}
        assert all(
            "Au moins" in e["detail"] or "au moins" in e["detail"] for e in problem["errors"]
        )

    def test_leaves_a_learners_own_handler_alone(self, start):
        service = start.script(
            "own",
            """
            from flask import Flask

            app = Flask(__name__)


            @app.errorhandler(404)
            def lost(error):
                return {"perdu": True}, 404
            """,
        )

        assert service.get("/nowhere").json() == {"perdu": True}


class TestHealth:
    def test_live_and_ready(self, shop):
        assert shop.get("/health/live").json()["status"] == "ok"
        assert shop.get("/health/ready").json()["status"] == "ready"

    def test_liveness_depends_on_nothing(self, start):
        """A broken dependency makes a service not ready; restarting it would not help."""
        service = start.script(
            "sick",
            """
            from services.chassis import create_service
            from services.chassis.lifecycle import lifecycle

            app = create_service("sick")


            @lifecycle.readiness
            def broker():
                raise ConnectionError("amqp://user:password@broker")
            """,
        )
        ready = service.get("/health/ready")

        assert service.get("/health/live").status_code == 200
        assert ready.status_code == 503
        assert "password" not in ready.text
        assert "broker" in ready.json()["reasons"]

    def test_probes_pass_before_the_services_own_rules(self, start):
        """A rate limit must not make a healthy service look sick; its own probe wins over ours."""
        service = start.script(
            "strict",
            """
            from flask import Flask, abort, request

            app = Flask(__name__)


            @app.before_request
            def refuse():
                if request.path != "/health/ready":
                    abort(429)


            @app.get("/health/ready")
            def ready():
                return {"mine": True}
            """,
            wait=False,
        )
        assert service.get("/").status_code == 429
        assert service.get("/health/live").status_code == 200
        assert service.get("/health/ready").json() == {"mine": True}

    def test_probes_leave_no_trace(self, shop):
        for path in ("/health/live", "/health/ready", "/metrics"):
            shop.get(path)
        mark = shop.get("/orders/after").headers["X-Correlation-ID"]
        shop.wait_for("span", correlation_id=mark)

        paths = {span["attributes"].get("url.path") for span in shop.of_kind("span")}
        assert not paths & {"/health/live", "/health/ready", "/metrics"}


class TestMetrics:
    def test_one_series_a_route(self, start):
        """A hundred orders are one route: the label is the template, never the path."""
        service = start.script("shop", SHOP)
        for number in range(100):
            service.get(f"/orders/{number}")
        for path in ("/conflict", "/crash", "/nowhere", "/nowhere/else"):
            service.get(path)
        lines = service.get("/metrics").text.splitlines()
        counts = {
            line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1])
            for line in lines
            if line.startswith("http_server_request_duration_seconds_count")
        }

        assert sum(counts.values()) == 104
        name = "http_server_request_duration_seconds_count"
        assert counts[f'{name}{{method="GET",route="/orders/<order_id>",status="200"}}'] == 100
        assert counts[f'{name}{{method="GET",route="unmatched",status="404"}}'] == 2
        assert counts[f'{name}{{method="GET",route="/crash",status="500"}}'] == 1

    def test_an_invented_method_makes_no_series(self, shop):
        shop.request("BREW", "/orders/1")

        assert "BREW" not in shop.get("/metrics").text

    def test_promtool_accepts_it(self, shop):
        promtool = shutil.which("promtool")
        if not promtool:
            pytest.skip("il manque prometheus")
        shop.get("/orders/1")

        checked = subprocess.run(
            [promtool, "check", "metrics"],
            input=shop.get("/metrics").text, capture_output=True, text=True, check=False,
        )  # fmt: skip

        assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


class TestFaults:
    @pytest.fixture(autouse=True)
    def heal(self, shop):
        yield
        shop.put("/internal/faults", {})

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"X-Run-Credential": ""},
            {"X-Run-Credential": "wrong"},
            {"Authorization": "Bearer x"},
        ],
    )
    def test_only_the_same_run_may(self, shop, headers):
        faults = {"error_rate": 1}
        answer = shop.ask_as_stranger("PUT", "/internal/faults", json=faults, headers=headers)

        assert answer.status_code == 404
        assert shop.get("/orders/1").status_code == 200

    def test_no_credential_no_control(self, start):
        """A service started by hand, without the variable, is closed rather than open."""
        service = start.script("alone", SHOP, RUN_CREDENTIAL="")

        assert service.put("/internal/faults", {"error_rate": 1}).status_code == 404

    @pytest.mark.parametrize(
        "faults",
        [
            {"explode": True},
            {"slow": -1},
            {"slow": "much"},
            {"slow": True},
            {"error_rate": 2},
            {"hang": 3},
            {"crash": "after_commit"},
            {"crash": ["orders:after_commit:7"]},
            [1],
        ],
    )
    def test_unknown_or_absurd_faults_are_refused(self, shop, faults):
        assert shop.put("/internal/faults", faults).status_code == 422

    def test_errors(self, shop):
        shop.put("/internal/faults", {"error_rate": 1})
        assert shop.get("/orders/1").status_code == 500
        assert shop.get("/health/live").status_code == 200

        shop.put("/internal/faults", {})

        assert shop.get("/orders/1").status_code == 200

    def test_slowness(self, shop):
        shop.put("/internal/faults", {"slow": 0.3})

        assert shop.get("/orders/1").elapsed.total_seconds() >= 0.3

    def test_hanging_can_be_lifted_when_all_threads_hang(self, shop):
        """Both threads of the service are stuck: the control has one of its own."""
        shop.put("/internal/faults", {"hang": True})
        answers = []
        callers = [
            threading.Thread(target=lambda: answers.append(shop.get("/orders/1").status_code))
            for _ in range(4)
        ]
        for caller in callers:
            caller.start()

        shop.put("/internal/faults", {})

        for caller in callers:
            caller.join()
        assert answers == [200] * 4


class TestCrashPoints:
    CRASHING = """
        from flask import Flask
        from services.chassis import crash_point

        app = Flask(__name__)


        @app.get("/work/<name>")
        def work(name):
            crash_point(name)
            return {}
    """

    def test_kills_on_the_named_pass(self, start):
        """The third pass of that point, not the second, and no other point."""
        service = start.script("worker", self.CRASHING, FAULT="other:pay:1,worker:pay:3")
        for name in ("ship", "ship", "ship", "pay", "pay"):
            assert service.get(f"/work/{name}").status_code == 200

        with pytest.raises(OSError, match="Connection"):
            service.get("/work/pay")

        assert service.wait() == -9
        assert service.of_kind("event", event="crash")[0]["point"] == "pay"

    def test_armed_while_it_runs(self, start):
        """Told where to die, a service counts its passes from then on."""
        service = start.script("worker", self.CRASHING)
        service.get("/work/pay")
        service.put("/internal/faults", {"crash": "worker:pay:2"})
        assert service.get("/work/pay").status_code == 200

        with pytest.raises(OSError, match="Connection"):
            service.get("/work/pay")

        assert service.wait() == -9

    def test_disarmed_while_it_runs(self, start):
        """What is told takes the place of FAULT, nothing as well as something."""
        service = start.script("worker", self.CRASHING, FAULT="worker:pay:1")
        armed = service.get("/internal/faults").json()
        service.put("/internal/faults", {})

        assert armed == {"crash": "worker:pay:1"}
        assert service.get("/work/pay").status_code == 200

    def test_sleeps_on_the_named_pass(self, start):
        """Stopped at that very line: what was asked of it is answered once it goes on."""
        service = start.script("worker", self.CRASHING, FAULT="worker:pay:2:sleep")
        service.get("/work/pay")
        answers = []
        caller = threading.Thread(target=lambda: answers.append(service.get("/work/pay")))
        caller.start()
        told = service.wait_for("event", event="asleep")
        eventually(lambda: psutil.Process(service.process.pid).status() == psutil.STATUS_STOPPED)
        assert (told["point"], answers) == ("pay", [])

        service.signal(signal.SIGCONT)

        caller.join()
        assert answers[0].status_code == 200
