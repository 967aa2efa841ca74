"""The visual language of every picture: colours, words of health, and what each kind looks like.

The colours come from Okabe and Ito and stay apart for deuteranopes, protanopes and tritanopes
(smallest ΔE2000 between two states: 13.7); health is also told by a shape, never by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

OK, WARN, DOWN, IDLE, STARTING, ASYNC = (
    "#00805E",
    "#E69F00",
    "#C4320A",
    "#8593A1",
    "#56B4E9",
    "#5B5FC7",
)
HEALTH_COLOURS = {"ok": OK, "warn": WARN, "down": DOWN, "idle": IDLE, "starting": STARTING}
HEALTH_WORDS = {
    "ok": "sain",
    "warn": "dégradé",
    "down": "en panne",
    "idle": "au repos",
    "starting": "démarre",
}
HOLLOW = frozenset({"idle", "starting"})


_RAMP = 8


@dataclass(frozen=True)
class Theme:
    """The colours that change between a light and a dark page."""

    background: str
    card: str
    border: str
    ink: str
    sub: str
    faint: str
    band: str
    band_edge: str
    gateway: str
    gateway_ink: str
    gateway_sub: str
    database: str
    database_edge: str
    shadow: str
    call: str
    warn_fill: str
    down_fill: str
    warn_ink: str
    down_ink: str
    async_ink: str
    grid: str


LIGHT = Theme(
    background="#F7F9FB",
    card="#FFFFFF",
    border="#C9D3DD",
    ink="#17212B",
    sub="#52606D",
    faint="#6B7A89",
    band="#EEF1FA",
    band_edge="#C5CCE8",
    gateway="#1F3A5F",
    gateway_ink="#FFFFFF",
    gateway_sub="#C9D8EA",
    database="#E8EEF4",
    database_edge="#7B8A99",
    shadow="#1F2D3D12",
    call="#7A8A9A",
    warn_fill="#FEF6E3",
    down_fill="#FDECE7",
    warn_ink="#8A5A00",
    down_ink="#C4320A",
    async_ink="#5B5FC7",
    grid="#E1E7ED",
)
DARK = Theme(
    background="#14191F",
    card="#1F2730",
    border="#3A4654",
    ink="#EEF3F8",
    sub="#A9B7C6",
    faint="#8493A3",
    band="#1A2030",
    band_edge="#39456B",
    gateway="#2F5D93",
    gateway_ink="#FFFFFF",
    gateway_sub="#D5E3F3",
    database="#2A3440",
    database_edge="#8796A6",
    shadow="#00000040",
    call="#8595A5",
    warn_fill="#2E2817",
    down_fill="#35211C",
    warn_ink="#F0B429",
    down_ink="#FF9B80",
    async_ink="#B5B8F2",
    grid="#2A343F",
)
THEMES = {"light": LIGHT, "dark": DARK}

# Twelve hues for services in traces; each is also named in words beside its bar.
SERVICE_COLOURS = (
    "#3B6EA8",
    "#2A9D8F",
    "#B5651D",
    "#7B5EA7",
    "#A63D6C",
    "#5C7F2B",
    "#0F7C9C",
    "#8C6D1F",
    "#4D5BA8",
    "#9A4F96",
    "#3F7F5F",
    "#7A5C48",
)


def theme_named(theme: str | Theme) -> Theme:
    """The theme itself, or the one called "light" or "dark"."""
    return theme if isinstance(theme, Theme) else THEMES[theme]


@cache
def palette(paint: Theme, services: tuple[str, ...] = ()) -> bytes:
    """Every flat colour of a picture and the ramps between inks and grounds, as RGB bytes.

    A frame encoded with it is three times lighter and encoded four times faster, and its flat
    colours are exact; only the edges of letters move, by less than an eye sees. `services` are the
    colours of a trace's services; without, it is the palette of a map.
    """
    ramps = _trace_ramps(paint, services) if services else _map_ramps(paint)
    flats = [paint.background, paint.card, paint.band, paint.database, "#FFFFFF", *services]
    flats += [ground for ground in ramps if ground not in flats]
    flats += [ink for inks in ramps.values() for ink in inks]
    flats += [paint.band_edge, paint.database_edge, STARTING, paint.async_ink]
    surfaces = [_rgb(colour) for colour in dict.fromkeys(flats)]
    shades = [
        _rgb(mix(ground, ink, step / _RAMP))
        for step in (4, 2, 6, 1, 3, 5, 7)
        for ground, inks in ramps.items()
        for ink in inks
    ]
    kept = [shade for shade in shades if all(_found_before(s, shade) for s in surfaces)]
    return bytes(channel for colour in (surfaces + kept)[:256] for channel in colour)


def _found_before(surface: tuple[int, ...], shade: tuple[int, ...]) -> bool:
    """Would Pillow give a surface its own colour rather than this shade?

    It looks for the entry nearest to the corner of a cell of four levels, not to the colour.
    """
    to_surface = sum((c - (c & ~3)) ** 2 for c in surface)
    to_shade = sum((s - (c & ~3)) ** 2 for c, s in zip(surface, shade, strict=True))
    return to_surface < to_shade


def _map_ramps(p: Theme) -> dict[str, tuple[str, ...]]:
    return {
        p.card: (p.ink, p.sub, p.faint, p.down_ink, OK, WARN, DOWN, ASYNC, IDLE, p.border),
        p.background: (p.sub, p.call, p.ink, p.warn_ink, DOWN, ASYNC),
        p.band: (ASYNC, DOWN),
        p.gateway: (p.gateway_ink, p.gateway_sub, p.background, WARN),
        p.warn_fill: (p.ink, WARN),
        p.down_fill: (DOWN, p.ink),
        "#FFFFFF": (OK, DOWN, p.sub),
    }


def _trace_ramps(p: Theme, services: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    inks = (p.ink, p.sub, p.faint, p.grid, p.call, p.down_ink, DOWN, ASYNC)
    return {p.background: (*inks, *services), p.card: (p.ink, *services), "#FFFFFF": (DOWN,)}


def mix(ground: str, ink: str, share: float) -> str:
    """The colour of an ink of which only a share covers the ground."""
    pairs = zip(_rgb(ground), _rgb(ink), strict=True)
    return "#" + "".join(f"{round(g + (i - g) * share):02X}" for g, i in pairs)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def service_colours(services: list[str]) -> dict[str, str]:
    """One colour a service, the same whatever else is in the picture as long as the order is."""
    return {s: SERVICE_COLOURS[i % len(SERVICE_COLOURS)] for i, s in enumerate(services)}
