"""The page in front of the kernel: whether there is one, and how a MIME bundle gets there."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.display import DisplayHandle


def in_a_notebook() -> bool:
    """Whether this is a kernel, and not a terminal or a script."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and getattr(shell, "kernel", None) is not None


def send_copies(shell: InteractiveShell) -> None:
    """Have the kernel copy what it sends, pictures too; its default is to lend those over 64 KiB.

    pyzmq takes back what was lent by a helper that it stops before the kernel has sent its last
    messages: under load a picture on its way would end in a traceback instead of the page.
    """
    session = getattr(getattr(shell, "kernel", None), "session", None)
    if session is not None:
        session.copy_threshold = sys.maxsize


def show(bundle: dict[str, object]) -> DisplayHandle | None:
    """Show a MIME bundle, to be updated by what is returned; in a terminal, print its text."""
    if not in_a_notebook():
        print(bundle["text/plain"])
        return None
    from IPython.display import display

    return display(bundle, raw=True, display_id=True)


def view(widget: object) -> dict[str, object]:
    """The widget's own MIME bundle; empty where there is no front end to speak to."""
    return {} if widget.comm is None else widget._repr_mimebundle_() or {}
