"""The environment of a service: what a process needs of its machine, and what the run decides.

Nothing else: a shell holds variables for many programs, and some bear the names of ours.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping

from workbook import settings

# Settings of the services whose names other programs use too: they count when a notebook sets them.
KNOBS = (
    "BREAKER_OPEN_SECONDS",
    "CARD_SECONDS",
    "INSTANCE_TTL",
    "LOG_LEVEL",
    "RATE_BURST",
    "RATE_LIMIT",
    "SAGA_TIMEOUT",
    "THREADS",
    "TOKEN_LIFETIME",
)
EXPORTER = "opentelemetry.exporter.otlp.proto.http"


def service_environment(
    name: str,
    *,
    system: Mapping[str, str],
    database_url: str,
    instance: str = "",
    port: int = 0,
    **variables: str,
) -> dict[str, str]:
    """The whole environment that service `name` is started with, on this machine.

    `system` is what the machine says of itself (`settings.of_the_system()`); `variables` are the
    service's others, as its chassis calls them.
    """
    return {
        **system,
        **settings.past_any_proxy({}),
        "PYTHONPATH": str(settings.ROOT),
        "SERVICE_NAME": name,
        "INSTANCE": instance or f"{name}-1",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATABASE_URL": database_url,
        **variables,
    }


def chosen_settings() -> dict[str, str]:
    """The services' settings that this notebook has chosen, and the collector it asked for."""
    values = {name: settings.chosen(name) for name in KNOBS}
    values["SAGA"] = settings.saga()
    if exporter_is_there():
        values["OTEL_EXPORTER_OTLP_ENDPOINT"] = settings.otlp_endpoint()
    return {name: value for name, value in values.items() if value}


def missing_exporter() -> str:
    """What to say when spans were to go to a collector, and nothing here can send them."""
    if not settings.otlp_endpoint() or exporter_is_there():
        return ""
    return (
        "WORKBOOK_OTLP désigne un collecteur, mais le paquet qui lui envoie les traces manque : "
        "installez opentelemetry-exporter-otlp-proto-http, puis redémarrez le noyau. "
        "La carte et les traces du carnet n’en ont pas besoin."
    )


def exporter_is_there() -> bool:
    """Whether this Python can send spans to a collector."""
    try:
        return importlib.util.find_spec(EXPORTER) is not None
    except ModuleNotFoundError:
        return False
