"""The broker: a real RabbitMQ for this run alone, wherever it comes from."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import textwrap
from pathlib import Path
from urllib.parse import urlsplit

import pika
import psutil
import pytest
import requests
from basics import ROOT, eventually
from ports import free_port

from workbook.broker import Broker, BrokerError, BrokerMissing, ManagementError, PrivateBroker, node
from workbook.broker import compose as compose_module
from workbook.shop.broker_pages import BrokerPages

pytestmark = pytest.mark.needs("rabbitmq")
NOBODY = "65534"

private_node = pytest.mark.skipif(
    bool(os.environ.get("RABBITMQ_URL")), reason="a designated broker is not ours to stop"
)
root_on_linux = pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.getuid() != 0 or not shutil.which("unshare"),
    reason="needs root and unshare",
)


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    broker = PrivateBroker.open(tmp_path_factory.mktemp("run"))
    yield broker
    broker.close()


@pytest.fixture(scope="module")
def fragile(tmp_path_factory):
    """A broker that tests may kill."""
    broker = PrivateBroker.open(tmp_path_factory.mktemp("run"))
    yield broker
    broker.close()


@pytest.fixture
def connect():
    """Open a channel with confirms, as a named client; closed at the end."""
    connections = []

    def connect(broker, name="orders-1"):
        parameters = pika.URLParameters(broker.url)
        parameters.client_properties = {"connection_name": name}
        connections.append(pika.BlockingConnection(parameters))
        channel = connections[-1].channel()
        channel.confirm_delivery()
        return channel

    yield connect
    for connection in connections:
        with contextlib.suppress(pika.exceptions.AMQPError):
            connection.close()


@pytest.fixture
def designate(broker, monkeypatch):
    """Designate the module's broker by the environment, as an administrator would."""
    url = urlsplit(broker.url)._replace(path="/").geturl()
    monkeypatch.setenv("RABBITMQ_URL", url)
    monkeypatch.setenv("RABBITMQ_MANAGEMENT_URL", broker.management_url)
    return url


@contextlib.contextmanager
def closing(broker):
    try:
        yield broker
    finally:
        broker.close()


def publish(channel, queue, body=b"parcel"):
    persistent = pika.BasicProperties(delivery_mode=2)
    channel.basic_publish("", queue, body, persistent, mandatory=True)


class TestPrivateNode:
    def test_has_no_default_vhost(self, broker):
        """The run's own virtual host is the only one: never `/`."""
        names = [vhost["name"] for vhost in broker.api("GET", "vhosts")]

        assert names == [broker.vhost]
        assert "/" not in broker.vhost
        assert broker.private

    def test_hides_its_password(self, broker):
        assert urlsplit(broker.url).password not in repr(broker)

    def test_pages_answer_a_browser_that_has_asked_before(self, broker):
        """RabbitMQ itself answers 412 to the `Etag` that a proxy gave; %2F stays a name."""
        asked = {"headers": {"If-None-Match": '"5f1e"'}, "auth": (broker.user, broker.password)}
        paths = "/", "/api/overview", "/api/vhosts/%2F"

        answers = [requests.get(broker.pages() + path, **asked).status_code for path in paths]

        assert answers == [200, 200, 404]
        itself = requests.get(f"{broker.management_url}/api/overview", **asked)
        assert itself.status_code == 412

    def test_listens_on_this_machine_only(self, broker):
        """AMQP, management and distribution, all on 127.0.0.1, and no epmd."""
        node = psutil.Process(broker.node.pid)
        addresses = {
            connection.laddr
            for connection in node.net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN
        }

        assert {address.ip for address in addresses} == {"127.0.0.1"}
        assert len(addresses) == 3
        assert "epmd" not in {child.name() for child in node.children(recursive=True)}

    def test_tells_what_is_declared(self, broker, connect):
        """Exchanges, queues, bindings and consumers, without the broker's own."""
        channel = connect(broker, "notifications-1")
        channel.exchange_declare("shop.events", "topic", durable=True)
        arguments = {"x-queue-type": "quorum", "x-dead-letter-exchange": "shop.dead"}
        channel.queue_declare("told", durable=True, arguments=arguments)
        channel.queue_bind("told", "shop.events", "order.*")
        channel.basic_consume("told", lambda *delivery: None)

        topology = broker.topology()

        assert [exchange["name"] for exchange in topology["exchanges"]] == ["shop.events"]
        told = next(queue for queue in topology["queues"] if queue["name"] == "told")
        assert (told["type"], told["arguments"]) == ("quorum", arguments)
        assert {
            "source": "shop.events",
            "destination": "told",
            "destination_type": "queue",
            "routing_key": "order.*",
        } in topology["bindings"]
        consumers = eventually(lambda: broker.topology()["consumers"])
        assert [(one["queue"], one["instance"]) for one in consumers] == [
            ("told", "notifications-1")
        ]
        channel.queue_delete("told")

    def test_counts_at_once(self, broker, connect):
        """Depths are of this moment, not of the last statistics."""
        channel = connect(broker)
        channel.queue_declare("counted", durable=True)
        for _ in range(3):
            publish(channel, "counted")

        assert broker.depths()["counted"] == (3, 0)
        channel.queue_delete("counted")
        assert "counted" not in broker.depths()

    def test_refused_request(self, broker):
        with pytest.raises(ManagementError, match="404") as refusal:
            broker.api("GET", f"queues/{broker.vhost}/nowhere")

        assert refusal.value.status == 404

    def test_two_at_once(self, broker, connect, tmp_path):
        """Two kernels have two brokers, which never meet."""
        with closing(PrivateBroker.open(tmp_path)) as other:
            connect(other).queue_declare("elsewhere", durable=True)

            assert other.vhost != broker.vhost
            assert "elsewhere" in other.depths()
            assert "elsewhere" not in broker.depths()


