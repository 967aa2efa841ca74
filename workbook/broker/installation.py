"""Where RabbitMQ is installed: its plugins, its version, the Erlang that runs it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from workbook import settings

APPLICATIONS = ("rabbit", "rabbitmq_prelaunch", "rabbitmq_management")
ESSENTIAL = ("kernel", "stdlib")
MODULES = re.compile(r"\{\s*modules\s*,\s*\[[^\]]*\]\s*\}")
HOMEBREW = ("/opt/homebrew", "/usr/local", "/home/linuxbrew/.linuxbrew")


@dataclass(frozen=True)
class Installation:
    """An installed RabbitMQ: `home` holds `plugins/`, `erl` is Erlang's launcher."""

    home: Path
    erl: str
    version: str

    def needed_plugins(self) -> list[Path]:
        """Folders of the server, its management plugin and what they depend on.

        A boot loads every module it can see: 26 of 70 folders halve its duration.
        """
        folders = {app.stem: app.parents[1] for app in self.home.glob("plugins/*/ebin/*.app")}
        needed, waiting = [], list(APPLICATIONS)
        while waiting:
            name = waiting.pop()
            folder = folders.pop(name, None)  # the others are Erlang's own
            if folder:
                needed.append(folder)
                waiting += _dependencies(folder / "ebin" / f"{name}.app")
        return needed

    def light_applications(self) -> dict[str, str]:
        """Application files, by name, that list no modules: Erlang's and the libraries'.

        Up to 3.12 a boot looks for RabbitMQ's own attributes in every module of every
        application, and so loads XML parsers and compilers; unlisted, they load when called.
        """
        erlang = Path(self.erl).resolve().parents[1]
        found = [*erlang.glob("lib/*/ebin/*.app"), *self.home.glob("plugins/*/ebin/*.app")]
        return {
            file.name: MODULES.sub("{modules, []}", file.read_text("utf-8", "replace"))
            for file in found
            if file.stem not in ESSENTIAL and not file.stem.startswith("rabbit")
        }


def find_installation() -> Installation | None:
    """Return the first RabbitMQ of RABBITMQ_HOME, conda, apt or rpm, Docker's image, Homebrew."""
    if os.name != "posix":
        return None
    for home in _homes():
        version = _version(home)
        erl = _erl(home)
        if version and erl:
            return Installation(home, erl, version)
    return None


def _homes() -> list[Path]:
    chosen = settings.rabbitmq_home()
    packaged = Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*")
    return [
        *([Path(chosen)] if chosen else []),
        Path(sys.prefix, "lib/rabbitmq"),
        *sorted(packaged, key=lambda home: _numbers(home.name), reverse=True),
        Path("/opt/rabbitmq"),
        *(Path(prefix, "opt/rabbitmq") for prefix in HOMEBREW),
    ]


def _version(home: Path) -> str | None:
    server = next(home.glob("plugins/rabbit-*/ebin/rabbit.app"), None)
    return server.parents[1].name.removeprefix("rabbit-") if server else None


def _erl(home: Path) -> str | None:
    beside = [Path(sys.prefix, "bin"), home.parent / "bin", home.parents[1] / "bin"]
    places = [*beside, Path("/opt/erlang/bin"), *(Path(prefix, "bin") for prefix in HOMEBREW)]
    searched = os.pathsep.join([settings.search_path(), *map(str, places)])
    return shutil.which("erl", path=searched)


def _numbers(name: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", name)]


def _dependencies(app: Path) -> list[str]:
    listed = re.search(r"\{applications,\s*\[([^\]]*)\]", app.read_text("utf-8", "replace"))
    return [name.strip(" '\n\t") for name in listed[1].split(",")] if listed else []
