"""The shop's promises: one a kernel, real processes, clear words when one fails."""

import json
import threading

import psutil
import pytest

from workbook.checks.stub import Script, StubServer, reply
from workbook.errors import WorkbookError
from workbook.shop import Shop, jupyter
from workbook.shop.client import Link, ServiceUnreachable
from workbook.shop.diagnosis import ServiceFailed
from workbook.shop.fleet import UnknownService
from workbook.shop.listing import await_listed
from workbook.waiting import until

HELLO = """
from flask import Flask
app = Flask(__name__)

@app.get("/")
def home():
    return {"message": "bonjour"}

@app.get("/later")
def later():
    raise NotImplementedError
"""


SHOWCASE = """
import requests
from flask import Flask
app = Flask(__name__)

@app.get("/<sku>")
def show(sku):
    return requests.get("{url}/products/" + sku).json()
"""


class Registry(StubServer):
    """One that answers as told."""

    def __init__(self, answers):
        super().__init__()
        self.answers = answers

    def behaviour(self, request):
        return self.answers


@pytest.fixture(scope="module")
def shop():
    shop = Shop.start("products", "users", broker=False)
    yield shop
    shop.stop()


def processes(shop, name):
    return [i.process.pid for i in shop.services[name].running]


def source_of(*lines):
    return "\n".join(["# %%service broken", *lines])


class TestStart:
    def test_again_is_the_same_shop(self, shop):
        """The start cell run twice opens no second shop, and starts no second process."""
        before = processes(shop, "products")

        assert Shop.start("products", broker=False) is shop
        assert processes(shop, "products") == before

    def test_again_mends_what_was_broken(self, shop):
        """Killed, slowed, paused: the start cell gives back a healthy shop."""
        shop.kill("products")
        shop.slow("users", 60)
        shop.pause("users")

        Shop.start("products", "users", broker=False)

        assert shop["products"].get("/products").ok
        assert shop["users"].get("/health/live", timeout=20).ok

    def test_registry_knows_them(self, shop):
        """Peers can find what the notebook started."""
        listed = shop["registry"].get("/instances").json()["instances"]

        assert {"products-1", "users-1"} <= {item["instance"] for item in listed}

    def test_unknown_name_starts_nothing(self, shop):
        """A typing mistake is named, with the names that exist."""
        with pytest.raises(UnknownService, match=r"prodcuts.*products"):
            Shop.start("users", "prodcuts", broker=False)


class TestBreaking:
    def test_kill_and_restart_at_the_same_address(self, shop):
        """A killed service refuses calls; restarted, it is back where it was."""
        address = shop["products"].url
        shop.kill("products")

        with pytest.raises(ServiceUnreachable, match=r"shop\.restart"):
            shop["products"].get("/products")

        shop.restart("products")
        assert shop["products"].url == address
        assert shop["products"].get("/products").ok

    def test_pause_holds_the_port(self, shop):
        """A paused process accepts the connection and never answers."""
        shop.pause("users")

        with pytest.raises(ServiceUnreachable, match="n’a pas répondu"):
            shop["users"].get("/health/live", timeout=0.3)

        shop.resume("users")
        assert shop["users"].get("/health/live").ok

    def test_scale_up_and_down(self, shop):
        """Three instances are three processes; the newest leave first."""
        first = processes(shop, "products")
        shop.scale("products", 3)
        three = processes(shop, "products")

        shop.scale("products", 1)

        assert len(set(three)) == 3
        assert processes(shop, "products") == first

    def test_slow_takes_longer(self, shop):
        """The delay asked for is in the answer, and ends when asked."""
        shop.slow("users", 0.2)
        delayed = shop["users"].get("/users/me").elapsed.total_seconds()
        shop.slow("users", 0)

        assert delayed >= 0.2
        assert shop["users"].get("/users/me").elapsed.total_seconds() < delayed

    def test_death_at_a_named_line_happens_once(self, shop):
        """Told where to die, a service does; started again, it passes the same line unharmed."""
        marked = "from services.chassis import crash_point\n" + HELLO.replace(
            "    return", "    crash_point('greeted')\n    return"
        )
        shop.serve("hello", marked)
        shop.fault("hello", crash="hello:greeted:1")
        with pytest.raises(ServiceUnreachable, match="hello"):
            shop["hello"].get("/")

        shop.restart("hello")

        assert shop["hello"].get("/").ok
        shop.kill("hello")

    def test_fault_that_makes_no_sense_is_refused(self, shop):
        """The answer says how to write it, and the next fault is not refused for that one."""
        with pytest.raises(WorkbookError, match="service:point:passage"):
            shop.fault("users", crash="after_greeting")

        shop.slow("users", 0)

    def test_absurd_scale_is_refused(self, shop):
        """A slip of the finger does not start a thousand processes."""
        with pytest.raises(WorkbookError, match="16"):
            shop.scale("products", 1000)


