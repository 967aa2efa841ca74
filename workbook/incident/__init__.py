"""The black box: an incident recorded, looked at again, handed out as one page, played again.

    tape       what was observed, as it arrived
    story      what is kept of it: states over time, events in words, requests
    film, page the map's drawing over time, as SVG in one page
    replay     the widget
    again      the same requests and the same acts, with one change

Names are loaded when first used.
"""

from __future__ import annotations

from importlib import import_module

_HOMES = {
    "Incident": "workbook.incident.incident",
    "Recorder": "workbook.incident.tape",
    "load": "workbook.incident.incident",
}
__all__ = ["Incident", "Recorder", "load"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'workbook.incident' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
