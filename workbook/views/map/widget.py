"""The live map in a notebook: a picture that follows the shop, and what it takes to break it."""

from __future__ import annotations

import atexit
import threading
import time
from base64 import b64encode
from collections.abc import Callable
from html import escape
from typing import Any, Protocol

import ipywidgets as widgets
import networkx as nx

from workbook.views.canvas.spoken import spoken
from workbook.views.canvas.theme import theme_named
from workbook.views.canvas.words import NBSP, THIN, number
from workbook.views.map.drawing import MapDrawing
from workbook.views.map.large import open_large
from workbook.views.map.overlay import overlay_key, overlay_svg
from workbook.views.map.sentence import describe, map_words

PERIOD = 1.0
_SHORTEST_PERIOD = 0.1
# Enough for a dense screen; a 2x frame would cost twice as much to encode.
_LIVE_SCALE, _STILL_SCALE = 1.5, 2.0
_SLOWNESS = 0.5
MAP = "workbook-map"
# Lists and sliders do not show the focus by themselves.
_FOCUS = f"<style>.{MAP} :focus-visible{{outline:2px solid!important;outline-offset:1px}}</style>"


class Controls(Protocol):
    """What the buttons act on: a `Shop`."""

    @property
    def closed(self) -> bool: ...
    def kill(self, name: str) -> None: ...
    def restart(self, name: str) -> None: ...
    def pause(self, name: str) -> None: ...
    def resume(self, name: str) -> None: ...
    def slow(self, name: str, seconds: float) -> None: ...
    def scale(self, name: str, n: int) -> None: ...
    def start_traffic(self, rate: float) -> None: ...
    def stop_traffic(self) -> None: ...
    def record(self) -> object: ...


class LiveMap(widgets.VBox):
    """The map of `source()`, drawn again every second and at each `notify()`.

    One daemon thread draws, from the first display until the shop is closed or the widget is. A
    saved or exported notebook keeps a picture; `freeze()` makes it the last one.
    """

    def __init__(
        self, source: Callable[[], nx.DiGraph], controls: Controls, *, theme: str = "light"
    ) -> None:
        self._source, self._controls = source, controls
        self._lock, self._wake, self._ended = threading.Lock(), threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._handle = None
        self._sentence = ""
        self._overlay_key: object = None
        self._graph = source()
        self._drawing = MapDrawing(self._graph, theme)
        here = widgets.Layout(grid_area="1 / 1", width="100%")
        self._image = widgets.Image(format="png", layout=here)
        self._overlay = widgets.HTML(layout=here)
        self._panel = _Panel(controls, self.notify)
        # The margins of its parts would give the stage a scroll bar.
        fitting = widgets.Layout(overflow="hidden")
        self._stage = widgets.GridBox([self._image, self._overlay], layout=fitting)
        super().__init__([self._stage, self._panel.bar, self._panel.status])
        self.add_class(MAP)
        with self._lock:
            self._show(self._graph)

    def notify(self) -> None:
        """Something just happened: draw now rather than in a second."""
        self._wake.set()

    def refresh(self) -> None:
        """Draw the shop as it is at this moment."""
        # Asked for under the lock: an older state never comes after a newer one.
        with self._lock:
            self._show(self._source())

    def wear(self, theme: str) -> None:
        """Draw with the colours of `theme` from now on; what is kept or printed stays light."""
        if theme_named(theme) is not self._drawing.theme:
            with self._lock:
                self._drawing, self._overlay_key = MapDrawing(self._graph, theme), None
                self._show(self._graph)

    def freeze(self) -> None:
        """Stop following the shop; the last state becomes the picture kept in the notebook."""
        self._stop()
        self._panel.attempt(self.refresh)
        if self._handle is not None:
            # nbval compares the words shown at display time: only the picture moves on.
            bundle = self._bundle() | {"text/plain": self._sentence}
            self._handle.update(bundle, raw=True)

    def close(self) -> None:
        """Stop the thread and take the widget away."""
        self._stop()
        super().close()

    def png(self, scale: float = _STILL_SCALE) -> bytes:
        """The map as it was last drawn, some requests on their way."""
        with self._lock:
            light = self._drawing.theme is theme_named("light")
            kept = self._drawing if light else MapDrawing(self._graph)
            kept.update(self._graph, requests=True)
            return kept.png(scale, small=True)

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        self._follow()
        return self._bundle()

    def _ipython_display_(self) -> None:
        """Display with a handle, so that `freeze` can replace the picture later."""
        self._follow()
        bundle = self._bundle()
        self._sentence = bundle["text/plain"]
        self._handle = spoken(bundle, map_words(self._graph))

    def _bundle(self) -> dict[str, object]:
        view = {} if self.comm is None else super()._repr_mimebundle_() or {}
        return view | {
            "text/plain": describe(self._graph),
            "image/png": b64encode(self.png()).decode("ascii"),
        }

    def _show(self, graph: nx.DiGraph) -> None:
        self._graph = graph
        self._drawing.update(graph, requests=False)
        self._image.value = self._drawing.png(_LIVE_SCALE)
        width = f"{self._drawing.size[0]:.0f}px"
        self._stage.layout.max_width = self._panel.bar.layout.max_width = width
        description = describe(graph)
        key = overlay_key(self._drawing, description)
        if key != self._overlay_key:
            self._overlay_key = key
            self._overlay.value = overlay_svg(self._drawing, description)
        self._panel.offer(graph)

    def _follow(self) -> None:
        if self._ended.is_set():
            return
        self.refresh()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="live-map", daemon=True)
            self._thread.start()
            atexit.register(self._stop)

    def _run(self) -> None:
        while not self._ended.is_set() and not self._controls.closed:
            self._panel.attempt(self.refresh)
            time.sleep(_SHORTEST_PERIOD)
            self._wake.wait(PERIOD - _SHORTEST_PERIOD)
            self._wake.clear()

    def _stop(self) -> None:
        self._ended.set()
        self._wake.set()
        if self._thread not in (None, threading.current_thread()):
            self._thread.join(timeout=5)
        atexit.unregister(self._stop)


