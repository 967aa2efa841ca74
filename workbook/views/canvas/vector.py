"""A scene as SVG: the same shapes and labels, in the same order, as elements of a page.

Text stays text, to be found and read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape

from matplotlib.path import Path

from workbook.views.canvas.scene import Label, Scene, Shape

FONT = "'DejaVu Sans',Verdana,Geneva,sans-serif"
LINE, MIDDLE = 1.25, 0.36  # of an em: between two lines, and from a capital's middle to its foot
COLOURS = ("fill", "stroke")
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
_COMMANDS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}
_POINTS = {Path.CURVE3: 2, Path.CURVE4: 3}

Element = Mapping[str, str]


def elements(scene: Scene) -> list[Element]:
    """Every shape and label from back to front: SVG attributes, `tag`, and `text` for a label."""
    labels = {label.shape: label for label in scene.labels}
    plates = {label.plate: label for label in scene.labels if label.plate}
    return [
        _text(labels[shape])
        if shape in labels
        else _plate(plates[shape])
        if shape in plates
        else _path(shape)
        for shape in scene.shapes()
    ]


def svg_of(found: Sequence[Element]) -> str:
    """Elements as SVG, without the `<svg>` around them."""
    return "".join(map(_markup, found))


def svg(scene: Scene, words: str) -> str:
    """The whole picture; `words` are read out in its place."""
    size = f"{scene.width:.0f} {scene.height:.0f}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img" '
        f'aria-label="{escape(words)}" font-family="{FONT}">'
        f'<rect width="100%" height="100%" fill="{scene.background}"/>'
        f"{svg_of(elements(scene))}</svg>"
    )


def _path(shape: Shape) -> Element:
    return {
        "tag": "path",
        "d": path_data(shape.path),
        "fill": shape.fill,
        "stroke": shape.stroke if shape.line else "none",
        "stroke-width": f"{shape.line:.2g}",
        "stroke-dasharray": " ".join(map(str, shape.dash or ())) or "none",
        "visibility": "visible" if shape.visible else "hidden",
    }


def _plate(label: Label) -> Element:
    box = label.box
    return {
        "tag": "rect",
        "x": _figure(box.left),
        "y": _figure(box.top),
        "width": _figure(box.width),
        "height": _figure(box.height),
        "rx": "6",
        "fill": label.plate.fill,
        "stroke": "none",
        "visibility": "visible" if label.text else "hidden",
    }


def _text(label: Label) -> Element:
    return {
        "tag": "text",
        "x": _figure(label.x),
        "y": _figure(label.y),
        "font-size": _figure(label.size),
        "font-weight": "bold" if label.bold else "normal",
        "text-anchor": _ANCHORS[label.anchor],
        "fill": label.shape.fill,
        "stroke": "none",
        "text": label.text,
    }


def _markup(element: Element) -> str:
    attributes = "".join(
        f' {name}="{escape(value)}"'
        for name, value in element.items()
        if name not in ("tag", "text") and (name, value) not in _DEFAULTS
    )
    if element["tag"] == "text":
        return f"<text{attributes}>{_lines(element)}</text>"
    return f"<{element['tag']}{attributes}/>"


_DEFAULTS = {
    ("stroke", "none"),
    ("stroke-dasharray", "none"),
    ("visibility", "visible"),
    ("font-weight", "normal"),
    ("text-anchor", "start"),
}


def _lines(element: Element) -> str:
    """One `tspan` a line, the whole around the label's middle."""
    size, lines = float(element["font-size"]), element["text"].split("\n")
    first = float(element["y"]) + size * (MIDDLE - LINE * (len(lines) - 1) / 2)
    return "".join(
        f'<tspan x="{element["x"]}" y="{_figure(first + i * LINE * size)}">{escape(line)}</tspan>'
        for i, line in enumerate(lines)
    )


@lru_cache(maxsize=8192)
def path_data(path: Path) -> str:
    """A path in SVG's own language, to a tenth of a pixel."""
    codes = path.codes if path.codes is not None else [Path.MOVETO] + [Path.LINETO] * len(path)
    said, points = [], iter(zip(path.vertices, codes, strict=False))
    for vertex, code in points:
        if code == Path.CLOSEPOLY:
            said.append("Z")
            continue
        more = [next(points)[0] for _ in range(_POINTS.get(code, 1) - 1)]
        said.append(_COMMANDS[code] + " ".join(_point(p) for p in (vertex, *more)))
    return "".join(said)


def _point(point: Sequence[float]) -> str:
    return f"{_figure(point[0])} {_figure(point[1])}"


def _figure(value: float) -> str:
    """`12.3`, and `12` rather than `12.0`."""
    return f"{value:.1f}".removesuffix(".0")
