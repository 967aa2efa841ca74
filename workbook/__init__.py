"""The course workbook: what notebooks import.

Names are loaded when first used, so that `import workbook` costs next to nothing; the launcher's
helper process starts meanwhile, in the background. This is also where the shop is handed the views.
"""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module

_HOMES = {
    "Shop": "workbook.shop",
    "Broker": "workbook.broker",
    "check": "workbook.checks",
    "hint": "workbook.checks",
    "solution": "workbook.checks",
    "progress": "workbook.logbook",
}
__all__ = ["Broker", "Shop", "check", "hint", "progress", "solution"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'workbook' has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name]), name)
    if name == "Shop":
        found.views = staticmethod(partial(import_module, "workbook.views"))
    globals()[name] = found
    return found


def _greet_notebook() -> None:
    """In a notebook: start the helper behind the imports, and make `%%service` known."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None:
        from workbook.launcher import Launcher
        from workbook.magics import register

        Launcher.shared()
        register(shell)


_greet_notebook()
