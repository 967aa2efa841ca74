"""The broker: always a real RabbitMQ, with a virtual host for this run alone.

    broker = Broker.start(run_folder=launcher.run_folder, progress=print)

The first that serves is taken: RABBITMQ_URL; the container of docker-compose.yml; a private node
started from an installed RabbitMQ.  The interface is the same, whichever it is.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from workbook import settings
from workbook.broker import compose
from workbook.broker.errors import AccessRefused, BrokerError, BrokerMissing, ManagementError
from workbook.broker.installation import find_installation
from workbook.broker.management import Management
from workbook.broker.node import Node, answers_amqp

if TYPE_CHECKING:
    from pika import BlockingConnection

    from workbook.broker.pages import Pages

__all__ = ["Broker", "BrokerError", "BrokerMissing", "ManagementError", "PrivateBroker"]

Progress = Callable[[str], None]
RUN = re.compile(r"workbook-(?P<host>.+)-(?P<pid>\d+)-[0-9a-f]{8}")
MANAGEMENT_PATIENCE = 15.0  # seconds; its listener opens 10 ms after AMQP's
NO_SUCH_QUEUE = 404
DOWN = "RabbitMQ ne répond pas. Relancez-le par shop.broker.restart(), puis relancez cette cellule."
ALARMS = {
    "disk space": "il ne reste presque plus de place sur son disque ; libérez-en",
    "memory": "ses files occupent toute la mémoire qu’il s’accorde ; videz-en quelques-unes",
}


class Broker:
    """A RabbitMQ and this run's own virtual host in it.

    `url` is the AMQP URL with that `vhost`, `management_url` the one of its web pages, `user` who
    signs in to both, `version` the server's, `private` whether the node is ours alone.
    """

    private = False
    killed = False  # by `kill`, and not restarted since

    def __init__(self, url: str, management_url: str):
        parts = urlsplit(url)
        self.url = url
        self.management_url = management_url
        self.vhost = unquote(parts.path.removeprefix("/"))
        user, password = unquote(parts.username or "guest"), unquote(parts.password or "guest")
        self.user, self._password = user, password
        self._management = Management(management_url, user, password)
        self._pages: Pages | None = None
        self._asking = threading.RLock()
        self._connection: BlockingConnection | None = None
        self.version = self._await_management()
        self.told: Callable[[str], None] = lambda act: None  # hears "kill" and "restart"
        self._owner = os.getpid()
        atexit.register(self._close_at_exit)

    @staticmethod
    def start(run_folder: Path, progress: Progress = lambda message: None) -> Broker:
        """Return the first broker that serves.

        `progress` is told in French, once a second, what is being waited for.
        Raises BrokerMissing when there is none, BrokerError when the one designated is unusable.
        """
        if url := settings.rabbitmq_url():
            return _designated(url)
        if url := compose.address() or (compose.start(progress) and compose.address()):
            try:
                return ComposeBroker.join(url, compose.MANAGEMENT_URL)
            except AccessRefused as refusal:
                if find_installation() is None:
                    raise AccessRefused(compose.OTHER_PASSWORD) from refusal
                progress(f"{compose.OTHER_PASSWORD} Le cours lance le sien en attendant.")
        return PrivateBroker.open(run_folder, progress)

    @classmethod
    def join(cls, url: str, management_url: str) -> Broker:
        """Make this run's virtual host in a broker that others use too; options of `url` stay."""
        broker = cls(urlsplit(url)._replace(path=f"/{_new_vhost()}").geturl(), management_url)
        broker._remove_stale_vhosts()
        broker._management.create_vhost(broker.vhost, broker.user)
        return broker

    def __repr__(self) -> str:
        return f"<RabbitMQ {self.version} {_without_password(self.url)}>"

    @property
    def running(self) -> bool:
        """Does AMQP answer now?"""
        parts = urlsplit(self.url)
        return answers_amqp(parts.hostname or "127.0.0.1", parts.port or 5672)

    def trouble(self) -> str:
        """Why no message can pass at this moment, and what to do; empty when all is well."""
        try:
            alarms = self.alarms()
        except BrokerError:
            return DOWN
        if not alarms:
            return ""
        why = " ; ".join(ALARMS.get(resource, resource) for resource in sorted(alarms))
        return (
            f"RabbitMQ est bloqué et n’accepte aucun message : {why}. "
            "Relancez ensuite cette cellule."
        )

    def alarms(self) -> set[str]:
        """Resources that it runs short of, `disk space` or `memory`: it then takes no message."""
        try:
            return self._management.alarms()
        except ManagementError:
            return set()  # one that does not tell this user

    def api(self, method: str, path: str, json: object = None) -> Any:
        """Call the management API: `broker.api("GET", f"queues/{broker.vhost}")`.

        Raises ManagementError (with `.status`) when refused, BrokerError when nothing answers.
        """
        return self._management.call(method, path, json)

    def topology(self) -> dict[str, list[dict]]:
        """Return the virtual host's `exchanges`, `queues`, `bindings` and `consumers`."""
        return self._management.topology(self.vhost)

    def depths(self) -> dict[str, tuple[int, int]]:
        """Return the ready messages and the consumers of each queue, at this very moment.

        By passive declarations: the management API's counters lag by seconds.
        """
        queues = self.api("GET", f"queues/{quote(self.vhost)}?columns=name,exclusive")
        names = [queue["name"] for queue in queues if not queue.get("exclusive")]
        with self._asking:
            return {name: depth for name in names if (depth := self._depth(name)) is not None}

    @contextlib.contextmanager
    def aside(self) -> Iterator[str]:
        """URL of another virtual host, for what must not meet the run's own messages."""
        name = _new_vhost()
        self._management.create_vhost(name, self.user)
        try:
            yield urlsplit(self.url)._replace(path=f"/{quote(name)}").geturl()
        finally:
            with contextlib.suppress(BrokerError):
                self._management.delete_vhost(name)

    def kill(self) -> None:
        """SIGKILL the broker. Raises BrokerError when it is not ours to kill."""
        raise BrokerError(
            "Ce RabbitMQ est désigné par RABBITMQ_URL : il ne nous appartient pas de l’arrêter."
        )

    def restart(self, progress: Progress = lambda message: None) -> None:
        """Start the broker again with the same data and ports, also after `kill`."""
        raise BrokerError(
            "Ce RabbitMQ est désigné par RABBITMQ_URL : il ne nous appartient pas de le relancer."
        )

    @property
    def password(self) -> str | None:
        """The password of `user`; None when it outlives this run: a notebook would keep it."""
        return self._password if self.private else None

    def pages(self) -> str:
        """Address of the management pages, for a browser that may be behind JupyterLab's proxy."""
        from workbook.broker.pages import Pages

        with self._asking:
            self._pages = self._pages or Pages(self.management_url)
        return self._pages.url

    def close(self) -> None:
        """Give back what this run took. Idempotent."""
        self._let_go()
        with contextlib.suppress(BrokerError):
            self._management.delete_vhost(self.vhost)

    # -- within

    def _let_go(self) -> None:
        atexit.unregister(self._close_at_exit)
        self._hang_up()
        if self._pages is not None:
            self._pages.close()
            self._pages = None

    def _close_at_exit(self) -> None:
        if os.getpid() == self._owner:  # not when a fork of the kernel ends
            self.close()

    def _await_management(self) -> str:
        deadline = time.monotonic() + MANAGEMENT_PATIENCE
        while True:
            try:
                return self.api("GET", "overview")["rabbitmq_version"]
            except ManagementError as error:
                raise AccessRefused(
                    f"L’API d’administration de RabbitMQ, {self.management_url}, "
                    f"refuse « {self.user} » ({error.status}) : le cours y crée un hôte virtuel, "
                    "ce qui demande un administrateur."
                ) from error
            except BrokerError as error:
                if time.monotonic() > deadline:
                    raise BrokerError(
                        f"L’API d’administration de RabbitMQ ne répond pas à "
                        f"{self.management_url}. Activez le greffon rabbitmq_management, ou "
                        "donnez son adresse par RABBITMQ_MANAGEMENT_URL."
                    ) from error
                time.sleep(0.02)

    def _remove_stale_vhosts(self) -> None:
        """Those of this machine's kernels that were killed before they could tidy up."""
        for name in self._management.vhosts():
            run = RUN.fullmatch(name)
            if not run or run["host"] != _host() or _is_alive(int(run["pid"])):
                continue
            with contextlib.suppress(BrokerError):
                # A pid may be of another container: a virtual host in use is nobody's left-over.
                if not self._management.is_used(name):
                    self._management.delete_vhost(name)

    def _depth(self, queue: str) -> tuple[int, int] | None:
        import pika.exceptions

        try:
            with self._connected().channel() as channel:
                declared = channel.queue_declare(queue, passive=True).method
                return declared.message_count, declared.consumer_count
        except pika.exceptions.ChannelClosedByBroker as refusal:
            if refusal.reply_code == NO_SUCH_QUEUE:
                return None  # deleted since it was listed
            return 0, 0  # locked, or without a leader: it is there, no more is known
        except (pika.exceptions.AMQPError, OSError) as error:
            self._hang_up()
            raise BrokerError("RabbitMQ ne répond plus.") from error

    def _connected(self) -> BlockingConnection:
        import pika

        if self._connection is None or not self._connection.is_open:
            parameters = pika.URLParameters(self.url)
            parameters.client_properties = {"connection_name": "workbook"}
            parameters.heartbeat = 0  # nobody serves it between two calls
            parameters.socket_timeout = parameters.blocked_connection_timeout = 5
            self._connection = pika.BlockingConnection(parameters)
        return self._connection

    def _hang_up(self) -> None:
        import pika.exceptions

        with self._asking:  # pika's connections are for one thread at a time
            connection, self._connection = self._connection, None
            if connection is not None:
                with contextlib.suppress(pika.exceptions.AMQPError, OSError):
                    connection.close()