@private_node
def test_folder_of_any_name(tmp_path):
    """Quotes, brackets, a backslash, letters of elsewhere: what Erlang misreads is kept from it."""
    folder = tmp_path / "l'e\u0301té \"[a]{b}\\c 日本"
    folder.mkdir()

    with closing(PrivateBroker.open(folder)) as one:
        assert one.depths() == {}


class TestPorts:
    def test_kept_while_the_node_is_down(self, monkeypatch):
        """No other node takes what a killed one will come back to; once it is closed they may."""
        monkeypatch.setattr(node, "PORTS", [free_port() for _ in range(4)])
        with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:
            ports = node._reserve_ports(3, ours)
            with pytest.raises(BrokerError, match="port libre"):
                node._reserve_ports(3, theirs)
            theirs.close()
            ours.close()

            assert len(set(ports)) == 3
            assert len(node._reserve_ports(4, theirs)) == 4


class TestFall:
    def test_kill_loses_nothing_confirmed(self, fragile, connect):
        """A queue declared and a message confirmed just before a kill -9 are there afterwards."""
        channel = connect(fragile)
        for kind in ("quorum", "classic"):
            channel.queue_declare(kind, durable=True, arguments={"x-queue-type": kind})
            publish(channel, kind)
        url = fragile.url

        heard = []
        fragile.told = heard.append
        fragile.kill()

        assert not fragile.running
        with pytest.raises(BrokerError, match="ne répond plus"):
            fragile.depths()
        fragile.restart()
        assert fragile.url == url
        assert heard == ["kill", "restart"]
        expected = {"quorum": (1, 0), "classic": (1, 0)}
        eventually(lambda: fragile.depths() == expected)

    def test_restart_while_running(self, fragile, connect):
        """A restart keeps what is durable, and breaks the connections."""
        channel = connect(fragile)
        channel.queue_declare("kept", durable=True)

        fragile.restart()

        with pytest.raises(pika.exceptions.AMQPError):
            channel.queue_declare("kept", passive=True)
        assert "kept" in fragile.depths()

    def test_port_taken_meanwhile(self, fragile):
        """A port lost between kill and restart is named; the next restart works."""
        fragile.kill()
        with socket.socket() as thief:
            thief.bind(("127.0.0.1", fragile.node.port))
            thief.listen()
            with pytest.raises(BrokerError, match=f"port {fragile.node.port}"):
                fragile.restart()

        fragile.restart()
        assert fragile.running

    def test_close_leaves_nothing(self, tmp_path):
        broker = PrivateBroker.open(tmp_path)
        pid = broker.node.pid

        broker.close()
        broker.close()

        assert not psutil.pid_exists(pid)
        assert list(tmp_path.iterdir()) == []


