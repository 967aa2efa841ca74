"""What a saved notebook keeps of our widgets: the picture or words beside them.

A widget lives in its kernel: reopened without it, JupyterLab would show an error in its place. The
server calls `keep_pictures` before it saves (`ContentsManager.pre_save_hook`).
"""

from __future__ import annotations

from typing import Any

VIEW = "application/vnd.jupyter.widget-view+json"
OPEN_ANYWHERE = {"image/png", "text/html"}


def keep_pictures(model: dict[str, Any], **_: Any) -> None:
    """Take the widget out of each output that has a picture or a page of its own beside it."""
    content = model.get("content")
    if model.get("type") != "notebook" or not isinstance(content, dict):
        return
    for cell in content.get("cells", ()):
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if OPEN_ANYWHERE & data.keys():
                data.pop(VIEW, None)