class ComposeBroker(Broker):
    """The container of docker-compose.yml; other notebooks use it too."""

    def kill(self) -> None:
        """SIGKILL the container: every notebook using it loses its broker."""
        self.told("kill")
        self._hang_up()
        self.killed = True
        compose.kill()

    def restart(self, progress: Progress = lambda message: None) -> None:
        """Restart the container and wait until it is healthy."""
        self.told("restart")
        progress("Docker redémarre RabbitMQ…")
        self._hang_up()
        compose.restart()
        self._await_management()
        self.killed = False


class PrivateBroker(Broker):
    """A node of our own, gone with the kernel."""

    private = True

    def __init__(self, node: Node):
        self.node = node
        super().__init__(node.url, node.management_url)

    @classmethod
    def open(cls, run_folder: Path, progress: Progress = lambda message: None) -> PrivateBroker:
        """Start a node in the run folder. Raises BrokerMissing where RabbitMQ is not installed."""
        installation = find_installation()
        if installation is None:
            raise BrokerMissing()
        node = Node(installation, run_folder, _new_vhost())
        try:
            node.open(progress)
            return cls(node)
        except BaseException:  # also an interrupted cell must not leave a node behind
            node.close()
            raise

    @property
    def running(self) -> bool:
        return self.node.running

    def kill(self) -> None:
        """SIGKILL the node: what was neither confirmed nor flushed is lost."""
        self.told("kill")
        self._hang_up()
        self.killed = True
        self.node.kill()

    def restart(self, progress: Progress = lambda message: None) -> None:
        """Stop the node if it runs, start it on the same ports and data, wait until it answers.

        A node that recovers what a `kill -9` left has been seen, once, to answer and then end:
        it is believed when a connection opens, and started again when it is dead by then.
        """
        self.told("restart")
        self._hang_up()
        self.node.restart(progress)
        self._await_management()
        if not self._accepts_connections():
            progress(f"RabbitMQ s’est arrêté aussitôt, on le relance. {self.node.last_words(3)}")
            self.node.restart(progress)
            self._await_management()
        self.killed = False

    def _accepts_connections(self) -> bool:
        import pika.exceptions

        try:
            with self._asking:
                self._connected().channel().close()
        except (pika.exceptions.AMQPError, OSError):
            self._hang_up()
            return False
        return self.node.running

    def close(self) -> None:
        """Kill the node and remove its data. Idempotent."""
        self._let_go()
        self.node.close()


