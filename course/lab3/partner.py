"""A Products that does as it is told, one behaviour a SKU, and keeps what it was asked.

with Products() as products:
    sku = products.plan(product(990), product(1490))
    …
    products.asked(sku)
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from urllib.parse import unquote

from workbook.checks.stub import Behaviour, Connection, Request, Script, StubServer, reply


class Products(StubServer):
    """A script for each of its SKUs; what it is asked besides is `strange`, and 404."""

    def __init__(self) -> None:
        super().__init__()
        self.strange: list[str] = []
        self._scripts: dict[str, Script] = {}

    def plan(self, *behaviours: Behaviour) -> str:
        """A new SKU, whose readings will be answered by these in turn, the last for ever."""
        sku = f"ESSAI-{uuid.uuid4().hex[:8].upper()}"
        self._scripts[sku] = Script(behaviours)
        return sku

    def asked(self, sku: str) -> list[dict[str, str]]:
        """The headers of each reading of that SKU so far, oldest first, names in lower case."""
        return [request.headers for request in self._scripts[sku].requests]

    def behaviour(self, request: Request) -> Behaviour:
        script = self._scripts.get(_sku(request))
        if script is None or request.method != "GET":
            self.strange.append(f"{request.method} {request.target}")
            return reply(404, {"detail": "Not Found"})
        return script


def _sku(request: Request) -> str:
    """The SKU that /products/<sku> names; empty in any other path."""
    parts = request.path.split("/")
    return unquote(parts[2]) if parts[:2] == ["", "products"] and len(parts) == 3 else ""


def product(price_cents: object, **changes: object) -> Behaviour:
    """200 and the product, at that price; `changes` spoil it."""
    body = {"name": "Article d’essai", "price_cents": price_cents, **changes}
    return about(lambda sku: reply(200, {"sku": sku, **body}))


def about(behaviour: Callable[[str], Behaviour]) -> Behaviour:
    """What `behaviour` makes of the SKU that is asked for."""

    def answer(to: Connection) -> None:
        behaviour(_sku(to.asked))(to)

    return answer