class TestDesignated:
    def test_makes_its_own_vhost(self, designate, broker, tmp_path):
        """Two runs on one broker have two virtual hosts, given back at the end."""
        with closing(Broker.start(tmp_path)) as one, closing(Broker.start(tmp_path)) as two:
            names = [vhost["name"] for vhost in broker.api("GET", "vhosts")]
            assert len({one.vhost, two.vhost, broker.vhost}) == 3
            assert {one.vhost, two.vhost} <= set(names)
            assert not one.private
            assert one.depths() == {}

        assert [vhost["name"] for vhost in broker.api("GET", "vhosts")] == [broker.vhost]

    def test_keeps_its_password_to_itself(self, designate, tmp_path):
        """That one outlives the run, and what is displayed stays in the notebook."""
        with closing(Broker.start(run_folder=tmp_path)) as joined:
            shown = BrokerPages(joined)
            password = urlsplit(joined.url).password

            assert password not in repr(shown) + shown._repr_html_()
            assert joined.user in shown._repr_html_()
            assert requests.get(shown.link.url).status_code == 200

    @pytest.mark.parametrize(
        "tail",
        ["", "/", "/%2F", "?heartbeat=30", "/other?heartbeat=30&connection_attempts=3"],
    )
    def test_keeps_the_options_of_the_address(self, designate, monkeypatch, tmp_path, tail):
        """What the address says besides the virtual host holds for services and notebook alike."""
        monkeypatch.setenv("RABBITMQ_URL", designate.rstrip("/") + tail)

        with closing(Broker.start(tmp_path)) as one:
            assert one.vhost.startswith("workbook-")
            assert urlsplit(one.url).query == tail.partition("?")[2]
            assert one.depths() == {}

    def test_option_that_makes_no_sense(self, designate, monkeypatch, tmp_path):
        monkeypatch.setenv("RABBITMQ_URL", designate.rstrip("/") + "/?heartbeat=soon")

        with pytest.raises(BrokerError, match="soon"):
            Broker.start(tmp_path)

    def test_sweeps_the_vhosts_of_the_dead(self, designate, broker, tmp_path):
        """A kernel killed before it could tidy up is tidied up by the next one."""
        dead = subprocess.Popen([sys.executable, "-c", ""])
        dead.wait()
        head, _, _ = broker.vhost.rsplit("-", 2)
        left = f"{head}-{dead.pid}-0123abcd"
        broker.api("PUT", f"vhosts/{left}")

        with closing(Broker.start(tmp_path)):
            names = [vhost["name"] for vhost in broker.api("GET", "vhosts")]

        assert left not in names
        assert broker.vhost in names

    def test_is_not_ours_to_stop(self, designate, tmp_path):
        with closing(Broker.start(tmp_path)) as one:
            with pytest.raises(BrokerError, match="RABBITMQ_URL"):
                one.kill()
            with pytest.raises(BrokerError, match="RABBITMQ_URL"):
                one.restart()
            assert one.running

    def test_nothing_answers_there(self, monkeypatch, tmp_path):
        """A wrong address is named, without its password."""
        monkeypatch.setenv("RABBITMQ_URL", "amqp://me:secret@127.0.0.1:9/")

        with pytest.raises(BrokerError, match="RABBITMQ_URL désigne") as refusal:
            Broker.start(tmp_path)

        assert "secret" not in str(refusal.value)

    def test_wrong_password(self, designate, broker, monkeypatch, tmp_path):
        monkeypatch.setenv("RABBITMQ_URL", designate.replace(broker.node.password, "wrong"))

        with pytest.raises(BrokerError, match="401"):
            Broker.start(tmp_path)


