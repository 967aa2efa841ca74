"""Spans as the services write them: an order that goes through HTTP and the broker."""

from __future__ import annotations

START = 1_790_000_000.0


def span(number, parent, service, kind, name, start, duration, *, status=None, **attributes):
    """One span line; `start` and `duration` in milliseconds."""
    attributes = {key.replace("__", "."): value for key, value in attributes.items()}
    if isinstance(status, int):
        attributes["http.response.status_code"] = status
    return {
        "kind": "span",
        "service": service,
        "instance": f"{service}-1",
        "name": name,
        "span_kind": kind,
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "span_id": f"{number:016x}",
        "parent_id": None if parent is None else f"{parent:016x}",
        "start": START + start / 1000,
        "duration": duration / 1000,
        "status": "error" if status in ("error", 500, 503) else "ok",
        "attributes": attributes,
    }


def call(number, parent, caller, callee, name, route, start, duration, status=200):
    """A client span and the server span it caused, numbered one above."""
    method = name.split()[0]
    return [
        span(
            number, parent, caller, "client", name, start, duration, status=status,
            peer__service=callee,
        ),
        span(
            number + 1, number, callee, "server", f"{method} {route}", start + 1, duration - 2,
            status=status,
        ),
    ]  # fmt: skip


def message(number, parent, producer, consumer, key, start, wait, work, status=None):
    """A producer span and the consumer span it caused, numbered one above."""
    key_attribute = {"messaging__rabbitmq__destination__routing_key": key}
    return [
        span(
            number, parent, producer, "producer", f"publish {key}", start, 1,
            messaging__destination__name="shop.events", **key_attribute,
        ),
        span(
            number + 1, number, consumer, "consumer", f"process {key}", start + 1 + wait, work,
            messaging__destination__subscription__name=f"{consumer}.orders", status=status,
            **key_attribute,
        ),
    ]  # fmt: skip


def order(*, charge_status=201):
    """An order: two hops, three calls, an event, an e-mail."""
    uuid = "4b3f0c1e-8f7a-4c39-9d5a-0c0a54a8ce11"
    refused = charge_status >= 400
    return [
        *call(1, None, "client", "gateway", "POST /orders", "/orders", 0, 62, 201),
        *call(3, 2, "gateway", "orders", "POST /orders", "/orders", 4, 55, 201),
        *call(5, 4, "orders", "products", "GET /products/LAMP", "/products/<sku>", 8, 7),
        *call(
            7, 4, "orders", "inventory", f"PUT /reservations/{uuid}",
            "/reservations/<order_id>", 17, 12, 201,
        ),
        *call(
            9, 4, "orders", "payments", f"PUT /charges/{uuid}", "/charges/<order_id>", 31, 15,
            charge_status,
        ),
        *message(11, 4, "orders", "notifications", "order.confirmed", 50, 22, 18,
                 "error" if refused else None),
    ]  # fmt: skip


def dead_service():
    """The callee does not answer: there is only the client's span."""
    return [
        *call(1, None, "client", "gateway", "POST /orders", "/orders", 0, 30, 503),
        span(
            3, 2, "gateway", "client", "POST /orders", 3, 20, status="error",
            peer__service="orders", error__type="ConnectionRefusedError",
        ),
    ]  # fmt: skip
