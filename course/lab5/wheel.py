"""The wheel of misfortune: an incident drawn by seed, lived in a real shop, scored by that shop.

wheel = Wheel(shop, seed=7)
wheel.spin()                      customers come, and something breaks
wheel.customers(), wheel.versions(), shop.map(), shop.logs(), shop.trace() …
wheel.report(what=…, since=…, service=…, edge=…, cause=…, trace=…)
wheel.cut("inventory-2")          or scale, restart, roll_back, disable, replay …
wheel.relieved()                  are the customers served again?
wheel.finish()                    the storm, the books, the score
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from course.lab5.causes import CAUSES
from course.lab5.customers import PAUSE, PROMISES, VITAL, Visit, Window
from course.lab5.incidents import INCIDENTS, PARTNER, Incident, Place
from course.lab5.ledgers import MAIL_SECONDS
from course.lab5.score import Measured, Report, Score, Truth, scored
from course.lab5.stage import Stage
from course.lab5.storm import storm
from workbook import show
from workbook.errors import WorkbookError
from workbook.waiting import patient, until

if TYPE_CHECKING:
    from workbook.incident import Incident as BlackBox
    from workbook.shop import Shop

RELIEF, REPAIR = 20.0, 20.0  # seconds given to the shop to recover
HARMLESS_AT = ("products", "inventory", "payments")
CALM, LATE = (8, 20), (0, 12)  # visits before the fault, and after it, until `spin` returns


@dataclass(frozen=True)
class Draw:
    """What a seed draws."""

    incident: Incident
    place: Place
    level: float


def drawn(seed: int, names: Sequence[str] = ()) -> Draw:
    """What a seed draws among the incidents named, or among all: which, where, how strong."""
    chance = random.Random(seed)
    incident = INCIDENTS[chance.choice(sorted(names or INCIDENTS))]
    return Draw(incident, chance.choice(incident.places), chance.choice(incident.levels))


class Wheel:
    """One incident, from `spin()` to `finish()`; one at a time in a kernel.

    `exam`: no hint, no score and no correction. `quick`: neither calm nor harmless release before
    the fault, for whoever checks acts and not eyes.
    """

    _turning: ClassVar[Wheel | None] = None

    def __init__(
        self,
        shop: Shop,
        seed: int,
        *,
        among: Sequence[str] = (),
        pause: float = PAUSE,
        exam: bool = False,
        quick: bool = False,
    ) -> None:
        self.seed, self.exam, self._quick = seed, exam, quick
        self._hints = 0
        self._drawn = drawn(seed, among)
        self._chance = random.Random(f"{seed} moments")
        self._stage = Stage(shop, pause)
        self._report, self._shown = Report(), False
        self._planted_at = self._detected_at = self._relieved_at = 0.0
        self._score: Score | None = None
        self.wrong: list[str] = []
        self._last = Window(())
        self._felt = False

    def __enter__(self) -> Wheel:
        self.spin()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    # -- the incident -------------------------------------------------------------------------

    def spin(self) -> None:
        """Open the shop, let the customers in, deploy a release; then comes the fault."""
        if Wheel._turning is not None:
            Wheel._turning.stop()
        Wheel._turning = self
        try:
            self._stage.open()
            if not self._quick:
                self._have_an_ordinary_day()
            self._planted_at = time.time()
            drawn = self._drawn
            drawn.incident.plant(self._stage, drawn.place, drawn.level)
            if not self._quick:
                self._stage.crowd.since(time.time(), self._chance.randint(*LATE))
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it where it is: customers out, recorder off, the shop as it was. Idempotent."""
        self._stage.close()
        if Wheel._turning is self:
            Wheel._turning = None

    def _have_an_ordinary_day(self) -> None:
        """Customers come and are served, and a release harms nobody."""
        self._stage.crowd.since(time.time(), self._chance.randint(*CALM))
        with self._stage.at_night():
            self._stage.releases.deploy(self._decoy())

    def _decoy(self) -> str:
        """A service that gets a harmless release on the same day."""
        at_fault = {self._drawn.place.service, *self._drawn.place.edge}
        return self._chance.choice([name for name in HARMLESS_AT if name not in at_fault])

    # -- looking ------------------------------------------------------------------------------

    def customers(self, seconds: float = 60) -> show.table:
        """What customers were promised in the last `seconds`, and how much of it came."""
        now = time.time()
        recent = [v for v in self.visits() if v.at > now - seconds]
        rows = [
            (name, PROMISES[name], f"{broken} sur {made}")
            for name, (broken, made) in Window(recent).broken.items()
        ]
        head = ("promesse", "ce qu’elle dit", "non tenues")
        return show.table(head, rows, f"Les {seconds:.0f} dernières secondes", left=2)

    def visits(self) -> list[Visit]:
        """Every visit of a customer since the spin, oldest first.

        With the mail and the debit of each sale, once they have had a moment to come.
        """
        visits, due = list(self._stage.crowd.visits), time.time() - patient(MAIL_SECONDS)
        later = self._stage.ledgers.later([visit for visit in visits if visit.at < due])
        found = sorted([*visits, *later], key=lambda visit: visit.at)
        self._remember_hurt(found)
        return found

    def next_visits(self, count: int) -> list[Visit]:
        """What the next `count` visits come to; mails and debits left out."""
        return self._stage.crowd.since(time.time(), count)

    def versions(self) -> show.table:
        """The log of deployments."""
        return self._stage.releases.table()

    def price_list(self) -> dict[str, int]:
        """The prices of the day before, in cents, by article."""
        return dict(self._stage.ledgers.prices)

    # -- saying -------------------------------------------------------------------------------

    def report(self, **said: object) -> Report:
        """Write the report, or more of it: what, since, service, edge, cause, trace.

        `since` is a moment in epoch seconds, or a clock time like "14:03:27".
        """
        unknown = set(said) - set(vars(Report()))
        if unknown:
            raise WorkbookError(
                f"Le rapport ne connaît pas « {min(unknown)} ». Ses champs : "
                f"{', '.join(vars(Report()))}."
            )
        _refuse_unknown("what", said, PROMISES)
        _refuse_unknown("cause", said, CAUSES)
        if isinstance(said.get("since"), str):
            said["since"] = _moment(said["since"])
        if isinstance(said.get("edge"), list):
            said["edge"] = tuple(said["edge"])
        self._report = Report(**{**vars(self._report), **said})
        if "trace" in said:
            # Judged as it is now: once relieved, a shop may still complete it.
            self._shown = self.shows(self._report.trace)
        self._detected_at = self._detected_at or time.time()
        return self._report

    # -- acting -------------------------------------------------------------------------------

    def scale(self, name: str, count: int) -> None:
        """Run so many instances of a service."""
        self._stage.shop.scale(name, count)

    def cut(self, name: str) -> None:
        """Take out an instance ("inventory-2") or a program of ours, and do not start it again."""
        if name == PARTNER:
            raise WorkbookError("Ce programme tourne chez un partenaire : il n’est pas à vous.")
        self._stage.shop.kill(name)

    def restart(self, name: str) -> None:
        """Start a service again, as it is."""
        self._stage.shop.restart(name)

    def disable(self, path: str, method: str = "GET") -> None:
        """Close a public route at the gateway: `wheel.disable("/stock/<sku>")`."""
        self._stage.releases.close_route(method, path)

    def enable(self, path: str, method: str = "GET") -> None:
        """Open it again."""
        self._stage.releases.open_route(method, path)

    def replay(self, name: str) -> int:
        """Publish again all the events of a service; how many they were."""
        return self._stage.replay(name)

    def roll_back(self, name: str) -> None:
        """Go back to the version of before."""
        self._stage.releases.roll_back(name)

    # -- measuring ----------------------------------------------------------------------------

    def relieved(self, seconds: float = RELIEF) -> bool:
        """Whether customers were hurt, and are served again: the next ones are watched.

        `seconds` (more on a busy machine) is what the shop is given to recover.
        """
        deadline = time.monotonic() + patient(seconds)
        while True:
            began = time.time()
            self._last = self._window()
            if self._last.served and self._were_hurt():
                self._relieved_at = self._relieved_at or began
                return True
            if time.monotonic() > deadline:
                return False

    def _were_hurt(self) -> bool:
        """Whether the fault has cost anybody anything yet: before that nobody can be relieved."""
        self.visits()
        return self._felt

    def _remember_hurt(self, visits: Sequence[Visit]) -> None:
        """A mail that comes late, once the fault is out, does not undo that it was missed."""
        since = self._planted_at
        self._felt |= any(v.at >= since and v.promise in VITAL and not v.kept for v in visits)

    def finish(self) -> Score | None:
        """Measure the repair and the storm, stop everything; the score, but not in an exam."""
        self.score()
        return None if self.exam else self._score

    def score(self) -> Score:
        """What `finish()` measures, once: the receipt of an exam is made of it."""
        if self._score is None:
            try:
                measured = self._measured()
            finally:
                self.stop()
            self._score = scored(self._report, self.truth(), measured)
        return self._score

    @property
    def seconds(self) -> dict[str, float | None]:
        """How long it took to detect and to relieve, from the fault; None for what never was."""
        ends = {"détecter": self._detected_at, "soulager": self._relieved_at}
        return {name: end - self._planted_at if end else None for name, end in ends.items()}

    def hint(self) -> str:
        """The next hint of a practice: where to look, then what shows there, then who it is."""
        if self.exam:
            raise WorkbookError("Pendant l’examen, la roue ne donne pas d’indice.")
        incident = self._drawn.incident
        kinds = ", ".join(dict.fromkeys(kind for kind, _ in incident.signals))
        told = [f"Regardez : {kinds}."]
        told += [f"{kind.capitalize()} : {words}." for kind, words in incident.signals]
        told += [f"Le service en faute : {self._drawn.place.service}."]
        self._hints += 1
        return told[min(self._hints, len(told)) - 1]

    def correction(self) -> show.table:
        """What it was, where it comes from, what showed it, what ends it; once it is finished."""
        if self._score is None or self.exam:
            raise WorkbookError("La correction vient après wheel.finish(), et jamais en examen.")
        return corrected(self._drawn)

    @property
    def recording(self) -> BlackBox:
        """The black box of this incident."""
        return self._stage.recording

    def _measured(self) -> Measured:
        relieved = bool(self._relieved_at) or self.relieved(seconds=0)
        if self.planted or self.books():
            return Measured(relieved)
        return Measured(relieved, True, not self.storm())

    def books(self, seconds: float = REPAIR) -> list[str]:
        """Customers out; what is still wrong in the books once all is quiet, or is still closed.

        `seconds` (more on a busy machine) is what the shop is given to become quiet.
        """
        stage, scars = self._stage, self._drawn.incident.scars
        stage.crowd.close()
        stage.forgive(scars, {visit.order for visit in stage.crowd.visits})
        closed = [f"route fermée : {' '.join(route)}" for route in stage.releases.closed_routes]
        self.wrong = closed or stage.books_wrong(seconds)
        return self.wrong

    def storm(self) -> list[str]:
        """A rush of orders, a death in the middle of it; what went wrong."""
        self.wrong = storm(self._stage, self._victim)
        return self.wrong

    @property
    def hurt(self) -> list[str]:
        """The vital promises that were broken in the last window that was measured."""
        return self._last.hurt

    def until_hurt(self, seconds: float = 30) -> None:
        """Wait until the customers feel it, for `seconds` at most (more on a busy machine)."""
        until(self._feels_it, patient(seconds))

    def _feels_it(self) -> bool:
        self._last = self._window(8)
        return not self._last.served

    def _window(self, *count: int) -> Window:
        found = self._stage.window(*count)
        self._remember_hurt(found.visits)
        return found

    @property
    def _victim(self) -> str:
        """Whom the storm kills."""
        place = self._drawn.place
        return place.edge[1] if self._drawn.incident.victim else place.service

    @property
    def planted(self) -> bool:
        """Whether the fault is still there."""
        return self._drawn.incident.planted(self._stage, self._drawn.place)

    def truth(self) -> Truth:
        """What a report is compared with."""
        drawn = self._drawn
        return Truth(
            drawn.incident.breaks,
            self._planted_at,
            drawn.place.service,
            drawn.place.edge,
            drawn.incident.cause,
            self._shown,
        )

    def shows(self, trace: str | None) -> bool:
        """Whether a trace of this incident shows its fault."""
        spans = self._stage.shop.telemetry.spans(trace) if isinstance(trace, str) else []
        if not spans or max(span["start"] for span in spans) < self._planted_at:
            return False
        return self._drawn.incident.cited(spans, self._drawn.place)


