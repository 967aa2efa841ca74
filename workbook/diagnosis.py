"""Why a service is not well, in a French sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from workbook.errors import WorkbookError
from workbook.launcher import Process
from workbook.running import Instance, Service

SHOWN_LINES = 12
EXIT_WORDS = {
    -9: "arrêté net (kill -9)",
    -15: "arrêté (SIGTERM)",
    0: "arrêté",
    98: "port déjà occupé",
}
ERROR_LINE = re.compile(r"^(\w[\w.]*(?:Error|Exception|Exit|Interrupt)\b.*)$", re.MULTILINE)


class ServiceFailed(WorkbookError):
    """A service did not start; the message says why, with the end of its log."""

    def __init__(self, message: str, process: Process, line: int | None = None) -> None:
        super().__init__(message)
        self.process = process
        self.line = line


def failure(service: Service) -> str | None:
    """Say how the last dead instance ended, None if none is dead."""
    if not service.dead:
        return None
    code = service.dead[-1].process.returncode
    return EXIT_WORDS.get(code, f"arrêté sur une erreur (code {code})")


def warning(service: Service) -> str | None:
    """Say what slows a running service down, None if nothing was done to it."""
    if any(instance.paused for instance in service.running):
        return "en pause (SIGSTOP)"
    if service.faults.get("slow"):
        return f"ralenti de {service.faults['slow']:g} s".replace(".", ",")
    return None


def start_failure(service: Service, instance: Instance) -> ServiceFailed:
    """Describe a process that ended while starting, with the learner's failing line if any."""
    process = instance.process
    found = _failing_line(process.lines, service.target)
    if found is None:
        how = f"« {service.name} » n’a pas démarré : {failure(service)}."
        return ServiceFailed(how + last_lines(instance), process)
    number, source, error = found
    return ServiceFailed(
        f"« {service.name} » n’a pas démarré : {error}\n"
        f"  ligne {number} de la cellule : {source.strip()}",
        process,
        number,
    )


def silence(service: Service, instance: Instance, seconds: float) -> ServiceFailed:
    """Describe a process that runs but never listened."""
    return ServiceFailed(
        f"« {service.name} » n’écoute toujours pas après {seconds:.0f} s.{last_lines(instance)}",
        instance.process,
    )


def absence(service: Service, seconds: float) -> ServiceFailed:
    """Describe a process that listens but never joined the registry."""
    instance = service.running[0]
    return ServiceFailed(
        f"« {service.name} » écoute, mais ne s’est pas annoncé à l’annuaire en {seconds:.0f} s."
        f"{last_lines(instance)}",
        instance.process,
    )


def last_lines(instance: Instance) -> str:
    """Return the end of the log, indented under a heading."""
    lines = list(instance.process.lines)[-SHOWN_LINES:]
    if not lines:
        return " Son journal est vide."
    return " Fin de son journal :\n" + "\n".join(f"    {line}" for line in lines)


def _failing_line(lines: Iterable[str], path: str) -> tuple[int, str, str] | None:
    """Find in a traceback the last line of `path`: its number, its text and the error."""
    if not path.endswith(".py"):
        return None
    text = "\n".join(lines)
    places = re.findall(rf'File "{re.escape(path)}", line (\d+)', text)
    errors = ERROR_LINE.findall(text)
    if not places or not errors:
        return None
    number = int(places[-1])
    source = Path(path).read_text(encoding="utf-8").splitlines()
    return number, source[number - 1] if number <= len(source) else "", errors[-1]
