"""What a notebook sees of the shop: the live map, the trace waterfall, the sequence diagram.

Names are loaded when first used: importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module

_HOMES = {
    "LiveMap": "workbook.views.map.widget",
    "MapDrawing": "workbook.views.map.drawing",
    "describe": "workbook.views.map.sentence",
    "sequence": "workbook.views.trace.sequence",
    "waterfall": "workbook.views.trace.waterfall",
}
__all__ = ["LiveMap", "MapDrawing", "describe", "sequence", "waterfall"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'workbook.views' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
