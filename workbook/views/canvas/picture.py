"""A finished picture and its words, as a notebook shows them."""

from __future__ import annotations

from base64 import b64encode
from functools import cached_property

from workbook.views.canvas.scene import Scene
from workbook.views.canvas.spoken import Words, spoken
from workbook.views.canvas.theme import Theme
from workbook.views.canvas.words import NBSP

STILL_SCALE = 2.0
NOTHING = (
    f"Aucun échange à montrer{NBSP}: envoyez d’abord une requête à la boutique, par exemple "
    'shop.get("/products"), puis redemandez cette figure.'
)


class Picture:
    """A drawn scene and its words; `outline` says more than their sentence, also deterministic."""

    def __init__(self, scene: Scene, words: Words, outline: str = "") -> None:
        self._scene, self.words = scene, words
        self._outline = outline or words.sentence

    @cached_property
    def png(self) -> bytes:
        """The picture, two pixels for one."""
        return self._scene.png(STILL_SCALE, small=True)

    def _repr_png_(self) -> bytes:
        return self.png

    def show(self) -> None:
        """Display the picture, then its words as an output of their own."""
        data = {"text/plain": self._outline, "image/png": b64encode(self.png).decode("ascii")}
        spoken(data, self.words, self._scene.width)

    _ipython_display_ = show

    def __repr__(self) -> str:
        return self._outline


def notice(paint: Theme, words: str = NOTHING) -> Picture:
    """A picture that only says why there is none."""
    scene = Scene(760, 74, paint.background)
    lines = words.replace(f"{NBSP}: ", f"{NBSP}:\n", 1)
    scene.label(24, 37, lines, size=12, colour=paint.sub)
    return Picture(scene, Words(words))