def _designated(url: str) -> Broker:
    _check_options(url)
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 5672
    if not answers_amqp(host, port, timeout=5.0):
        raise BrokerError(
            f"RABBITMQ_URL désigne {_without_password(url)}, où aucun RabbitMQ ne répond. "
            "Corrigez l’adresse, démarrez-le, ou retirez cette variable, puis redémarrez le noyau."
        )
    return Broker.join(url, settings.rabbitmq_management_url(host))


def _check_options(url: str) -> None:
    import pika

    try:
        pika.URLParameters(url)
    except (ValueError, TypeError) as error:
        raise BrokerError(
            f"RABBITMQ_URL désigne {_without_password(url)}, dont une option n’a pas de sens : "
            f"{error}. Corrigez-la, puis redémarrez le noyau."
        ) from error


def _new_vhost() -> str:
    return f"workbook-{_host()}-{os.getpid()}-{secrets.token_hex(4)}"


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9.]", "", socket.gethostname()) or "localhost"


def _is_alive(pid: int) -> bool:
    import psutil  # on Windows, os.kill(pid, 0) would be a Ctrl-C

    return psutil.pid_exists(pid)


def _without_password(url: str) -> str:
    return re.sub(r"//([^:/@]*):[^@]*@", r"//\1:…@", url)
