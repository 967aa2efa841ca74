"""The replay: an incident in a notebook, its map under a slider, its events in words beside it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from html import escape

import ipywidgets as widgets
import networkx as nx

from workbook.incident.film import in_words
from workbook.incident.kept import STEPS, Kept
from workbook.incident.story import Story
from workbook.tables import html_table
from workbook.views.canvas.geometry import polyline
from workbook.views.canvas.vector import path_data
from workbook.views.canvas.words import NBSP
from workbook.views.map.drawing import MapDrawing
from workbook.views.map.sentence import map_words

REPLAY = "workbook-replay"
_SCALE = 1.5
_OUTLINE = "outline:2px solid!important;outline-offset:1px"
_FOCUS = f"<style>.{REPLAY} :focus-visible{{{_OUTLINE}}}</style>"
_NOBODY = "aucune requête"


class Replay(widgets.VBox):
    """Stories one above the other, with their headings, all at the same moment."""

    def __init__(self, runs: Sequence[tuple[str, Story]], theme: str = "light") -> None:
        self._runs = [_Run(heading, story, theme) for heading, story in runs]
        self._moments = sorted({at for _, story in runs for at in story.moments})
        self._events = sorted(
            ((self._frame_at(e.at), heading, e) for heading, story in runs for e in story.events),
            key=lambda event: event[2].at,
        )
        self._make_controls()
        self._choose_events()
        self._follow_requests()
        super().__init__(self._assembled())
        self.add_class(REPLAY)
        self._show(0)

    @property
    def frame(self) -> int:
        """The number of the frame shown."""
        return self._slider.value

    def _make_controls(self) -> None:
        last = len(self._moments) - 1
        self._slider = widgets.IntSlider(
            0, 0, last, readout=False, layout=widgets.Layout(width="420px")
        )
        self._play = widgets.Play(
            min=0, max=last, interval=500, show_repeat=False, tooltip="Lire, mettre en pause"
        )
        widgets.jslink((self._play, "value"), (self._slider, "value"))
        self._clock = widgets.Label()
        self._before = _button("◀ Événement", "Aller à l’événement précédent")
        self._after = _button("Événement ▶", "Aller à l’événement suivant")
        self._before.on_click(lambda _: self._jump(-1))
        self._after.on_click(lambda _: self._jump(+1))
        self._slider.observe(lambda change: self._show(change["new"]), "value")

    def _choose_events(self) -> None:
        options = [(_told(heading, e), i) for i, (_, heading, e) in enumerate(self._events)]
        self._list = widgets.Select(
            options=options,
            value=None,
            description="Événements",
            rows=min(12, max(2, len(options))),
            layout=widgets.Layout(width="100%"),
        )
        self._list.observe(self._on_event, "value")

    def _follow_requests(self) -> None:
        kept = [(run, kept) for run in self._runs for kept in run.story.requests]
        options = [(_NOBODY, None), *((_label(run, k), (run, k)) for run, k in kept)]
        self._request = widgets.Dropdown(
            options=options, description="Suivre", layout=widgets.Layout(width="420px")
        )
        self._request.observe(lambda change: self._follow(change["new"]), "value")
        self._steps = widgets.HTML()

    def _assembled(self) -> list[widgets.Widget]:
        wrap = widgets.Layout(flex_flow="row wrap", align_items="center")
        moving = [self._play, self._slider, self._clock, self._before, self._after]
        bar = widgets.HBox([*moving, widgets.HTML(_FOCUS)], layout=wrap)
        return [*(run.box for run in self._runs), bar, self._list, self._request, self._steps]

    def _show(self, frame: int) -> None:
        at, last = self._moments[frame], self._moments[-1]
        for run in self._runs:
            run.show(at)
        self._clock.value = f"{at:.1f}{NBSP}s sur {last:.1f}{NBSP}s".replace(".", ",")

    def _frame_at(self, at: float) -> int:
        """The first moment that shows what happened at that time."""
        return min(len(self._moments) - 1, bisect_left(self._moments, at))

    def _jump(self, direction: int) -> None:
        """To the next event that is in another frame."""
        order = self._events if direction > 0 else self._events[::-1]
        later = (f for f, _, _ in order if (f - self.frame) * direction > 0)
        self._slider.value = next(later, self._slider.max if direction > 0 else 0)

    def _on_event(self, change: dict) -> None:
        if change["new"] is not None:
            self._slider.value = self._events[change["new"]][0]

    def _follow(self, chosen: tuple[_Run, Kept] | None) -> None:
        for run in self._runs:
            run.follow(())
        self._steps.value = ""
        if chosen is None:
            return
        run, kept = chosen
        steps = kept.steps()
        run.follow([edge for _, edge in steps if edge])
        self._slider.value = self._frame_at(kept.at)
        table = html_table(STEPS, [row for row, _ in steps], kept.label, left=5)
        self._steps.value = f'<div role="status" style="overflow-x:auto">{table}</div>'

    def __repr__(self) -> str:
        return "\n".join(_told(heading, event) for _, heading, event in self._events)

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        view = {} if self.comm is None else super()._repr_mimebundle_() or {}
        return view | {"text/plain": repr(self)}


class _Run:
    """One story's map, and what is wrong in words under it."""

    def __init__(self, heading: str, story: Story, theme: str) -> None:
        self.heading, self.story = heading, story
        self._drawing = MapDrawing(story.graphs[0], theme)
        width = f"{self._drawing.size[0]:.0f}px"
        here = widgets.Layout(grid_area="1 / 1", width="100%")
        self._image = widgets.Image(format="png", layout=here)
        self._way = widgets.HTML(layout=here)
        self._words = widgets.HTML()
        self._followed: Sequence[tuple] = ()
        stage = widgets.GridBox(
            [self._image, self._way], layout=widgets.Layout(overflow="hidden", max_width=width)
        )
        head = [widgets.HTML(f"<h3>{escape(heading)}</h3>")] if heading else []
        self.box = widgets.VBox([*head, stage, self._words])

    def show(self, at: float) -> None:
        """Draw the map as it was at that moment."""
        graph = self.story.graphs[self.story.shown_at(at)]
        self._drawing.update(graph)
        self._image.value = self._drawing.png(_SCALE)
        words = f"{f'{at:.1f}'.replace('.', ',')}{NBSP}s{NBSP}: {in_words(graph)}."
        self._words.value = f'<div role="status">{escape(words)}</div>'
        self._lay(graph)

    def follow(self, edges: Sequence[tuple]) -> None:
        """Mark the way of a request."""
        self._followed = edges
        self._lay(self.story.graphs[0])

    def _lay(self, graph: nx.DiGraph) -> None:
        """What lies over the picture: its words for who cannot see it, and the way followed."""
        width, height = self._drawing.size
        lines = {line.edge: line.curve for line in self._drawing.lines.values()}
        ways = "".join(
            f'<path d="{path_data(polyline(lines[edge].points.tolist()))}" fill="none" '
            'stroke="#0B5CAD" stroke-opacity=".6" stroke-width="7" stroke-linecap="round"/>'
            for edge in self._followed
            if edge in lines
        )
        self._way.value = (
            f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="100%" role="img" '
            f'aria-label="{escape(map_words(graph).sentence)}" '
            f'style="display:block;pointer-events:none">{ways}</svg>'
        )


def _told(heading: str, event) -> str:
    at = f"{event.at:.1f}".replace(".", ",")
    return f"{heading + ' · ' if heading else ''}{at}{NBSP}s · {event.words}"


def _label(run: _Run, kept: Kept) -> str:
    at = f"{kept.at:.1f}".replace(".", ",")
    return f"{run.heading + ' · ' if run.heading else ''}{at}{NBSP}s · {kept.label}"


def _button(words: str, tooltip: str) -> widgets.Button:
    return widgets.Button(description=words, tooltip=tooltip, layout=widgets.Layout(width="128px"))