class TestLearnerService:
    def test_runs_as_a_process(self, shop):
        """A plain Flask app becomes a process with health, metrics and spans."""
        shop.serve("hello", HELLO)

        assert shop["hello"].get("/").json() == {"message": "bonjour"}
        assert shop["hello"].get("/health/ready").ok
        assert "hello" in shop.graph()
        assert processes(shop, "hello")[0] != psutil.Process().pid

    def test_peers_find_it_alone(self, shop):
        """In the registry, what the cell ran before is gone: its addresses, all its instances."""
        shop.serve("hello", HELLO)
        shop.scale("hello", 2)
        shop.serve("hello", HELLO)

        listed = shop["registry"].get("/instances/hello").json()["instances"]
        assert [(item["instance"], item["url"]) for item in listed] == [
            ("hello-1", shop["hello"].url)
        ]
        shop.kill("hello")

    def test_old_address_is_not_the_new_one(self):
        """A registry that still lists the process before, under the same name: it is waited for."""

        def listing(port):
            url = f"http://127.0.0.1:{port}"
            return reply(200, {"instances": [{"instance": "hello-1", "url": url}]})

        answers = Script([listing(4001), listing(4001), listing(4002)])
        with Registry(answers) as registry:
            assert await_listed(registry.url, {("hello-1", 4002)}, {"hello-1"}, 10) == set()
        assert len(answers.requests) == 3

    def test_shows_whom_it_calls(self, shop):
        """Plain `requests`, and an address: an edge of the map, with its traffic."""
        shop.serve("vitrine", SHOWCASE.replace("{url}", shop["products"].url))
        assert shop["vitrine"].get("/LAMP").ok

        assert until(lambda: shop.graph().has_edge("vitrine", "products"), 20)
        assert shop.graph().edges["vitrine", "products"]["rate"] > 0
        shop.kill("vitrine")

    def test_unwritten_route_is_501(self, shop):
        """`raise NotImplementedError` is honest HTTP."""
        shop.serve("hello", HELLO)

        assert shop["hello"].get("/later").status_code == 501

    @pytest.mark.parametrize(
        ("lines", "words"),
        [
            (["app = Flask(__name__"], "SyntaxError.*ligne 2"),
            (["import flask", "1 / 0"], "ZeroDivisionError.*ligne 3 de la cellule : 1 / 0"),
            (["import missing_module"], "ModuleNotFoundError.*ligne 2"),
            (["x = 1"], "sans rien servir.*app = Flask"),
            (["import sys", "sys.exit(3)"], "code 3"),
        ],
    )
    def test_failing_start_names_the_line(self, shop, lines, words):
        """The learner reads the error and their own line, not our traceback."""
        with pytest.raises(ServiceFailed, match=f"(?s){words}"):
            shop.serve("broken", source_of(*lines))

    def test_one_that_never_listens(self, shop, monkeypatch):
        """Waiting has an end, and shows what the process last said."""
        monkeypatch.setattr("workbook.shop.fleet.START_TIMEOUT", 1.0)

        with pytest.raises(ServiceFailed, match=r"(?s)n’écoute toujours pas.*je dors"):
            shop.serve("broken", source_of("print('je dors')", "import time", "time.sleep(600)"))

        shop.kill("broken")

    def test_flood_does_not_reach_memory(self, shop):
        """A service that prints without end is slowed, and its excess counted."""
        flood = "import threading\ndef pour():\n    while True:\n        print('x' * 500)\n"
        shop.serve("hello", f"{HELLO}\n{flood}\nthreading.Thread(target=pour, daemon=True).start()")
        process = shop.services["hello"].running[0].process
        enough = threading.Event()
        while process.dropped == 0 and not enough.wait(0.02):
            pass

        assert len(process.lines) <= 2000
        assert shop["hello"].get("/").ok
        shop.kill("hello")

    def test_unfinished_line_hides_nothing(self, shop):
        """A progress bar ends no line: what is announced after it is heard, and kept out of it."""
        bar = """
import sys
for n in range(3):
    sys.stderr.write(f"\\r{n}/3")
"""
        shop.serve("hello", bar + HELLO)

        assert shop["hello"].get("/").ok
        assert "\r2/3" in shop.logs("hello")[0]["message"]
        assert "listening" not in repr(shop.logs("hello"))

    @pytest.mark.parametrize("name", ["statistics", "colorsys"])
    def test_name_of_a_module_shadows_none(self, shop, name):
        """A service may import the module whose name it bears, and so may those that follow."""
        importing = f"import {name}\nassert '{name}.py' in {name}.__file__\n"
        shop.serve(name, importing + HELLO)
        shop.serve("hello", importing + HELLO)

        assert shop["hello"].get("/").ok
        shop.kill(name)

    def test_worker_that_sleeps_has_started(self, shop):
        """A consumer announces nothing: asleep, waiting for its messages, it is believed to run."""
        shop.serve("waiter", "import threading\nthreading.Event().wait()", worker=True)

        assert processes(shop, "waiter")

    def test_worker_that_dies_late_has_not(self, shop):
        """However long it computes before it fails, a stub is told as such."""
        late = "n = 0\nwhile n < 2_000_000:\n    n += 1\nraise NotImplementedError"

        with pytest.raises(ServiceFailed) as failed:
            shop.serve("waiter", late, worker=True)

        assert failed.value.not_written

    def test_bad_name_is_refused(self, shop):
        """A name is also a file and an address: nothing else than a plain word."""
        with pytest.raises(WorkbookError, match="ne peut pas nommer"):
            shop.serve("../evil", HELLO)


