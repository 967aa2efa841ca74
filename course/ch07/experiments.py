"""Experiments on messages: publish through a crash, read until killed, share out, cut off.

The books are kept in the words of Jepsen's total-queue checker (jepsen, `checker.clj`), so that
each figure has a definition. Queues made here belong to one experiment and are deleted after it.
"""

from __future__ import annotations

import sqlite3
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pika
from pika.exceptions import AMQPError

from course.ch07.bets import (
    ACK,
    AFTER_PAYMENT,
    BEFORE_PAYMENT,
    COMMIT,
    DROPPED,
    ERROR,
    KEPT,
    NOTE,
    TAKE,
)
from workbook import show
from workbook.errors import WorkbookError
from workbook.tables import html_table, text_table
from workbook.waiting import until

if TYPE_CHECKING:
    from pika.adapters.blocking_connection import BlockingChannel

    from workbook.broker import Broker
    from workbook.shop import Shop
    from workbook.shop.client import Response
    from workbook.views.canvas.picture import Picture

SLOW, FAST = "lent (50 ms)", "rapide (1 ms)"
PAUSES = {SLOW: 0.05, FAST: 0.001}
COLUMNS = {
    "tentés": "attempted",
    "tenus pour sûrs": "acknowledged",
    "livrés": "delivered",
    "perdus": "lost",
    "retrouvés": "recovered",
    "en double": "duplicated",
    "inattendus": "unexpected",
}


# -- the books -------------------------------------------------------------------------------------


@dataclass
class Ledger:
    """What became of a series of messages, each known by its body."""

    attempted: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    deliveries: Counter[str] = field(default_factory=Counter)

    @property
    def delivered(self) -> set[str]:
        """Read at least once."""
        return set(self.deliveries)

    @property
    def lost(self) -> set[str]:
        """Believed safe, never delivered."""
        return self.acknowledged - self.delivered

    @property
    def recovered(self) -> set[str]:
        """Delivered although nobody had said that they were safe."""
        return self.delivered & (self.attempted - self.acknowledged)

    @property
    def duplicated(self) -> set[str]:
        """Delivered more than once."""
        return {body for body, count in self.deliveries.items() if count > 1}

    @property
    def unexpected(self) -> set[str]:
        """Delivered, never sent."""
        return self.delivered - self.attempted


class Books(dict[str, Ledger]):
    """Ledgers by title, shown as a table of counts."""

    def rows(self) -> list[list[str]]:
        """The heading, then a row a ledger."""
        counts = [
            [title, *(str(len(getattr(ledger, name))) for name in COLUMNS.values())]
            for title, ledger in self.items()
        ]
        return [["", *COLUMNS], *counts]

    def ranked(self) -> list[str]:
        """The titles, most losses first; the fastest first where as many were lost."""
        return sorted(self, key=lambda title: _losses(self[title]), reverse=True)

    def __repr__(self) -> str:
        return text_table(self.rows())

    def _repr_html_(self) -> str:
        head, *rows = self.rows()
        return html_table(head, rows)


def _losses(ledger: Ledger) -> tuple[int, int]:
    return len(ledger.lost), len(ledger.attempted)


# -- who answers, and what becomes of an event -----------------------------------------------------


def who_answered(order: Response) -> str:
    """The option of bet `ch07.answer` that the response to an order shows: 202 is not the end."""
    accepted = order.status_code == HTTPStatus.ACCEPTED
    return BEFORE_PAYMENT if accepted else AFTER_PAYMENT


def fate_of(broker: Broker, publish: Callable[..., object], *event: object) -> str:
    """The option of bet `ch07.unrouted` that comes true: publish, then let a reader come."""
    try:
        publish(*event)
    except AMQPError:
        return ERROR
    with _channel(broker) as channel:
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, "shop.events", "gift.#")
        found = channel.queue_declare(queue, passive=True).method.message_count
    return KEPT if found else DROPPED


# -- publishing through a crash --------------------------------------------------------------------


