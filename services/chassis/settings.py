"""Configuration: the only module of the services that reads the environment (12-factor, III).

Every value is read when it is asked for, never at import: a service is forked from a process
that had imported all this before the service had an environment of its own.
"""

import json
import os


def setting(name, default):
    """A knob of one service's own, as text."""
    return os.environ.get(name) or default


def number(name, default):
    """A knob of one service's own, as a number."""
    return float(setting(name, default))


def default_name(name):
    """Name this process, unless the environment has."""
    os.environ.setdefault("SERVICE_NAME", name)


def service_name():
    return os.environ.get("SERVICE_NAME", "service")


def instance():
    return os.environ.get("INSTANCE") or f"{service_name()}-1"


def host():
    return os.environ.get("HOST", "127.0.0.1")


def port():
    """The port to listen on; 0 means any free one."""
    return int(os.environ.get("PORT") or 0)


def threads():
    """How many requests this process serves at once."""
    return int(os.environ.get("THREADS") or 8)


def log_level():
    return os.environ.get("LOG_LEVEL", "INFO").upper()


def registry_url():
    return os.environ.get("REGISTRY_URL", "").rstrip("/") or None


def peers():
    """Fixed addresses, {"inventory": ["http://…"]}, for where there is no registry."""
    return json.loads(os.environ.get("PEERS") or "{}")


def database_url():
    """Where this service's own database is; a file in the current folder by default."""
    return os.environ.get("DATABASE_URL") or f"sqlite:///{service_name()}.db"


def rabbitmq_url():
    return os.environ.get("RABBITMQ_URL") or None


def control_token():
    return os.environ.get("CONTROL_TOKEN") or None


def demo_password():
    return os.environ.get("DEMO_PASSWORD") or None


def fault():
    return os.environ.get("FAULT", "")


def token_issuer():
    return os.environ.get("TOKEN_ISSUER", "auth")


def disabled_instrumentations():
    """The libraries not to observe, by OpenTelemetry's own variable."""
    return os.environ.get("OTEL_PYTHON_DISABLED_INSTRUMENTATIONS", "").split(",")


def otlp_endpoint():
    return os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or None
