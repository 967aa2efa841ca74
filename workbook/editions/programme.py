"""The programme in the two READMEs: one row a chapter or lab, one a path, from the front matter."""

from __future__ import annotations

import re
from pathlib import Path

from workbook.checks.chapter import Chapter, LearningPath
from workbook.checks.registry import chapters, paths, planned

BEGIN, END = "<!-- programme -->", "<!-- /programme -->"
TABLE = re.compile(f"(?<={BEGIN}\n).*?(?={END})", re.DOTALL)
HEADS = {
    "README.md": ("Chapitre", "Travaux pratiques", "Question", "Après", "Durée", "à venir"),
    "README.en.md": ("Chapter", "Lab", "Question", "After", "Time", "to come"),
}

SESSION = 90  # minutes
PATH_HEADS = {
    "README.md": (
        "Parcours",
        "Durée",
        "Séances de 1\u00a0h\u00a030 au plus, sans «\u00a0Pour aller plus loin\u00a0»",
        "entre les séances\u00a0:",
    ),
    "README.en.md": (
        "Path",
        "Time",
        "Sessions of 1 h 30 at most, the core alone",
        "between sessions:",
    ),
}
WHOLE = {
    "README.md": ("Complet", "tout, avec « Pour aller plus loin » et les travaux pratiques"),
    "README.en.md": ("Complete", "everything, with what goes further and the labs"),
}


def programme(readme: Path, addresses: dict[str, str]) -> str:
    """The text of `readme` with its programme as the front matter tells it.

    `addresses` gives the student edition of each chapter by key; the others are to come.
    """
    rows = {**planned(), **chapters()}
    keys = sorted(rows)
    parts = []
    for prefix, head in zip(("ch", "lab"), HEADS[readme.name], strict=False):
        *_, question, after, time, _ = HEADS[readme.name]
        parts += ["", f"| {head} | {question} | {after} | {time} |", "|---|---|---|---|"]
        parts += [
            _row(key, rows[key], addresses.get(key), readme.name)
            for key in keys
            if key.startswith(prefix)
        ]
    parts += ["", *_paths(rows, addresses, readme.name)]
    table = "\n".join([*parts, "", ""])
    return TABLE.sub(lambda _: table, readme.read_text(encoding="utf-8"))


def _row(key: str, chapter: Chapter, address: str | None, readme: str) -> str:
    french = readme == "README.md"
    title, question = (chapter.title, chapter.question) if french else chapter.english
    name = f"{key.removeprefix('ch').capitalize().replace('Lab', 'Lab ')} {title}"
    shown = f"[{name}]({address})" if address else name
    after = ", ".join(needed.removeprefix("ch") for needed in chapter.after)
    time = f"{chapter.minutes}\u00a0min" if address else HEADS[readme][-1]
    if address and chapter.deeper:
        time = f"{chapter.minutes} + {chapter.deeper}\u00a0min"
    return f"| {shown} | {question} | {after} | {time} |"


def _paths(rows: dict[str, Chapter], addresses: dict[str, str], readme: str) -> list[str]:
    """The table of the ways through the course, the whole of it last."""
    if not paths():
        return []
    head, time, sessions, _ = PATH_HEADS[readme]
    title, everything = WHOLE[readme]
    whole = sum(chapter.minutes + chapter.deeper for chapter in rows.values())
    return [
        f"| {head} | {time} | {sessions} |",
        "|---|---|---|",
        *(_path(path, rows, addresses, readme) for path in paths()),
        f"| {title} | {_hours(whole)} | {everything} |",
    ]


def _path(
    path: LearningPath, rows: dict[str, Chapter], addresses: dict[str, str], readme: str
) -> str:
    keys = [key for session in path.sessions for key in session]
    minutes = sum(rows[key].minutes for key in keys)
    told = " · ".join(
        f"**{number}.** {_links(session, addresses)}"
        for number, session in enumerate(path.sessions, 1)
    )
    if path.between:
        told += f" · {PATH_HEADS[readme][-1]} {_links(path.between, addresses)}"
    title = path.title if readme == "README.md" else path.english
    return f"| {title} | {_hours(minutes)} | {told} |"


def _links(keys: tuple[str, ...], addresses: dict[str, str]) -> str:
    shown = ((key, key.removeprefix("ch").replace("lab", "lab ")) for key in keys)
    return ", ".join(
        f"[{name}]({addresses[key]})" if key in addresses else name for key, name in shown
    )


def _hours(minutes: int) -> str:
    """`4 h 40`, non-breaking."""
    hours, left = divmod(minutes, 60)
    return f"{hours}\u00a0h" + (f"\u00a0{left:02}" if left else "")
