"""What the registry sends a service's peers to, asked until it is so."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from workbook.errors import WorkbookError
from workbook.shop import direct

if TYPE_CHECKING:
    import requests

Place = tuple[str, int | None]  # the name of an instance, and its port


def await_listed(
    registry_url: str, places: set[Place], replaced: set[str], timeout: float
) -> set[Place]:
    """Poll the registry until it lists `places`, and no other of `replaced`; return the missing.

    Raises `WorkbookError` with its answer when that is no list of instances.
    """
    import requests

    deadline, pause = time.monotonic() + timeout, threading.Event()
    missing, stale, refusal = places, replaced, ""
    with direct.session() as session:
        while (missing or stale) and time.monotonic() < deadline:
            with suppress(requests.RequestException):
                answer = session.get(f"{registry_url}/instances", timeout=2)
                listed = _listed(answer)
                refusal = f"{answer.status_code} {answer.text[:300]}" if listed is None else ""
                missing = places - (listed or set())
                stale = {name for name, _ in (listed or set()) - places} & replaced
            if missing or stale:
                pause.wait(0.01)
    if missing and refusal:
        raise WorkbookError(
            "L’annuaire ne sait pas dire quelles instances il connaît ; à GET /instances, "
            f"il répond : {refusal}"
        )
    return missing


def _listed(answer: requests.Response) -> set[Place] | None:
    """The instances in the registry's answer, None where it is something else."""
    try:
        listed = answer.json()["instances"]
        return {(item["instance"], urlsplit(item["url"]).port) for item in listed}
    except (ValueError, KeyError, TypeError):
        return None
