"""Configuration: the only module of the services that reads the environment (12-factor, III).

Every value is read when it is asked for, never at import: a service is forked from a process
that had imported all this before the service had an environment of its own.
"""

import json
import logging
import os

_default_name = "service"


def setting(name, default):
    """A knob of one service's own, as text."""
    return os.environ.get(name) or default


class SenselessSetting(ValueError):
    """A value that cannot be understood: which, what was expected, an example."""


def number(name, default):
    """A knob of one service's own, as a number."""
    return parsed(name, default, float, f"un nombre, comme {default}")


def parsed(name, default, parse, expected):
    """`parse(text)` of a setting; a `SenselessSetting` names what this raises a ValueError for."""
    value = os.environ.get(name) or default
    try:
        return parse(value)
    except (ValueError, LookupError):
        raise SenselessSetting(f"{name} vaut « {value} » : il y faut {expected}.") from None


def default_name(name):
    """Name this process, unless the environment does."""
    global _default_name
    _default_name = name


def service_name():
    return os.environ.get("SERVICE_NAME", _default_name)


def instance():
    return os.environ.get("INSTANCE") or f"{service_name()}-1"


def host():
    return os.environ.get("HOST", "127.0.0.1")


def port():
    """The port to listen on; 0 means any free one."""
    return parsed("PORT", 0, int, "un numéro de port, comme 8080")


def threads():
    """How many requests this process serves at once."""
    return parsed("THREADS", 8, int, "un nombre entier, comme 8")


def log_level():
    levels = logging.getLevelNamesMapping()
    return parsed("LOG_LEVEL", "INFO", lambda name: levels[name.upper()], "DEBUG, INFO ou ERROR")


def registry_url():
    return os.environ.get("REGISTRY_URL", "").rstrip("/") or None


def peers():
    """Fixed addresses, {"inventory": ["http://…"]}, for where there is no registry."""
    example = '{"users": ["http://127.0.0.1:8001"]}'
    return parsed("PEERS", "{}", json.loads, f"du JSON, comme {example}")


def database_url():
    """Where this service's own database is; a file in the current folder by default."""
    return os.environ.get("DATABASE_URL") or f"sqlite:///{service_name()}.db"


def rabbitmq_url():
    return os.environ.get("RABBITMQ_URL") or None


def run_credential():
    """The secret that the processes of one shop share; see credential.py."""
    return os.environ.get("RUN_CREDENTIAL") or None


def allowed_hosts():
    """The public names of this service, separated by commas; see hosts.py."""
    return os.environ.get("ALLOWED_HOSTS", "")


def demo_password():
    return os.environ.get("DEMO_PASSWORD") or None


def choreographed():
    """Whether the services move an order on by events (SAGA=choreography).

    Otherwise orders conducts them by HTTP (SAGA=orchestration). All services must agree.
    """
    ways = {"orchestration": False, "choreography": True}
    return parsed("SAGA", "orchestration", ways.__getitem__, " ou ".join(ways))


def fault():
    return os.environ.get("FAULT", "")


def token_issuer():
    return os.environ.get("TOKEN_ISSUER", "auth")


def disabled_instrumentations():
    """The libraries not to observe, by OpenTelemetry's own variable."""
    return os.environ.get("OTEL_PYTHON_DISABLED_INSTRUMENTATIONS", "").split(",")


def otlp_endpoint():
    return os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or None
