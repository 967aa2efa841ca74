"""The launcher, by the name under which scripts outside the course import it."""

from workbook.processes.launcher import Launcher, Process

__all__ = ["Launcher", "Process"]
