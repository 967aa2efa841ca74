"""Metrics for Prometheus: rate, errors and duration of every route (Wilkie, "The RED method").

The label is the route's template, `/orders/<order_id>`, never the path: one series a route, not
one an order (Prometheus, "Metric and label naming": cardinality).
"""

import time

from flask import Blueprint, Response, g, request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from services.chassis import serving

blueprint = Blueprint("metrics", __name__)
registry = CollectorRegistry()
disable_created_metrics()

REQUESTS = Histogram(
    "http_server_request_duration_seconds",
    "Duration of the HTTP requests served.",
    ["method", "route", "status"],
    registry=registry,
)
ACTIVE = Gauge("http_server_active_requests", "HTTP requests being served now.", registry=registry)
CALLS = Histogram(
    "http_client_request_duration_seconds",
    "Duration of the HTTP calls made to other services, one an attempt.",
    ["dependency", "method", "outcome"],
    registry=registry,
)
RETRIES = Counter(
    "http_client_retries", "Calls to other services made again.", ["dependency"], registry=registry
)
BREAKERS = Gauge(
    "circuit_breaker_state",
    "State of the circuit breaker: 0 closed, 1 half open, 2 open.",
    ["dependency"],
    registry=registry,
)
MESSAGES = Counter(
    "messages_handled",
    "Messages consumed, by what became of them.",
    ["queue", "outcome"],
    registry=registry,
)
ProcessCollector(registry=registry)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


@blueprint.get("/metrics")
def show_metrics():
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def begin():
    """Count the request as active."""
    g.began = time.perf_counter()
    ACTIVE.inc()


def finish(response):
    """Measure the request, under its method, route and status."""
    # A method is the client's to invent: only the known ones may become labels.
    method = request.method if request.method in METHODS else "OTHER"
    route = serving.route() or "unmatched"
    elapsed = time.perf_counter() - g.began
    REQUESTS.labels(method, route, response.status_code).observe(elapsed)
    return response


def end(error):
    """The request is no longer active, whatever became of it."""
    if g.pop("began", None) is not None:
        ACTIVE.dec()
