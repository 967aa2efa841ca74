"""A picture whose shapes stay between two frames: what changed is redrawn, nothing is rebuilt.

All the shapes of one level go to matplotlib as a single collection, which Agg draws in one call.
No pyplot: a `Figure` of our own leaks nothing and may be drawn in a thread.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from workbook.views.canvas.geometry import Box, rounded
from workbook.views.canvas.glyphs import text_path, text_width

_DPI = 100
_POINTS = 72 / _DPI


@dataclass(eq=False)
class Shape:
    """A path with its paint; change it with `set`."""

    layer: _Layer
    path: Path
    fill: str = "none"
    stroke: str = "none"
    line: float = 0.0
    dash: tuple[float, ...] | None = None
    visible: bool = True

    def set(self, **changes: object) -> None:
        """Change attributes; the level is drawn anew only if one really differs."""
        for name, value in changes.items():
            if getattr(self, name) is not value and getattr(self, name) != value:
                setattr(self, name, value)
                self.layer.dirty = True


@dataclass(eq=False)
class Label:
    """One or several lines of text, on a plate if it must be read over lines."""

    x: float
    y: float
    size: float
    bold: bool
    anchor: str
    shape: Shape
    plate: Shape | None
    text: str = ""

    @property
    def width(self) -> float:
        return max((text_width(t, self.size, self.bold) for t in self.text.split("\n")), default=0)

    @property
    def box(self) -> Box:
        """What it covers, plate included."""
        shift = {"left": 0.5, "center": 0.0, "right": -0.5}[self.anchor] * self.width
        height = self.size * 1.25 * (self.text.count("\n") + 1) + 3
        return Box(self.x + shift, self.y, self.width + 8, height)

    def set(
        self, text: str, colour: str | None = None, *, bold: bool | None = None, **at: float
    ) -> None:
        """Write another text, in another colour, weight, size or place."""
        bold = self.bold if bold is None else bold
        wanted = (text, bold, at.get("size", self.size), at.get("x", self.x), at.get("y", self.y))
        if wanted != (self.text, self.bold, self.size, self.x, self.y):
            self.text, self.bold, self.size, self.x, self.y = wanted
            self.shape.set(path=self._path(), visible=bool(text))
            if self.plate:
                self.plate.set(path=rounded(self.box, 6), visible=bool(text))
        if colour:
            self.shape.set(fill=colour)

    def _path(self) -> Path:
        lines = self.text.split("\n")
        step = self.size * 1.25
        top = self.y - step * (len(lines) - 1) / 2
        paths = [
            text_path(t, self.x, top + i * step, self.size, bold=self.bold, anchor=self.anchor)
            for i, t in enumerate(lines)
        ]
        return paths[0] if len(paths) == 1 else Path.make_compound_path(*paths)


@dataclass(eq=False)
class _Layer:
    collection: PathCollection
    shapes: list[Shape] = field(default_factory=list)
    dirty: bool = True

    def sync(self) -> None:
        if not self.dirty:
            return
        shown = [s for s in self.shapes if s.visible]
        self.collection.set_paths([s.path for s in shown])
        self.collection.set_facecolor([s.fill for s in shown] or "none")
        if any(s.line for s in shown):
            self._sync_strokes(shown)
        self.dirty = False

    def _sync_strokes(self, shown: Sequence[Shape]) -> None:
        self.collection.set_edgecolor([s.stroke for s in shown])
        # Back to one dash first: matplotlib repeats widths and dashes to their common multiple.
        self.collection.set_linestyle("solid")
        self.collection.set_linewidth([s.line * _POINTS for s in shown])
        self.collection.set_linestyle([_dashes(s) for s in shown])


def _dashes(shape: Shape) -> tuple[float, tuple[float, ...] | None]:
    if shape.dash is None or not shape.line:
        return 0, None
    # matplotlib multiplies dashes by the line's width: divided here, they stay in pixels.
    return 0, tuple(d / shape.line for d in shape.dash)


class Scene:
    """A canvas of `width` by `height` pixels, y down, holding shapes and labels by level."""

    def __init__(
        self, width: float, height: float, background: str, palette: bytes | None = None
    ) -> None:
        self.width, self.height, self._palette = width, height, palette
        self.background = background
        self.figure = Figure((width / _DPI, height / _DPI), dpi=_DPI, facecolor=background)
        self.canvas = FigureCanvasAgg(self.figure)
        inches = Affine2D().scale(1 / _DPI, -1 / _DPI).translate(0, height / _DPI)
        self._transform = inches + self.figure.dpi_scale_trans
        self._layers: dict[float, _Layer] = {}
        self.labels: list[Label] = []

    def shape(self, path: Path, level: float, **paint: object) -> Shape:
        """Add a path. Paint: fill, stroke, line (pixels), dash (pixels), visible."""
        layer = self._layer(level)
        shape = Shape(layer, path, **paint)
        layer.shapes.append(shape)
        layer.dirty = True
        return shape

    def label(
        self,
        x: float,
        y: float,
        text: str = "",
        *,
        size: float,
        colour: str,
        bold: bool = False,
        anchor: str = "left",
        level: float = 9,
        plate: str | None = None,
    ) -> Label:
        """Add a text; `plate` is the colour of the ground it hides lines with."""
        ground = plate and self.shape(rounded(Box(x, y, 1, 1)), level - 0.1, fill=plate)
        # A text changes with nearly every frame: its level holds nothing that is stroked.
        shape = self.shape(text_path("", x, y, size), level + 0.05, fill=colour)
        label = Label(x, y, size, bold, anchor, shape, ground or None)
        shape.visible = False
        if ground:
            ground.visible = False
        label.set(text)
        self.labels.append(label)
        return label

    def shapes(self) -> list[Shape]:
        """Everything drawn, from back to front; labels and their plates are shapes as well."""
        return [shape for level in sorted(self._layers) for shape in self._layers[level].shapes]

    def rgba(self, scale: float = 1) -> np.ndarray:
        """Draw; an array of height × width × 4 bytes, valid until the next draw."""
        for layer in self._layers.values():
            layer.sync()
        self.figure.set_dpi(_DPI * scale)
        self.canvas.draw()
        return np.asarray(self.canvas.buffer_rgba())

    def png(self, scale: float = 1, *, small: bool = False) -> bytes:
        """Draw and encode; `small` takes longer and is lighter, for a picture one keeps."""
        from PIL import Image

        image = Image.fromarray(self.rgba(scale)).convert("RGB")
        if self._palette:
            colours = Image.new("P", (1, 1))
            colours.putpalette(self._palette)
            image = image.quantize(palette=colours, dither=Image.Dither.NONE)
        target = io.BytesIO()
        image.save(target, "png", compress_level=9 if small else 1)
        return target.getvalue()

    def _layer(self, level: float) -> _Layer:
        if level not in self._layers:
            collection = PathCollection([], zorder=level, linewidths=0, edgecolors="none")
            collection.set_transform(self._transform)
            collection.set_capstyle("round")
            collection.set_joinstyle("round")
            self.figure.add_artist(collection)
            self._layers[level] = _Layer(collection)
        return self._layers[level]
