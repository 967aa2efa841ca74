"""`%%service NAME`: a cell becomes a real process."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

USAGE = "Écrivez %%service NOM, ou %%service NOM --worker pour un consommateur."
OPENING = re.compile(r"\s*%%\s*service(\s|$)")  # `\s` is also a no-break space
COMMENT = re.compile(r"\s*(#|$)")


def service(line: str, cell: str) -> None:
    """Run the cell as the service NAME; `--worker` for a consumer that serves no HTTP."""
    from workbook.errors import WorkbookError
    from workbook.shop import Shop
    from workbook.shop.diagnosis import ServiceFailed

    words = line.split()
    names = [word for word in words if not word.startswith("-")]
    if len(names) != 1 or set(words) - {*names, "--worker"}:
        raise WorkbookError(USAGE)
    heading = f"# %%service {line}\n"  # keeps the cell's line numbers
    try:
        Shop.current().serve(names[0], heading + cell, worker="--worker" in words)
    except ServiceFailed as failed:
        if not failed.not_written:
            raise
        print(f"« {names[0]} » ne tourne pas encore : cette cellule reste à compléter.")
        return
    print(f"« {names[0]} » tourne.")


def misplaced(line: str) -> None:
    """`%%service NAME` below other code: say where it goes; no older one runs in its name."""
    from workbook.errors import WorkbookError
    from workbook.shop import Shop

    name = next(iter(line.split()), "NOM")
    Shop.current().withdraw(name)
    raise WorkbookError(
        f"%%service {name} doit être la première ligne de sa cellule : mettez ce qui la précède "
        f"dans une autre cellule, puis relancez celle-ci. « {name} » ne tourne pas."
    )


def brought_first(lines: list[str]) -> list[str]:
    """The lines of a cell, `%%service` before the comments and blanks that stood above it.

    Their number stays the same. IPython wants a cell magic first, followed by a plain space.
    """
    at = next((n for n, line in enumerate(lines) if OPENING.match(line)), None)
    if at is None:
        return lines
    words = lines[at].replace("%%", "", 1).split()
    magic = " ".join([f"%%{words[0]}", *words[1:]]) + "\n"
    above, below = lines[:at], lines[at + 1 :]
    if all(map(COMMENT.match, above)):
        return [magic, *above, *below]
    return [*above, magic, *below]


def register(shell: InteractiveShell) -> None:
    """Make the magic known to this IPython."""
    shell.register_magic_function(service, magic_kind="cell", magic_name="service")
    shell.register_magic_function(misplaced, magic_kind="line", magic_name="%service")
    if brought_first not in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.append(brought_first)
