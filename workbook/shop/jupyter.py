"""The JupyterLab that serves this notebook: where the browser finds it, if there is one."""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path

from workbook import settings


@functools.cache
def base_url() -> str | None:
    """The path under which it is served, such as `/` or `/user/ada/`; None where none serves us.

    A Jupyter server writes what it is to its runtime folder; ours is an ancestor of this kernel.
    """
    for server in _servers():
        if server.get("pid") in _ancestors():
            return f"/{server.get('base_url', '').strip('/')}/".replace("//", "/")
    return settings.jupyterhub_prefix()


def _servers() -> list[dict]:
    from jupyter_core.paths import jupyter_runtime_dir

    return [_read(file) for file in Path(jupyter_runtime_dir()).glob("jpserver-*.json")]


def _read(file: Path) -> dict:
    try:
        server = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return server if isinstance(server, dict) else {}


@functools.cache
def _ancestors() -> frozenset[int]:
    import psutil

    return frozenset(parent.pid for parent in psutil.Process(os.getpid()).parents())
