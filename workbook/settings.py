"""The workbook's settings: every variable it reads from the environment, and where it lives.

Read when asked for: a notebook may change them between two cells. What this process was started
with is kept, to tell what the notebook chose from what was in the shell for other programs.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Without its byte code a library is compiled at each import: matplotlib takes 4 s instead of 0.7.
NOT_FOR_CHILDREN = {"PYTHONDONTWRITEBYTECODE"}

# What any program needs to know of its machine and of its user; nothing that configures one.
SYSTEM = {
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR"),
    *("TEMP", "TMP", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT"),
    *("USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA"),
    *("VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "PYTHONHOME"),
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"),
}
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")

GIVEN = dict(os.environ)


def under_pytest() -> bool:
    """Whether a test or a grading run drives this process: pytest marks its children."""
    return "PYTEST_CURRENT_TEST" in os.environ


def course() -> str:
    """`WORKBOOK_COURSE`: the package whose folders are the chapters."""
    return os.environ.get("WORKBOOK_COURSE", "course")


def progress_file() -> Path | None:
    """`WORKBOOK_PROGRESS`: another logbook than the usual one."""
    chosen = os.environ.get("WORKBOOK_PROGRESS")
    return Path(chosen) if chosen else None


def solutions() -> Path:
    """`WORKBOOK_SOLUTIONS`: the folder of the solved notebooks."""
    return Path(os.environ.get("WORKBOOK_SOLUTIONS", ROOT / "solutions"))


def hidden_checks() -> Path | None:
    """`WORKBOOK_HIDDEN`: a folder of steps that exercises have only when they are graded."""
    chosen = os.environ.get("WORKBOOK_HIDDEN")
    return Path(chosen) if chosen else None


def patience() -> float | None:
    """`WORKBOOK_PATIENCE`: what time-outs are multiplied by, whatever the machine's load."""
    imposed = os.environ.get("WORKBOOK_PATIENCE")
    return float(imposed) if imposed else None


def launcher() -> str:
    """`WORKBOOK_LAUNCHER`: `forked`, or `subprocesses` where there is no fork (Windows)."""
    return os.environ.get("WORKBOOK_LAUNCHER", "forked" if hasattr(os, "fork") else "subprocesses")


def database_url(service: str) -> str | None:
    """`WORKBOOK_DATABASE_URL`, with `{service}` in it: a server instead of SQLite files."""
    template = os.environ.get("WORKBOOK_DATABASE_URL")
    return template.format(service=service) if template else None


def rabbitmq_url() -> str | None:
    """`RABBITMQ_URL`: a broker of one's own."""
    return os.environ.get("RABBITMQ_URL")


def rabbitmq_management_url(host: str) -> str:
    """`RABBITMQ_MANAGEMENT_URL`: the management API of that broker."""
    return os.environ.get("RABBITMQ_MANAGEMENT_URL", f"http://{host}:15672")


def rabbitmq_home() -> str | None:
    """`RABBITMQ_HOME`: where RabbitMQ is installed, when it is nowhere usual."""
    return os.environ.get("RABBITMQ_HOME")


def rabbitmq_password() -> str | None:
    """`RABBITMQ_PASSWORD`: that of the compose broker, when `.env` does not say it."""
    return os.environ.get("RABBITMQ_PASSWORD")


def jupyterhub_prefix() -> str | None:
    """`JUPYTERHUB_SERVICE_PREFIX`: where a hub serves this user's JupyterLab."""
    return os.environ.get("JUPYTERHUB_SERVICE_PREFIX")


def allowed_hosts() -> str:
    """`ALLOWED_HOSTS`: the public names a proxy passes on to the services, separated by commas."""
    return os.environ.get("ALLOWED_HOSTS", "")


def otlp_endpoint() -> str | None:
    """`WORKBOOK_OTLP`: a collector that spans are sent to, besides the map."""
    return os.environ.get("WORKBOOK_OTLP") or None


def saga() -> str | None:
    """`SAGA`: how orders are carried through, a chapter's choice; no other program's variable."""
    return os.environ.get("SAGA")


def search_path() -> str:
    """`PATH`."""
    return os.environ.get("PATH", os.defpath)


def inherited() -> dict[str, str]:
    """The environment as a Python of ours may inherit it: its own byte code, our packages."""
    kept = {key: value for key, value in os.environ.items() if key not in NOT_FOR_CHILDREN}
    return kept | {"PYTHONPATH": _our_packages()}


def of_the_system() -> dict[str, str]:
    """What this process's environment says of the machine and of its user."""
    return {key: value for key, value in os.environ.items() if _is_of_the_system(key.upper())}


def of_a_helper() -> dict[str, str]:
    """The environment of the process that services are forked from: the system's, our packages.

    What it imports reads variables at once, and its services then live with what was read.
    """
    return of_the_system() | {"PYTHONPATH": _our_packages()}


def chosen(name: str) -> str | None:
    """The variable `name` if this notebook has set it, None if it came with the process."""
    value = os.environ.get(name)
    return value if value != GIVEN.get(name) else None


def past_any_proxy(variables: Mapping[str, str]) -> dict[str, str]:
    """`NO_PROXY` in its two spellings, with this machine in it: no proxy can reach it for us."""
    listed = variables.get("no_proxy") or variables.get("NO_PROXY") or ""
    names = [name for name in map(str.strip, listed.split(",")) if name]
    missing = [] if "*" in names else [name for name in THIS_MACHINE if name not in names]
    return dict.fromkeys(("no_proxy", "NO_PROXY"), ",".join([*names, *missing]))


def reach_this_machine_directly() -> None:
    """Keep this process's own calls, and those a notebook writes, from going through a proxy."""
    os.environ.update(past_any_proxy(os.environ))


def _our_packages() -> str:
    return os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))


def _is_of_the_system(name: str) -> bool:
    return name in SYSTEM or name.startswith("LC_")
