"""Routes come from the file, and no spelling of a path crosses from one to another."""

import pytest
from flask import Flask
from werkzeug.exceptions import BadRequest

from services.gateway.routing import Route, load_routes, refuse_ambiguous_path

TRICKS = [
    "/orders/..%2finternal",
    "/orders/..%2Finternal",
    "/orders/%2e%2e/internal",
    "/orders/%2E%2E%2Finternal",
    "/orders/../internal",
    "/orders/./42",
    "/orders/..",
    "/orders/.",
    "//orders",
    "/orders//42",
    "/orders/%2f42",
    "/orders/%252e%252e/internal",
    "/orders/..%5cinternal",
    "/orders/..\\internal",
    "/orders/42%00",
    "/orders/42%0d%0aX-User-Id:%20admin",
    "/orders/..;/internal",
    "/orders/;x=1/42",
    "/orders/%c0%ae%c0%ae/internal",
    "/orders/%ff",
    "/orders#/../internal",
    "http://elsewhere/orders",
    "orders",
    "*",
    "",
]


@pytest.mark.parametrize("target", TRICKS)
def test_refuses_ambiguous_paths(target):
    """What two servers could read differently is refused before anything is routed."""
    with Flask(__name__).test_request_context(), pytest.raises(BadRequest):
        refuse_ambiguous_path(target)


@pytest.mark.parametrize(
    "target",
    ["/products", "/products/LAMP?next=/a/../b", "/products/caf%C3%A9", "/orders/a.b", "/x/..."],
)
def test_accepts_plain_paths(target):
    """Dots in a name, accents and query strings are nobody's trick."""
    refuse_ambiguous_path(target)


class TestRoutes:
    def test_cover_the_public_paths(self):
        """The file opens what clients need."""
        opened = {(method, route.path) for route in load_routes() for method in route.methods}

        assert opened >= {
            ("POST", "/auth/login"),
            ("GET", "/products/<sku>"),
            ("GET", "/stock"),
            ("POST", "/orders"),
            ("GET", "/notifications"),
        }

    def test_keep_the_inside_inside(self):
        """No route leads to another service's money, reservations or controls."""
        inside = ("/reservations", "/charges", "/refunds", "/intents", "/internal", "/metrics")
        routes = load_routes()

        assert not [route for route in routes if (route.to or route.path).startswith(inside)]
        assert not {"payments", "registry"} & {route.service for route in routes}
        assert {route.methods for route in routes if route.service == "inventory"} == {("GET",)}

    def test_open_only_what_anybody_may_see(self):
        """Without a token one can log in, check tokens and look at the shop window."""
        public = {(route.service, *route.methods) for route in load_routes() if route.public}

        assert public == {
            ("auth", "POST"),
            ("auth", "GET"),
            ("products", "GET"),
            ("inventory", "GET"),
        }

    def test_rebuild_the_upstream_path(self):
        """The service gets the name that was routed, escaped, never the caller's spelling."""
        route = Route("/people/<id>", "users", to="/users/<id>")

        assert route.upstream_path({"id": "a b/é?"}) == "/users/a%20b%2F%C3%A9%3F"
