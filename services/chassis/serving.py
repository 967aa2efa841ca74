"""Serving: the server span, the log line and the correlation id of each request an app serves."""

import logging
from contextlib import ExitStack

from flask import g, request

from services.chassis import telemetry

log = logging.getLogger("services.requests")


def route():
    """The template of the route that serves this request, `/orders/<order_id>`, or None."""
    return request.url_rule.rule if request.url_rule else None


def begin():
    """Open the request's server span, under its correlation id."""
    headers = {name.lower(): value for name, value in request.headers}
    attributes = {"http.request.method": request.method, "url.path": request.path}
    name = request.method
    if route():
        attributes["http.route"] = route()
        name = f"{name} {route()}"
    g.tracing = ExitStack()
    identifier = headers.get(telemetry.CORRELATION.lower())
    g.tracing.enter_context(telemetry.correlated(identifier))
    g.span = g.tracing.enter_context(telemetry.span(name, "server", attributes, headers))


def finish(response):
    """Give the span the response's status, and log the request."""
    status = response.status_code
    g.span.set_attribute("http.response.status_code", status)
    if status >= 500:
        telemetry.record_error(g.span, g.get("unforeseen") or str(status))
    response.headers[telemetry.CORRELATION] = telemetry.correlation_id()
    log.info("%s %s → %s", request.method, request.path, status, extra={"status": status})
    return response


def end(error):
    """Close the span, even when there is no response."""
    if "tracing" in g:
        g.pop("tracing").close()
