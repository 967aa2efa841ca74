"""A relay before the broker, which keeps its confirmations back, or loses a message on the way.

    with Relay(url) as relay:
        … RABBITMQ_URL=relay.url …
        relay.late = 0.2       each confirmation comes so many seconds late
        relay.lose_the_next()  the next message never arrives: silence, then the connection is cut

It knows of AMQP 0-9-1 the two methods that it looks for, `basic.publish` and `basic.ack`.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

CHUNK = 1 << 16
PUBLISH, ACK = b"\x00\x3c\x00\x28", b"\x00\x3c\x00\x50"  # class basic, methods 40 and 80


class Relay:
    """Listens on a free port of this machine, from `with` to its end.

    `silence` is how many seconds a publisher waits in vain before its connection is cut.
    """

    def __init__(self, broker: str, silence: float) -> None:
        self.late = 0.0
        self._broker, self._silence = urlsplit(broker), silence
        self._loses = threading.Event()
        self._closing = threading.Event()
        self._sockets: list[socket.socket] = []
        self._server = socket.create_server(("127.0.0.1", 0))

    def __enter__(self) -> Relay:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        for each in (self._server, *self._sockets):
            _cut(each)

    @property
    def url(self) -> str:
        """The broker's URL, by way of here."""
        user = self._broker.netloc.rpartition("@")[0]
        host = f"127.0.0.1:{self._server.getsockname()[1]}"
        return self._broker._replace(netloc=f"{user}@{host}" if user else host).geturl()

    def lose_the_next(self) -> None:
        """Let one message more disappear, and its connection with it."""
        self._loses.set()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client = self._server.accept()[0]
                broker = socket.create_connection(
                    (self._broker.hostname, self._broker.port or 5672)
                )
                self._sockets += [client, broker]
                self._start(self._carry, client, broker, self._to_broker)
                self._start(self._carry, broker, client, self._to_client)

    def _start(self, run: Callable, *arguments: object) -> None:
        threading.Thread(target=run, args=arguments, daemon=True).start()

    def _carry(self, here: socket.socket, there: socket.socket, let: Callable) -> None:
        with suppress(OSError):
            while (said := here.recv(CHUNK)) and let(said):
                there.sendall(said)
        _cut(here)
        _cut(there)

    def _to_broker(self, said: bytes) -> bool:
        """Whether it is let through."""
        if PUBLISH not in said or not self._loses.is_set():
            return True
        self._loses.clear()
        self._closing.wait(self._silence)
        return False

    def _to_client(self, said: bytes) -> bool:
        if ACK in said:
            self._closing.wait(self.late)
        return True


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