class TestCompose:
    def test_takes_the_container_that_answers(self, broker, monkeypatch, tmp_path):
        """Where the published address answers, the container's broker is used, not a new node."""
        monkeypatch.delenv("RABBITMQ_URL", raising=False)
        monkeypatch.setenv("RABBITMQ_PASSWORD", broker.node.password)
        monkeypatch.setattr(compose_module, "PORT", broker.node.port)
        monkeypatch.setattr(compose_module, "MANAGEMENT_URL", broker.management_url)

        with closing(Broker.start(tmp_path)) as one:
            assert not one.private
            assert urlsplit(one.url).port == broker.node.port
            assert one.depths() == {}

    def test_of_another_folder(self, broker, monkeypatch, tmp_path):
        """A lost .env, a second clone: the cure is told, and a node of our own serves meanwhile."""
        monkeypatch.delenv("RABBITMQ_URL", raising=False)
        monkeypatch.setenv("RABBITMQ_PASSWORD", "of-another-clone")
        monkeypatch.setattr(compose_module, "PORT", broker.node.port)
        monkeypatch.setattr(compose_module, "MANAGEMENT_URL", broker.management_url)
        told = []

        with closing(Broker.start(tmp_path, told.append)) as one:
            assert one.private
        monkeypatch.setattr("workbook.broker.find_installation", lambda: None)
        with pytest.raises(BrokerError, match="docker compose down -v"):
            Broker.start(tmp_path)

        assert "docker compose down -v" in told[0]

    def test_publishes_where_compose_says(self):
        """The address here is the one of docker-compose.yml."""
        published = (ROOT / "docker-compose.yml").read_text()

        assert f"127.0.0.1:{compose_module.PORT}:5672" in published
        assert f"127.0.0.1:{compose_module.MANAGEMENT_PORT}:15672" in published


START = """
    import sys
    from pathlib import Path
    from workbook.broker import BrokerError, PrivateBroker
    try:
        broker = PrivateBroker.open(Path(sys.argv[1]))
        print(broker.depths())
        broker.close()
    except BrokerError as error:
        print(type(error).__name__, error)
"""


def start_elsewhere(*command, folder):
    """Start a private broker in another process, wrapped in `command`; return what it says."""
    return subprocess.run(
        [*command, sys.executable, "-c", textwrap.dedent(START), str(folder)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=150,
    )


@root_on_linux
class TestElsewhere:
    def test_as_an_ordinary_user(self, tmp_path):
        """RabbitMQ's own script insists on its own user; the private node does not."""
        drop = ["setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]
        ours = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        if subprocess.run(
            [*drop, sys.executable, "-c", "import workbook"], cwd="/", env=ours
        ).returncode:
            pytest.skip("this interpreter or this folder is for root's eyes only")
        with contextlib.ExitStack() as stack:
            folder = Path(f"/tmp/workbook-test-{os.getpid()}")
            folder.mkdir()
            stack.callback(shutil.rmtree, folder)
            shutil.chown(folder, int(NOBODY), int(NOBODY))

            done = start_elsewhere(*drop, folder=folder)

        assert done.stdout.strip() == "{}", done.stderr

    @pytest.mark.needs("mounts")
    def test_without_rabbitmq(self, tmp_path):
        """Where there is none, one message names the three ways."""
        hide = 'mount -t tmpfs none /usr/lib/rabbitmq && exec "$@"'

        done = start_elsewhere("unshare", "--mount", "sh", "-c", hide, "sh", folder=tmp_path)

        assert done.stdout.startswith("BrokerMissing"), done.stderr
        for way in ("apt-get install rabbitmq-server", "conda install", "docker compose up"):
            assert way in done.stdout
        assert "RABBITMQ_URL" in done.stdout

    @pytest.mark.needs("mounts")
    def test_on_a_full_disk(self, tmp_path):
        """A disk without room is named before RabbitMQ crashes on it."""
        small = f'mount -t tmpfs -o size=1m none "{tmp_path}" && exec "$@"'

        done = start_elsewhere("unshare", "--mount", "sh", "-c", small, "sh", folder=tmp_path)

        assert done.stdout.startswith("BrokerError Il ne reste que 1 Mo"), done.stderr
        assert str(tmp_path) in done.stdout


def test_missing_is_a_broker_error():
    """Whoever handles a broker that fails handles one that is not there."""
    assert issubclass(BrokerMissing, BrokerError)
