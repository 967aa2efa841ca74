"""Experiments on messages: publish through a crash, read until killed, share out a queue.

The books are kept in the words of Jepsen's total-queue checker (jepsen, `checker.clj`), so that
each figure has a definition. Queues made here belong to one experiment and are deleted after it.
"""

from __future__ import annotations

import io
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pika
from pika.exceptions import AMQPError

from workbook.errors import WorkbookError

if TYPE_CHECKING:
    from pika.adapters.blocking_connection import BlockingChannel

    from workbook.broker import Broker
    from workbook.shop import Shop

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

    def __repr__(self) -> str:
        rows = self.rows()
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            "  ".join(
                cell.ljust(width) if index == 0 else cell.rjust(width)
                for index, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        )

    def _repr_html_(self) -> str:
        head, *body = self.rows()
        return (
            "<table><thead><tr>"
            + "".join(f"<th>{cell}</th>" for cell in head)
            + "</tr></thead><tbody>"
            + "".join(
                "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in body
            )
            + "</tbody></table>"
        )


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
    the broker still keeps for somebody else.
    """
    ledger = Ledger()
    with _channel(shop.broker) as channel:
        channel.queue_declare(queue, durable=True)
        channel.queue_purge(queue)
        wait_until(lambda: consumers(shop.broker, queue) == 1)
        channel.confirm_delivery()
        for number in range(1, messages + 1):
            body = f"message-{number}"
            ledger.attempted.add(body)
            channel.basic_publish("", queue, body)
            ledger.acknowledged.add(body)
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

    def _repr_png_(self) -> bytes:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(7, 0.55 * len(self) + 0.9), layout="constrained", dpi=120)
        axes = figure.subplots()
        titles, left = list(self)[::-1], [0] * len(self)
        for name, colour in zip(PAUSES, ("#c2701c", "#3574c2"), strict=True):
            counts = [self[title].counts[name] for title in titles]
            bars = axes.barh(titles, counts, left=left, label=name, color=colour)
            texts = [str(count) if count else "" for count in counts]
            axes.bar_label(bars, texts, label_type="center", color="white")
            left = [before + count for before, count in zip(left, counts, strict=True)]
        for row, title in enumerate(titles):
            axes.text(left[row], row, f"  {_seconds(self[title])}", va="center")
        axes.set_xlim(0, max(left) * 1.12)
        axes.set_xlabel("messages traités")
        axes.spines[["top", "right"]].set_visible(False)
        figure.legend(loc="outside upper center", ncols=len(PAUSES), frameon=False)
        picture = io.BytesIO()
        figure.savefig(picture, format="png")
        return picture.getvalue()


def _seconds(share: Share) -> str:
    return f"{share.seconds:.1f} s".replace(".", ",")


# -- small tools -----------------------------------------------------------------------------------


class StillWaiting(WorkbookError):
    """What was waited for has not come in time."""


def wait_until(condition: Callable[[], object], timeout: float = 15.0) -> float:
    """Poll until `condition()` holds; return the seconds it took. Raises `StillWaiting`."""
    start, pause = time.monotonic(), threading.Event()
    while not condition():
        if time.monotonic() - start > timeout:
            raise StillWaiting(f"Rien de nouveau après {timeout:.0f} s : relancez cette cellule.")
        pause.wait(0.02)
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