class TestLink:
    @pytest.fixture
    def served_under(self, tmp_path, monkeypatch):
        """Say that this process was started by a JupyterLab, as such a server says it."""

        def serve(base_url, pid=None):
            parent = psutil.Process().ppid() if pid is None else pid
            record = json.dumps({"pid": parent, "base_url": base_url, "port": 8888})
            (tmp_path / f"jpserver-{parent}.json").write_text(record)
            monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))

        jupyter.base_url.cache_clear()
        yield serve
        jupyter.base_url.cache_clear()

    @pytest.mark.parametrize(
        ("base_url", "head"), [("/", "/proxy/4242"), ("/cours/", "/cours/proxy/4242")]
    )
    def test_leads_through_the_lab_that_serves_us(self, served_under, base_url, head):
        """Under a prefix or none, a hub's or a school's: where the notebook itself opens."""
        served_under(base_url)

        assert Link("http://127.0.0.1:4242", "/openapi").proxied == f"{head}/openapi"

    def test_leads_straight_where_no_lab_is(self, served_under):
        """VS Code, a script: another user's server is not ours."""
        served_under("/elsewhere/", pid=2**22 + 1)

        assert Link("http://127.0.0.1:4242", "/").proxied == "http://127.0.0.1:4242/"


class TestSeeing:
    def test_dead_service_stays_in_the_graph(self, shop):
        """The map's red node: its name, its cause."""
        shop.kill("users")
        node = shop.graph().nodes["users"]
        shop.restart("users")

        assert (node["health"], node["reason"]) == ("down", "arrêté net (kill -9)")

    def test_only_real_databases_are_drawn(self, shop):
        """A learner's service that keeps nothing on disk has no cylinder."""
        shop.serve("hello", HELLO)
        nodes = shop.graph().nodes

        assert nodes["products"]["database"]
        assert not nodes["hello"]["database"]

    def test_refused_call_is_in_the_graph(self, shop):
        """A call to a dead service keeps its edge, as failing."""
        shop.kill("users")
        with pytest.raises(ServiceUnreachable):
            shop["users"].get("/users/me")
        edge = shop.graph().edges["client", "users"]
        shop.restart("users")

        assert edge["error_rate"] > 0

    def test_trace_joins_client_and_service(self, shop):
        """One request, one tree: the notebook's span is the service's parent."""
        response = shop["products"].get("/products")

        client, server = shop.spans(response)

        assert server["parent_id"] == client["span_id"]
        assert server["service"] == "products"

    def test_logs_read_as_lines(self, shop):
        """Records to look into, lines to read."""
        shop["products"].get("/products")
        journal = shop.logs("products")

        assert journal[-1]["service"] == "products"
        assert "GET /products" in repr(journal)

    def test_logs_of_one_request(self, shop):
        """Of all services, those lines and no other; each says who wrote it."""
        asked = [shop[name].get(f"/{name}") for name in ("products", "users")]
        journal = shop.logs(trace=asked[0])

        assert {(line["service"], line["trace_id"]) for line in journal} == {
            ("products", asked[0].trace_id)
        }
        assert repr(journal).startswith("products")
        assert {line["service"] for line in shop.logs()} >= {"products", "users"}

    def test_repr_is_a_table(self, shop):
        """The shop shows each service and where it listens."""
        assert "products" in repr(shop)
        assert shop["products"].url in repr(shop)

    def test_response_reproduces_as_curl(self, shop):
        """The command line says the same request, and gives no token away."""
        response = shop["products"].post(
            "/products", {"sku": "L’AMPE"}, headers={"Authorization": "x"}
        )

        assert response.curl.startswith("curl -i -X POST")
        assert "$TOKEN" in response.curl
        assert response.request.headers["Authorization"] not in response.curl.split()
