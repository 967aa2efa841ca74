"""A design, deployed: one real process for each service, through the shop's launcher.

with Deployment(shop, design) as deployed:
    deployed.works("commandes")      whether it answers a customer
    deployed.stopped_by("stock")     who no longer does once `stock` was killed
"""

from __future__ import annotations

import json
import shutil
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from workbook.shop.client import ServiceUnreachable
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from course.lab1.design import Design
    from workbook.shop import Shop
    from workbook.shop.client import Response

STUB = Path(__file__).with_name("processes") / "stub.py"
ARRIVAL = 3.0  # seconds for an event to arrive, on a quiet machine


class Deployment:
    """The processes of a design; none is left when it ends."""

    def __init__(self, shop: Shop, design: Design) -> None:
        self.shop, self.design = shop, design
        self._folder = Path(tempfile.mkdtemp(prefix="lab1-", dir=shop.run_folder))

    def __enter__(self) -> Deployment:
        try:
            self.shop.heal(["registry"])
            self.shop.services["registry"].shown = False
            program = self._program()
            for name in self.design:
                self.shop.serve(name, program)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        for name in self.design:
            self.shop.withdraw(name)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _program(self) -> str:
        told = {name: service.as_json() for name, service in self.design.items()}
        (self._folder / "design.json").write_text(json.dumps(told), encoding="utf-8")
        source = STUB.read_text(encoding="utf-8")
        return source.replace('FOLDER = "."', f"FOLDER = {str(self._folder)!r}")

    # -- asking -------------------------------------------------------------------------------

    def ask(self, name: str, id: str = "") -> Response | None:
        """Ask a service to work, as a customer; None when nobody answers."""
        return self.send("POST", name, f"/work/{id or uuid.uuid4().hex}")

    def send(self, method: str, name: str, path: str, json: object = None) -> Response | None:
        """One request to a service; None when nobody answers."""
        try:
            return self.shop[name].request(method, path, json=json, timeout=patient(10))
        except ServiceUnreachable:
            return None

    def works(self, name: str) -> bool:
        """Whether a service answers its customer."""
        answer = self.ask(name)
        return answer is not None and answer.status_code == 200

    def came(self, name: str, id: str, by: tuple[str, ...], wait: bool = True) -> bool:
        """Whether this work came to `name`, in one of these ways, within the time of an event."""

        def seen() -> bool:
            answer = self.send("GET", name, f"/seen/{id}")
            return answer is not None and answer.json()["how"] in by

        return until(seen, patient(ARRIVAL)) if wait else seen()

    def write(self, name: str, datum: str, value: object) -> Response | None:
        """Change one of a service's data."""
        return self.send("PUT", name, _data(datum), {"value": value})

    def value(self, name: str, datum: str) -> object:
        """What a service says of a datum."""
        return self.send("GET", name, _data(datum)).json()["value"]

    def owns(self, name: str, datum: str) -> bool:
        """Whether a service answers for a datum."""
        answer = self.send("GET", name, _data(datum))
        return answer is not None and answer.status_code == 200

    # -- killing ------------------------------------------------------------------------------

    def stopped_by(self, dead: str) -> list[str]:
        """Kill a service (`kill -9`); return the others that no longer work; start it again."""
        self.shop.kill(dead)
        try:
            return [name for name in self.design if name != dead and not self.works(name)]
        finally:
            self.shop.restart(dead)

    def deaths(self) -> dict[str, list[str]]:
        """The measured matrix: each service killed in turn, and those who stop with it."""
        return {name: self.stopped_by(name) for name in self.design}


def _data(datum: str) -> str:
    return f"/data/{quote(datum, safe='')}"
