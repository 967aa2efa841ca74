"""Forwarding: what leaves the gateway, and what comes back through it.

The client's own X-User-Id and the like are dropped: the gateway writes them from the token.
Instances, retries, breaker, deadline and trace are the chassis's (calls.py).
"""

from flask import Response, abort, request

from services.chassis import Problem
from services.chassis.calls import Unavailable, service
from services.chassis.transport import Lost

# RFC 9110 7.6.1: these concern one connection, not the message.
HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
# Written anew for the next hop: by the HTTP client, or by the chassis for its own call.
REWRITTEN = {"host", "content-length", "expect", "accept-encoding"}
REWRITTEN |= {"traceparent", "tracestate", "x-correlation-id", "x-deadline", "idempotency-key"}
REWRITTEN |= {"origin"}  # judged here, under the public name (hosts.py)
ONLY_OURS = ("x-user-", "x-forwarded-", "x-real-", "x-internal-", "x-run-", "forwarded")
# A quarter of what a server reads, so that ours, added to the client's, still fit at the service:
# it would break off, and that would count against it.
MOST_BYTES = 64 * 1024
# Response headers that describe the inside of the shop.
INTERNAL = {"server", "x-powered-by", "via", "x-correlation-id"}
# The HTTP client has already undone these.
DECODED = {"content-encoding", "content-length"}


def forward(route, caller, **values):
    """Send the current request to the route's service; its answer, cleaned, is ours."""
    try:
        response = service(route.service).request(
            request.method,
            route.upstream_path(values),
            params=request.query_string,
            data=request.get_data(),
            headers=outgoing_headers(request.headers, caller),
            idempotency_key=request.headers.get("Idempotency-Key"),
            timeout=route.timeout,
        )
    except Unavailable as problem:
        if problem.upstream is None:
            raise as_gateway_error(problem) from problem
        response = problem.upstream
    return presentable(response, route.service)


def outgoing_headers(headers, caller):
    """The client's headers, without those it may not set, and with those only the gateway sets."""
    named = {name.strip().lower() for name in headers.get("Connection", "").split(",")}
    dropped = HOP_BY_HOP | REWRITTEN | named
    kept = {name: value for name, value in headers if may_pass(name, dropped)}
    if sum(map(len, (*kept, *kept.values()))) > MOST_BYTES:
        abort(431)
    kept["Accept-Encoding"] = "identity"
    kept["X-Forwarded-For"] = request.remote_addr
    kept["X-Forwarded-Host"] = request.host
    kept["X-Forwarded-Proto"] = request.scheme
    if caller:
        kept["X-User-Id"] = caller.sub
    return kept


def may_pass(name, dropped):
    # Some servers read X_User_Id as X-User-Id, so both are the same name here.
    name = name.lower().replace("_", "-")
    return name not in dropped and not name.startswith(ONLY_OURS)


def presentable(response, name):
    """The service's response without internal headers; 502 for a 5xx that is not JSON."""
    kind = response.headers.get("Content-Type", "")
    if response.status_code >= 500 and "json" not in kind:
        raise Problem(502, f"{name} a échoué sans dire pourquoi.")
    dropped = HOP_BY_HOP | INTERNAL | (DECODED if request.method != "HEAD" else set())
    headers = [item for item in response.headers.items() if item[0].lower() not in dropped]
    return Response(response.content or None, response.status_code, headers)


def as_gateway_error(problem):
    """502 when the service broke off the connection; else the Problem's own 503 or 504."""
    if isinstance(problem.__cause__, Lost):
        return Problem(502, f"{problem.dependency} a rompu la connexion avant de répondre.")
    return problem
