"""Serving: the server span, the log line and the correlation id of each request an app serves."""

import logging
from contextlib import ExitStack

from flask import g, request

from services.chassis import telemetry

log = logging.getLogger("services.requests")


def install(app):
    """Trace and log every request of `app`, before its own hooks run and after they have."""
    app.before_request_funcs.setdefault(None, []).insert(0, _open)
    app.after_request_funcs.setdefault(None, []).insert(0, _answer)
    app.teardown_request_funcs.setdefault(None, []).append(_close)


def route():
    """The template of the route that serves this request, `/orders/<order_id>`, or None."""
    return request.url_rule.rule if request.url_rule else None


def _open():
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


def _answer(response):
    status = response.status_code
    g.span.set_attribute("http.response.status_code", status)
    if status >= 500:
        telemetry.record_error(g.span, g.get("unforeseen") or str(status))
    response.headers[telemetry.CORRELATION] = telemetry.correlation_id()
    log.info("%s %s → %s", request.method, request.path, status, extra={"status": status})
    return response


def _close(error):
    if "tracing" in g:
        g.pop("tracing").close()
