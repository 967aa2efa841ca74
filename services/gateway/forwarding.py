"""Forwarding: what leaves the gateway, and what comes back through it.

Nothing a client writes about who it is goes any further: the token says it, the gateway repeats it.
Instances, retries, breaker, deadline and trace are the chassis's (calls.py).
"""

from flask import Response, request

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
ONLY_OURS = ("x-user-", "x-forwarded-", "x-real-", "x-internal-", "forwarded")
# What a service tells of its insides is for us, not for the world.
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
            raise told_apart(problem) from problem
        response = problem.upstream
    return presentable(response, route.service)


def outgoing_headers(headers, caller):
    """The client's headers without what it may not say, and with what only we may say."""
    named = {name.strip().lower() for name in headers.get("Connection", "").split(",")}
    dropped = HOP_BY_HOP | REWRITTEN | named
    kept = {name: value for name, value in headers if may_pass(name, dropped)}
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
    """The service's response for the world; a breakdown always as problem+json (RFC 9457)."""
    kind = response.headers.get("Content-Type", "")
    if response.status_code >= 500 and "json" not in kind:
        raise Problem(502, f"{name} a échoué sans dire pourquoi.")
    dropped = HOP_BY_HOP | INTERNAL | (DECODED if request.method != "HEAD" else set())
    headers = [item for item in response.headers.items() if item[0].lower() not in dropped]
    return Response(response.content or None, response.status_code, headers)


def told_apart(problem):
    """502: it was asked, and broke off. 503: there is nobody to ask. 504: it is late."""
    if isinstance(problem.__cause__, Lost):
        return Problem(502, f"{problem.dependency} a rompu la connexion avant de répondre.")
    return problem
