"""RabbitMQ's management API over HTTP: virtual hosts, and what is declared in ours."""

from __future__ import annotations

import base64
import http.client
import json as json_format
from typing import Any
from urllib.parse import quote, urlsplit

from workbook.broker.errors import BrokerError, ManagementError

TIMEOUT = 5.0


class Management:
    """The API of one broker, as one user."""

    def __init__(self, url: str, user: str, password: str):
        parts = urlsplit(url)
        self._secure = parts.scheme == "https"
        self._address = (parts.hostname or "127.0.0.1", parts.port)
        self._base = parts.path.rstrip("/")
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, json: object = None) -> Any:
        """Return the decoded answer, None when empty.

        Raises ManagementError on a 4xx or 5xx, BrokerError when nothing answers.
        """
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(*self._address, timeout=TIMEOUT)
        body = None if json is None else json_format.dumps(json)
        try:
            connection.request(method, self._full(path), body, self._headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise BrokerError(f"RabbitMQ ne répond plus ({error}).") from error
        finally:
            connection.close()
        if response.status >= http.client.BAD_REQUEST:
            said = content.decode("utf-8", "replace").strip()
            raise ManagementError(
                response.status, f"RabbitMQ refuse {method} {path} : {response.status} {said}", said
            )
        return json_format.loads(content) if content else None

    def _full(self, path: str) -> str:
        return f"{self._base}/api/{path.removeprefix('/').removeprefix('api/')}"

    def alarms(self) -> set[str]:
        """Resources that RabbitMQ runs short of, such as `disk space`: it then takes no message."""
        try:
            self.call("GET", "health/checks/alarms")
        except ManagementError as refusal:
            if refusal.status != http.client.SERVICE_UNAVAILABLE:
                raise
            return {alarm["resource"] for alarm in json_format.loads(refusal.said)["alarms"]}
        return set()

    # -- virtual hosts

    def vhosts(self) -> list[str]:
        return [vhost["name"] for vhost in self.call("GET", "vhosts")]

    def create_vhost(self, name: str, user: str) -> None:
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        self.call("PUT", f"vhosts/{_part(name)}")
        self.call("PUT", f"permissions/{_part(name)}/{_part(user)}", everything)

    def is_used(self, name: str) -> bool:
        """Is any client connected to that virtual host?"""
        return bool(self.call("GET", f"vhosts/{_part(name)}/connections"))

    def delete_vhost(self, name: str) -> None:
        self.call("DELETE", f"vhosts/{_part(name)}")

    # -- what is declared

    def topology(self, vhost: str) -> dict[str, list[dict]]:
        """Return `exchanges`, `queues`, `bindings` and `consumers` of one virtual host.

        The broker's own (`amq.…`, the default exchange and its bindings) are left out.  A
        consumer's `instance` is its connection's name: who it is, in the services' words.
        """
        place = _part(vhost)
        exchanges = self.call("GET", f"exchanges/{place}")
        bindings = self.call("GET", f"bindings/{place}")
        return {
            "exchanges": [
                _only(exchange, "name", "type", "durable", "arguments")
                for exchange in exchanges
                if exchange["name"] and not exchange["name"].startswith("amq.")
            ],
            "queues": [
                _only(queue, "name", "type", "durable", "exclusive", "arguments")
                for queue in self.call("GET", f"queues/{place}")
            ],
            "bindings": [
                _only(binding, "source", "destination", "destination_type", "routing_key")
                for binding in bindings
                if binding["source"]
            ],
            "consumers": self._consumers(place),
        }

    def _consumers(self, place: str) -> list[dict]:
        consumers = self.call("GET", f"consumers/{place}")
        names = self._connection_names(place) if consumers else {}
        return [
            {
                "queue": consumer["queue"]["name"],
                "instance": names.get(_connection(consumer), ""),
                **_only(consumer, "consumer_tag", "prefetch_count", "ack_required", "active"),
            }
            for consumer in consumers
        ]

    def _connection_names(self, place: str) -> dict[str, str]:
        return {
            connection["name"]: connection.get("client_properties", {}).get("connection_name", "")
            for connection in self.call("GET", f"vhosts/{place}/connections")
            if "name" in connection
        }


def _connection(consumer: dict) -> str:
    details = consumer.get("channel_details")
    return details.get("connection_name", "") if isinstance(details, dict) else ""


def _only(record: dict, *keys: str) -> dict:
    return {key: record.get(key) for key in keys}


def _part(name: str) -> str:
    return quote(name, safe="")
