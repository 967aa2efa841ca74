"""Observing: makes the spans of a learner's code, which uses plain requests, urllib, httpx, pika.

Only for services run from a file. The names in OTEL_PYTHON_DISABLED_INSTRUMENTATIONS (`requests`
for HTTP, `pika`) are left alone: where the exercise is to do it oneself. logs.py leaves our frames
out of the tracebacks.
"""

import copy
import functools
import http.client
import sys
from urllib.parse import urlsplit

from services.chassis import settings, telemetry, transport


def instrument():
    """Make client, producer and consumer spans for the calls this process makes from now on."""
    for library, observe in (("requests", _observe_http), ("pika", _observe_pika)):
        if library not in settings.disabled_instrumentations():
            observe()


def instrument_imported():
    """The same for httpx, which takes too long to import for those who do not use it."""
    if "httpx" in sys.modules and "requests" not in settings.disabled_instrumentations():
        _replace(sys.modules["httpx"].Client, "send", _sending)


def _observe_http():
    import requests

    _replace(requests.Session, "send", _sending)
    # Under urllib, urllib3, and http.client itself.
    _replace(http.client.HTTPConnection, "endheaders", _asking)
    _replace(http.client.HTTPConnection, "getresponse", _answered)


def _observe_pika():
    from pika.adapters.blocking_connection import BlockingChannel

    _replace(BlockingChannel, "basic_publish", _publishing)
    _replace(BlockingChannel, "basic_consume", _consuming)


def _replace(owner, name, wrap):
    original = getattr(owner, name)
    setattr(owner, name, functools.wraps(original)(wrap(original)))


def _sending(send):
    """Of a session of requests or httpx: one span, from the request to the end of the answer."""

    def observed(session, request, **options):
        if telemetry.is_suppressed():
            return send(session, request, **options)
        if telemetry.inside("client"):  # a span of the learner's own, or a redirection
            _add_missing(request.headers)
            return send(session, request, **options)
        url = str(request.url)
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        called = _called(request.method, path, transport.server_of(url))
        with telemetry.span(request.method, "client", called) as span:
            _add_missing(request.headers)
            response = send(session, request, **options)
            span.set_attribute("http.response.status_code", response.status_code)
            return response

    return observed


def _asking(endheaders):
    """Of a bare connection: its span begins before its request leaves, and no code runs in it."""

    def observed(connection, *arguments, **options):
        lines = list(connection._buffer)
        if not lines or telemetry.inside("client") or telemetry.is_suppressed():
            return endheaders(connection, *arguments, **options)
        method, path, _ = lines[0].decode("latin-1").split(" ", 2)
        server = {"server.address": connection.host, "server.port": connection.port}
        span = connection._span = telemetry.begin(method, "client", _called(method, path, server))
        given = {line.partition(b":")[0].lower().decode("latin-1") for line in lines[1:]}
        for name, value in telemetry.inject({}, span).items():
            if name not in given:
                connection.putheader(name, value)
        return _ended_by_errors(span, endheaders, connection, *arguments, **options)

    return observed


def _answered(getresponse):
    def observed(connection, *arguments, **options):
        span = vars(connection).pop("_span", None)
        if span is None:
            return getresponse(connection, *arguments, **options)
        response = _ended_by_errors(span, getresponse, connection, *arguments, **options)
        span.set_attribute("http.response.status_code", response.status)
        span.end()
        return response

    return observed


def _ended_by_errors(span, function, connection, *arguments, **options):
    try:
        return function(connection, *arguments, **options)
    except BaseException as error:
        vars(connection).pop("_span", None)
        telemetry.record_error(span, error)
        span.end()
        raise


def _called(method, path, server):
    return {"http.request.method": method, "url.path": path, **server}


def _publishing(publish):
    def observed(channel, exchange, routing_key, body, properties=None, mandatory=False):
        import pika

        if telemetry.inside("producer"):  # one of our own events: it has its span
            return publish(channel, exchange, routing_key, body, properties, mandatory)
        properties = copy.copy(properties) if properties else pika.BasicProperties()
        attributes = telemetry.produced(exchange, routing_key, properties.message_id)
        with telemetry.span(f"publish {exchange or routing_key}", "producer", attributes):
            properties.headers = _add_missing(dict(properties.headers or {}))
            return publish(channel, exchange, routing_key, body, properties, mandatory)

    return observed


def _consuming(consume):
    def observed(channel, queue, on_message_callback, *arguments, **options):
        def handle(channel, method, properties, body):
            headers = properties.headers or {}
            attributes = telemetry.consumed(queue, method, properties)
            with (
                telemetry.correlated(headers.get(telemetry.CORRELATION.lower())),
                telemetry.span(f"process {queue}", "consumer", attributes, headers),
            ):
                return on_message_callback(channel, method, properties, body)

        return consume(channel, queue, handle, *arguments, **options)

    return observed


def _add_missing(headers):
    """Add our ids to headers that have none of their own."""
    for name, value in telemetry.inject({}).items():
        headers.setdefault(name, value)
    return headers
