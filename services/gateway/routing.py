"""Routing: which service answers for which public path, as routes.toml lists them."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from flask import abort

ROUTES = Path(__file__).with_name("routes.toml")
# Control characters, path parameters, Windows separators, and escapes that survive one decoding:
# what one server reads as a name, the next may read as a way out.
AMBIGUOUS = re.compile(r"[\x00-\x1f\x7f\\;]|%[0-9A-Fa-f]{2}|//|/\.{1,2}(/|$)")


@dataclass(frozen=True)
class Route:
    """A public path template, and the service that owns what is behind it."""

    path: str
    service: str
    methods: tuple = ("GET",)
    to: str = ""  # the service's own path, where it is not the public one
    public: bool = False  # no token asked
    timeout: float = 2.0  # seconds

    def upstream_path(self, values):
        """The service's path, rebuilt from what was matched: never the caller's own spelling."""
        template = self.to or self.path
        return re.sub(r"<(\w+)>", lambda name: quote(values[name[1]], safe=""), template)


def load_routes(file=ROUTES):
    """The routes of a TOML file, in its order."""
    entries = tomllib.loads(Path(file).read_text("utf-8"))["routes"]
    return [Route(**{**entry, "methods": tuple(entry["methods"])}) for entry in entries]


def refuse_ambiguous_path(target):
    """400 for a request target (RFC 9112 3.2) that two servers could read differently."""
    path = target.partition("?")[0]
    try:
        decoded = unquote(path, errors="strict")
    except UnicodeDecodeError:
        abort(400, "Ce chemin n’est pas de l’UTF-8.")
    hides_a_slash = decoded.count("/") != path.count("/")
    if not path.startswith("/") or "#" in path or hides_a_slash or AMBIGUOUS.search(decoded):
        abort(
            400,
            "Ce chemin est ambigu : la gateway n’accepte ni « .. », ni « // », ni barre encodée.",
        )
