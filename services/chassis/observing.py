"""Observing: makes the spans of a learner's code, which uses plain requests and pika.

Only for services run from a file. The names in OTEL_PYTHON_DISABLED_INSTRUMENTATIONS (`requests`,
`pika`) are left alone: where the exercise is to do it oneself.
"""

import copy
import functools

from services.chassis import settings, telemetry, transport


def instrument():
    """Make client, producer and consumer spans for the calls this process makes from now on."""
    for library, observe in (("requests", _observe_requests), ("pika", _observe_pika)):
        if library not in settings.disabled_instrumentations():
            observe()


def _observe_requests():
    import requests

    _replace(requests.Session, "send", _sending)


def _observe_pika():
    from pika.adapters.blocking_connection import BlockingChannel

    _replace(BlockingChannel, "basic_publish", _publishing)
    _replace(BlockingChannel, "basic_consume", _consuming)


def _replace(owner, name, wrap):
    original = getattr(owner, name)
    setattr(owner, name, functools.wraps(original)(wrap(original)))


def _sending(send):
    def observed(session, request, **options):
        attributes = {"http.request.method": request.method, "url.path": request.path_url}
        attributes.update(transport.server_of(request.url))
        with telemetry.span(request.method, "client", attributes) as span:
            _add_missing(request.headers)
            response = send(session, request, **options)
            span.set_attribute("http.response.status_code", response.status_code)
            return response

    return observed


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
