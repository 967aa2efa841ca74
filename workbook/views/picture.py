"""A finished picture and its words, as a notebook shows them."""

from __future__ import annotations

from base64 import b64encode
from functools import cached_property

from workbook.views.scene import Scene
from workbook.views.theme import Theme
from workbook.views.words import NBSP

STILL_SCALE = 2.0
NOTHING = (
    f"Aucun échange à montrer{NBSP}: envoyez d’abord une requête à la boutique, par exemple "
    'shop.get("/products"), puis redemandez cette figure.'
)


class Picture:
    """A drawn scene. Its words are deterministic: no duration, no identifier, no time."""

    def __init__(self, scene: Scene, words: str) -> None:
        self._scene, self._words = scene, words

    @cached_property
    def png(self) -> bytes:
        """The picture, two pixels for one."""
        return self._scene.png(STILL_SCALE, small=True)

    def _repr_png_(self) -> bytes:
        return self.png

    def _repr_mimebundle_(self, **_: object) -> tuple[dict, dict]:
        data = {"text/plain": self._words, "image/png": b64encode(self.png).decode("ascii")}
        return data, {"image/png": {"width": round(self._scene.width)}}

    def __repr__(self) -> str:
        return self._words


def notice(paint: Theme, words: str = NOTHING) -> Picture:
    """A picture that only says why there is none."""
    scene = Scene(760, 74, paint.background)
    lines = words.replace(f"{NBSP}: ", f"{NBSP}:\n", 1)
    scene.label(24, 37, lines, size=12, colour=paint.sub)
    return Picture(scene, words)