def publish_through_a_crash(
    broker: Broker, ways: Mapping[str, Mapping[str, object]], seconds: float = 1.0
) -> Books:
    """Publish in several ways at once, `kill -9` the broker after `seconds`, start it, count.

    A way is {"confirm": bool, "delivery_mode": pika.DeliveryMode}. A broker shared with others is
    not killed: the same publishers then simply run to the end.
    """
    publishers = [_Publisher(title, **way) for title, way in ways.items()]
    with _deleted_after(broker, [publisher.queue for publisher in publishers]):
        for publisher in publishers:
            publisher.start(broker.url)
        publishers[0].stopped.wait(seconds)
        if broker.private:
            print("kill -9 de RabbitMQ…")
            broker.kill()
        else:
            print("Ce RabbitMQ sert aussi à d’autres : on l’épargne, et rien ne devrait manquer.")
        for publisher in publishers:
            publisher.finish()
        if broker.private:
            broker.restart()
            print("RabbitMQ est revenu. On vide les files et on compte.")
        for publisher in publishers:
            publisher.ledger.deliveries.update(drain(broker, publisher.queue))
    return Books({publisher.title: publisher.ledger for publisher in publishers})


class _Publisher:
    """Publishes numbered messages to a durable queue of its own, as fast as it is let."""

    def __init__(self, title: str, confirm: bool, delivery_mode: pika.DeliveryMode) -> None:
        self.title, self.confirm = title, confirm
        self.properties = pika.BasicProperties(delivery_mode=delivery_mode)
        self.queue = f"caisse-{uuid.uuid4().hex[:8]}"
        self.ledger = Ledger()
        self.stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, url: str) -> None:
        """Declare the queue, then publish in a thread with a connection of its own."""
        connection = pika.BlockingConnection(pika.URLParameters(url))
        channel = connection.channel()
        channel.queue_declare(self.queue, durable=True)
        if self.confirm:
            channel.confirm_delivery()
        self._thread = threading.Thread(target=self._publish, args=(connection, channel))
        self._thread.start()

    def finish(self) -> None:
        """Stop publishing, if the broker's death has not done it."""
        self.stopped.set()
        if self._thread is not None:
            self._thread.join(10)

    def _publish(self, connection: pika.BlockingConnection, channel: BlockingChannel) -> None:
        number = 0
        try:
            while not self.stopped.is_set():
                number += 1
                body = str(number)
                self.ledger.attempted.add(body)
                channel.basic_publish("", self.queue, body, self.properties)
                self.ledger.acknowledged.add(body)
            connection.close()
        except AMQPError:
            self.stopped.set()


# -- reading until killed --------------------------------------------------------------------------


def read_until_killed(
    shop: Shop, worker: str, queue: str, messages: int = 200, kill_after: int = 20
) -> Ledger:
    """Put messages in `queue`, `kill -9` the worker once it has printed `kill_after` of them.

    The worker prints the body of each message it has dealt with. Delivered are those, and what
    the broker still keeps for somebody else. Run again, it starts the worker that it had killed.
    """
    ledger = Ledger()
    if not shop.services[worker].running:
        shop.restart(worker)
    with _channel(shop.broker) as channel:
        channel.queue_declare(queue, durable=True)
        channel.queue_purge(queue)
        wait_until(lambda: consumers(shop.broker, queue) == 1)
        channel.confirm_delivery()
        # It reads none before the last is published, however slow the machine.
        shop.pause(worker)
        try:
            for number in range(1, messages + 1):
                body = f"message-{number}"
                ledger.attempted.add(body)
                channel.basic_publish("", queue, body)
                ledger.acknowledged.add(body)
        finally:
            shop.resume(worker)
    wait_until(lambda: len(_printed(shop, worker, ledger)) >= kill_after)
    shop.kill(worker)
    wait_until(lambda: consumers(shop.broker, queue) == 0)
    ledger.deliveries.update(_printed(shop, worker, ledger))
    ledger.deliveries.update(drain(shop.broker, queue))
    return ledger


def _printed(shop: Shop, worker: str, ledger: Ledger) -> list[str]:
    """Bodies the worker has printed since this experiment began."""
    messages = [record["message"] for record in shop.logs(worker, 2_000)]
    return [message for message in messages if message in ledger.attempted]


