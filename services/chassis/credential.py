"""The credential of the run: what proves that a request comes from the shop's own processes.

Whoever starts the shop draws one secret, hands it to its processes as RUN_CREDENTIAL, and to
nobody else. It never travels: X-Run-Credential carries a key made of it for the one service that
is called, its audience (as in RFC 7519, 4.1.3). Whoever listens in the place of a dead service
gets what opens that service, and not the registry. Customers' tokens stay in `Authorization`.

Between machines this is the work of mutual TLS (SPIFFE, service meshes). Without RUN_CREDENTIAL
the doors that ask for it are closed to everybody.
"""

import functools
import hashlib
import hmac

from flask import request

from services.chassis import settings
from services.chassis.problems import Problem

HEADER = "X-Run-Credential"


def shown_to(service):
    """The headers that prove to `service` that we are of the same run; none without a secret."""
    secret = settings.run_credential()
    return {HEADER: _key(secret, service)} if secret else {}


def is_shown():
    """Whether the current request proves to this service that it comes from the same run."""
    secret, given = settings.run_credential(), request.headers.get(HEADER, "")
    if not secret or not given:
        return False
    return hmac.compare_digest(given.encode(), _key(secret, settings.service_name()).encode())


def require_credential(view):
    """Let only the shop's own processes call this view; 403 to all others."""

    @functools.wraps(view)
    def guarded(*arguments, **options):
        require()
        return view(*arguments, **options)

    guarded.required_credential = True
    return guarded


def require():
    if not is_shown():
        raise Problem(403, "Cette adresse est réservée aux services de la boutique.")


@functools.cache
def _key(secret, service):
    return hmac.new(secret.encode(), service.encode(), hashlib.sha256).hexdigest()
