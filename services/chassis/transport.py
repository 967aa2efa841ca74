"""Transport: one HTTP exchange over a connection kept alive, and nothing clever.

Connections are kept per thread and never shared; redirects are not followed and the environment's
proxies not used: services talk to services.
"""

import threading
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

_local = threading.local()


def send(method, url, headers, seconds, **content):
    """Exchange, with `seconds` to connect and again for each silence; return a requests.Response.

    Raises requests.ConnectionError or requests.Timeout.
    """
    return _session().request(
        method, url, headers=headers, timeout=seconds, allow_redirects=False, **content
    )


def never_sent(error):
    """Whether the request failed before anybody could have received it: sending again is safe."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def server_of(url):
    """The span attributes that say where a call goes; none for no address."""
    if url is None:
        return {}
    parts = urlsplit(url)
    return {"server.address": parts.hostname, "server.port": parts.port or 80}


def _session():
    if not hasattr(_local, "session"):
        _local.session = requests.Session()
        _local.session.trust_env = False
        _local.session.mount("http://", HTTPAdapter(pool_connections=50, pool_maxsize=2))
    return _local.session
