"""HTTP to this very machine: never through a proxy, whatever the environment says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import requests


def session() -> requests.Session:
    """A session that reads neither proxies nor credentials from the environment."""
    import requests

    opened = requests.Session()
    opened.trust_env = False
    return opened
