"""The runner: from the first line of output to the exit code."""

import signal
import socket
import threading

import pytest
import requests
from basics import eventually
from ports import free_port

HELLO = """
    from flask import Flask

    app = Flask(__name__)


    @app.get("/hello/<name>")
    def hello(name):
        return {"hello": name}


    if __name__ == "__main__":
        app.run(port=1)
"""

SLOW = """
    import time
    from flask import Flask

    app = Flask(__name__)


    @app.get("/slow")
    def slow():
        time.sleep(0.5)
        return {"done": True}
"""

REGISTRY = """
    from flask import Flask, request

    app = Flask(__name__)
    calls = []


    @app.route("/instances/<service>/<instance>", methods=["PUT", "DELETE"])
    def instance(service, instance):
        calls.append([request.method, instance, request.get_json(silent=True) or request.args])
        return {"lease": 7}


    @app.get("/calls")
    def show():
        return calls
"""


class TestStart:
    def test_serves_a_plain_flask_app(self, start):
        """A learner's file, as they would run it, with its own app.run() at the end."""
        service = start.script("hello", HELLO)

        assert service.get("/hello/Ada").json() == {"hello": "Ada"}
        assert service.get("/health/ready").status_code == 200
        assert service.of_kind("text") == []

    def test_says_where_it_listens_once(self, start):
        service = start.script("hello", HELLO, instance="hello-2")
        service.get("/hello/Ada")

        (listening,) = service.of_kind("event", event="listening")
        assert listening["host"] == "127.0.0.1"
        assert listening["port"] > 0
        assert (listening["service"], listening["instance"]) == ("hello", "hello-2")

    def test_takes_the_port_it_is_given(self, start):
        port = free_port()

        assert start.script("hello", HELLO, PORT=str(port)).url.endswith(f":{port}")

    def test_a_busy_port_is_told_in_one_line(self, start):
        with socket.create_server(("127.0.0.1", 0)) as occupied:
            port = occupied.getsockname()[1]
            service = start.script("hello", HELLO, wait=False, PORT=str(port))

            assert service.wait() == 98
        (line,) = [line for line in service.lines if line["kind"] == "log"]
        assert str(port) in line["message"]

    def test_a_syntax_error_shows_the_line(self, start):
        """The learner sees their own line, not forty of ours."""
        broken = "from flask import Flask\napp = Flask(__name__)\nprices = {'LAMP': 3990\n"
        service = start.script("broken", broken, wait=False)

        assert service.wait() == 1
        (line,) = service.of_kind("log", level="CRITICAL")
        assert "SyntaxError" in line["message"]
        assert "ligne 3" in line["message"]
        assert "prices = {'LAMP': 3990" in line["message"]
        assert "services/chassis" not in line["exception"]

    def test_an_error_at_import_shows_the_line(self, start):
        service = start.script("broken", "def half(n):\n    return n / 0\n\nhalf(1)\n", wait=False)

        assert service.wait() == 1
        (line,) = service.of_kind("log", level="CRITICAL")
        assert "ZeroDivisionError" in line["message"]
        assert line["line"] == 2
        assert "services/chassis" not in line["exception"]

    def test_a_start_that_fails_is_tried_again(self, start):
        """Alive but not ready until the hook succeeds: nobody is sent to a half-started service."""
        service = start.script(
            "seeded",
            """
            from pathlib import Path
            from services.chassis import create_service, lifecycle

            app = create_service("seeded")


            @lifecycle.on_start
            def seed():
                Path("seed").read_text()
            """,
            wait=False,
        )
        assert service.get("/health/live").status_code == 200
        assert service.get("/health/ready").status_code == 503

        (start.folder / "seed").write_text("here")

        service.wait_for("event", event="ready")
        assert service.get("/health/ready").status_code == 200

    def test_a_script_simply_runs(self, start):
        """What defines no app is a worker: its output and its exit code are its own."""
        service = start.script(
            "worker",
            """
            if __name__ == "__main__":
                print("travail fait")
                raise SystemExit(3)
            """,
            wait=False,
        )

        assert service.wait() == 3
        assert {"kind": "text", "text": "travail fait"} in service.lines

    def test_a_worker_leaves_on_sigterm(self, start):
        service = start.script(
            "worker",
            """
            import threading

            try:
                print("prêt")
                threading.Event().wait()
            finally:
                print("rangé")
            """,
            wait=False,
        )
        service.wait_for("text", text="prêt")

        assert service.stop() == 0
        assert {"kind": "text", "text": "rangé"} in service.lines