# -- sharing out a queue ---------------------------------------------------------------------------


@dataclass
class Share:
    """How many messages each reader dealt with, and the seconds it took to deal with all."""

    counts: Counter[str]
    seconds: float


def share_out(
    broker: Broker, qos: Callable[[BlockingChannel], object], messages: int = 40
) -> Share:
    """Let a slow, then a fast reader come to `messages` waiting; `qos(channel)` tunes both."""
    queue, counts = f"partage-{uuid.uuid4().hex[:8]}", Counter()
    with _deleted_after(broker, [queue]), _channel(broker) as channel:
        channel.queue_declare(queue, durable=True)
        for number in range(messages):
            channel.basic_publish("", queue, str(number))
        wait_until(lambda: waiting(broker, queue) == messages)
        start, readers = time.monotonic(), []
        for name in PAUSES:
            subscribed = threading.Event()
            arguments = (broker.url, queue, name, qos, counts, subscribed, messages)
            readers.append(threading.Thread(target=_read, args=arguments))
            readers[-1].start()
            subscribed.wait(5)
        for reader in readers:
            reader.join(30)
        return Share(counts, time.monotonic() - start)


def _read(
    url: str,
    queue: str,
    name: str,
    qos: Callable[[BlockingChannel], object],
    counts: Counter[str],
    subscribed: threading.Event,
    messages: int,
) -> None:
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        qos(channel)

        def work(_channel: object, method: object, _properties: object, _body: bytes) -> None:
            connection.sleep(PAUSES[name])
            channel.basic_ack(method.delivery_tag)
            counts[name] += 1

        channel.basic_consume(queue, work)
        subscribed.set()
        deadline = time.monotonic() + 30
        while counts.total() < messages and time.monotonic() < deadline:
            connection.process_data_events(0.02)


class Shares(dict[str, Share]):
    """Shares by setting, shown as one bar each: who dealt with how many, in how many seconds."""

    def __repr__(self) -> str:
        return "\n".join(
            f"{title}\u00a0: {', '.join(f'{name} {share.counts[name]}' for name in PAUSES)}, "
            f"en {_seconds(share)}"
            for title, share in self.items()
        )

    def _ipython_display_(self) -> None:
        self.picture().show()

    def picture(self) -> Picture:
        """The bars; the time each setting took stands after its bar."""
        return show.bars(
            {title: {name: share.counts[name] for name in PAUSES} for title, share in self.items()},
            title="Qui a traité combien de messages",
            unit="messages traités",
            notes={title: _seconds(share) for title, share in self.items()},
        )


def _seconds(share: Share) -> str:
    return f"{share.seconds:.1f} s".replace(".", ",")


# -- four steps in every order ---------------------------------------------------------------------

STEPS = (NOTE, TAKE, COMMIT, ACK)
FATES = {
    (False, False): "une lampe, dans tous les cas",
    (True, False): "perdue dans certains cas",
    (False, True): "comptée deux fois dans certains cas",
    (True, True): "tantôt perdue, tantôt comptée deux fois",
}


class Orders(dict[tuple[str, ...], list[int]]):
    """For each order of the steps, the lamps that one sale took, one figure a death."""

    def safe(self) -> tuple[str, ...]:
        """The only order in which the sale took one lamp, whatever happened."""
        (order,) = [order for order, lamps in self.items() if set(lamps) == {1}]
        return order

    def table(self) -> show.table:
        """How many orders each fate befell."""
        fates = Counter(FATES[0 in lamps, max(lamps) > 1] for lamps in self.values())
        rows = [(fate, fates[fate]) for fate in FATES.values()]
        return show.table(("La vente", "ordres"), rows)

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def try_every_order(broker: Broker) -> Orders:
    """Deal with one sale in each order of `STEPS`, cut off after one, two, three, then once more.

    The queue and the database are real. Cut off, a worker loses its channel and its connection to
    the database: RabbitMQ and SQLite then do what they do for a process that died. One that was
    not cut off is given the sale a second time.
    """
    with TemporaryDirectory() as folder, _channel(broker) as channel:
        channel.confirm_delivery()
        desk = _Desk(channel, channel.queue_declare("", exclusive=True).method.queue, Path(folder))
        return Orders(
            {
                order: [desk.lamps_taken(order, done) for done in range(1, len(order) + 1)]
                for order in permutations(STEPS)
            }
        )


