"""The programs the tests drive beyond Python: where each is looked for, and its Debian package.

Run as a script, prints the packages that would bring the missing ones.
"""

import functools
import os
import shutil
import subprocess
from pathlib import Path

# name: (Debian package, commands any of which serves)
PROGRAMS = {
    "rabbitmq": ("rabbitmq-server", ["rabbitmq-server"]),
    "postgresql": ("postgresql", ["initdb"]),
    "nginx": ("nginx-light", ["nginx"]),
    "prometheus": ("prometheus", ["prometheus"]),
    "bwrap": ("bubblewrap", ["bwrap"]),
    "chromium": ("chromium", ["chromium", "chromium-browser", "google-chrome"]),
}

# Rights that a container or a chroot may refuse: the command that shows whether it does.
RIGHTS = {
    "mounts": ["unshare", "--mount", "true"],
    "bubblewrap": ["bwrap", "--ro-bind", "/", "/", "--proc", "/proc", "--unshare-net", "true"],
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


@functools.cache
def is_granted(name):
    """Whether this machine lets us do what ``name`` in RIGHTS needs."""
    command = RIGHTS[name]
    return (
        bool(shutil.which(command[0]))
        and not subprocess.run(command, stderr=subprocess.DEVNULL).returncode
    )


def missing(names=PROGRAMS):
    """Those of ``names`` that cannot run here; a RABBITMQ_URL stands for a RabbitMQ."""
    served = {"rabbitmq"} if os.environ.get("RABBITMQ_URL") else set()
    served |= {name for name in RIGHTS if name in names and is_granted(name)}
    return sorted(name for name in names if name not in served and not _is_there(name))


def _is_there(name):
    return name in PROGRAMS and find(name)


def remedy(name):
    """What would let the tests that need ``name`` run."""
    if name in RIGHTS:
        return f"une machine qui permet « {' '.join(RIGHTS[name])} »"
    return f"paquet Debian {PROGRAMS[name][0]}"


if __name__ == "__main__":
    print(*(PROGRAMS[name][0] for name in missing()))
