# lets OpenTelemetry read and write the context.
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
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    start, draw, outgoing = time.time(), RandomIdGenerator(), {}
    propagator = TraceContextTextMapPropagator()
    above = trace.get_current_span(propagator.extract(headers)).get_span_context()
    mine = trace.SpanContext(
        above.trace_id if above.is_valid else draw.generate_trace_id(),
        draw.generate_span_id(),
        is_remote=False,
        trace_flags=above.trace_flags if above.is_valid else trace.TraceFlags(1),
    )
    here = trace.set_span_in_context(trace.NonRecordingSpan(mine))
    propagator.inject(outgoing, here)
    trace_id, span_id = f"{mine.trace_id:032x}", f"{mine.span_id:016x}"
    parent_id = f"{above.span_id:016x}" if above.is_valid else None
    if "x-correlation-id" in headers:
        outgoing["x-correlation-id"] = headers["x-correlation-id"]
    publish(channel, event, outgoing)
    write_span(trace_id, span_id, parent_id, start)


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
