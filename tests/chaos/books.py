"""The books of one shop under trial, and what they say is still to be done."""

import contextlib
import sqlite3

from workbook.failures.books import Books

from .shop import TRIED


class ShopBooks(Books):
    """The databases of the services under trial."""

    def __init__(self, folder):
        super().__init__(folder, TRIED)

    def unfinished(self):
        """What the services still have to do, in words; None when there is nothing."""
        if self.read("orders", "SELECT 1 FROM orders WHERE status = 'PENDING' LIMIT 1"):
            return "des commandes attendent"
        unsaid = "SELECT 1 FROM outbox WHERE published_at IS NULL LIMIT 1"
        if any(self.read(name, unsaid) for name in TRIED):
            return "des événements ne sont pas publiés"
        return None

    def refused_or_done(self):
        """Whether the broker has refused an event of orders, or none of them waits any more."""
        waiting = "SELECT max(attempts) FROM outbox WHERE published_at IS NULL"
        with contextlib.suppress(sqlite3.OperationalError):
            [(attempts,)] = self.read("orders", waiting) or [(0,)]
            return attempts is None or attempts > 0
        return False

    def unheard(self, bindings):
        """The queues, of these (queue, routing key), that have not had all they subscribed to."""
        told = "SELECT message_id, routing_key FROM outbox"
        heard = "SELECT consumer, message_id FROM inbox"
        events = [tuple(row) for name in TRIED for row in self.read(name, told)]
        inbox = {tuple(row) for name in TRIED for row in self.read(name, heard)}
        return {
            queue
            for message_id, routing_key in events
            for queue, key in bindings
            if key == routing_key and (queue, message_id) not in inbox
        }

    def out_of_time(self):
        """Whether every order has run out of time."""
        in_time = """
            SELECT 1 FROM orders WHERE id NOT IN (
                SELECT order_id FROM saga_log WHERE command = 'saga' AND outcome = 'timed out'
            ) LIMIT 1
        """
        with contextlib.suppress(sqlite3.OperationalError):
            return not self.read("orders", in_time)
        return False
