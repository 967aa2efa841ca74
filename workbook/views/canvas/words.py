"""Numbers and durations as a French reader writes them."""

from __future__ import annotations

THIN = "\u202f"
NBSP = "\u00a0"


def number(value: float | None) -> str:
    """`9,4`, `128`, `1 234`: two significant digits below ten, none after the comma above."""
    if value is None:
        return "–"
    if 0 < value < 0.05:
        return f"<{THIN}0,1"
    text = (
        f"{value:.1f}" if 0 < value < 9.95 and round(value, 1) != round(value) else f"{value:.0f}"
    )
    whole, _, decimals = text.partition(".")
    grouped = f"{int(whole):,}".replace(",", THIN)
    return f"{grouped},{decimals}" if decimals else grouped


def duration(seconds: float | None) -> str:
    """`0,4 ms`, `38 ms`, `1,2 s`."""
    if seconds is None:
        return "–"
    if seconds < 0.9995:
        return f"{number(seconds * 1000)}{THIN}ms"
    return f"{number(seconds)}{THIN}s"


def percent(share: float) -> str:
    """A share of one: `24 %`; what is not nothing is never shown as `0 %`."""
    if 0 < share < 0.01:
        return f"<{THIN}1{THIN}%"
    return f"{share * 100:.0f}{THIN}%"


def plural(count: int, singular: str, several: str | None = None) -> str:
    """`0 message`, `1 message`, `2 messages`: in French, zero is singular."""
    word = singular if abs(count) < 2 else several or singular + "s"
    return f"{number(count)} {word}"


def headed(title: str, told: str) -> str:
    """`Titre : ce qui suit`; after a title that ends by itself, a sentence of its own."""
    if title.endswith(("?", "!", "…", ".")):
        return f"{title} {told[:1].upper()}{told[1:]}"
    return f"{title}{NBSP}: {told}"
