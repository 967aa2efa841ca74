"""An incident as a learner holds it: recorded, looked at again, saved, loaded, played again."""

from __future__ import annotations

import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.errors import WorkbookError
from workbook.incident.story import Story, story_of
from workbook.incident.tape import Recorder
from workbook.views.canvas.words import NBSP, duration, plural

if TYPE_CHECKING:
    from workbook.incident.again import Comparison, Playground
    from workbook.incident.replay import Replay


class Incident:
    """What `shop.record()` gives: a context manager while it is recorded, then the incident."""

    def __init__(
        self,
        shop: Playground | None = None,
        recorder: Recorder | None = None,
        story: Story | None = None,
        before: Path | None = None,
    ) -> None:
        self._shop, self._recorder, self._story = shop, recorder, story
        self._before = before

    def __enter__(self) -> Incident:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the recording. Idempotent."""
        if self._recorder is not None:
            self._recorder.stop()

    @property
    def story(self) -> Story:
        """What happened; until now, while it is being recorded."""
        if self._story is not None:
            return self._story
        tape = self._recorder.tape
        found = story_of(tape, tape.ended or time.time())
        if tape.ended is not None:
            self._story = found
        return found

    def replay(self) -> Replay:
        """The map with a slider, the events beside it, one request followed."""
        from workbook.incident.replay import Replay

        return Replay([("", self.story)])

    def save(self, file: str | Path) -> Path:
        """Write the incident as one page that anyone can open, without network nor course."""
        from workbook.incident.page import page

        return written(file, page([("", self.story)]))

    def again(self, shop: Playground | None = None, /, **changes: dict) -> Comparison:
        """Play the same requests and acts with one change; both runs, one above the other.

        `changes` are faults by service, as in `Shop.fault`, or `instances` for `Shop.scale`:
        `again(orders={"crash": "orders:after_charge:1"})`. The second run begins on the data of the
        first one's beginning, and today's come back after it. A loaded incident needs the `shop` to
        play in, and begins on its data of today.
        """
        from workbook.incident.again import Comparison, play_again

        ground = shop or self._shop
        if ground is None:
            raise WorkbookError(
                "Cet incident a été chargé d’un fichier : donnez la boutique où le rejouer, "
                "incident.again(shop, …)."
            )
        began = ground.on_data(self._before) if self._before and not shop else nullcontext()
        with began:
            second = Incident(ground, story=play_again(self.story, ground, changes))
        return Comparison(self, second, changes)

    def __repr__(self) -> str:
        story = self.story
        requests, failed = story.total.requests, story.total.failed
        head = (
            f"Incident de {duration(story.seconds)}{NBSP}: {plural(requests, 'requête')} "
            f"dont {plural(failed, 'échec')}, {plural(len(story.events), 'événement')}."
        )
        return "\n".join([head, *(f"  {e.at:6.1f} s  {e.words}" for e in story.events)])


def written(file: str | Path, text: str) -> Path:
    """Write a page; raises `WorkbookError` where the disk refuses."""
    path = Path(file)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise WorkbookError(f"Impossible d’écrire {path} ({error.strerror}).") from error
    return path


def load(file: str | Path) -> Incident:
    """The incident in a page that `save` wrote; raises `WorkbookError` if there is none."""
    from workbook.incident.page import stories_in

    try:
        text = Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WorkbookError(f"Impossible de lire {file} : {error}.") from error
    return Incident(story=stories_in(text)[0])
