"""Says whether this machine can run the course, and what to do where it cannot."""

from __future__ import annotations

import platform
import re
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from workbook import logbook
from workbook.settings import ROOT

OLDEST_PYTHON = (3, 11)
NEEDED_MEMORY = 600  # MB: JupyterLab, a kernel, the broker and every service, with some room
LAB_PORT = 8888


@dataclass(frozen=True)
class Symptom:
    """One thing looked at; `advice` says what to do when it is not well."""

    well: bool
    subject: str
    detail: str
    advice: str = ""

    def __str__(self) -> str:
        line = f"{'✓' if self.well else '✗'} {self.subject} : {self.detail}"
        return f"{line}\n    → {self.advice}" if self.advice else line


def examine() -> Iterator[Symptom]:
    """Look at everything; the broker is really started, then stopped."""
    yield _python()
    packages = _packages()
    yield packages
    yield _memory()
    yield _ports()
    yield _logbook()
    yield _temporary_folder()
    if packages.well:
        yield _broker()


def _python() -> Symptom:
    detail = f"{platform.python_version()} ({sys.executable})"
    if sys.version_info >= OLDEST_PYTHON:
        return Symptom(True, "Python", detail)
    return Symptom(False, "Python", detail, "Il faut Python 3.11 ou plus récent.")


def _packages() -> Symptom:
    wanted = _requirements()
    absent = [name for name in wanted if not _installed(name)]
    if absent:
        advice = "Lancez make lab, qui les installe."
        return Symptom(False, "Paquets Python", f"il manque {', '.join(absent)}", advice)
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("flask", "pika"))
    return Symptom(True, "Paquets Python", f"les {len(wanted)} sont là ({versions}…)")


def _requirements() -> list[str]:
    """Names of the course's direct dependencies, as its own pyproject.toml lists them."""
    import tomllib

    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = tomllib.loads(project)["project"]["dependencies"]
    return [re.match(r"[\w.-]+", line)[0] for line in lines]


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _memory() -> Symptom:
    try:
        import psutil
    except ModuleNotFoundError:
        return Symptom(False, "Mémoire libre", "inconnue", "Il manque le paquet psutil : make lab.")
    free = psutil.virtual_memory().available // 1_000_000
    if free >= NEEDED_MEMORY:
        return Symptom(True, "Mémoire libre", f"{free} Mo")
    advice = f"Le cours en demande {NEEDED_MEMORY} : fermez d’autres programmes."
    return Symptom(False, "Mémoire libre", f"{free} Mo", advice)


def _ports() -> Symptom:
    """Services take any free port; only JupyterLab has one of its own, and takes the next."""
    try:
        with socket.create_server(("127.0.0.1", 0)):
            pass
    except OSError as error:
        advice = "Un pare-feu ou un bac à sable interdit d’écouter sur 127.0.0.1 : autorisez-le."
        return Symptom(False, "Ports", f"impossible d’en ouvrir un ({error.strerror})", advice)
    with socket.socket() as probe:
        taken = probe.connect_ex(("127.0.0.1", LAB_PORT)) == 0
    lab = "occupé, JupyterLab prendra le suivant" if taken else "libre"
    return Symptom(True, "Ports", f"127.0.0.1 s’ouvre ; {LAB_PORT} est {lab}")


def _logbook() -> Symptom:
    where = str(logbook.path())
    wrong = logbook.trouble()
    return Symptom(not wrong, "Progression", where, wrong)


def _temporary_folder() -> Symptom:
    """Where a run writes: any folder will do, one with locks is swept after a crash."""
    from workbook.processes.run_folder import has_locks

    where = tempfile.gettempdir()
    try:
        locks = has_locks()
    except OSError as error:
        advice = "Désignez un autre dossier par la variable TMPDIR."
        return Symptom(False, "Dossier temporaire", f"{where} : {error.strerror}", advice)
    left = "" if locks else " ; sans verrous : effacez vous-même ce qu’un arrêt brutal y laisse"
    return Symptom(True, "Dossier temporaire", f"{where}{left}")


def _broker() -> Symptom:
    from workbook.broker import Broker
    from workbook.errors import WorkbookError

    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="workbook-", ignore_cleanup_errors=True) as folder:
        try:
            broker = Broker.start(run_folder=Path(folder))
        except WorkbookError as error:
            return Symptom(False, "RabbitMQ", "aucun ne sert ici", str(error))
        seconds = time.monotonic() - start
        kind = "nœud privé" if broker.private else "partagé"
        detail = f"{broker.version}, {kind}, prêt en {seconds:.0f} s"
        broker.close()
    return Symptom(True, "RabbitMQ", detail)
