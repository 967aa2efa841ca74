# OpenTelemetry reads the context, the header is written by hand.
import json
import os
import re
import secrets
import time

import pika

QUEUE = "points.commandes"
TRACEPARENT = re.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


def write_span(trace_id, span_id, parent_id, start):
    """Écrit un segment fini, comme les autres services ; `start` vient de time.time()."""
    span = {"kind": "span", "name": f"process {QUEUE}", "span_kind": "consumer"}
    span |= {"trace_id": trace_id, "span_id": span_id, "parent_id": parent_id, "status": "ok"}
    span |= {"start": start, "duration": time.time() - start}
    span["attributes"] = {"messaging.destination.subscription.name": QUEUE}
    print(json.dumps(span), flush=True)


def publish(channel, event, headers):
    properties = pika.BasicProperties(headers=headers, delivery_mode=2)
    channel.basic_publish("shop.events", "points.earned", json.dumps(event), properties)


def on_message(channel, headers, order):
    """Donne un point par euro ; `headers` est un dictionnaire, vide s’il n’y a pas d’en-tête."""
    event = {
        "type": "POINTS_EARNED",
        "data": {"order_id": order["order_id"], "points": order["total_cents"] // 100},
    }
    from opentelemetry import trace
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    above = TraceContextTextMapPropagator().extract(headers)
    context = trace.get_current_span(above).get_span_context()
    flags = f"{context.trace_flags:02x}" if context.is_valid else "01"
    begun, own = time.time(), secrets.token_hex(8)
    trace_id = f"{context.trace_id:032x}" if context.is_valid else secrets.token_hex(16)
    write_span(trace_id, own, f"{context.span_id:016x}" if context.is_valid else None, begun)
    kept = {k: v for k, v in headers.items() if k == "x-correlation-id"}
    publish(channel, event, kept | {"traceparent": "-".join(("00", trace_id, own, flags))})


def main():
    """Lit la file, indéfiniment."""
    channel = pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])).channel()
    channel.exchange_declare("shop.events", "topic", durable=True)
    channel.queue_declare(QUEUE, durable=True)
    channel.queue_bind(QUEUE, "shop.events", "order.confirmed")
    for method, properties, body in channel.consume(QUEUE):
        on_message(channel, properties.headers or {}, json.loads(body)["data"])
        channel.basic_ack(method.delivery_tag)


main()
