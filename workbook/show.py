"""What a chapter shows of what it measured: `table`, `bars`, `distribution`, `trials`, in one look.

Each says its data in words as well. Names are loaded when first used, as in `workbook.views`.
"""

from __future__ import annotations

from importlib import import_module

_HOMES = {
    "bars": ("workbook.views.charts.bars", "bars"),
    "distribution": ("workbook.views.charts.distribution", "distribution"),
    "options": ("workbook.views.trials", "Options"),
    "slider": ("workbook.views.trials", "Slider"),
    "table": ("workbook.tables", "Table"),
    "trials": ("workbook.views.trials", "Trials"),
}
__all__ = list(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'workbook.show' has no attribute {name!r}")
    home, found = _HOMES[name]
    return getattr(import_module(home), found)
