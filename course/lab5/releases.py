"""What is deployed: the releases of the day, each a small program around a service of the shop.

A release is the service itself with one thing changed, run as a real process of the same name, on
the same data. Rolling back gives the shop its own service again.
"""

from __future__ import annotations

import json
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from course.lab5 import programs
from workbook import settings, show
from workbook.errors import WorkbookError

if TYPE_CHECKING:
    from workbook.shop import Shop

HARMLESS = """
import logging

from services.{service}.app import app

logging.getLogger("release").info("Version du jour : une relecture des messages.")
"""
GATEWAY = "gateway"
ROUTES = settings.ROOT / "services" / GATEWAY / "routes.toml"


class Releases:
    """The releases that run in `shop` in the place of its own services.

    A service may also run with some of its public routes closed, whatever its release.
    """

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._new: dict[str, str] = {}
        self._closed: set[tuple[str, str]] = set()
        self._told: list[tuple[float, str, str]] = []

    def runs_new(self, service: str) -> bool:
        """Whether the release of the day runs, and not the version of before."""
        return service in self._new

    @property
    def closed_routes(self) -> list[tuple[str, str]]:
        """The public routes that are closed, as (method, path)."""
        return sorted(self._closed)

    def deploy(self, service: str, source: str = HARMLESS) -> None:
        """Run `source` as `service`, as many instances as before."""
        self._new[service] = source.replace("{service}", service)
        self._run(service)
        self._tell(service, "version du jour")

    def roll_back(self, service: str) -> None:
        """Give the service its version of before, as many instances; raises where there is none."""
        if service not in self._new:
            raise WorkbookError(
                f"« {service} » tourne déjà dans sa version d’avant : rien à quoi revenir. "
                "wheel.versions() dit ce qui est déployé."
            )
        del self._new[service]
        self._run(service)
        self._tell(service, "version d’avant")

    def close_route(self, method: str, path: str) -> None:
        """Close a public route at the gateway: 404 or 405 at once, for everybody."""
        self._closed.add((method, path))
        self._run(GATEWAY)
        self._tell(GATEWAY, f"{method} {path} fermé")

    def open_route(self, method: str, path: str) -> None:
        """Open again what `close_route` closed."""
        self._closed.discard((method, path))
        self._run(GATEWAY)
        self._tell(GATEWAY, f"{method} {path} ouvert")

    def withdraw_all(self) -> None:
        """Give the shop its own services back, whatever runs in their place. Idempotent."""
        replaced = {*self._new, *([GATEWAY] if self._closed else [])}
        self._new.clear()
        self._closed.clear()
        for service in replaced:
            self._shop.reset(service)

    def _run(self, service: str) -> None:
        """Start what is decided for a service, as many instances as before.

        What runs is let finish (SIGTERM): whoever was being served gets an answer.
        """
        count = max(1, len(self._shop.services[service].running))
        self._shop.stop(service)
        source = self._new.get(service, "")
        if service == GATEWAY and self._closed:
            routes = programs.ROUTES.replace("{file!r}", repr(str(self._routes())))
            source = routes + (source or programs.PLAIN.replace("{service}", service))
        if source:
            self._shop.serve(service, source)
        else:
            self._shop.reset(service)
        self._shop.scale(service, count)

    def _routes(self) -> Path:
        """A file of the gateway's routes, without those that are closed."""
        routes = tomllib.loads(ROUTES.read_text("utf-8"))["routes"]
        kept = [
            {**route, "methods": methods}
            for route in routes
            if (methods := [m for m in route["methods"] if (m, route["path"]) not in self._closed])
        ]
        file = self._shop.run_folder / "routes.toml"
        file.write_text("".join(map(_as_toml, kept)), encoding="utf-8")
        return file

    def _tell(self, service: str, words: str) -> None:
        self._told.append((time.time(), service, words))

    def table(self) -> show.table:
        """What was deployed, in the order of the clock."""
        rows = [(clock(at), service, words) for at, service, words in self._told]
        caption = "Le journal des déploiements"
        return show.table(("heure", "service", ""), rows or [("–", "aucun", "")], caption, left=3)


def _as_toml(route: dict) -> str:
    """One route, as routes.toml writes it: JSON's texts, lists and booleans are TOML's too."""
    return "\n[[routes]]\n" + "".join(f"{k} = {json.dumps(v)}\n" for k, v in route.items())


def clock(at: float) -> str:
    """A moment as people read it: 14:03:27, local time."""
    return time.strftime("%H:%M:%S", time.localtime(at))
