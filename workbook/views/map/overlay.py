"""Requests on their way, moved by the browser: an SVG laid over the map, without a kernel frame.

A dot is an answer, a diamond a failure; they are masked where there are words, and absent for
readers who ask for less motion.
"""

from __future__ import annotations

from html import escape

from workbook.views.canvas import theme
from workbook.views.map.drawing import MapDrawing
from workbook.views.map.flows import EdgeLine

_PIXELS_PER_SECOND = 110


def overlay_key(drawing: MapDrawing, description: str) -> object:
    """What the overlay depends on: replace it only when this changes, or the dots would jump."""
    flows = tuple((e, line.flow.requests, line.flow.failing) for e, line in drawing.lines.items())
    return drawing.size, flows, description


def overlay_svg(drawing: MapDrawing, description: str) -> str:
    """The moving requests of a map; `description` is read out in its place."""
    width, height = drawing.size
    masks, requests = [], []
    for line in drawing.lines.values():
        if line.plate:
            masks.append(_hole(line))
        requests += _requests(line, drawing.theme.card)
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="100%" role="img" '
        f'aria-label="{escape(description, quote=True)}" '
        'style="display:block;pointer-events:none">'
        "<style>@media (prefers-reduced-motion: reduce){.requests{display:none}}</style>"
        '<mask id="words"><rect width="100%" height="100%" fill="#fff"/>'
        f"{''.join(masks)}</mask>"
        f'<g class="requests" mask="url(#words)">{"".join(requests)}</g></svg>'
    )


def _hole(line: EdgeLine) -> str:
    box = line.plate
    return (
        f'<rect x="{box.left:.0f}" y="{box.top:.0f}" width="{box.width:.0f}" '
        f'height="{box.height:.0f}" rx="6" fill="#000"/>'
    )


def _requests(line: EdgeLine, fill: str) -> list[str]:
    flow, curve = line.flow, line.curve
    if not flow.requests:
        return []
    points = [*curve.points[:-1:3], curve.points[-1]]
    path = "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in points)
    seconds = max(0.7, curve.length / _PIXELS_PER_SECOND)
    drawn = []
    for i in range(flow.requests):
        motion = (
            f'<animateMotion dur="{seconds:.2f}s" begin="-{seconds * i / flow.requests:.2f}s" '
            f'repeatCount="indefinite" path="{path}"/>'
        )
        if i < flow.failing:
            drawn.append(
                f'<path d="M0-4.6L4.6 0L0 4.6L-4.6 0Z" fill="{fill}" stroke="{theme.DOWN}" '
                f'stroke-width="1.8">{motion}</path>'
            )
        else:
            drawn.append(
                f'<circle r="3.2" fill="{fill}" stroke="{flow.colour}" stroke-width="1.6">'
                f"{motion}</circle>"
            )
    return drawn