def corrected(drawn: Draw) -> show.table:
    """An incident as its correction tells it."""
    incident, place = drawn.incident, drawn.place
    rows = [
        ("l’incident", incident.title),
        ("la cause", CAUSES[incident.cause]),
        ("où", f"{place.service}, sur l’arête {place.edge[0]} → {place.edge[1]}"),
        *((f"visible : {kind}", words) for kind, words in incident.signals),
        ("pour soulager", incident.relief),
        ("pour réparer", incident.repair),
        ("arrivé pour de vrai", incident.source),
        ("à lire", incident.link),
    ]
    return show.table(("", ""), rows, "La correction", left=2)


def _refuse_unknown(field: str, said: dict, known: dict[str, str]) -> None:
    if said.get(field) is not None and said[field] not in known:
        raise WorkbookError(
            f"{field} vaut « {said[field]} » ; les réponses possibles : {', '.join(known)}."
        )


def _moment(text: str) -> float:
    """A clock time of today, in epoch seconds: local, or UTC as in the services' logs."""
    try:
        told = datetime.strptime(text, "%H:%M:%S").time()
    except ValueError as error:
        raise WorkbookError(f"« {text} » n’est pas une heure comme 14:03:27.") from error
    now = datetime.now(UTC)
    readings = [datetime.combine(day.date(), told, day.tzinfo) for day in (now, now.astimezone())]
    return min((moment.timestamp() for moment in readings), key=lambda at: abs(at - time.time()))
