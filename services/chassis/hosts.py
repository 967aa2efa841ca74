"""Hosts: a request is for this service only if it was sent to one of its names.

A web page whose name its owner points at 127.0.0.1 (DNS rebinding) may read, in a browser on this
machine, all that a service answers; its `Host` gives it away. So does the `Origin` of any other
page that sends here. An address of digits is nobody's name, and cannot be rebound.

The names are this machine's, the service's own, and those of ALLOWED_HOSTS: `shop.example.org`,
`.example.org` for all that end so, `*` for any; a proxy or an ingress passes on its public name.
"""

import functools
import ipaddress
import socket
from urllib.parse import urlsplit

from flask import request

from services.chassis import settings
from services.chassis.problems import Problem

REFUSALS = {
    421: "Ce nom n’est pas celui de ce service (ALLOWED_HOSTS).",
    403: "Une page d’un autre site ne peut rien demander ici (ALLOWED_HOSTS).",
}


def check():
    """Refuse what was sent to another name, or by a page of another one."""
    host, origin = request.headers.get("Host", "localhost"), request.headers.get("Origin")
    if status := _refusal(host, origin, settings.service_name(), settings.allowed_hosts()):
        raise Problem(status, REFUSALS[status])


@functools.lru_cache(maxsize=1000)
def _refusal(host, origin, service, allowed):
    """The status that says no, None for a request that is ours to answer."""
    names = {"localhost", service, socket.gethostname().lower(), *_split(allowed)}
    name, page = _name(f"//{host}"), _name(origin or "")
    if not (_address(name) or _is_one_of(names, name)):
        return 421
    return 403 if origin and page != name and not _is_one_of(names, page) else None


def _is_one_of(names, name):
    address = _address(name)
    return (address and address.is_loopback) or any(_fits(name, one) for one in names)


def _fits(name, allowed):
    return allowed in {"*", name} or (allowed.startswith(".") and name.endswith(allowed))


def _split(names):
    return (name.strip().lower() for name in names.split(",") if name.strip())


def _address(name):
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _name(url):
    """The host of a URL in lower case, without its port; "" where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
