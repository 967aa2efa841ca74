"""Why a service is not well, in a French sentence."""

from __future__ import annotations

from workbook.errors import WorkbookError
from workbook.processes.endings import ending
from workbook.processes.launcher import Process
from workbook.shop.instances import Instance, Service
from workbook.telemetry.journal import last_mishap, line_of, records_of

SHOWN_LINES = 12


class ServiceFailed(WorkbookError):
    """A service did not start; the message says why, with the end of its log.

    `line` is the failing one of the learner's cell, `not_written` says that it is a stub's.
    """

    def __init__(
        self,
        message: str,
        process: Process,
        line: int | None = None,
        not_written: bool = False,
    ) -> None:
        super().__init__(message)
        self.process = process
        self.line = line
        self.not_written = not_written


def failure(service: Service) -> str | None:
    """Say how the last dead instance ended, None if none is dead."""
    if not service.dead:
        return None
    return _exit_words(service.dead[-1])


def warning(service: Service) -> str | None:
    """Say what slows a running service down, None if nothing was done to it."""
    if any(instance.paused for instance in service.running):
        return "en pause (SIGSTOP)"
    if service.faults.get("slow"):
        return f"ralenti de {service.faults['slow']:g} s".replace(".", ",")
    return None


def start_failure(service: Service, instance: Instance) -> ServiceFailed:
    """Describe a process that ended while starting, with the learner's failing line if any."""
    mishap = last_mishap(instance.process.lines, service.target)
    if mishap is None or mishap.line is None:
        how = f"« {service.name} » n’a pas démarré : {_ending(instance)}."
        return ServiceFailed(how + last_lines(instance), instance.process)
    return ServiceFailed(
        f"« {service.name} » n’a pas démarré : {mishap.error}\n"
        f"  ligne {mishap.line} de la cellule : {mishap.source}",
        instance.process,
        mishap.line,
        mishap.not_written,
    )


def silence(service: Service, instance: Instance, seconds: float) -> ServiceFailed:
    """Describe a process that runs but never listened."""
    return ServiceFailed(
        f"« {service.name} » n’écoute toujours pas après {seconds:.0f} s.{last_lines(instance)}",
        instance.process,
    )


def absence(service: Service, seconds: float) -> ServiceFailed:
    """Describe a process that listens but never joined the registry."""
    instance = service.running[0]
    return ServiceFailed(
        f"« {service.name} » écoute, mais ne s’est pas annoncé à l’annuaire en {seconds:.0f} s."
        f"{last_lines(instance)}",
        instance.process,
    )


def last_lines(instance: Instance) -> str:
    """Return the end of the log, indented under a heading."""
    text = "\n".join(map(line_of, records_of(instance.process.lines)))
    lines = text.splitlines()[-SHOWN_LINES:]
    if not lines:
        return " Son journal est vide."
    return " Fin de son journal :\n" + "\n".join(f"    {line}" for line in lines)


def _ending(instance: Instance) -> str:
    if instance.process.returncode == 0:
        return (
            "le programme s’est terminé sans rien servir. Un service définit "
            "« app = Flask(__name__) » ; un consommateur, lancé par --worker, attend ses messages"
        )
    return _exit_words(instance)


def _exit_words(instance: Instance) -> str:
    return ending(instance.process.returncode)
