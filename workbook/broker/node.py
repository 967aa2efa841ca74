"""A private RabbitMQ node: one process of ours, on free ports, in a folder of its own.

`erl` is started directly, as the distribution's script would, minus what a course does not want:
70 plugin folders on the code path, the epmd daemon that outlives everything, a change of user,
files in /var.  The node reads its standard input and halts at its end: gone with the kernel.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from workbook import settings
from workbook.broker.errors import BrokerError
from workbook.broker.installation import Installation

PATIENCE = 120.0  # seconds; 4 on a quiet machine, 13 measured on a loaded one
FLUSHED = 1.5  # seconds
SYNCED = 0.5  # seconds
TELL_EVERY = 5  # seconds
ATTEMPTS = 5
LEAST_DISK = 60_000_000  # bytes; under 50 MB free RabbitMQ blocks every publisher
USER = "course"
PORTS = range(20_000, 32_000)  # never lent to a client: a dead node finds its own free again
PORT_TAKEN = ("eaddrinuse", "dist_port_already_used", "already_in_use")
PLAIN = re.compile(r"[\w/. %*+,:=@~-]*", re.ASCII)
HERE = Path("/proc/self/cwd")  # Linux; the node is started in its folder and never leaves it
AMQP_HEADER = b"AMQP\x00\x00\x09\x01"
METHOD_FRAME = b"\x01"

EVERY_SECOND = "[{global,[{60,1}]},{basic,[{60,1}]},{detailed,[{5,1}]}]"

# End of input: halt. Anything else: write Ra's directory of quorum queues to disk, which it does
# only a second after a declaration before rabbitmq/ra#443 (RabbitMQ 4.0); a queue killed earlier
# would come back without its log, hence without a leader, for ever.
WATCH_STDIN = """
spawn(fun() ->
    Port = open_port({fd, 0, 0}, [eof, in, binary]),
    (fun Wait() ->
        receive
            {Port, eof} -> erlang:halt(0, [{flush, false}]);
            {Port, {data, _}} ->
                [catch dets:sync(Table) || Table <- dets:all()],
                file:write_file("synced", ""),
                Wait()
        end
    end)()
end).
"""


class Node:
    """One private node. Its ports, password and data stay the same over `kill` and `start`."""

    def __init__(self, installation: Installation, run_folder: Path, vhost: str):
        self.installation = installation
        self.vhost = vhost
        self.password = secrets.token_urlsafe(18)
        self.folder = Path(tempfile.mkdtemp(prefix="broker-", dir=run_folder))
        self.port = self.distribution_port = self.management_port = 0
        self._reserved = contextlib.ExitStack()
        self._process: subprocess.Popen | None = None
        self._plugins = self.folder / "plugins"
        self._light = self.folder / "applications"
        self._log = self.folder / "broker.log"
        self._pid_file = self.folder / "node.pid"
        self._prepare()

    @property
    def url(self) -> str:
        return f"amqp://{USER}:{self.password}@127.0.0.1:{self.port}/{self.vhost}"

    @property
    def management_url(self) -> str:
        return f"http://127.0.0.1:{self.management_port}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self.running else None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def open(self, progress: Callable[[str], None]) -> None:
        """Start on free ports and wait until AMQP answers; raises BrokerError."""
        progress("RabbitMQ démarre…")
        for _ in range(ATTEMPTS):
            self._reserved.close()
            ports = _reserve_ports(3, self._reserved)
            self.port, self.distribution_port, self.management_port = ports
            if self._boot(progress):
                return
        raise BrokerError("RabbitMQ n’a pas trouvé de port libre. Relancez la cellule.")

    def restart(self, progress: Callable[[str], None]) -> None:
        """Start again on the same ports and data; raises BrokerError."""
        self.stop()
        if not is_free(self.port) or not self._boot(progress):
            raise BrokerError(
                f"Un autre programme a pris le port {self.port} de RabbitMQ entre-temps. "
                "Fermez-le, puis relancez la cellule."
            )

    def stop(self) -> None:
        """SIGTERM, as an administrator would; SIGKILL once queues and stores are closed.

        Those take 20 ms; 3.10 and 3.12 then wait 6 s for the last pages of their web listener.
        """
        if self.running:
            self._remember_queues()
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(FLUSHED)
        self._end()

    def kill(self) -> None:
        """SIGKILL: what was neither confirmed nor flushed is lost, queues are not."""
        if self.running:
            self._remember_queues()
        self._end()

    def close(self) -> None:
        """Kill the node and remove its data."""
        self._end()
        self._reserved.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self) -> None:
        if self._process is None:
            return
        if self.running:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process.stdin.close()
        self._pid_file.unlink(missing_ok=True)

    def _remember_queues(self) -> None:
        synced = self.folder / "synced"
        synced.unlink(missing_ok=True)
        deadline = time.monotonic() + SYNCED
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(b"sync")
            self._process.stdin.flush()
            while self.running and not synced.exists() and time.monotonic() < deadline:
                time.sleep(0.002)

    # -- starting

    def _prepare(self) -> None:
        free = shutil.disk_usage(self.folder).free
        if free < LEAST_DISK:
            raise BrokerError(
                f"Il ne reste que {free // 1_000_000} Mo sur le disque de {self.folder.parent}, "
                f"et RabbitMQ en demande {LEAST_DISK // 1_000_000}. Libérez de la place, "
                "ou désignez un autre dossier par la variable TMPDIR, puis redémarrez le noyau."
            )
        self._plugins.mkdir()
        for plugin in self.installation.needed_plugins():
            (self._plugins / plugin.name).symlink_to(plugin)
        self._light.mkdir()
        for name, content in self.installation.light_applications().items():
            (self._light / name).write_text(content)
        (self.folder / "watch.erl").write_text(WATCH_STDIN)

    def _boot(self, progress: Callable[[str], None]) -> bool:
        """Return False when one of the ports was taken meanwhile."""
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command(),
                env=self._environment(),
                cwd=self.folder,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # interrupting a cell must not reach the broker
            )
        # A forked child (multiprocessing) holding this pipe would keep the node alive.
        os.register_at_fork(after_in_child=self._process.stdin.close)
        self._pid_file.write_text(str(self._process.pid))
        for waited in _seconds(PATIENCE):
            if not self.running:
                return self._explain_death()
            if answers_amqp("127.0.0.1", self.port):
                return True
            if waited:
                progress(f"RabbitMQ démarre encore… {waited} s")
        self.kill()
        raise BrokerError(
            f"RabbitMQ n’a pas répondu en {PATIENCE:.0f} s : la machine est trop chargée, "
            f"ou son démarrage est bloqué.\n{self.last_words()}"
        )

    def _explain_death(self) -> bool:
        said = self._log.read_text("utf-8", "replace")
        self.kill()
        if any(reason in said for reason in PORT_TAKEN):
            return False
        raise BrokerError(
            f"RabbitMQ s’est arrêté en démarrant (code {self._process.returncode}). "
            f"Ses derniers mots :\n{self.last_words()}"
        )

    def last_words(self, count: int = 12) -> str:
        """The last lines of the node's log."""
        said = self._log.read_text("utf-8", "replace").splitlines()
        return "\n".join([line for line in said if line.strip()][-count:])

    def _command(self) -> list[str]:
        listener = f'[{{port,{self.management_port}}},{{ip,"127.0.0.1"}}]'
        distribution = str(self.distribution_port)
        return [
            *(self.installation.erl, "-noinput", "-boot", "start_sasl", "-s", "rabbit", "boot"),
            # One scheduler, idle without spinning, small tables: a guest in somebody's laptop.
            *("+W", "w", "+P", "65536", "+t", "1048576", "+B", "i"),
            *("+S", "1:1", "+SDcpu", "1:1", "+SDio", "1"),
            # Distribution already up: rabbit then neither looks for epmd nor starts it.
            *("-sname", "workbook@localhost"),
            *("-kernel", "inet_dist_use_interface", "{127,0,0,1}"),
            *("inet_dist_listen_min", distribution, "inet_dist_listen_max", distribution),
            *("prevent_overlapping_partitions", "false"),
            *("-syslog", "logger", "[]", "-syslog", "syslog_error_logger", "false"),
            *("-rabbitmq_management", "listener", listener),
            # A new consumer is on the map after a second, not five.
            *("sample_retention_policies", EVERY_SECOND),
            *("-rabbit", "collect_statistics_interval", "1000"),
            # The node sees the memory of the host, not of its container.
            *("vm_memory_high_watermark", "{absolute,268435456}"),
        ]

    @property
    def _place(self) -> str:
        """Its folder, as Erlang is told of it: in no name that it reads as a pattern or a command.

        It quotes paths badly, in `df` above all; where it stands is a name without surprise.
        """
        if PLAIN.fullmatch(str(self.folder)):
            return str(self.folder)
        if HERE.exists():
            return str(HERE)
        raise BrokerError(
            f"RabbitMQ ne sait pas travailler dans {self.folder.parent}, à cause d’un caractère de "
            "ce chemin. Désignez un autre dossier par la variable TMPDIR, sans accent ni "
            "ponctuation, puis redémarrez le noyau."
        )

    def _environment(self) -> dict[str, str]:
        """Everything is said: any RABBITMQ_… of the machine's would send the node elsewhere."""
        folder = self._place
        return {
            "PATH": settings.search_path(),
            "HOME": folder,  # for .erlang.cookie
            "LANG": "C.UTF-8",
            "ERL_LIBS": f"{folder}/plugins",
            "ERL_AFLAGS": f"-start_epmd false -erl_epmd_port {self.distribution_port} "
            "-pa applications -run file eval watch.erl",
            "ERL_CRASH_DUMP": os.devnull,
            "RABBITMQ_HOME": str(self.installation.home),
            "RABBITMQ_PLUGINS_DIR": f"{folder}/plugins",
            "RABBITMQ_ENABLED_PLUGINS": "rabbitmq_management",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/enabled_plugins",
            "RABBITMQ_CONFIG_FILE": f"{folder}/no-configuration",
            "RABBITMQ_NODENAME": "workbook@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.distribution_port),
            "RABBITMQ_MNESIA_BASE": f"{folder}/data",
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_LOG_BASE": f"{folder}/log",  # 3.10 opens a file there all the same
            "RABBITMQ_DEFAULT_USER": USER,
            "RABBITMQ_DEFAULT_PASS": self.password,
            "RABBITMQ_DEFAULT_VHOST": self.vhost,
        }