@dataclass
class _Desk:
    """A queue of sales and, for each trial, a stock of its own."""

    channel: BlockingChannel
    queue: str
    folder: Path
    trials: int = 0

    def lamps_taken(self, order: tuple[str, ...], done: int) -> int:
        """By one sale, dealt with by a worker cut off after `done` steps, then by another."""
        self.trials += 1
        self.channel.basic_publish("", self.queue, b"")
        with self._database() as database:
            database.execute("CREATE TABLE inbox (message_id TEXT PRIMARY KEY)")
            database.execute("CREATE TABLE taken (lamp)")
        doomed = self.channel.connection.channel()
        self._work(doomed, order[:done])
        doomed.close()
        if done == len(order):
            self.channel.basic_publish("", self.queue, b"")
        if done == len(order) or ACK not in order[:done]:
            wait_until(self._waiting)
            self._work(self.channel, order)
        with self._database() as database:
            return database.execute("SELECT count(*) FROM taken").fetchone()[0]

    def _work(self, channel: BlockingChannel, steps: tuple[str, ...]) -> None:
        """Take the sale, go through these steps, and lose the database."""
        with self._database() as database:
            delivery = channel.basic_get(self.queue)[0]
            known = False
            database.execute("BEGIN")
            for step in steps:
                if step == NOTE:
                    noted = database.execute("INSERT OR IGNORE INTO inbox VALUES ('sale')")
                    known = not noted.rowcount
                elif step == TAKE and not known:
                    database.execute("INSERT INTO taken VALUES ('lamp')")
                elif step == COMMIT:
                    database.execute("COMMIT")
                elif step == ACK:
                    channel.basic_ack(delivery.delivery_tag)

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        path = self.folder / f"{self.trials}.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            # The machine does not lose its power: only the process dies.
            database.execute("PRAGMA synchronous = OFF")
            yield database

    def _waiting(self) -> int:
        return self.channel.queue_declare(self.queue, passive=True).method.message_count


# -- small tools -----------------------------------------------------------------------------------


class StillWaiting(WorkbookError):
    """What was waited for has not come in time."""


def wait_until(condition: Callable[[], object], timeout: float = 15.0) -> float:
    """Poll until `condition()` holds; return the seconds it took. Raises `StillWaiting`."""
    start = time.monotonic()
    if not until(condition, timeout):
        raise StillWaiting(f"Rien de nouveau après {timeout:.0f} s : relancez cette cellule.")
    return time.monotonic() - start


def waiting(broker: Broker, queue: str) -> int:
    """Count the messages ready in `queue`, at this very moment (a passive declare)."""
    with _channel(broker) as channel:
        return channel.queue_declare(queue, passive=True).method.message_count


def consumers(broker: Broker, queue: str) -> int:
    """Count the consumers of `queue`."""
    with _channel(broker) as channel:
        return channel.queue_declare(queue, passive=True).method.consumer_count


def drain(broker: Broker, queue: str) -> list[str]:
    """Read `queue` to its end; return the bodies."""
    with _channel(broker) as channel:
        count = channel.queue_declare(queue, passive=True).method.message_count
        bodies = []
        for _, _, body in channel.consume(queue, auto_ack=True, inactivity_timeout=0.5):
            if body is None:
                break
            bodies.append(body.decode())
            if len(bodies) == count:
                break
        return bodies


@contextmanager
def _channel(broker: Broker) -> Iterator[BlockingChannel]:
    with pika.BlockingConnection(pika.URLParameters(broker.url)) as connection:
        yield connection.channel()


@contextmanager
def _deleted_after(broker: Broker, queues: list[str]) -> Iterator[None]:
    try:
        yield
    finally:
        with _channel(broker) as channel:
            for queue in queues:
                channel.queue_delete(queue)
