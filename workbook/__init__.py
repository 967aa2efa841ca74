"""The course workbook: what notebooks import.

Names are loaded when first used, so that `import workbook` costs next to nothing; the launcher's
helper process starts meanwhile, in the background.
"""

from __future__ import annotations

import sys
from importlib import import_module

from workbook import settings as settings  # first: it remembers what the process was given

_HOMES = {
    "Shop": "workbook.shop",
    "Broker": "workbook.broker",
    "check": "workbook.checks",
    "hint": "workbook.checks",
    "solution": "workbook.checks",
    "progress": "workbook.checks",
    "roadmap": "workbook.checks",
    "takeaway": "workbook.checks",
    "bet": "workbook.bets",
    "settle": "workbook.bets",
}
__all__ = [
    "Broker",
    "Shop",
    "bet",
    "check",
    "hint",
    "progress",
    "roadmap",
    "settle",
    "show",
    "solution",
    "takeaway",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'workbook' has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def _greet_notebook() -> None:
    """In a notebook: start the helper behind the imports, make `%%service` known."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None:
        from workbook import frontend
        from workbook.processes.launcher import Launcher
        from workbook.processes.zygote import share_one_arena
        from workbook.shop import magics, missing_names

        frontend.send_copies(shell)
        share_one_arena()
        Launcher.shared()
        magics.register(shell)
        missing_names.register(shell)


_greet_notebook()