def answers_amqp(host: str, port: int, timeout: float = 1.0) -> bool:
    """Does a broker open the AMQP 0-9-1 handshake there? (specification, section 4.2.2)"""
    try:
        with socket.create_connection((host, port), timeout) as connection:
            connection.sendall(AMQP_HEADER)
            return connection.recv(1) == METHOD_FRAME
    except OSError:
        return False


def _reserve_ports(count: int, kept: contextlib.ExitStack) -> list[int]:
    """So many free ports, which other nodes of the course leave alone until `kept` is closed.

    A node that is down for a moment holds none of its ports: another one would take them.
    """
    ports = []
    with contextlib.ExitStack() as tried:
        for port in random.sample(PORTS, len(PORTS)):
            with contextlib.suppress(OSError):
                tried.enter_context(socket.socket()).bind(("127.0.0.1", port))
                kept.enter_context(_reservation(port))
                ports.append(port)
            if len(ports) == count:
                return ports
    raise BrokerError("RabbitMQ n’a pas trouvé de port libre. Relancez la cellule.")


def _reservation(port: int) -> contextlib.AbstractContextManager[object]:
    """Ours until it is closed or this process ends; raises OSError when it is another node's.

    Linux forgets an abstract socket's name with its owner; elsewhere nothing is reserved.
    """
    if sys.platform != "linux":
        return contextlib.nullcontext()
    with contextlib.ExitStack() as unless_bound:
        name = unless_bound.enter_context(socket.socket(socket.AF_UNIX))
        name.bind(f"\0workbook-port-{port}")
        unless_bound.pop_all()
    return name


def is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:`port` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _seconds(patience: float) -> Iterator[int]:
    """Yield every 10 ms: how long it has lasted when it is time to tell, 0 otherwise."""
    started = time.monotonic()
    tell = TELL_EVERY
    while (waited := time.monotonic() - started) < patience:
        yield tell if waited >= tell else 0
        tell += TELL_EVERY if waited >= tell else 0
        time.sleep(0.01)
