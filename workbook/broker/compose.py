"""The broker of docker-compose.yml: found where it is published, or started with Docker."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable

from workbook import settings
from workbook.broker.errors import BrokerError
from workbook.broker.node import answers_amqp

HOST, PORT, MANAGEMENT_PORT = "127.0.0.1", 5673, 15673  # as docker-compose.yml publishes them
USER = "course"
SERVICE = "rabbitmq"
FILE = settings.ROOT / "docker-compose.yml"
QUICK = 3.0  # seconds an engine has to say that it is there
PATIENCE = 300.0  # seconds to fetch the image, the first time, and to start it

OTHER_PASSWORD = (
    "Le RabbitMQ de docker-compose.yml a été créé avec un autre mot de passe que celui de .env : "
    "un .env perdu puis refait, ou un autre dossier du cours. Pour repartir de rien, « docker "
    "compose down -v », puis « docker compose up -d --wait rabbitmq » ; pour garder ce qu’il "
    "contient, recopiez ici le .env de l’autre dossier."
)
MANAGEMENT_URL = f"http://{HOST}:{MANAGEMENT_PORT}"


def address() -> str | None:
    """Return the container's AMQP URL (without virtual host) when it answers, else None."""
    password = _password()
    if password is None or not answers_amqp(HOST, PORT):
        return None
    return f"amqp://{USER}:{password}@{HOST}:{PORT}/"


def start(progress: Callable[[str], None]) -> bool:
    """Start the container where a Docker engine answers; False where none does."""
    if _password() is None or not FILE.exists() or not _engine_answers():
        return False
    progress("Docker démarre le conteneur de RabbitMQ…")
    return _compose("up", "--detach", "--wait", SERVICE).returncode == 0


def kill() -> None:
    """SIGKILL to the container."""
    _require(_compose("kill", SERVICE))


def restart() -> None:
    """Start the container again, on its data, and wait until it is healthy."""
    _require(_compose("restart", SERVICE))
    _require(_compose("up", "--detach", "--wait", SERVICE))


def _password() -> str | None:
    """RABBITMQ_PASSWORD, from the environment or from .env as Compose reads it."""
    if password := settings.rabbitmq_password():
        return password
    try:
        lines = (settings.ROOT / ".env").read_text("utf-8").splitlines()
    except OSError:
        return None
    values = dict(line.split("=", 1) for line in lines if "=" in line)
    return values.get("RABBITMQ_PASSWORD", "").strip("\"' ") or None


def _engine_answers() -> bool:
    docker = shutil.which("docker")
    if docker is None:
        return False
    try:
        asked = subprocess.run(
            [docker, "version", "--format", "{{.Server.Version}}"],
            capture_output=True,
            timeout=QUICK,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def _compose(*arguments: str) -> subprocess.CompletedProcess:
    command = ["docker", "compose", "--file", str(FILE), *arguments]
    try:
        return subprocess.run(
            command,
            cwd=settings.ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 1, "", str(error))


def _require(done: subprocess.CompletedProcess) -> None:
    if done.returncode:
        raise BrokerError(f"« {' '.join(done.args)} » a échoué :\n{done.stderr.strip()}")
