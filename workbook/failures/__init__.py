"""The tree of failures: every way a saga may die, the shortest fatal one replayed for real.

    failures, explore    the tree of a saga that is a pure function, `next_command(history)`
    contract             what its participants do, remember and refuse
    replay               its shortest fatal path on real processes, and the books
    fatal_plan           the same of a worker: killed between two of its observed effects
    invariants, history  what must hold of the books at every end; what clients heard

Names are loaded when first used.
"""

from __future__ import annotations

from importlib import import_module

_HOMES = {
    "PARTICIPANTS": "workbook.failures.contract",
    "Command": "workbook.failures.contract",
    "Exploration": "workbook.failures.exploration",
    "Line": "workbook.failures.plan",
    "Trial": "workbook.failures.plan",
    "explore": "workbook.failures.exploration",
    "failures": "workbook.failures.exploration",
    "fatal_plan": "workbook.failures.plan",
}
__all__ = list(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'workbook.failures' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
