"""One page that holds an incident: SVG, data, a small script; nothing else is ever asked for.

Without script it is a picture of the worst moment and tables. All that services, learners and logs
wrote is escaped, and the page's own policy lets no script run but ours.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import time
from collections.abc import Iterable, Sequence
from hashlib import sha256
from html import escape
from pathlib import Path

from workbook.errors import WorkbookError
from workbook.incident.film import Film, Palette, in_words, most_telling
from workbook.incident.kept import STEPS, Kept
from workbook.incident.story import TITLE, Story, as_json, from_json
from workbook.incident.timeline import KINDS
from workbook.views.canvas.vector import LINE, MIDDLE
from workbook.views.canvas.words import NBSP, duration, number, percent, plural

_HERE = Path(__file__).parent
_DATA = re.compile(r'<script type="application/gzip" class="incident">([A-Za-z0-9+/=]*)</script>')
_SECONDS = ("Temps", "Requêtes", "Échecs", "Messages en file", "État")
_EVENTS = ("Temps", "Sorte", "Événement")
_FAILED = ("sans réponse", "échec")

Run = tuple[str, Story]


def page(runs: Sequence[Run]) -> str:
    """The page of one incident, or of several one above the other; each with its heading."""
    palette = Palette()
    stills = [most_telling(story.graphs) for _, story in runs]
    films = [
        Film(story.graphs, palette, still) for (_, story), still in zip(runs, stills, strict=True)
    ]
    script = (_HERE / "page.js").read_text(encoding="utf-8")
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    title = TITLE if len(runs) == 1 else "La boutique — et si ?"
    parts = [
        '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(script)}">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{escape(title)}</title><style>{style}",
        f":root{{{palette.css(False)}}}@media (prefers-color-scheme:dark){{:root{{",
        f"{palette.css(True)}}}}}</style></head><body><main>",
        f"<header><h1>{escape(title)}</h1>{_summary(runs)}</header>",
        *map(_figure, range(len(runs)), runs, films, stills),
        _panel(runs),
        *map(_told, range(len(runs)), runs),
        "</main>",
        *(_stored(story) for _, story in runs),
        f'<script type="application/json" id="film">{_json(_film(runs, films))}</script>',
        f"<script>{script}</script></body></html>",
    ]
    return "".join(parts)


def stories_in(text: str) -> list[Story]:
    """The stories a page holds; raises `WorkbookError` when it holds none."""
    found = _DATA.findall(text)
    if not found:
        raise WorkbookError("Ce fichier n’est pas un incident enregistré par ce cours.")
    try:
        return [from_json(json.loads(gzip.decompress(base64.b64decode(data)))) for data in found]
    except (ValueError, KeyError, TypeError, OSError, EOFError) as error:
        raise WorkbookError(f"Cet incident est abîmé : {error}.") from error


def _policy(script: str) -> str:
    digest = base64.b64encode(sha256(script.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"


def _summary(runs: Sequence[Run]) -> str:
    story = runs[0][1]
    when = time.strftime("%d/%m/%Y à %H:%M:%S", time.localtime(story.began))
    said = [f"<p>Enregistré le {when}.</p>"]
    for heading, each in runs:
        head = f"<strong>{escape(heading)}{NBSP}:</strong> " if heading else ""
        said.append(f"<p>{head}{escape(_facts(each))}</p>")
    return "".join(said)


def _facts(story: Story) -> str:
    total = story.total
    return (
        f"{duration(story.seconds)}, {plural(total.requests, 'requête')} de clients dont "
        f"{plural(total.failed, 'échec')}, {plural(len(story.events), 'événement')}."
    )


def _figure(place: int, run: Run, film: Film, still: int) -> str:
    heading, story = run
    words = in_words(story.graphs[still])
    at = _seconds(story.moments[still])
    head = f"<h2>{escape(heading)}</h2>" if heading else ""
    return (
        f'<figure class="run">{head}'
        f'<figcaption class="now">{at}{NBSP}: {escape(words)}.</figcaption>'
        f'<div class="map" tabindex="0" role="group" aria-label="Carte{NBSP}{place + 1}">'
        f"{film.svg(f'Carte à {at}{NBSP}: {words}.')}</div></figure>"
    )


def _panel(runs: Sequence[Run]) -> str:
    options = "".join(
        f'<option value="{i}-{j}">{escape(_option(heading, kept))}</option>'
        for i, (heading, story) in enumerate(runs)
        for j, kept in enumerate(story.requests)
    )
    return (
        '<section class="panel" hidden aria-label="Lecture">'
        f"{''.join(_strip(story) for _, story in runs)}"
        '<input type="range" id="moment" min="0" max="0" value="0" step="1" '
        'aria-label="Moment de l’incident">'
        '<div class="buttons"><button type="button" id="play">▶ Lire</button>'
        '<button type="button" id="before" aria-label="Événement précédent" '
        'aria-keyshortcuts="p">◀ Événement</button>'
        '<button type="button" id="after" aria-label="Événement suivant" '
        'aria-keyshortcuts="n">Événement ▶</button>'
        '<span class="clock" id="clock"></span>'
        '<label>Suivre <select id="request"><option value="">aucune requête</option>'
        f"{options}</select></label>"
        '<button type="button" id="step" aria-keyshortcuts="s" hidden>Étape suivante</button>'
        '</div><p id="told" role="status" hidden></p></section>'
    )


def _option(heading: str, kept: Kept) -> str:
    return f"{heading + ' · ' if heading else ''}{_seconds(kept.at)} · {kept.label}"


def _strip(story: Story) -> str:
    """Requests and failures a second, and a mark an event, above the slider."""
    most = max((s.requests for s in story.flow), default=0) or 1
    width, high = max(1, len(story.flow)), 26
    bars = []
    for i, second in enumerate(story.flow):
        for css, count in (("all", second.requests), ("bad", second.failed)):
            if count:
                tall = count / most * high
                bars.append(f'<path class="{css}" d="M{i} {high}h.9v-{tall:.1f}h-.9z"/>')
    marks = "".join(
        f'<path class="event" d="M{e.at:.1f} 28h.4v6h-.4z"/>' for e in story.events[:400]
    )
    return (
        f'<svg class="strip" viewBox="0 0 {width} 34" preserveAspectRatio="none" '
        f'aria-hidden="true">{"".join(bars)}{marks}</svg>'
    )


def _told(place: int, run: Run) -> str:
    heading, story = run
    suffix = f" — {escape(heading)}" if heading else ""
    return (
        f"<section><h2>Ce qui s’est passé{suffix}</h2>{_events(place, story)}"
        f"<h2>Requêtes gardées{suffix}</h2>{''.join(map(_request, story.requests))}"
        f"<details><summary>L’incident, seconde par seconde{suffix}</summary>"
        f"{_second_by_second(story)}</details></section>"
    )


def _events(place: int, story: Story) -> str:
    rows = "".join(
        f'<tr data-run="{place}" data-at="{e.at:.3f}" data-node="{escape(e.node)}">'
        f'<th scope="row" class="at">{_seconds(e.at)}</th><td class="kind">{KINDS[e.kind]}</td>'
        f"<td>{escape(e.words)}</td></tr>"
        for e in story.events
    )
    return (
        f'<table class="events">{_head(_EVENTS, ("at", "kind", ""))}<tbody>{rows}</tbody></table>'
    )


def _request(kept: Kept) -> str:
    rows = "".join(_step(row) for row, _ in kept.steps())
    return (
        f"<details><summary>{_seconds(kept.at)} · {escape(kept.label)}</summary>"
        f'<div class="scroll" tabindex="0" role="group" aria-label="Étapes"><table>'
        f"{_head(STEPS)}<tbody>{rows}</tbody></table></div></details>"
    )


def _step(row: Sequence[str]) -> str:
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in row)
    return f'<tr class="failed">{cells}</tr>' if _has_failed(row) else f"<tr>{cells}</tr>"


def _has_failed(row: Sequence[str]) -> bool:
    return row[4] in _FAILED or row[4].startswith("5")


def _second_by_second(story: Story) -> str:
    rows = []
    for i, second in enumerate(story.flow):
        graph = story.graphs[story.shown_at(i)]
        share = percent(second.failed / second.requests) if second.requests else "–"
        figures = (number(second.requests), share, number(graph.graph["queued"]))
        cells = "".join(f'<td class="figure">{figure}</td>' for figure in figures)
        head = f'<th scope="row" class="at">{_seconds(i)}</th>'
        rows.append(f"<tr>{head}{cells}<td>{escape(in_words(graph))}</td></tr>")
    classes = ("at", "figure", "figure", "figure", "")
    return (
        '<div class="scroll" tabindex="0" role="group" aria-label="Seconde par seconde"><table>'
        f"{_head(_SECONDS, classes)}<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _head(names: Sequence[str], classes: Iterable[str] = ()) -> str:
    classes = list(classes) or [""] * len(names)
    cells = "".join(
        f'<th scope="col" class="{css}">{name}</th>'
        for name, css in zip(names, classes, strict=True)
    )
    return f"<thead><tr>{cells}</tr></thead>"


def _seconds(at: float) -> str:
    return f"{at:.1f}{NBSP}s".replace(".", ",").replace(",0", "")


def _stored(story: Story) -> str:
    """What `load` reads: the whole story, compressed, the same bytes for the same story."""
    content = json.dumps(as_json(story), ensure_ascii=False, separators=(",", ":"), default=str)
    packed = base64.b64encode(gzip.compress(content.encode(), mtime=0)).decode()
    return f'<script type="application/gzip" class="incident">{packed}</script>'


def _film(runs: Sequence[Run], films: Sequence[Film]) -> dict:
    return {
        "line": LINE,
        "middle": MIDDLE,
        "runs": [_run_film(story, film) for (_, story), film in zip(runs, films, strict=True)],
    }


def _run_film(story: Story, film: Film) -> dict:
    words = [in_words(graph) for graph in story.graphs]
    numbers = {each: i for i, each in enumerate(dict.fromkeys(words))}
    changes = [i for i in range(len(words)) if not i or words[i] != words[i - 1]]
    edges = {edge: i for i, edge in enumerate(film.edges)}
    return {
        "moments": story.moments,
        "width": round(film.size[0]),
        "tracks": film.tracks,
        "values": film.values,
        "words": list(numbers),
        "said": [each for i in changes for each in (i, numbers[words[i]])],
        "places": film.places,
        "edges": list(film.edges.values()),
        "requests": [_followed(story, kept, edges) for kept in story.requests],
    }


def _followed(story: Story, kept: Kept, edges: dict[tuple, int]) -> dict:
    steps = [
        [f"{row[1]} → {row[2]}{NBSP}: {row[3]}, {row[4]} ({row[6]})", edges.get(edge), bad]
        for row, edge in kept.steps()
        for bad in [_has_failed(row)]
    ]
    return {"at": round(kept.at, 3), "steps": steps}


def _json(content: object) -> str:
    """JSON that no HTML parser can leave: `<` is written `\\u003c`."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
