"""Telemetry: spans by the OpenTelemetry SDK, joined across HTTP and AMQP by W3C Trace Context.

Every span is written to standard output as a JSON line; with OTEL_EXPORTER_OTLP_ENDPOINT it also
goes to that collector. A request has one server span here and one client span at its caller, the
client's too when nobody answers: a call to a dead service keeps its edge on the map.
Beside the trace, `X-Correlation-ID` is a name for one request and all it causes, which a human can
search the logs for; a client may choose it, so it proves nothing.
"""

import functools
import re
import uuid
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry import context, trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from services.chassis import output, settings
from services.chassis.redaction import redact

CORRELATION = "X-Correlation-ID"
_propagator = TraceContextTextMapPropagator()
_correlation_id = ContextVar("correlation_id", default=None)
_plain_id = re.compile(r"[\w.:-]{1,128}", re.ASCII)


class Lines(SpanProcessor):
    """Writes each finished span to standard output."""

    def on_end(self, span):
        output.emit("span", **describe(span))


def describe(span):
    """The JSON form of a span; times in seconds."""
    own, parent = span.get_span_context(), span.parent
    return {
        "name": redact(span.name),
        "span_kind": span.kind.name.lower(),
        "trace_id": trace.format_trace_id(own.trace_id),
        "span_id": trace.format_span_id(own.span_id),
        "parent_id": trace.format_span_id(parent.span_id) if parent else None,
        "start": span.start_time / 1e9,
        "duration": (span.end_time - span.start_time) / 1e9,
        "status": "error" if span.status.status_code is StatusCode.ERROR else "ok",
        "attributes": redact(dict(span.attributes)),
        "correlation_id": _correlation_id.get(),
    }


@functools.cache
def provider():
    """The tracer provider of this process, made when the first span is."""
    resource = {
        "service.name": settings.service_name(),
        "service.instance.id": settings.instance(),
    }
    made = TracerProvider(resource=Resource(resource), shutdown_on_exit=False)
    made.add_span_processor(Lines())
    if settings.otlp_endpoint():
        made.add_span_processor(_otlp())
    return made


@functools.cache
def tracer():
    return provider().get_tracer("services.chassis")


def _otlp():
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    return BatchSpanProcessor(OTLPSpanExporter())


def flush():
    """Send what is still waiting to the collector, if there is one."""
    if settings.otlp_endpoint():
        provider().shutdown()


@contextmanager
def span(name, kind="internal", attributes=None, headers=None):
    """Run a block inside a new span, child of the one in `headers`, else of the current one.

    An exception that leaves the block marks the span as an error and goes on.
    """
    parent = None if headers is None else _propagator.extract(headers, context.Context())
    opened = tracer().start_span(name, parent, SpanKind[kind.upper()], attributes)
    token = context.attach(trace.set_span_in_context(opened))
    try:
        yield opened
    except BaseException as error:
        record_error(opened, error)
        raise
    finally:
        context.detach(token)
        opened.end()


def begin(name, kind, attributes):
    """A new span, child of the current one, for work that no block holds; its author ends it."""
    return tracer().start_span(name, None, SpanKind[kind.upper()], attributes)


def is_suppressed():
    """Whether the SDK is sending spans: that must not make spans of its own."""
    return bool(context.get_value(context._SUPPRESS_INSTRUMENTATION_KEY))


def inside(kind):
    """Whether the current span is of that kind."""
    return getattr(trace.get_current_span(), "kind", None) is SpanKind[kind.upper()]


def record_error(span, error):
    """Mark a span as failed because of `error`: an exception, or a status as text."""
    named = error if isinstance(error, str) else type(error).__qualname__
    span.set_attribute("error.type", named)
    span.set_status(Status(StatusCode.ERROR))


def consumed(queue, method, properties):
    """The attributes of a consumer span (OpenTelemetry messaging conventions)."""
    return {
        "messaging.system": "rabbitmq",
        "messaging.operation.type": "process",
        "messaging.destination.name": method.exchange,
        "messaging.destination.subscription.name": queue,
        "messaging.rabbitmq.destination.routing_key": method.routing_key,
        "messaging.message.id": properties.message_id or "",
    }


def produced(exchange, routing_key, message_id):
    """The attributes of a producer span."""
    return {
        "messaging.system": "rabbitmq",
        "messaging.operation.type": "send",
        "messaging.destination.name": exchange,
        "messaging.rabbitmq.destination.routing_key": routing_key,
        "messaging.message.id": message_id or "",
    }


def inject(headers, span=None):
    """Add the trace and the correlation id to the headers of something that leaves; return them.

    Its parent will be `span`, or else the current one.
    """
    _propagator.inject(headers, span and trace.set_span_in_context(span))
    if correlation_id():
        headers[CORRELATION.lower()] = correlation_id()
    return headers


def trace_id():
    """The current trace id, 32 hexadecimal digits, or None."""
    own = trace.get_current_span().get_span_context()
    return trace.format_trace_id(own.trace_id) if own.is_valid else None


def span_id():
    """The current span id, 16 hexadecimal digits, or None."""
    own = trace.get_current_span().get_span_context()
    return trace.format_span_id(own.span_id) if own.is_valid else None


def correlation_id():
    return _correlation_id.get()


@contextmanager
def correlated(identifier=None):
    """Run a block under the given correlation id, or a new one if it is missing or strange."""
    token = _correlation_id.set(_accept(identifier))
    try:
        yield
    finally:
        _correlation_id.reset(token)


def _accept(identifier):
    """A caller's id is only taken if it cannot forge a log line."""
    if isinstance(identifier, str) and _plain_id.fullmatch(identifier):
        return identifier
    return uuid.uuid4().hex
