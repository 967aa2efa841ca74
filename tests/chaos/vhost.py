"""VirtualHost: the part of the broker that one shop has to itself, seen from outside."""

import contextlib
import secrets
from urllib.parse import quote

import pika

from workbook.broker import BrokerError


class VirtualHost:
    """Its queues, connections and messages. Every method may raise BrokerError or AMQPError."""

    def __init__(self, broker):
        self._broker, self.name = broker, f"chaos-{secrets.token_hex(6)}"
        base, _, _ = broker.url.rpartition("/")
        user = base.partition("://")[2].partition(":")[0]
        self.url, self.dead_letters = f"{base}/{self.name}", []
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        broker.api("PUT", f"/vhosts/{self.name}")
        broker.api("PUT", f"/permissions/{self.name}/{user}", json=everything)

    def delete(self):
        """Give it back, if the broker is still there to take it."""
        with contextlib.suppress(BrokerError):
            self._broker.api("DELETE", f"/vhosts/{self.name}")

    @contextlib.contextmanager
    def channel(self):
        connection = pika.BlockingConnection(pika.URLParameters(self.url))
        with contextlib.closing(connection):
            yield connection.channel()

    def publish(self, exchange, routing_key, body, message_id, headers=None):
        """Whether the broker has the message in a queue."""
        properties = pika.BasicProperties(
            message_id=message_id, delivery_mode=2, headers=headers or {}
        )
        try:
            with self.channel() as channel:
                channel.confirm_delivery()
                channel.basic_publish(exchange, routing_key, body, properties, mandatory=True)
        except (pika.exceptions.AMQPError, OSError):
            return False
        return True

    def connections(self):
        """The broker's name of each connection, and the service that opened it."""
        found = self._broker.api("GET", f"/vhosts/{self.name}/connections")
        return {
            connection["name"]: connection["client_properties"]["connection_name"].split("-")[0]
            for connection in found
            if connection.get("client_properties", {}).get("connection_name")
        }

    def disconnect_everybody(self):
        for name in self.connections():
            self._broker.api("DELETE", f"/connections/{quote(name)}")

    def consumed(self):
        """The queues that somebody consumes."""
        return {consumer["queue"]["name"] for consumer in self._consumers()}

    def active(self):
        """The queue of each consumer that is served, not merely waiting for its turn."""
        return [one["queue"]["name"] for one in self._consumers() if one.get("active", True)]

    def _consumers(self):
        return self._broker.api("GET", f"/consumers/{self.name}")

    def limit(self, queue, length):
        """Let a queue refuse what is more than `length` messages; None: no limit any more."""
        path = f"/policies/{self.name}/full"
        if length is None:
            self._broker.api("DELETE", path)
            return
        full = {"max-length": length, "overflow": "reject-publish"}
        policy = {"pattern": f"^{queue}$".replace(".", "[.]"), "definition": full}
        self._broker.api("PUT", path, json={**policy, "apply-to": "queues"})

    def bindings(self):
        """Who subscribed to what: (queue, routing key)."""
        found = self._broker.api("GET", f"/exchanges/{self.name}/shop.events/bindings/source")
        return [(binding["destination"], binding["routing_key"]) for binding in found]

    def depths(self, queues):
        """How many messages are ready in each queue."""
        with self.channel() as channel:
            return {
                name: channel.queue_declare(name, passive=True).method.message_count
                for name in queues
            }

    def dead(self, queues):
        """The ids of the dead letters so far, taken out of their queues."""
        with self.channel() as channel:
            for name in queues:
                while (message := channel.basic_get(f"{name}.dead", auto_ack=True))[0]:
                    self.dead_letters.append(message[1].message_id)
        return list(self.dead_letters)
