"""The programs the tests drive beyond Python: where each is looked for, and its Debian package.

Run as a script, prints the packages that would bring the missing ones.
"""

import os
import shutil
from pathlib import Path

# name: (Debian package, commands any of which serves)
PROGRAMS = {
    "rabbitmq": ("rabbitmq-server", ["rabbitmq-server"]),
    "postgresql": ("postgresql", ["initdb"]),
    "nginx": ("nginx-light", ["nginx"]),
    "prometheus": ("prometheus", ["prometheus"]),
    "chromium": ("chromium", ["chromium", "chromium-browser", "google-chrome"]),
}

FOLDERS = [
    *os.environ["PATH"].split(os.pathsep),
    "/usr/sbin",
    "/opt/homebrew/sbin",
    "/usr/lib/rabbitmq/bin",
    *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True),
]


def find(name):
    """Path of the program called ``name`` in PROGRAMS, or None."""
    _, commands = PROGRAMS[name]
    found = (shutil.which(command, path=os.pathsep.join(FOLDERS)) for command in commands)
    return next(filter(None, found), None)


def missing(names=PROGRAMS):
    """Those of ``names`` that cannot run here; a RABBITMQ_URL stands for a RabbitMQ."""
    served = {"rabbitmq"} if os.environ.get("RABBITMQ_URL") else set()
    return sorted(name for name in names if name not in served and not find(name))


if __name__ == "__main__":
    print(*(PROGRAMS[name][0] for name in missing()))
