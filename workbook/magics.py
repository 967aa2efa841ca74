"""`%%service NAME`: a cell becomes a real process."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def service(line: str, cell: str) -> None:
    """Run the cell as the service NAME; `--worker` for a consumer that serves no HTTP."""
    from workbook.diagnosis import ServiceFailed
    from workbook.errors import WorkbookError
    from workbook.shop import Shop

    words = line.split()
    names = [word for word in words if not word.startswith("-")]
    if len(names) != 1 or set(words) - {*names, "--worker"}:
        raise WorkbookError(
            "Écrivez %%service NOM, ou %%service NOM --worker pour un consommateur."
        )
    heading = f"# %%service {line}\n"  # keeps the cell's line numbers
    try:
        Shop.current().serve(names[0], heading + cell, worker="--worker" in words)
    except ServiceFailed as failed:
        if "NotImplementedError" not in str(failed):
            raise
        print(
            f"«\u202f{names[0]}\u202f» ne tourne pas encore\u00a0: cette cellule reste à compléter."
        )
        return
    print(f"« {names[0]} » tourne.")


def register(shell: InteractiveShell) -> None:
    """Make the magic known to this IPython."""
    shell.register_magic_function(service, magic_kind="cell", magic_name="service")