class _Panel:
    """The bar under the map, and the line that says what a button did."""

    def __init__(self, controls: Controls, notify: Callable[[], None]) -> None:
        self._controls, self._notify = controls, notify
        self._graph = nx.DiGraph()
        self._instances: dict[str, int] = {}
        self._altered: dict[str, set[str]] = {"slow": set(), "pause": set()}
        self._settling = False
        self.status = widgets.HTML()
        self._service = widgets.Dropdown(
            description="Service",
            layout=widgets.Layout(width="250px"),
            style={"description_width": "50px"},
            tooltip="Le service sur lequel agissent les boutons",
        )
        self._slow = _toggle("Ralentir", "Chaque réponse prend une demi-seconde de plus")
        self._pause = _toggle("Figer", "Le processus garde son port, mais ne répond plus (SIGSTOP)")
        self._rate = widgets.IntSlider(
            5,
            1,
            60,
            description="req/s",
            continuous_update=False,
            tooltip="Requêtes par seconde envoyées à la boutique",
            layout=widgets.Layout(width="230px"),
            style={"description_width": "40px"},
        )
        self._traffic = _toggle("Trafic", "Envoyer des requêtes de clients, sans arrêt", wide=True)
        self._record = _toggle("Enregistrer", "Garder ce qui se passe, pour le revoir", wide=True)
        self._incident: Any = None
        self.bar = self._assemble()

    def _assemble(self) -> widgets.Box:
        kill = _button(
            "Tuer (kill -9)", "Arrêter net le service, sans le prévenir (SIGKILL)", "danger"
        )
        restart = _button("Redémarrer", "Relancer le service à neuf")
        tell = _button("Décrire", "Dire la carte en mots, telle qu’elle est à cet instant")
        fewer = _button("−", "Une instance de moins", narrow=True)
        more = _button("+", "Une instance de plus", narrow=True)
        kill.on_click(lambda _: self._act("tué (kill -9)", self._controls.kill))
        restart.on_click(lambda _: self._act("redémarré", self._restart))
        tell.on_click(lambda _: self._tell())
        fewer.on_click(lambda _: self._resize(-1))
        more.on_click(lambda _: self._resize(+1))
        self._service.observe(lambda _: self._settle(), "value")
        self._slow.observe(self._on_slow, "value")
        self._pause.observe(self._on_pause, "value")
        self._traffic.observe(lambda _: self._run_traffic(), "value")
        self._record.observe(lambda _: self._run_recording(), "value")
        self._rate.observe(lambda _: self._traffic.value and self._run_traffic(), "value")
        instances = widgets.HBox([widgets.Label("Instances"), fewer, more])
        buttons = [self._service, kill, restart, self._slow, self._pause, instances]
        wrap = widgets.Layout(flex_flow="row wrap", align_items="center")
        views = [tell, widgets.HTML(_FOCUS + open_large())]
        running = [self._traffic, self._rate, self._record]
        return widgets.HBox([*buttons, *running, *views], layout=wrap)

    def offer(self, graph: nx.DiGraph) -> None:
        """Let the learner choose among the services of this graph."""
        self._graph = graph
        services = {n: d for n, d in graph.nodes(data=True) if d["kind"] in ("gateway", "service")}
        self._instances = {n: d.get("instances") or 0 for n, d in services.items()}
        options = tuple((f"{d.get('label') or n} ({n})", n) for n, d in services.items())
        if options != self._service.options:
            chosen = self._service.value
            self._service.options = options
            self._service.value = chosen if chosen in services else next(iter(services), None)

    def attempt(self, action: Callable[[], object], done: str = "") -> bool:
        """Do it; say so, or say why not."""
        try:
            action()
        except Exception as error:  # a button has no cell to raise in: whatever fails is said here
            self._say(str(error) or type(error).__name__, wrong=True)
            return False
        if done:
            self._say(done)
        return True

    def _act(self, done: str, action: Callable[[str], object]) -> bool:
        name = self._service.value
        if not name:
            self._say("Aucun service n’est démarré.", wrong=True)
            return False
        succeeded = self.attempt(lambda: action(name), f"« {name} »{NBSP}: {done}.")
        self._notify()
        return succeeded

    def _restart(self, name: str) -> None:
        self._controls.restart(name)
        for altered in self._altered.values():
            altered.discard(name)
        self._settle()

    def _resize(self, change: int) -> None:
        name = self._service.value
        count = max(1, self._instances.get(name, 1) + change)
        noun = "instance" if count < 2 else "instances"
        if self._act(f"{count} {noun}", lambda n: self._controls.scale(n, count)):
            self._instances[name] = count

    def _on_slow(self, change: dict) -> None:
        seconds = _SLOWNESS if change["new"] else 0
        done = f"ralenti de {number(seconds)}{THIN}s" if seconds else "à sa vitesse normale"
        self._alter("slow", change["new"], done, lambda n: self._controls.slow(n, seconds))

    def _on_pause(self, change: dict) -> None:
        action = self._controls.pause if change["new"] else self._controls.resume
        self._alter("pause", change["new"], "figé" if change["new"] else "reparti", action)

    def _alter(self, what: str, on: bool, done: str, action: Callable[[str], object]) -> None:
        """Follow a switch, and put it back if the service did not."""
        if self._settling:
            return
        if self._act(done, action):
            (self._altered[what].add if on else self._altered[what].discard)(self._service.value)
        self._settle()

    def _settle(self) -> None:
        """Make the switches show the chosen service."""
        self._settling = True
        self._slow.value = self._service.value in self._altered["slow"]
        self._pause.value = self._service.value in self._altered["pause"]
        self._settling = False

    def _run_traffic(self) -> None:
        if self._settling:
            return
        if not self._traffic.value:
            self.attempt(self._controls.stop_traffic, "Le trafic est arrêté.")
        elif not self.attempt(
            lambda: self._controls.start_traffic(self._rate.value),
            f"Trafic{NBSP}: {self._rate.value} requêtes par seconde.",
        ):
            self._settling = True
            self._traffic.value = False
            self._settling = False
        self._notify()

    def _run_recording(self) -> None:
        if self._record.value:
            self.attempt(self._begin_recording, "Enregistrement en cours.")
        elif self._incident is not None:
            self._incident.stop()
            self._say(f"Enregistré{NBSP}: la cellule « shop.incident.replay() » le rejoue.")

    def _begin_recording(self) -> None:
        self._incident = self._controls.record()

    def _tell(self) -> None:
        self.status.value = f'<div role="status">{map_words(self._graph).html()}</div>'

    def _say(self, words: str, *, wrong: bool = False) -> None:
        role, sign = ("alert", "⚠ ") if wrong else ("status", "")
        self.status.value = (
            f'<div role="{role}" style="color:var(--jp-ui-font-color1,inherit);'
            f'white-space:pre-wrap">{sign}{escape(words)}</div>'
        )


def _button(words: str, tooltip: str, style: str = "", *, narrow: bool = False) -> widgets.Button:
    room = widgets.Layout(width="36px" if narrow else "112px")
    return widgets.Button(description=words, tooltip=tooltip, button_style=style, layout=room)


def _toggle(words: str, tooltip: str, *, wide: bool = False) -> widgets.ToggleButton:
    """A switch that says in its words, not by its colour alone, that it is on."""
    room = widgets.Layout(width="104px" if wide else "96px")
    box = widgets.ToggleButton(description=words, tooltip=tooltip, layout=room)

    def tell(change: dict) -> None:
        box.description = f"✓ {words}" if change["new"] else words

    box.observe(tell, "value")
    return box
