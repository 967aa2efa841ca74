"""A learner's worker on the bench: fresh queues, messages, kills, and what can be seen of it.

The worker is not one of the exercise's `service`s, which must be alive before the first step: here
a worker that died of the broker's restart, or of a queue declared otherwise before, gets a new
life from `start_afresh`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pika
from pika.exceptions import ChannelClosedByBroker

from workbook.checks import LearnerError, eventually
from workbook.checks.lab import Lab, LearnerService
from workbook.errors import WorkbookError


class Bench:
    """The worker of an exercise, its `queue`, and the `files` it writes in the run folder."""

    def __init__(
        self, lab: Lab, worker: str, queue: str, *, dead: str = "", files: tuple[str, ...] = ()
    ) -> None:
        self.lab, self.queue, self.dead = lab, queue, dead
        self.worker = LearnerService(worker)
        self._files = [lab.shop.run_folder / file for file in files]
        self.channel = lab.channel()
        self.channel.confirm_delivery()

    # -- its life -----------------------------------------------------------------------------

    def start_afresh(self) -> None:
        """Run the worker as on its first day: no queue, no file, no memory."""
        with suppress(LearnerError):
            self.worker.require_running()  # not attempted is told before anything is touched
        self.kill()
        for queue in filter(None, (self.queue, self.dead)):
            self.channel.queue_delete(queue)
        for file in self._files:
            file.unlink(missing_ok=True)
        self.restart()

    def kill(self) -> None:
        """`kill -9`, then wait until the broker knows it."""
        self.lab.shop.kill(self.worker.name)
        eventually(
            lambda: self.consumers() == 0,
            seen="RabbitMQ voit encore un consommateur.",
            expected=f"plus personne sur « {self.queue} » après la mort du worker",
        )

    def restart(self) -> None:
        """Start it, and wait until it reads its queue."""
        try:
            self.lab.shop.restart(self.worker.name)
        except WorkbookError:
            self.worker.require_running()
            raise
        self.await_that(
            lambda: self.ready() is not None,
            timeout=3.0,
            seen=f"Votre worker tourne, mais la file « {self.queue} » n’existe pas.",
            expected=f"un worker qui déclare « {self.queue} » et la lit",
            meaning="Les messages publiés n’auraient nulle part où attendre.",
        )

    # -- its messages -------------------------------------------------------------------------

    def send(self, body: object, message_id: str | None = None) -> None:
        """Put a persistent message straight in the queue; a str goes as it is, the rest as JSON."""
        text = body if isinstance(body, str) else json.dumps(body)
        properties = pika.BasicProperties(
            message_id=message_id,
            content_type="application/json",
            delivery_mode=pika.DeliveryMode.Persistent,
        )
        self.channel.basic_publish("", self.queue, text.encode(), properties)

    def ready(self, queue: str = "") -> int | None:
        """Messages nobody has been given yet; None when there is no such queue."""
        declared = self._declared(queue or self.queue)
        return declared.message_count if declared else None

    def consumers(self) -> int:
        """Consumers of the queue."""
        declared = self._declared(self.queue)
        return declared.consumer_count if declared else 0

    def read_dead(self) -> list[str]:
        """Take the messages that are now in the dead-letter queue."""
        bodies = []
        while self.ready(self.dead):
            _, _, body = self.channel.basic_get(self.dead, auto_ack=True)
            if body is None:
                break
            bodies.append(body.decode(errors="replace"))
        return bodies

    def lines(self, file: str) -> list[str]:
        """Lines the worker has written to `file` since it started afresh."""
        path: Path = self.lab.shop.run_folder / file
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    # -- waiting ------------------------------------------------------------------------------

    def await_that(
        self, observe: Callable[[], Any], until: Callable[[Any], object] = bool, **words: Any
    ) -> Any:
        """`eventually`, cut short when the worker dies."""

        def look() -> Any:
            self.worker.require_running()
            return observe()

        return eventually(look, until, **words)

    def await_empty(self) -> None:
        """Wait until every message has been taken."""
        self.await_that(
            self.ready,
            lambda count: count == 0,
            seen=f"Il reste {{}} message(s) dans « {self.queue} » : personne ne les prend.",
            expected="un worker qui lit sa file",
        )

    def hold(self, seconds: float) -> None:
        """Let `seconds` pass, of work that the message makes longer or of what must not happen."""
        time.sleep(seconds)
        self.worker.require_running()

    def given_back(self, enough: int, patience: float = 0.4) -> int:
        """Messages back in the queue of a dead worker; `enough` of them ends the wait."""
        deadline = time.monotonic() + patience
        while (count := self.ready() or 0) < enough and time.monotonic() < deadline:
            time.sleep(0.05)
        return count

    def _declared(self, queue: str) -> Any:
        try:
            with self.channel.connection.channel() as channel:
                return channel.queue_declare(queue, passive=True).method
        except ChannelClosedByBroker:
            return None