class TestStop:
    def test_finishes_what_is_running(self, start):
        """A request that has begun gets its answer; the process then leaves with 0."""
        service = start.script("slow", SLOW)
        answers = []
        caller = threading.Thread(target=lambda: answers.append(service.get("/slow")))
        caller.start()
        eventually(
            lambda: "http_server_active_requests 1.0" in service.get("/metrics").text,
            what="a running request",
        )

        assert service.stop() == 0
        caller.join()
        assert answers[0].json() == {"done": True}

    def test_closes_kept_connections(self, start):
        """While it drains it asks its callers to come back elsewhere."""
        service = start.script("slow", SLOW)
        with requests.Session() as session:
            session.get(service.url + "/health/live")
            slow = threading.Thread(target=lambda: service.get("/slow"))
            slow.start()
            eventually(lambda: "active_requests 1.0" in service.get("/metrics").text)
            service.signal(signal.SIGTERM)
            service.wait_for("event", event="stopping")

            answer = session.get(service.url + "/health/ready")

            slow.join()
        assert answer.status_code == 503
        assert answer.headers["Connection"] == "close"

    def test_runs_the_stop_hooks(self, start):
        service = start.script(
            "tidy",
            """
            from services.chassis import create_service, lifecycle

            app = create_service("tidy")
            lifecycle.on_stop(lambda: print("rangé"))
            """,
        )

        assert service.stop() == 0
        assert {"kind": "text", "text": "rangé"} in service.lines

    def test_leaves_even_if_a_request_hangs(self, start):
        service = start.script("slow", SLOW)
        service.put("/internal/faults", {"hang": True})
        stuck = threading.Thread(target=lambda: _expect_no_answer(service))
        stuck.start()
        eventually(lambda: "active_requests 1.0" in service.get("/metrics").text)

        assert service.stop() == 0
        stuck.join()


def _expect_no_answer(service):
    with pytest.raises(requests.ConnectionError):
        service.get("/slow")


class TestRegistration:
    def test_registers_when_ready_and_leaves_when_stopped(self, start):
        registry = start.script("registry", REGISTRY)
        service = start.script("hello", HELLO, REGISTRY_URL=registry.url)
        eventually(lambda: len(registry.get("/calls").json()) > 1)
        first, beat = registry.get("/calls").json()[:2]
        assert first == ["PUT", "hello-1", {"url": service.url}]
        assert beat == ["PUT", "hello-1", {"url": service.url, "lease": 7}]

        service.stop()

        assert registry.get("/calls").json()[-1] == ["DELETE", "hello-1", {"lease": "7"}]

    def test_waits_for_health(self, start):
        """Who is not ready is not registered; who no longer is, is withdrawn."""
        registry = start.script("registry", REGISTRY)
        service = start.script(
            "moody",
            """
            from pathlib import Path
            from services.chassis import create_service, lifecycle

            app = create_service("moody")
            lifecycle.readiness(lambda: None if Path("well").exists() else "Pas encore.", "mood")
            """,
            REGISTRY_URL=registry.url,
        )
        assert service.get("/health/ready").json()["reasons"] == {"mood": "Pas encore."}
        assert registry.get("/calls").json() == []

        (start.folder / "well").touch()
        eventually(lambda: [call for call in registry.get("/calls").json() if call[0] == "PUT"])
        (start.folder / "well").unlink()

        eventually(lambda: registry.get("/calls").json()[-1][0] == "DELETE")


class TestOutput:
    def test_lines_are_whole(self, start):
        """Eight threads logging long lines at once never mix them up."""
        service = start.script(
            "chatty",
            """
            import logging
            from flask import Flask

            app = Flask(__name__)


            @app.get("/")
            def index():
                logging.getLogger("chatty").info("é" * 9000)
                return {}
            """,
        )
        callers = [
            threading.Thread(target=lambda: [service.get("/") for _ in range(20)]) for _ in range(8)
        ]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        service.stop()

        assert service.of_kind("text") == []
        assert len(service.of_kind("log", message="é" * 9000)) == 160

    def test_prints_come_out_at_once(self, start):
        """A learner's print is not kept in a buffer."""
        service = start.script(
            "printing",
            """
            from flask import Flask

            app = Flask(__name__)


            @app.get("/")
            def index():
                print("ici")
                return {}
            """,
        )
        service.get("/")

        service.wait_for("text", text="ici")
