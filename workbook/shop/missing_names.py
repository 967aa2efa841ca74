"""A name that no cell has defined yet: the `NameError` says, in French, what to run first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

    from IPython.core.interactiveshell import InteractiveShell

ADVICE = (
    "« {name} » n’existe pas encore dans ce carnet. Si une cellule plus haut le définit, exécutez "
    "toutes celles qui précèdent (menu Run, « Run All Above Selected Cell »), puis celle-ci ; "
    "sinon, vérifiez l’orthographe."
)


def explain(
    shell: InteractiveShell,
    kind: type[NameError],
    error: NameError,
    traceback: TracebackType,
    tb_offset: int | None = None,
) -> None:
    """Show the error as always, followed by what to do when it is the cell's own name."""
    if error.name and _is_of_the_cell(shell, traceback):
        error.add_note(ADVICE.format(name=error.name))
    shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)


def register(shell: InteractiveShell) -> None:
    """Make this IPython explain the names that it does not find."""
    shell.set_custom_exc((NameError,), explain)


def _is_of_the_cell(shell: InteractiveShell, traceback: TracebackType) -> bool:
    """Whether the name was looked for in the notebook's own code, and not in a library's."""
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback.tb_frame.f_globals is shell.user_ns
